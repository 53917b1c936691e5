//! The way of a wire request: limit, time-out, trace, retry, sign-in.
//!
//! A provider's `client.rs` sends every request through a [`Context`]; nothing of this is repeated in a provider.

mod builder;
mod clock;
mod login;
mod look;
mod memo;
mod poll;
mod rehearsal;
mod retry;
mod throttle;
mod tokens;
mod trace;
mod turn;

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

pub use self::builder::ContextBuilder;
pub use self::clock::{Clock, SkippingClock, SystemClock};
pub use self::login::{Grant, Login, expose};
pub use self::look::SharedLook;
pub use self::poll::PollPolicy;
pub use self::rehearsal::{Rehearsal, Rehearsed, Wire};
pub use self::retry::RetryPolicy;
use self::throttle::{Class, Throttle};
pub use self::tokens::{FileTokens, Kept, MemoryTokens, NoTokens, TokenStore};
pub use self::trace::{Event, HeldBack, Outcome, Recorder, Silent, Trace};
use crate::{Error, ErrorKind, Result};

/// What a wire request does to the cloud; whether it may be repeated follows from this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only looks.
    Read,
    /// It changes something, and doing it twice is the same as doing it once.
    Idempotent,
    /// It changes something each time it is done.
    Once,
    /// It signs in.
    SignIn,
}

impl Effect {
    /// Whether a request may be repeated although the first one may have arrived.
    fn may_repeat(self) -> bool {
        self != Self::Once
    }

    /// Whether it changes anything for others to see.
    pub(crate) fn changes(self) -> bool {
        matches!(self, Self::Idempotent | Self::Once)
    }
}

/// What every wire request of one cloud shares. Cloning is cheap and shares the limit.
///
/// ```
/// use cloudmesh_abstract::{Context, Effect, Error, ErrorKind};
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let context = Context::builder("mycloud").build();
/// let tries = AtomicU32::new(0);
/// let answer = context
///     .send(Effect::Read, "GET /servers", || async {
///         match tries.fetch_add(1, Ordering::Relaxed) {
///             0 => Err(Error::new(ErrorKind::RateLimited, "slow down")),
///             n => Ok(n),
///         }
///     })
///     .await?;
/// assert_eq!(answer, 1);
/// # Ok::<(), Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct Context(Arc<Shared>, PollPolicy);

struct Shared {
    cloud: String,
    retry: RetryPolicy,
    limit: Semaphore,
    attempt_timeout: Duration,
    user_agent: String,
    trace: Arc<dyn Trace>,
    clock: Arc<dyn Clock>,
    tokens: Arc<dyn TokenStore>,
    memo: memo::Memo,
    rehearsal: Option<Rehearsal>,
    throttle: Arc<Throttle>,
}

impl Context {
    /// A context for the cloud of this name, with the values that suit most clouds.
    pub fn builder(cloud: impl Into<String>) -> ContextBuilder {
        ContextBuilder::new(cloud)
    }

    /// The name of the cloud in the configuration.
    pub fn cloud(&self) -> &str {
        &self.0.cloud
    }

    /// The clock; providers ask it and nothing else.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// What requests carry as `User-Agent`.
    pub fn user_agent(&self) -> &str {
        &self.0.user_agent
    }

    /// How long one attempt may take; an HTTP client may use it for its own limits.
    pub fn attempt_timeout(&self) -> Duration {
        self.0.attempt_timeout
    }

    /// Where sign-in tokens are kept.
    pub fn tokens(&self) -> &dyn TokenStore {
        self.0.tokens.as_ref()
    }

    /// Tells the user one sentence, without secrets, although nothing failed: see [`Trace::warn`].
    pub fn warn(&self, sentence: &str) {
        self.0.trace.warn(&self.0.cloud, sentence);
    }

    /// What notes the requests, and holds back those that change anything, in a dry run that shows them.
    pub fn rehearsal(&self) -> Option<&Rehearsal> {
        self.0.rehearsal.as_ref()
    }

