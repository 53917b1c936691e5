//! A cloud that a provider is tried on, and what can be made to go wrong there.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;

use crate::{NodeId, Operation, Result, Settings};

/// A cloud to try a provider on: one in memory, an emulator, somebody's test installation, a real account.
#[async_trait]
pub trait Target: Send + Sync + 'static {
    /// What it is, for the report.
    fn name(&self) -> String;

    /// Opens a stage for one check: a fresh cloud where that is possible, else the shared account.
    ///
    /// # Errors
    ///
    /// Whatever keeps the cloud from being opened; the check fails with it.
    async fn open(&self) -> Result<Box<dyn Stage>>;

    /// Checks that this target is known to fail, and why. One that passes in spite of it is a failure too.
    fn exceptions(&self) -> Vec<Exception> {
        Vec::new()
    }
}

/// A check that a target is known to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The name of the check.
    pub check: &'static str,
    /// Why it fails there.
    pub reason: &'static str,
}

/// The cloud of one check.
#[async_trait]
pub trait Stage: Debug + Send + Sync {
    /// What a user's configuration would say about this cloud.
    fn settings(&self) -> Settings;

    /// The same with a wrong secret; `None` where that cannot be had.
    fn wrong_settings(&self) -> Option<Settings> {
        None
    }

    /// What exists there to make nodes from.
    fn props(&self) -> Props;

    /// The ways to make things go wrong; `None` on a cloud that is not ours to disturb.
    fn troubles(&self) -> Option<&dyn Troubles> {
        None
    }

    /// Ends it. The suite has removed its own nodes before.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from ending.
    async fn close(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

/// What exists on a stage to make nodes from, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Props {
    /// An image that boots.
    pub image: String,
    /// A small flavor.
    pub flavor: String,
    /// A key pair.
    pub key: Option<String>,
    /// A security group.
    pub secgroup: Option<String>,
    /// A network.
    pub network: Option<String>,
    /// Another network, where there are several.
    pub other_network: Option<String>,
    /// The path of something that a raw `GET` answers.
    pub raw: Option<String>,
}

impl Props {
    /// The image and the flavor that every node needs.
    pub fn new(image: impl Into<String>, flavor: impl Into<String>) -> Self {
        Self {
            image: image.into(),
            flavor: flavor.into(),
            key: None,
            secgroup: None,
            network: None,
            other_network: None,
            raw: None,
        }
    }

    /// Names the key pair.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Names the security group.
    #[must_use]
    pub fn with_secgroup(mut self, group: impl Into<String>) -> Self {
        self.secgroup = Some(group.into());
        self
    }

    /// Names the network.
    #[must_use]
    pub fn with_network(mut self, network: impl Into<String>) -> Self {
        self.network = Some(network.into());
        self
    }

    /// Names another network.
    #[must_use]
    pub fn with_other_network(mut self, network: impl Into<String>) -> Self {
        self.other_network = Some(network.into());
        self
    }

    /// Names the path of something that a raw `GET` answers.
    #[must_use]
    pub fn with_raw(mut self, path: impl Into<String>) -> Self {
        self.raw = Some(path.into());
        self
    }
}

/// The ways to make things go wrong on a stage, and to see what was asked of it.
pub trait Troubles: Debug + Send + Sync {
    /// Lets something go wrong from now on.
    fn disturb(&self, disturbance: Disturbance);

    /// Ends all that [`disturb`](Self::disturb) began.
    fn calm(&self);

    /// Puts a node there that somebody else made, without our marks; an empty name makes a nameless one.
    fn plant(&self, name: &str) -> NodeId;

    /// Every wire request that has arrived, in order.
    fn seen(&self) -> Vec<Seen>;
}

/// A wire request that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// Which operation it serves; `None` for sign-in, discovery and look-ups on the way.
    pub operation: Option<Operation>,
    /// The request in one line, without secrets, such as `GET /servers/detail?limit=1`.
    pub line: String,
    /// The HTTP status of the answer; `None` when there was no answer.
    pub status: Option<u16>,
}

impl Seen {
    /// A request in one line, and the status of its answer.
    pub fn new(operation: Option<Operation>, line: impl Into<String>, status: Option<u16>) -> Self {
        Self { operation, line: line.into(), status }
    }
}

/// Something that goes wrong: what, where, how often.
///
/// ```
/// use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};
///
/// let disturbance = Disturbance::new(Trouble::Throttled { retry_after: None }).on(On::Any).every(3);
/// assert_eq!(disturbance.every, 3);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Disturbance {
    /// What goes wrong.
    pub trouble: Trouble,
    /// Which requests it may hit.
    pub on: On,
    /// It hits each `every`-th of those requests: 1 hits all, 3 hits the third, the sixth, …
    pub every: usize,
    /// How often it happens in all; `None`: until [`Troubles::calm`].
    pub times: Option<usize>,
}

impl Disturbance {
    /// Something that goes wrong on every request.
    pub fn new(trouble: Trouble) -> Self {
        Self { trouble, on: On::Any, every: 1, times: None }
    }

    /// Only on some requests.
    #[must_use]
    pub fn on(mut self, on: On) -> Self {
        self.on = on;
        self
    }

    /// Only on each `n`-th of them.
    #[must_use]
    pub fn every(mut self, n: usize) -> Self {
        self.every = n.max(1);
        self
    }

    /// Only so many times.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }
}

/// Which requests go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum On {
    /// All of them, sign-in too.
    Any,
    /// Those that sign in.
    SignIn,
    /// Those that only look, without signing in.
    Reads,
    /// Those that change something.
    Changes,
    /// Those that serve one operation.
    Operation(Operation),
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Trouble {
    /// The cloud refuses for too many requests, in the vendor's way, perhaps with a time to wait.
    Throttled {
        /// How long the cloud asks to wait; whole seconds.
        retry_after: Option<Duration>,
    },
    /// The cloud answers with a fault of its own (503).
    Unavailable,
    /// The connection is cut before anything took effect.
    CutBefore,
    /// The connection is cut after the change took effect.
    CutAfter,
    /// The connection stays open and no answer comes.
    Silence,
    /// The answer comes late.
    Slow(Duration),
    /// Every token issued so far is no longer valid.
    TokenExpired,
    /// A page of HTML comes with status 200, as from a proxy.
    Html,
    /// What comes is not what was announced.
    Garbage,
    /// Nothing comes with status 200.
    Empty,
    /// A quota is used up.
    Quota,
    /// The node is accepted and ends in the error state, with the vendor's reason.
    Capacity,
    /// A node made after this is unknown to the next so many requests about it, although it exists.
    NotYet(usize),
}
