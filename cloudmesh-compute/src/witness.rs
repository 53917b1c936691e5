//! Somebody who is told of every answer.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use cloudmesh_abstract::{Call, Reply, Request, Result};

/// Is told of every operation that was asked of a cloud, and what the cloud answered, to keep it for instance. What a
/// dry run leaves out is not told.
pub trait Witness: Debug + Send + Sync + 'static {
    /// An operation was asked of a cloud at that time, and the answer has just come.
    fn saw(&self, cloud: &str, request: &Request, answer: &Result<Reply>, asked: SystemTime);
}

/// A layer that tells a witness.
#[derive(Debug)]
pub(crate) struct Witnessed<C> {
    inner: C,
    cloud: String,
    witness: Option<Arc<dyn Witness>>,
}

impl<C: Call> Witnessed<C> {
    pub(crate) fn new(inner: C, cloud: &str, witness: Option<Arc<dyn Witness>>) -> Self {
        Self { inner, cloud: cloud.to_owned(), witness }
    }
}

#[async_trait]
impl<C: Call> Call for Witnessed<C> {
    async fn call(&self, request: Request) -> Result<Reply> {
        let Some(witness) = &self.witness else { return self.inner.call(request).await };
        let (copy, asked) = (request.clone(), SystemTime::now());
        let answer = self.inner.call(request).await;
        witness.saw(&self.cloud, &copy, &answer, asked);
        answer
    }

    fn inner(&self) -> Option<&dyn Call> {
        Some(&self.inner)
    }
}
