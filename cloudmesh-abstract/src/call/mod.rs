//! The way of an operation: from the user, through what surrounds whole operations, to the provider.

mod blanket;
mod could;
mod deadline;
mod detail;
mod dry_run;
mod local;
mod young;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

pub use self::deadline::Deadline;
pub use self::dry_run::{DryRun, Plan, Step};
pub use self::local::Local;
pub use self::young::Young;
use crate::{Capabilities, Capability, Reply, Request, Result};

/// Something that operations can be asked of: a linked provider, a plugin, or a layer around one of them.
///
/// Whatever implements it is a [`ComputeNodeABC`](crate::ComputeNodeABC) too.
#[async_trait]
pub trait Call: Debug + Send + Sync + 'static {
    /// Asks for one operation.
    ///
    /// # Errors
    ///
    /// Those of the operation; [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) for one that is lacking.
    async fn call(&self, request: Request) -> Result<Reply>;

    /// What it surrounds; `None` for what answers by itself. A layer can do what the inner one can, unless it says
    /// otherwise.
    fn inner(&self) -> Option<&dyn Call> {
        None
    }

    /// What can be asked for beyond the required operations.
    fn capabilities(&self) -> Capabilities {
        self.inner().map(Call::capabilities).unwrap_or_default()
    }

    /// Why a capability is lacking.
    fn why_lacking(&self, capability: Capability) -> &str {
        self.inner().map_or("this provider does not offer it", |inner| inner.why_lacking(capability))
    }
}

#[async_trait]
impl<C: Call + ?Sized> Call for Arc<C> {
    async fn call(&self, request: Request) -> Result<Reply> {
        (**self).call(request).await
    }

    fn capabilities(&self) -> Capabilities {
        (**self).capabilities()
    }

    fn why_lacking(&self, capability: Capability) -> &str {
        (**self).why_lacking(capability)
    }
}
