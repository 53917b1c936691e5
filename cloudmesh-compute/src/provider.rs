//! One cloud of the configuration, whatever its kind.

mod builder;
mod groups;
mod keys;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cloudmesh_abstract::names::PatternError;
use cloudmesh_abstract::{Call, Capability, Context, Deadline, Error, ErrorKind, Plan, Reply, Request, Result};
use tokio::time::Instant;

pub use self::builder::ProviderBuilder;
pub use self::groups::GroupChanges;
pub use self::keys::Brought;
#[cfg(feature = "cli")]
pub(crate) use self::keys::fingerprint;
use crate::config::{Cloud, Config};
use crate::nodes::Nodes;

/// How long one operation may take unless said otherwise, with all its repetitions.
pub const DEADLINE: Duration = Duration::from_mins(5);

/// One cloud of the configuration. It implements [`ComputeNodeABC`](crate::ComputeNodeABC), so code that is written
/// against the trait works with it; [`nodes`](Self::nodes) adds the comfort of names and patterns.
///
/// Cloning is cheap; clones share connections, sign-in and limits.
///
/// ```no_run
/// use cloudmesh_compute::{ComputeNodeABC, NodeQuery, Provider};
///
/// # async fn example() -> cloudmesh_compute::Result<()> {
/// let cloud = Provider::new("mycloud")?;
/// for node in cloud.list(&NodeQuery::new()).await? {
///     println!("{} {}", node.name, node.status);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Provider {
    call: Arc<dyn Call>,
    cloud: Arc<Cloud>,
    config: Arc<Config>,
    context: Context,
    plan: Option<Plan>,
    deadline: Duration,
    share: Option<Share>,
}

/// A cloud's share of work on several clouds: when it began, and the way of its operations, which must end together.
#[derive(Clone)]
struct Share {
    began: Instant,
    call: Arc<dyn Call>,
}

impl Provider {
    /// The cloud of this name in `~/.cloudmesh/cloudmesh.yaml`. No request is sent yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when the file or the cloud's entry is missing or wrong, or when no provider of its kind is
    /// linked; the message says what to add.
    pub fn new(name: &str) -> Result<Self> {
        Self::builder(name).build()
    }

    /// The cloud of this name in another configuration file. Nothing else is read or written.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn with_config(name: &str, file: impl AsRef<Path>) -> Result<Self> {
        Self::builder(name).config_file(file.as_ref()).build()
    }

    /// A cloud with more to say: time limits, dry run, trace.
    pub fn builder(name: &str) -> ProviderBuilder {
        ProviderBuilder::new(name.to_owned())
    }

    /// The same cloud for its share of work on several: one deadline, from now on, for all its operations together.
    pub(crate) fn for_a_share(&self) -> Self {
        self.within(Instant::now(), self.deadline)
    }

    /// The same cloud for waiting, which has a limit of its own. In a share it counts from the share's beginning.
    pub(crate) fn for_waiting(&self) -> Self {
        let Some(Share { began, .. }) = self.share else { return self.clone() };
        let poll = self.context.poll_policy().since(began);
        Self { context: self.context.with_poll(poll), ..self.within(began, poll.limit) }
    }

    fn within(&self, began: Instant, limit: Duration) -> Self {
        let call = Arc::new(Deadline::together(Arc::clone(&self.call), limit, began));
        Self { share: Some(Share { began, call }), ..self.clone() }
    }

    /// The cloud's name in the configuration.
    pub fn name(&self) -> &str {
        self.context.cloud()
    }

    /// The cloud's entry in the configuration.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// The configuration that the cloud stands in.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What all requests of this cloud share.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// What would have been done, on a provider that was built for a dry run.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Looks whether the cloud has what some clouds lack, before anything is asked of it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) with the vendor's reason.
    pub fn requires(&self, capability: Capability) -> Result<()> {
        if self.capabilities().contains(&capability) {
            return Ok(());
        }
        let (kind, reason) = (self.cloud.kind.as_str(), self.why_lacking(capability));
        let message = format!("`{capability}` is not supported on {kind}: {reason}");
        Err(Error::new(ErrorKind::Unsupported, message).in_cloud(self.name()))
    }

    /// Nodes by name, id, range (`web[1-3]`) or glob (`web-*`), or several of them with commas between.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) with the position of a mistake in the pattern.
    pub fn nodes(&self, pattern: &str) -> Result<Nodes<'_>, PatternError> {
        Nodes::new(self, &[pattern])
    }

    /// Nodes by several patterns.
    ///
    /// # Errors
    ///
    /// As [`nodes`](Self::nodes).
    pub fn nodes_of<S: AsRef<str>>(&self, patterns: &[S]) -> Result<Nodes<'_>, PatternError> {
        Nodes::new(self, patterns)
    }
}

#[async_trait]
impl Call for Provider {
    async fn call(&self, request: Request) -> Result<Reply> {
        let call = self.share.as_ref().map_or(&self.call, |share| &share.call);
        let answer = call.call(request).await;
        answer.map_err(|error| self.config.locate(error.in_cloud(self.name()), self.name()))
    }

    fn inner(&self) -> Option<&dyn Call> {
        Some(&self.call)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.name()).field("kind", &self.cloud.kind).finish_non_exhaustive()
    }
}
