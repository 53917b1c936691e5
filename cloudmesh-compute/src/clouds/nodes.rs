//! Nodes by name, pattern or id, on several clouds.

use cloudmesh_abstract::names::Selector;
use cloudmesh_abstract::{Goal, Node, RebootKind, Result};

use super::Clouds;
use crate::Provider;
use crate::nodes::{Nodes, Outcome};
use crate::partial::Partial;

/// Nodes of several clouds that were asked for by name, id, range or glob. Nothing is sent before one of the methods is
/// called.
///
/// A name is looked for on every cloud. It is missing when no cloud has it: then each cloud's error says so.
///
/// ```no_run
/// use cloudmesh_compute::Clouds;
///
/// # async fn example() -> cloudmesh_compute::Result<()> {
/// let stopped = Clouds::all()?.nodes("web[1-3]")?.stop().await;
/// println!("{} stopped, {} failed", stopped.done.len(), stopped.failed.len());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CloudsNodes<'a> {
    clouds: &'a Clouds,
    wanted: Vec<Selector>,
    raw: bool,
}

impl<'a> CloudsNodes<'a> {
    pub(super) fn new(clouds: &'a Clouds, wanted: Vec<Selector>) -> Self {
        Self { clouds, wanted, raw: false }
    }

    /// Keeps the vendor's records of the nodes that are looked up.
    #[must_use]
    pub fn with_raw(mut self, raw: bool) -> Self {
        self.raw = raw;
        self
    }

    /// Looks each of them up. A name that fits several nodes of one cloud is an error of that name.
    pub async fn look_up(&self) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).look_up().await }).await
    }

    /// Starts them.
    pub async fn start(&self) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).start().await }).await
    }

    /// Stops them.
    pub async fn stop(&self) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).stop().await }).await
    }

    /// Reboots them.
    pub async fn reboot(&self, kind: RebootKind) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).reboot(kind).await }).await
    }

    /// Suspends them: their memory is kept.
    pub async fn suspend(&self) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).suspend().await }).await
    }

    /// Lets suspended ones go on.
    pub async fn resume(&self) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).resume().await }).await
    }

    /// Gives them another flavor, by name; they may be restarted for it.
    pub async fn resize(&self, flavor: &str) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).resize(flavor).await }).await
    }

    /// Gives them other names, on each cloud that has them, as [`Nodes::rename`].
    pub async fn rename(&self, new: &str) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).rename(new).await }).await
    }

    /// Deletes them. They come back as they were known before.
    pub async fn destroy(&self) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).destroy().await }).await
    }

    /// Waits for them. With [`Goal::Gone`], one that is not there is where it should be, and one that went comes back
    /// as deleted.
    pub async fn wait(&self, goal: Goal) -> Partial<Node> {
        self.all(|cloud| async move { self.on(&cloud).follow(goal).await }).await
    }

    async fn all<F, Fut>(&self, work: F) -> Partial<Node>
    where
        F: Fn(Provider) -> Fut,
        Fut: Future<Output = Result<Vec<Outcome>>>,
    {
        Partial::of_outcomes(self.clouds.shares(work).await)
    }

    fn on<'c>(&self, cloud: &'c Provider) -> Nodes<'c> {
        Nodes::of(cloud, self.wanted.clone(), self.raw)
    }
}
