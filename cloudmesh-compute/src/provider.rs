//! One cloud of the configuration, whatever its kind.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cloudmesh_abstract::names::PatternError;
use cloudmesh_abstract::{
    Call, ComputeNodeABC, Context, ContextBuilder, Deadline, DryRun, FileTokens, Local, MemoryTokens, Plan, PollPolicy,
    Rehearsal, Reply, Request, Result, RetryPolicy, TokenStore, Trace, Young,
};

use crate::config::{Cloud, Config};
use crate::kinds;
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
        ProviderBuilder::new(name)
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
        let answer = self.call.call(request).await;
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

/// Collects what a [`Provider`] is made of.
///
/// ```no_run
/// use cloudmesh_compute::Provider;
/// use std::time::Duration;
///
/// let cloud = Provider::builder("mycloud").deadline(Duration::from_secs(30)).dry_run(true).build()?;
/// # Ok::<(), cloudmesh_compute::Error>(())
/// ```
#[derive(Clone)]
pub struct ProviderBuilder {
    name: String,
    source: Source,
    deadline: Duration,
    dry_run: bool,
    context: ContextBuilder,
}

#[derive(Clone)]
enum Source {
    Usual,
    File(PathBuf),
    Read(Arc<Config>),
}

impl ProviderBuilder {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            source: Source::Usual,
            deadline: DEADLINE,
            dry_run: false,
            context: Context::builder(name),
        }
    }

    /// Reads this file instead of `~/.cloudmesh/cloudmesh.yaml`.
    #[must_use]
    pub fn config_file(mut self, file: &Path) -> Self {
        self.source = Source::File(file.to_owned());
        self
    }

    /// Uses a configuration that was read already.
    #[must_use]
    pub fn config(mut self, config: Arc<Config>) -> Self {
        self.source = Source::Read(config);
        self
    }

    /// How long one operation may take, with all its repetitions; five minutes unless said.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// Changes nothing in the cloud; [`Provider::plan`] says what would have been done.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Changes nothing, as [`dry_run`](Self::dry_run), and shows the requests as well: [`Plan::requests`].
    #[must_use]
    pub fn rehearse(mut self) -> Self {
        self.context = self.context.rehearsal(Rehearsal::default());
        self.dry_run(true)
    }

    /// How many requests may be under way at once; 16 unless said.
    #[must_use]
    pub fn parallel(self, requests: usize) -> Self {
        self.tune(|context| context.parallel(requests))
    }

    /// How failed requests are repeated.
    #[must_use]
    pub fn retry(self, retry: RetryPolicy) -> Self {
        self.tune(|context| context.retry(retry))
    }

    /// How often, and how long, states are asked for while waiting.
    #[must_use]
    pub fn poll(self, poll: PollPolicy) -> Self {
        self.tune(|context| context.poll(poll))
    }

    /// Who is told of every request.
    #[must_use]
    pub fn trace(self, trace: Arc<dyn Trace>) -> Self {
        self.tune(|context| context.trace(trace))
    }

    /// Anything else about the way of the requests. Deadline and token store are set by [`build`](Self::build).
    #[must_use]
    pub fn tune(mut self, change: impl FnOnce(ContextBuilder) -> ContextBuilder) -> Self {
        self.context = change(self.context);
        self
    }

    /// The provider. No request is sent yet.
    ///
    /// # Errors
    ///
    /// As [`Provider::new`].
    pub fn build(self) -> Result<Provider> {
        let config = match &self.source {
            Source::Usual => Arc::new(Config::load(None)?),
            Source::File(file) => Arc::new(Config::load(Some(file))?),
            Source::Read(config) => Arc::clone(config),
        };
        let cloud = config.cloud(&self.name)?;
        let context = self.context(&config);
        let (kind, provider) = connect(&cloud, &context).map_err(|error| config.locate(error, &self.name))?;
        let local = Young::new(Local::new(kind, provider, context.clone()), context.poll_policy());
        let limited = Deadline::new(local, self.deadline);
        let (call, plan): (Arc<dyn Call>, _) = if self.dry_run {
            let dry = DryRun::new(limited).rehearsing(&context);
            let plan = dry.plan();
            (Arc::new(dry), Some(plan))
        } else {
            (Arc::new(limited), None)
        };
        Ok(Provider { call, cloud: Arc::new(cloud), config, context, plan })
    }

    fn context(&self, config: &Config) -> Context {
        let tokens: Arc<dyn TokenStore> = match config.folder() {
            Some(folder) if config.token_cache() => Arc::new(FileTokens::new(folder.join("tokens"))),
            _ => Arc::new(MemoryTokens::default()),
        };
        self.context.clone().deadline(self.deadline).tokens(tokens).build()
    }
}

/// The provider of a cloud's kind, and that kind.
fn connect(cloud: &Cloud, context: &Context) -> Result<(&'static str, Box<dyn ComputeNodeABC>)> {
    let registration = kinds::linked(&cloud.kind)?;
    kinds::check_defaults(registration, &cloud.settings)?;
    Ok((registration.kind, registration.connect(&cloud.settings, context.clone())?))
}

impl fmt::Debug for ProviderBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderBuilder").field("name", &self.name).finish_non_exhaustive()
    }
}