    /// Sends one wire request, and repeats it where that is safe and of use.
    ///
    /// `wire` says what is sent: one line without secrets, and the body of a change. A refusal for too many requests is always repeated, since
    /// nothing happened; a fault of the cloud or a time-out only when the effect allows it. Delays grow, are jittered
    /// and respect [`Error::retry_after`].
    ///
    /// # Errors
    ///
    /// The last error of `request`, or [`ErrorKind::Timeout`] when an attempt took too long; in a [`Rehearsal`],
    /// [`ErrorKind::Cancelled`] in place of any change.
    pub async fn send<'a, T, F, Fut>(&self, effect: Effect, wire: impl Into<Wire<'a>>, request: F) -> Result<T>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T>> + Send,
    {
        let wire = wire.into();
        if let Some(rehearsal) = &self.0.rehearsal {
            rehearsal.note(effect, &wire).map_err(|error| error.in_cloud(&self.0.cloud))?;
        }
        let name = wire.line();
        let mut delays = self.0.retry.delays();
        let (mut attempt, mut unanswered) = (1, None);
        loop {
            let error = match self.attempt(effect, name, attempt, delays.left(), request()).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error.in_cloud(&self.0.cloud),
            };
            let wait = if is_worth_repeating(effect, error.kind()) { delays.after(&error) } else { None };
            let Some(wait) = wait else { return Err(in_doubt(unanswered, error)) };
            unanswered =
                Some(error).filter(|error| effect != Effect::Read && is_ambiguous(error.kind())).or(unanswered);
            self.0.clock.sleep(wait).await;
            attempt += 1;
        }
    }

    /// Makes something once, under a cloud that keeps no idempotency token. `make` sends its request with
    /// [`Effect::Once`]. When the answer is lost or cannot be read, `find` looks whether the thing was made, and only if
    /// it was not, it is made anew; not so after a time-out or an odd answer, since the first request may still be under
    /// way.
    ///
    /// # Errors
    ///
    /// The last error of `make`; where `find` fails, it says that too.
    pub async fn make_once<T, F, Fut, G, Found>(&self, make: F, find: G) -> Result<T>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T>> + Send,
        G: Fn() -> Found + Send + Sync,
        Found: Future<Output = Result<Option<T>>> + Send,
    {
        let mut delays = self.0.retry.delays();
        loop {
            let error = match make().await {
                Err(error) if is_ambiguous(error.kind()) => error,
                settled => return settled,
            };
            let Some(wait) = delays.after(&error) else { return Err(error) };
            self.0.clock.sleep(wait).await;
            let found = match find().await {
                Ok(found) => found,
                Err(blind) => return Err(unknown(error, blind)),
            };
            match found {
                Some(it) => return Ok(it),
                None if error.kind() == ErrorKind::Unavailable => {}
                None => return Err(error),
            }
        }
    }

    /// Repeats `change` while the cloud says that somebody else was faster: `change` reads, edits and writes anew.
    ///
    /// # Errors
    ///
    /// The error of `change`; [`ErrorKind::Conflict`] when it never came through.
    pub async fn retry_on_conflict<T, F, Fut>(&self, change: F) -> Result<T>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T>> + Send,
    {
        let mut delays = self.0.retry.delays();
        loop {
            let error = match change().await {
                Err(error) if error.kind() == ErrorKind::Conflict => error,
                settled => return settled,
            };
            let Some(wait) = delays.after(&error) else { return Err(error) };
            self.0.clock.sleep(wait).await;
        }
    }

    async fn attempt<T>(
        &self,
        effect: Effect,
        name: &str,
        attempt: u32,
        left: &mut Duration,
        request: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let class = Class::from(effect);
        let (sent, _permit) = self.turn(class, name, left).await?;
        let began = tokio::time::Instant::now();
        // Time limits follow the real clock: a skipping one would end every attempt before it began.
        let answer = match tokio::time::timeout(self.0.attempt_timeout, request).await {
            Ok(answer) => answer,
            Err(_) => Err(self.too_late(name)),
        };
        sent.learn(&answer, self.0.clock.now());
        let outcome = answer.as_ref().map(|_| ());
        let event = Event { cloud: &self.0.cloud, request: name, effect, attempt, took: began.elapsed(), outcome };
        self.0.trace.record(&event);
        answer
    }

    fn too_late(&self, name: &str) -> Error {
        let limit = self.0.attempt_timeout;
        Error::new(ErrorKind::Timeout, format!("no answer to `{name}` within {limit:?}"))
    }
}

/// The error of something that may have been made, when it cannot be seen whether it was.
fn unknown(error: Error, blind: Error) -> Error {
    let message = format!("{}; whether it was made cannot be seen: {}", error.message(), blind.message());
    let error = error.with_message(message);
    if error.source().is_some() { error } else { error.with_source(blind) }
}

/// Whether repeating a request can help, and can do no harm.
fn is_worth_repeating(effect: Effect, kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::RateLimited => true,
        ErrorKind::Unavailable | ErrorKind::Timeout => effect.may_repeat(),
        _ => false,
    }
}

/// The last error of a change; where that is one request too many, while an earlier try got no answer and may have
/// taken effect, the error of that one.
fn in_doubt(unanswered: Option<Error>, last: Error) -> Error {
    match unanswered {
        Some(earlier) if last.kind() == ErrorKind::RateLimited => {
            let message = format!("{}; tried again, {}", earlier.message(), last.message());
            earlier.with_message(message)
        }
        _ => last,
    }
}

/// Whether a request may have taken effect although it failed.
fn is_ambiguous(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Unexpected)
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("cloud", &self.0.cloud).field("retry", &self.0.retry).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
