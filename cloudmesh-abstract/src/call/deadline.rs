//! A time limit for whole operations.

use std::time::Duration;

use async_trait::async_trait;

use super::Call;
use crate::{Error, ErrorKind, Reply, Request, Result};

/// Ends an operation that takes too long, with all its repetitions.
#[derive(Debug)]
pub struct Deadline<C> {
    inner: C,
    limit: Duration,
}

impl<C: Call> Deadline<C> {
    /// Gives each operation of `inner` so much time.
    pub fn new(inner: C, limit: Duration) -> Self {
        Self { inner, limit }
    }
}

#[async_trait]
impl<C: Call> Call for Deadline<C> {
    async fn call(&self, request: Request) -> Result<Reply> {
        let (operation, subject) = (request.operation(), request.subject().map(str::to_owned));
        let changes = request.changes();
        let Ok(answer) = tokio::time::timeout(self.limit, self.inner.call(request)).await else {
            let doubt = if changes { "; it may have taken effect, look before you repeat it" } else { "" };
            let message = format!("no answer within {:?}{doubt}", self.limit);
            return Err(Error::new(ErrorKind::Timeout, message).during(operation, subject.as_deref()));
        };
        answer
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
}
