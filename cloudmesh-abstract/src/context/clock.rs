//! Time, as something that tests can hold in their hand.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// The time of day, and waiting.
#[async_trait]
pub trait Clock: Debug + Send + Sync {
    /// What time it is.
    fn now(&self) -> Timestamp;

    /// Waits.
    async fn sleep(&self, time: Duration);
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

/// A clock on which waiting takes no time: it jumps ahead instead.
#[derive(Debug)]
pub struct SkippingClock(Mutex<Timestamp>);

impl SkippingClock {
    /// A clock that starts now.
    pub fn new() -> Self {
        Self(Mutex::new(Timestamp::now()))
    }

    /// Jumps ahead.
    pub fn skip(&self, time: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        *now = now.saturating_add(time).unwrap_or(Timestamp::MAX);
    }
}

impl Default for SkippingClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for SkippingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn sleep(&self, time: Duration) {
        self.skip(time);
        tokio::task::yield_now().await;
    }
}
