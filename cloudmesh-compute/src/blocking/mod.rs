//! The same for programs without `async`: a provider and several clouds whose methods return when the work is done.
//!
//! ```no_run
//! use cloudmesh_compute::{NodeQuery, blocking};
//!
//! # fn example() -> cloudmesh_compute::Result<()> {
//! let cloud = blocking::Provider::new("mycloud")?;
//! for node in cloud.list(&NodeQuery::new())? {
//!     println!("{} {}", node.name, node.status);
//! }
//! cloud.nodes("web[1-3]")?.stop()?;
//! # Ok(())
//! # }
//! ```
//!
//! The methods are called as their originals are. Several threads may share one of these types. Each has a small
//! runtime of its own, which works while one of its methods is called, and at no other time. Inside an async runtime
//! the methods fail with [`ErrorKind::Unsupported`]: use the originals there, or a thread of your own.

mod clouds;
mod nodes;
mod provider;

use std::sync::{Arc, OnceLock};

use cloudmesh_abstract::{Error, ErrorKind, Result};
use tokio::runtime::{Builder, Handle, Runtime};

pub use self::clouds::{Clouds, CloudsNodes};
pub use self::nodes::Nodes;
pub use self::provider::Provider;

/// The runtime of one provider or of several clouds; it begins with the first call. Connections live on it, so clones
/// share it.
#[derive(Debug, Clone, Default)]
struct Private(Arc<Lazy>);

#[derive(Debug, Default)]
struct Lazy(OnceLock<Runtime>);

impl Private {
    /// Waits for some work.
    fn run<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        if Handle::try_current().is_ok() {
            let message = "the blocking API does not work inside an async runtime; call the types of the same name \
                           outside `blocking` there and `.await` them, or use a thread of your own";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        self.runtime()?.block_on(work)
    }

    fn runtime(&self) -> Result<&Runtime> {
        if let Some(runtime) = self.0.0.get() {
            return Ok(runtime);
        }
        let failed = |error| Error::new(ErrorKind::Unexpected, "cannot start a runtime").with_source(error);
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        Ok(self.0.0.get_or_init(|| runtime))
    }
}

impl Drop for Lazy {
    fn drop(&mut self) {
        // Inside an async runtime, where somebody may drop the last clone, waiting for it would panic.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
