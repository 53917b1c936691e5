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
//! The methods are called as their originals are. Several threads may share one of these types. The first call begins a small
//! runtime with a thread of its own, which all of them share. Inside an async runtime the methods fail with
//! [`ErrorKind::Unsupported`]: use the originals there, or a thread of your own.

mod clouds;
mod nodes;
mod provider;

use std::sync::OnceLock;

use cloudmesh_abstract::{Error, ErrorKind, Result};
use tokio::runtime::{Builder, Handle, Runtime};

pub use self::clouds::{Clouds, CloudsNodes};
pub use self::nodes::Nodes;
pub use self::provider::Provider;

/// The runtime of all of them. Clones of one provider share connections, which a runtime that rests would let hang: this
/// one never does, since it has a thread of its own.
static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// Waits for some work.
fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    if Handle::try_current().is_ok() {
        let message = "the blocking API does not work inside an async runtime; call the types of the same name outside \
                       `blocking` there and `.await` them, or use a thread of your own";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    runtime()?.block_on(work)
}

fn runtime() -> Result<&'static Runtime> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let failed = |error| Error::new(ErrorKind::Unexpected, "cannot start a runtime").with_source(error);
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(failed)?;
    Ok(RUNTIME.get_or_init(|| runtime))
}
