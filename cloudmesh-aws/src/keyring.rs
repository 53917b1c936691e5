//! The keys that requests are signed with.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use cloudmesh_abstract::{ExposeSecret, Grant, Secret, expose};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An access key, and where it came from.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Keys {
    #[serde(serialize_with = "expose")]
    pub(crate) id: Secret,
    #[serde(serialize_with = "expose")]
    pub(crate) secret: Secret,
    /// Serde's `serialize_with` has no way into an option.
    pub(crate) token: Option<SessionToken>,
    /// Where it came from, in words for people.
    pub(crate) source: String,
}

/// What belongs to a key that ends.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SessionToken(#[serde(serialize_with = "expose")] pub(crate) Secret);

impl Keys {
    /// A key from somewhere.
    pub(crate) fn new(id: Secret, secret: Secret, token: Option<Secret>, source: impl Into<String>) -> Self {
        Self { id, secret, token: token.map(SessionToken), source: source.into() }
    }

    fn credentials(&self) -> Credentials {
        let token = self.token.as_ref().map(|token| token.0.expose_secret().to_owned());
        let (id, secret) = (self.id.expose_secret(), self.secret.expose_secret());
        // How long they are good is not the SDK's to know: they are renewed by the context.
        Credentials::new(id, secret, token, None::<SystemTime>, "cloudmesh")
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("source", &self.source).finish_non_exhaustive()
    }
}

/// Keys, and how long they are good for.
#[derive(Debug, Clone)]
pub(crate) struct Lent {
    pub(crate) keys: Keys,
    expires: Timestamp,
    /// The role that they were had for, where one was taken on for them.
    role: Option<String>,
}

impl Lent {
    /// Keys whose end nobody told.
    pub(crate) fn forever(keys: Keys) -> Self {
        Self::until(keys, Timestamp::MAX)
    }

    /// Keys that end.
    pub(crate) fn until(keys: Keys, expires: Timestamp) -> Self {
        Self { keys, expires, role: None }
    }

    /// What a provider of the SDK gave.
    pub(crate) fn from(given: &Credentials, source: impl Into<String>) -> Self {
        let text = |text: &str| Secret::from(text.to_owned());
        let token = given.session_token().map(text);
        let keys = Keys::new(text(given.access_key_id()), text(given.secret_access_key()), token, source);
        let expires = given.expiry().and_then(|expiry| Timestamp::try_from(expiry).ok());
        Self::until(keys, expires.unwrap_or(Timestamp::MAX))
    }

    /// Says for which role.
    #[must_use]
    pub(crate) fn of(mut self, role: String) -> Self {
        self.role = Some(role);
        self
    }

    /// Whether they were had for that role already.
    pub(crate) fn is_of(&self, role: &str) -> bool {
        self.role.as_deref() == Some(role)
    }

    pub(crate) fn grant(self) -> Grant<Keys> {
        Grant { value: self.keys, expires: self.expires }
    }
}

/// The keys that the SDK signs with next; they are put here before each request.
#[derive(Clone, Default)]
pub(crate) struct Slot(Arc<RwLock<Option<Credentials>>>);

impl Slot {
    /// Signs with these from now on.
    pub(crate) fn put(&self, keys: &Keys) {
        let credentials = keys.credentials();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(credentials);
    }
}

impl ProvideCredentials for Slot {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        Provided::ready(held.ok_or_else(|| CredentialsError::not_loaded("nobody has signed in yet")))
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot")
    }
}
