//! A time limit for whole operations.

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout_at};

use super::Call;
use crate::{Error, ErrorKind, Reply, Request, Result};

/// Ends an operation that takes too long, with all its repetitions.
#[derive(Debug)]
pub struct Deadline<C> {
    inner: C,
    limit: Duration,
    began: Option<Instant>,
}

impl<C: Call> Deadline<C> {
    /// Gives each operation of `inner` so much time.
    pub fn new(inner: C, limit: Duration) -> Self {
        Self { inner, limit, began: None }
    }

    /// Gives all operations of `inner` together so much time, from `began` on.
    pub fn together(inner: C, limit: Duration, began: Instant) -> Self {
        Self { inner, limit, began: Some(began) }
    }

    fn too_late(&self, doubt: &str) -> Error {
        Error::new(ErrorKind::Timeout, format!("no answer within {:?}{doubt}", self.limit))
    }

    async fn in_time(&self, request: Request) -> Result<Reply> {
        let now = Instant::now();
        let began = self.began.unwrap_or(now);
        // A limit that no clock can show is none.
        let Some(end) = began.checked_add(self.limit) else { return self.inner.call(request).await };
        if self.began.is_some() && end <= now {
            let message =
                format!("the {:?} for all of it are over, and this was not begun; allow more time", self.limit);
            return Err(Error::new(ErrorKind::Timeout, message));
        }
        let doubt = if request.changes() { "; it may have taken effect, look before you repeat it" } else { "" };
        timeout_at(end, self.inner.call(request)).await.unwrap_or_else(|_| Err(self.too_late(doubt)))
    }
}

#[async_trait]
impl<C: Call> Call for Deadline<C> {
    async fn call(&self, request: Request) -> Result<Reply> {
        let (operation, subject) = (request.operation(), request.subject().map(str::to_owned));
        self.in_time(request).await.map_err(|error| error.during(operation, subject.as_deref()))
    }

    fn inner(&self) -> Option<&dyn Call> {
        Some(&self.inner)
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::Deadline;
    use crate::{Call, Capabilities, ComputeNodeABC, ErrorKind, Reply, Request, Result};
    use async_trait::async_trait;
    use std::time::Duration;
    use tokio::time::Instant;

    #[derive(Debug)]
    struct Deaf;

    #[async_trait]
    impl Call for Deaf {
        async fn call(&self, _: Request) -> Result<Reply> {
            std::future::pending().await
        }
        fn capabilities(&self) -> Capabilities {
            Capabilities::new()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn ends_what_takes_too_long() {
        let deaf = Deadline::new(Deaf, Duration::from_secs(7));
        let error = deaf.start(&"42".into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(
            error.to_string(),
            "start 42: no answer within 7s; it may have taken effect, look before you repeat it"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn operations_that_share_a_limit_end_together() {
        let deaf = Deadline::together(Deaf, Duration::from_secs(7), Instant::now());
        tokio::time::sleep(Duration::from_secs(5)).await;
        let error = deaf.whoami().await.unwrap_err();
        assert_eq!(error.to_string(), "whoami: no answer within 7s");
        let error = deaf.start(&"42".into()).await.unwrap_err();
        let told = "start 42: the 7s for all of it are over, and this was not begun; allow more time";
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Timeout, told));
    }
}
