//! An emulator in this process: how to start it, what to tell clients about it, how to end it.

use std::path::Path;
use std::sync::Arc;

use cloudmesh_abstract::Result;
use cloudmesh_abstract::conformance::{Props, Troubles};
use tokio::task::AbortHandle;

use crate::World;
use crate::builder::Builder;
use crate::server::Server;
use crate::tls::Root;

/// A cloud on loopback, in this process. Dropping it ends it.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use cloudmesh_emulator::Emulator;
///
/// let emulator = Emulator::builder().nodes(3).start().await?;
/// assert!(emulator.url().starts_with("http://127.0.0.1:"));
/// assert_eq!(emulator.world().node_names(), ["node-1", "node-2", "node-3"]);
/// # Ok::<(), cloudmesh_abstract::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Emulator {
    pub(crate) server: Arc<Server>,
    pub(crate) root: Option<Root>,
    pub(crate) running: AbortHandle,
}

impl Emulator {
    /// Starts one on a free port.
    ///
    /// # Errors
    ///
    /// [`Unavailable`](cloudmesh_abstract::ErrorKind::Unavailable) when no port can be had.
    pub async fn start() -> Result<Self> {
        Self::builder().start().await
    }

    /// Begins to describe one.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Where it is, such as `http://127.0.0.1:41234`, or `https://…` with [`tls`](Builder::tls).
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The PEM file with the root that its certificate is to be trusted by; `None` without [`tls`](Builder::tls).
    pub fn root_file(&self) -> Option<&Path> {
        self.root.as_ref().map(Root::path)
    }

    /// The world behind it.
    pub fn world(&self) -> &World {
        &self.server.world
    }

    /// The ways to make things go wrong, and the requests that have arrived.
    pub fn troubles(&self) -> &dyn Troubles {
        self
    }

    /// Ends all tokens and sessions before their time, as an operator may.
    pub fn revoke_tokens(&self) {
        self.world().end_sessions();
    }

    /// What exists in the cloud that it was started for to make nodes from.
    pub fn props(&self) -> Props {
        self.world().kind().props()
    }

    /// Ends it: its port is free again, and open connections are cut. Dropping it does the same.
    pub fn stop(self) {}
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.running.abort();
    }
}
