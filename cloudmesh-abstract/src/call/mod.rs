//! The way of an operation: from the user, through what surrounds whole operations, to the provider.

mod blanket;
mod deadline;
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

    /// What can be asked for beyond the required operations.
    fn capabilities(&self) -> Capabilities;

    /// Why a capability is lacking.
    #[expect(clippy::unnecessary_literal_bound, reason = "the reasons of a plugin are not known beforehand")]
    fn why_lacking(&self, capability: Capability) -> &str {
        let _ = capability;
        "this provider does not offer it"
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
