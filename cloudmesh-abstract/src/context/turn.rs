//! Waiting for one's turn: until the cloud wants another request, and until one may be under way.

use std::time::Duration;

use tokio::sync::SemaphorePermit;

use super::throttle::{Class, Sent};
use super::{Context, HeldBack};
use crate::{Error, ErrorKind, Result};

impl Context {
    /// Waits until a request may be sent. While nothing was refused it waits for the others under way and for nothing
    /// else; nobody holds a place among those while the cloud has to be waited for.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RateLimited`] when its turn would come later than after `left`, which is reduced by the waiting.
    pub(super) async fn turn(
        &self,
        class: Class,
        name: &str,
        left: &mut Duration,
    ) -> Result<(Sent<'_>, SemaphorePermit<'_>)> {
        if self.wait_of(class).is_zero() {
            let permit = self.permit().await?;
            // While it waited for its place, others may have been refused.
            if let Some(sent) = self.0.throttle.take(class, self.0.clock.now()) {
                return Ok((sent, permit));
            }
        }
        let began = self.0.throttle.now(self.0.clock.now());
        let queued = tokio::time::timeout(*left, self.0.throttle.queue(class)).await;
        let _turn = queued.map_err(|_| crowded(name, std::mem::take(left)))?;
        loop {
            let waited = self.0.throttle.now(self.0.clock.now()).saturating_sub(began);
            let wait = self.wait_of(class);
            if waited.saturating_add(wait) > *left {
                *left = Duration::ZERO;
                return Err(too_long(name, wait));
            }
            if !wait.is_zero() {
                self.sleep_for_turn(wait).await;
                continue;
            }
            let permit = self.permit().await?;
            if let Some(sent) = self.0.throttle.take(class, self.0.clock.now()) {
                *left = left.saturating_sub(waited);
                self.tell_held_back(name, waited);
                return Ok((sent, permit));
            }
        }
    }

    fn wait_of(&self, class: Class) -> Duration {
        self.0.throttle.wait(class, self.0.clock.now())
    }

    async fn sleep_for_turn(&self, wait: Duration) {
        let before = self.0.clock.now();
        self.0.clock.sleep(wait).await;
        self.0.throttle.waited(before, wait, self.0.clock.now());
    }

    async fn permit(&self) -> Result<SemaphorePermit<'_>> {
        let closed = |closed| Error::new(ErrorKind::Cancelled, "the cloud's limit was closed").with_source(closed);
        self.0.limit.acquire().await.map_err(closed)
    }

    fn tell_held_back(&self, request: &str, waited: Duration) {
        if waited >= Duration::from_millis(1) {
            self.0.trace.hold_back(&HeldBack { cloud: &self.0.cloud, request, waited });
        }
    }
}

/// The cloud asked for more time than there is.
fn too_long(name: &str, wait: Duration) -> Error {
    let seconds = wait.as_secs_f64().ceil();
    let message = format!("the cloud wants no more requests for {seconds} s; `{name}` was not sent, repeat it then");
    Error::new(ErrorKind::RateLimited, message).with_retry_after(wait)
}

/// Too many others wait already.
fn crowded(name: &str, left: Duration) -> Error {
    let message = format!(
        "`{name}` did not get its turn within {left:?}, since the cloud takes few requests and many wait; \
         repeat it later, or do less at once"
    );
    Error::new(ErrorKind::RateLimited, message)
}
