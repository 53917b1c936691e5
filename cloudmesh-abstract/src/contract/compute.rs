//! The trait that every provider implements.

use std::fmt::Debug;

use async_trait::async_trait;

use super::{Capability, Console, Keys, Leftovers, Metadata, PublicIps, Raw, Rename, Resize, SecurityGroups, Suspend};
use crate::{Flavor, FlavorQuery, Identity, Image, ImageQuery, Node, NodeId, NodeQuery, NodeSpec, RebootKind, Result};

/// One cloud that runs virtual machines.
///
/// # Contract
///
/// - A method sends the requests of one operation through its [`Context`](crate::Context), and none that is not
///   needed. It returns when the cloud has accepted the operation, and waits for a state only where the cloud's own
///   operation demands it.
/// - Dropping a method's future leaves the provider usable.
/// - The constructor does no I/O; the first operation signs in.
/// - Every method may fail with [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (which is not retried),
///   [`PermissionDenied`](crate::ErrorKind::PermissionDenied), [`RateLimited`](crate::ErrorKind::RateLimited) after
///   the last try, [`Unavailable`](crate::ErrorKind::Unavailable), [`Timeout`](crate::ErrorKind::Timeout) and
///   [`Unexpected`](crate::ErrorKind::Unexpected) for an answer that cannot be understood. Errors carry the vendor's
///   code and request id where there are any. No error, log or `Debug` holds a secret.
///
/// What a cloud may lack stands in optional traits; an accessor gives one, or `None`.
#[async_trait]
pub trait ComputeNodeABC: Debug + Send + Sync + 'static {
    /// Lists every node of the account in this cloud: each zone of the region, each page, nameless and foreign ones.
    /// Deleted ones are left out.
    async fn list(&self, query: &NodeQuery) -> Result<Vec<Node>>;

    /// Finds the nodes of exactly this name; there may be none or several. It is one server-side request a page.
    async fn find(&self, name: &str) -> Result<Vec<Node>>;

    /// Describes a node. One that the cloud itself took away may be described as
    /// [deleted](crate::NodeState::Deleted), with its [fault](crate::Node::fault), as long as the cloud remembers it.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for an id that does not exist.
    async fn info(&self, id: &NodeId) -> Result<Node>;

    /// Makes a node with all it needs, marks it as ours, and returns when the cloud has accepted it.
    ///
    /// With [`public`](NodeSpec::public) it gets a public address, which its description shows when it is there. With
    /// [`hibernate`](NodeSpec::hibernate) it can be [suspended](super::Suspend::suspend), if nodes of this cloud can be.
    ///
    /// Repeated with the same [token](NodeSpec::token) it returns the node that the first call made. If a later step
    /// fails, what was made for this node is removed again, and the error says what could not be.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an image, flavor, key, group, network or name that the
    /// cloud refuses, for an image that the flavor's processors do not run, and for an unknown [`disk_type`](NodeSpec::disk_type), or
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where boot disks have no types,
    /// [`Ambiguous`](crate::ErrorKind::Ambiguous) for a name that fits several of them,
    /// [`QuotaExceeded`](crate::ErrorKind::QuotaExceeded) when quota or capacity is used up.
    async fn create(&self, spec: &NodeSpec) -> Result<Node>;

    /// Starts a node. Starting a running node succeeds. A suspended one goes on where the cloud has one word for both;
    /// elsewhere its state forbids it, and it is [resumed](super::Suspend::resume).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for an id that does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) when its state forbids it.
    async fn start(&self, id: &NodeId) -> Result<()>;

    /// Stops a node and releases what the vendor bills for a running one. Stopping a stopped node succeeds.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for an id that does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) when its state forbids it.
    async fn stop(&self, id: &NodeId) -> Result<()>;

    /// Restarts a node.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for an id that does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) when its state forbids it.
    async fn reboot(&self, id: &NodeId, kind: RebootKind) -> Result<()>;

    /// Deletes a node and what was made for it alone, its public address among that; never anything shared, nor an
    /// address that a user attached. Deleting what is gone succeeds.
    async fn destroy(&self, id: &NodeId) -> Result<()>;

    /// Lists the images that nodes can be made from, all pages: the account's own ones and the usual public ones. A cloud
    /// where everybody publishes images lists the rest only with [`all`](ImageQuery::all).
    async fn images(&self, query: &ImageQuery) -> Result<Vec<Image>>;

    /// Describes an image by name or id. Where a name means an image for each architecture, that for the commonest one is
    /// described; [`create`](Self::create) takes that for the flavor's.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for none, [`Ambiguous`](crate::ErrorKind::Ambiguous) for several.
    async fn image(&self, name: &str) -> Result<Image>;

    /// Lists the flavors, all pages.
    async fn flavors(&self, query: &FlavorQuery) -> Result<Vec<Flavor>>;

    /// Describes a flavor by name or id.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for none, [`Ambiguous`](crate::ErrorKind::Ambiguous) for several.
    async fn flavor(&self, name: &str) -> Result<Flavor>;

    /// Says who we are to this cloud.
    async fn whoami(&self) -> Result<Identity>;

    /// Suspending and resuming, where the cloud has it.
    fn as_suspend(&self) -> Option<&dyn Suspend> {
        None
    }

    /// Renaming, where the cloud has it.
    fn as_rename(&self) -> Option<&dyn Rename> {
        None
    }

    /// Resizing, where the cloud has it.
    fn as_resize(&self) -> Option<&dyn Resize> {
        None
    }

    /// Editing tags, labels or metadata, where the cloud has it.
    fn as_metadata(&self) -> Option<&dyn Metadata> {
        None
    }

    /// SSH keys kept by the cloud, where it does.
    fn as_keys(&self) -> Option<&dyn Keys> {
        None
    }

    /// Public addresses that outlive a node, where the cloud has them.
    fn as_public_ips(&self) -> Option<&dyn PublicIps> {
        None
    }

    /// Security groups, where the cloud has them.
    fn as_secgroups(&self) -> Option<&dyn SecurityGroups> {
        None
    }

    /// The node's console, where the cloud shows it.
    fn as_console(&self) -> Option<&dyn Console> {
        None
    }

    /// What carries our mark and belongs to no node.
    fn as_leftovers(&self) -> Option<&dyn Leftovers> {
        None
    }

    /// One signed call in the vendor's own words.
    fn as_raw(&self) -> Option<&dyn Raw> {
        None
    }

    /// Why this cloud lacks a capability, in the vendor's terms, for the message of the error.
    #[expect(clippy::unnecessary_literal_bound, reason = "the reasons of a plugin are not known beforehand")]
    fn lacks(&self, capability: Capability) -> &str {
        let _ = capability;
        "this provider does not offer it"
    }
}
