//! Putting a provider together.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cloudmesh_abstract::{
    Call, ComputeNodeABC, Context, ContextBuilder, Deadline, DryRun, FileTokens, Local, MemoryTokens, PollPolicy,
    Rehearsal, Result, RetryPolicy, TokenStore, Trace, Young,
};

use super::{DEADLINE, Provider};
use crate::config::{Cloud, Config};
use crate::kinds;
use crate::witness::{Witness, Witnessed};

/// Collects what a [`Provider`] is made of.
///
/// ```no_run
/// use cloudmesh_compute::Provider;
/// use std::time::Duration;
///
/// let cloud = Provider::builder("mycloud").deadline(Duration::from_secs(30)).dry_run(true).build()?;
/// # Ok::<(), cloudmesh_compute::Error>(())
/// ```
///
/// One for several clouds is a [`CloudsBuilder`](crate::CloudsBuilder), with the same settings.
#[derive(Clone)]
pub struct ProviderBuilder<W = String> {
    wanted: W,
    options: Options,
}

#[derive(Clone)]
struct Options {
    source: Source,
    deadline: Duration,
    dry_run: bool,
    rehearse: bool,
    witness: Option<Arc<dyn Witness>>,
    context: ContextBuilder,
}

#[derive(Clone)]
enum Source {
    Usual,
    File(PathBuf),
    Read(Arc<Config>),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            source: Source::Usual,
            deadline: DEADLINE,
            dry_run: false,
            rehearse: false,
            witness: None,
            context: Context::builder(""),
        }
    }
}

impl<W> ProviderBuilder<W> {
    pub(crate) fn new(wanted: W) -> Self {
        Self { wanted, options: Options::default() }
    }

    /// Reads this file instead of `~/.cloudmesh/cloudmesh.yaml`.
    #[must_use]
    pub fn config_file(mut self, file: &Path) -> Self {
        self.options.source = Source::File(file.to_owned());
        self
    }

    /// Uses a configuration that was read already.
    #[must_use]
    pub fn config(mut self, config: Arc<Config>) -> Self {
        self.options.source = Source::Read(config);
        self
    }

    /// How long one operation may take, with all its repetitions; five minutes unless said. On several clouds: how long
    /// a cloud's whole share of a call may take.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.options.deadline = limit;
        self
    }

    /// Changes nothing in the cloud; [`Provider::plan`] says what would have been done.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.options.dry_run = dry_run;
        self
    }

    /// Changes nothing, as [`dry_run`](Self::dry_run), and shows the requests as well:
    /// [`Plan::requests`](crate::Plan::requests).
    #[must_use]
    pub fn rehearse(mut self) -> Self {
        self.options.rehearse = true;
        self.dry_run(true)
    }

    /// How many requests may be under way at once in a cloud; 16 unless said.
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

    /// Who is told of every answer.
    #[must_use]
    pub fn witness(mut self, witness: Arc<dyn Witness>) -> Self {
        self.options.witness = Some(witness);
        self
    }

    /// Anything else about the way of the requests. The cloud's name, deadline and token store are set when it is built.
    #[must_use]
    pub fn tune(mut self, change: impl FnOnce(ContextBuilder) -> ContextBuilder) -> Self {
        self.options.context = change(self.options.context);
        self
    }

    /// The configuration that is meant.
    ///
    /// # Errors
    ///
    /// As [`Config::load`].
    pub(crate) fn read(&self) -> Result<Arc<Config>> {
        match &self.options.source {
            Source::Usual => Config::load(None).map(Arc::new),
            Source::File(file) => Config::load(Some(file)).map(Arc::new),
            Source::Read(config) => Ok(Arc::clone(config)),
        }
    }

    /// What is wanted, and a builder with the same settings for something else.
    pub(crate) fn exchange<V>(self, wanted: V) -> (W, ProviderBuilder<V>) {
        (self.wanted, ProviderBuilder { wanted, options: self.options })
    }
}

impl ProviderBuilder {
    /// The provider. No request is sent yet.
    ///
    /// # Errors
    ///
    /// As [`Provider::new`].
    pub fn build(self) -> Result<Provider> {
        let config = self.read()?;
        let Self { wanted: name, options } = self;
        let cloud = config.cloud(&name)?;
        let context = options.context(&cloud, &config);
        let (kind, provider) = connect(&cloud, &context).map_err(|error| config.locate(error, &name))?;
        let local = Young::new(Local::new(kind, provider, context.clone()), context.poll_policy());
        let limited = Witnessed::new(Deadline::new(local, options.deadline), &name, options.witness);
        let (call, plan): (Arc<dyn Call>, _) = if options.dry_run {
            let dry = DryRun::new(limited).rehearsing(&context);
            let plan = dry.plan();
            (Arc::new(dry), Some(plan))
        } else {
            (Arc::new(limited), None)
        };
        let (cloud, deadline) = (Arc::new(cloud), options.deadline);
        Ok(Provider { call, cloud, config, context, plan, deadline, share: None })
    }
}

impl Options {
    fn context(&self, cloud: &Cloud, config: &Config) -> Context {
        let tokens: Arc<dyn TokenStore> = match config.folder() {
            Some(folder) if config.token_cache() => Arc::new(FileTokens::new(folder.join("tokens"))),
            _ => Arc::new(MemoryTokens::default()),
        };
        let mut context = self.context.clone().for_cloud(&cloud.name).deadline(self.deadline).tokens(tokens);
        context = context.account(kinds::account(cloud));
        if let Some(folder) = config.folder() {
            context = context.throttle_folder(folder.join("throttle"));
        }
        // Each cloud notes its own requests.
        if self.rehearse { context.rehearsal(Rehearsal::default()) } else { context }.build()
    }
}

/// The provider of a cloud's kind, and that kind.
fn connect(cloud: &Cloud, context: &Context) -> Result<(&'static str, Box<dyn ComputeNodeABC>)> {
    let registration = kinds::linked(&cloud.kind)?;
    kinds::check_defaults(registration, &cloud.settings)?;
    Ok((registration.kind, registration.connect(&cloud.settings, context.clone())?))
}

impl<W: fmt::Debug> fmt::Debug for ProviderBuilder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderBuilder").field("wanted", &self.wanted).finish_non_exhaustive()
    }
}
