//! How long to wait before a request is repeated, and when to give up.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::{Error, ErrorKind};

/// How failed requests are repeated: delays that double, with jitter, up to a number of tries and a time in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a request is sent at the most; 1 means that nothing is repeated.
    pub attempts: usize,
    /// The first delay.
    pub first: Duration,
    /// The longest delay that we choose ourselves.
    pub longest: Duration,
    /// The longest that all delays of a request may take together. A cloud that asks for more is not waited for.
    pub in_all: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 8,
            first: Duration::from_millis(250),
            longest: Duration::from_secs(20),
            in_all: Duration::from_mins(2),
        }
    }
}

impl RetryPolicy {
    /// Nothing is repeated.
    pub fn none() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// As the default, with delays that suit a cloud on the same machine.
    pub fn quick() -> Self {
        Self { first: Duration::from_millis(2), longest: Duration::from_millis(50), ..Self::default() }
    }

    pub(super) fn delays(&self) -> Delays {
        let builder = ExponentialBuilder::new()
            .with_min_delay(self.first)
            .with_max_delay(self.longest)
            .with_max_times(self.attempts.saturating_sub(1))
            .with_jitter();
        Delays { delays: builder.build(), left: self.in_all }
    }
}

/// The delays of one request.
#[derive(Debug)]
pub(super) struct Delays {
    delays: ExponentialBackoff,
    left: Duration,
}

impl Delays {
    /// How long to wait after this error; `None` when it is time to give up.
    pub(super) fn after(&mut self, error: &Error) -> Option<Duration> {
        let own = self.delays.next()?;
        let wait = match (error.kind(), error.retry_after()) {
            (ErrorKind::RateLimited | ErrorKind::Unavailable, Some(asked)) => asked.max(own),
            _ => own,
        };
        self.left = self.left.checked_sub(wait)?;
        Some(wait)
    }
}
