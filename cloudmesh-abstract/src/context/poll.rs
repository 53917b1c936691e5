//! Asking again until something has happened.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use super::Context;
use crate::{Error, ErrorKind, Result};

/// How often to ask: soon at first, then less and less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PollPolicy {
    /// The first delay.
    pub first: Duration,
    /// The longest delay.
    pub longest: Duration,
    /// How long to go on asking.
    pub limit: Duration,
    /// When the limit began to run; `None`: with the first question.
    pub began: Option<Instant>,
}

impl Default for PollPolicy {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(5),
            limit: Duration::from_mins(10),
            began: None,
        }
    }
}

impl PollPolicy {
    /// As the default, with delays that suit a cloud on the same machine.
    pub fn quick() -> Self {
        Self {
            first: Duration::from_millis(5),
            longest: Duration::from_millis(100),
            limit: Duration::from_mins(1),
            began: None,
        }
    }

    /// Changes how long to go on asking.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Counts the limit from then on, instead of from the first question.
    #[must_use]
    pub fn since(mut self, began: Instant) -> Self {
        self.began = Some(began);
        self
    }

    /// The delays, one after the other, each half as long again as the one before, until the limit is used up. What happens between them counts; on a clock that skips, the delays alone do.
    pub(crate) fn delays(self) -> impl Iterator<Item = Duration> + Send {
        let grow = move |delay: &Duration| Some((*delay + *delay / 2).min(self.longest));
        let (began, mut waited) = (self.began.unwrap_or_else(Instant::now), Duration::ZERO);
        std::iter::successors(Some(self.first), grow).map_while(move |delay| {
            let wait = delay.min(self.limit.saturating_sub(waited.max(began.elapsed())));
            waited += wait;
            (!wait.is_zero()).then_some(wait)
        })
    }
}

impl Context {
    /// How often states are asked for.
    pub fn poll_policy(&self) -> PollPolicy {
        self.1
    }

    /// The same context with another policy for waiting; all else is shared.
    #[must_use]
    pub fn with_poll(&self, poll: PollPolicy) -> Self {
        Self(Arc::clone(&self.0), poll)
    }

    /// Follows an operation of the vendor's to its end: asks until `check` is ready. `what` names it for the error.
    ///
    /// # Errors
    ///
    /// The error of `check`, or [`ErrorKind::Timeout`] when it was never ready.
    pub async fn poll<T, F, Fut>(&self, what: &str, check: F) -> Result<T>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<Poll<T>>> + Send,
    {
        let delays = self.1.delays();
        if let Poll::Ready(value) = check().await? {
            return Ok(value);
        }
        for delay in delays {
            self.0.clock.sleep(delay).await;
            if let Poll::Ready(value) = check().await? {
                return Ok(value);
            }
        }
        let limit = self.1.limit;
        Err(Error::new(ErrorKind::Timeout, format!("{what} did not end within {limit:?}")).in_cloud(&self.0.cloud))
    }
}
