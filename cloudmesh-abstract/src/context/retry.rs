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
    /// How often it is sent at the most when the cloud is out of reach or answers with a fault of its own: somebody
    /// waits to hear of it.
    pub attempts_at_faults: usize,
    /// The first delay.
    pub first: Duration,
    /// The longest delay that we choose ourselves.
    pub longest: Duration,
    /// The longest that a request may wait in all, between its repetitions and for its turn. A cloud that asks for more
    /// is not waited for.
    pub in_all: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 8,
            attempts_at_faults: 5,
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
        Delays {
            hurry: HURRY,
            growing: builder.build(),
            left: self.in_all,
            faults: self.attempts_at_faults.saturating_sub(1),
        }
    }
}

/// How much sooner than after a fault a request is repeated after the first refusal; half of that after the next.
const HURRY: u32 = 8;

/// The delays of one request.
#[derive(Debug)]
pub(super) struct Delays {
    hurry: u32,
    growing: ExponentialBackoff,
    left: Duration,
    faults: usize,
}

impl Delays {
    /// How long may still be waited in all.
    pub(super) fn left(&mut self) -> &mut Duration {
        &mut self.left
    }

    fn hurry(&mut self) -> u32 {
        let hurry = self.hurry;
        self.hurry = (hurry / 2).max(1);
        hurry
    }

    /// How long to wait after this error; `None` when it is time to give up.
    pub(super) fn after(&mut self, error: &Error) -> Option<Duration> {
        if error.kind() != ErrorKind::RateLimited {
            self.faults = self.faults.checked_sub(1)?;
        }
        let own = self.growing.next()?;
        let wait = match (error.kind(), error.retry_after()) {
            (ErrorKind::RateLimited | ErrorKind::Unavailable, Some(asked)) => asked.max(own),
            // Soon at first: the throttle sees to it that there are not too many.
            (ErrorKind::RateLimited, None) => own / self.hurry(),
            _ => own,
        };
        self.left = self.left.checked_sub(wait)?;
        Some(wait)
    }
}
