//! The keys that requests are signed with.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError};
use cloudmesh_abstract::{ExposeSecret, Secret, expose};
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
