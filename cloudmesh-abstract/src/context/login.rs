//! Signing in once, keeping what was granted, renewing it when the cloud says that it has ended.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::{Context, Effect, Kept, Wire};
use crate::{Error, ErrorKind, Result};

/// A token this close to its end is not used any more.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// What a cloud grants at sign-in, and until when.
#[derive(Debug, Clone)]
pub struct Grant<T> {
    /// What was granted: a token and what came with it.
    pub value: T,
    /// When it ends.
    pub expires: Timestamp,
}

/// What the last sign-in brought.
struct Held<T> {
    grant: Option<Arc<Grant<T>>>,
    /// Which failure it was, and why.
    failure: Option<(u64, Error)>,
}

impl<T> Held<T> {
    /// The failure of a sign-in that was waited for: it ended after so many others had failed.
    fn failure_after(&self, failures: u64) -> Result<()> {
        match &self.failure {
            Some((number, error)) if *number > failures => Err(error.clone()),
            _ => Ok(()),
        }
    }
}

/// The sign-in of one identity, shared by all requests: one signs in, the others wait for it and share what it brings,
/// be it an error. A wrong password is sent once, not once for each of twenty nodes, after which accounts get locked.
///
/// `T` is what the cloud grants; it is kept in the context's [`TokenStore`](super::TokenStore) as JSON.
pub struct Login<T> {
    identity: String,
    /// Whether a grant may outlive this program.
    kept: bool,
    held: Mutex<Held<T>>,
    failures: AtomicU64,
}

impl<T> Login<T>
where
    T: Serialize + DeserializeOwned + Send + Sync,
{
    /// The sign-in of `identity`: who, where and for what, without any secret.
    pub fn new(identity: impl Into<String>) -> Self {
        let held = Mutex::new(Held { grant: None, failure: None });
        Self { identity: identity.into(), kept: true, held, failures: AtomicU64::new(0) }
    }

    /// Holds what is granted in this program alone: for keys that the vendor's own files and services give anew.
    #[must_use]
    pub fn unkept(mut self) -> Self {
        self.kept = false;
        self
    }

    /// What is granted: held, kept from before, or had by `sign_in` now. The flag says whether it is new.
    async fn grant<F, Fut>(&self, context: &Context, sign_in: F) -> Result<(Arc<Grant<T>>, bool)>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<Grant<T>>> + Send,
    {
        let failures = self.failures.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        let now = context.clock().now();
        let good = |grant: &Arc<Grant<T>>| grant.expires.duration_since(now) > MARGIN;
        if let Some(grant) = held.grant.clone().or_else(|| self.load(context)).filter(good) {
            held.grant = Some(Arc::clone(&grant));
            return Ok((grant, false));
        }
        held.failure_after(failures)?;
        self.sign_in(context, &mut held, sign_in).await.map(|grant| (grant, true))
    }

    /// What is granted instead of a grant that the cloud no longer takes, unless another request has renewed it
    /// meanwhile. The store is not asked: it may still give the same one.
    async fn renew<F, Fut>(&self, context: &Context, refused: &Arc<Grant<T>>, sign_in: F) -> Result<Arc<Grant<T>>>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<Grant<T>>> + Send,
    {
        let failures = self.failures.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        if let Some(renewed) = held.grant.as_ref().filter(|grant| !Arc::ptr_eq(grant, refused)) {
            return Ok(Arc::clone(renewed));
        }
        held.failure_after(failures)?;
        held.grant = None;
        if self.kept {
            context.tokens().forget(&self.identity);
        }
        self.sign_in(context, &mut held, sign_in).await
    }

    async fn sign_in<F, Fut>(&self, context: &Context, held: &mut Held<T>, sign_in: F) -> Result<Arc<Grant<T>>>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<Grant<T>>> + Send,
    {
        let grant = match sign_in().await {
            Ok(grant) => Arc::new(grant),
            Err(error) => {
                held.failure = Some((self.failures.fetch_add(1, Ordering::AcqRel) + 1, error.clone()));
                return Err(error);
            }
        };
        self.keep(context, &grant);
        held.grant = Some(Arc::clone(&grant));
        Ok(grant)
    }

    fn load(&self, context: &Context) -> Option<Arc<Grant<T>>> {
        if !self.kept {
            return None;
        }
        let kept = context.tokens().load(&self.identity)?;
        let value = serde_json::from_str(kept.text.expose_secret()).ok()?;
        Some(Arc::new(Grant { value, expires: kept.expires }))
    }

    fn keep(&self, context: &Context, grant: &Grant<T>) {
        if !self.kept {
            return;
        }
        if let Ok(text) = serde_json::to_string(&grant.value) {
            context.tokens().keep(&self.identity, &Kept::new(SecretString::from(text), grant.expires));
        }
    }
}

impl<T> fmt::Debug for Login<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl Context {
    /// Signs in, or uses what was granted before.
    ///
    /// `sign_in` sends its requests through [`send`](Self::send) with [`Effect::SignIn`].
    ///
    /// # Errors
    ///
    /// The error of `sign_in`.
    pub async fn granted<T, F, Fut>(&self, login: &Login<T>, sign_in: F) -> Result<Arc<Grant<T>>>
    where
        T: Serialize + DeserializeOwned + Send + Sync,
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<Grant<T>>> + Send,
    {
        login.grant(self, sign_in).await.map(|(grant, _)| grant)
    }

    /// Sends one wire request as [`send`](Self::send) does, signed with what `login` was granted. When the cloud says
    /// that an older grant has ended, it signs in anew, once.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`ErrorKind::Unauthenticated`] when a new grant is refused as well.
    pub async fn send_signed<'a, T, G, S, Signed, F, Fut>(
        &self,
        login: &Login<G>,
        sign_in: S,
        effect: Effect,
        wire: impl Into<Wire<'a>>,
        request: F,
    ) -> Result<T>
    where
        G: Serialize + DeserializeOwned + Send + Sync,
        S: Fn() -> Signed + Send + Sync,
        Signed: Future<Output = Result<Grant<G>>> + Send,
        F: Fn(Arc<Grant<G>>) -> Fut + Send + Sync,
        Fut: Future<Output = Result<T>> + Send,
    {
        let wire = wire.into();
        let (grant, new) = login.grant(self, &sign_in).await?;
        let used = Arc::clone(&grant);
        let refused = match self.send(effect, wire, || request(Arc::clone(&grant))).await {
            Err(error) if error.kind() == ErrorKind::Unauthenticated && !new => error,
            settled => return settled,
        };
        let renewed = login.renew(self, &used, &sign_in).await.map_err(|error| because(error, refused))?;
        self.send(effect, wire, || request(Arc::clone(&renewed))).await
    }
}

/// A sign-in that failed after a refusal; its own cause says more than the refusal does.
fn because(error: Error, refused: Error) -> Error {
    if error.source().is_some() { error } else { error.with_source(refused) }
}

/// Writes a secret as it is, for a field that goes into the token store or onto the wire.
///
/// # Errors
///
/// Those of the serializer.
pub fn expose<S: serde::Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}
