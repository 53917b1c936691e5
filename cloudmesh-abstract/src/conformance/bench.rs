//! What a check works with: a stage, and the provider connected to it.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::check::Failure;
use super::suite::Subject;
use super::{Props, Stage, Troubles};
use crate::{
    ComputeNodeABC, Context, ContextBuilder, Effect, Error, ErrorKind, Goal, Local, Node, NodeId, NodeQuery, NodeSpec,
    Outcome, PollPolicy, Recorder, RetryPolicy, Settings, Young, wait_for,
};

/// The name that every check gives to its cloud.
pub(super) const CLOUD: &str = "bench";

/// A stage, and what a check has made on it.
pub(super) struct Bench {
    pub(super) subject: Arc<Subject>,
    pub(super) stage: Box<dyn Stage>,
    prefix: String,
    made: Mutex<Made>,
}

/// What a check has made that cannot be known by its name.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) nodes: BTreeSet<NodeId>,
    pub(super) addresses: BTreeSet<String>,
}

impl Bench {
    pub(super) fn new(subject: Arc<Subject>, stage: Box<dyn Stage>) -> Self {
        let id = uuid::Uuid::new_v4().simple().to_string();
        Self { subject, stage, prefix: format!("cm{}", &id[..10]), made: Mutex::default() }
    }

    /// What the names of everything begin with that this check makes.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A name that nobody else uses.
    pub(super) fn name(&self, end: &str) -> String {
        format!("{}-{end}", self.prefix)
    }

    pub(super) fn props(&self) -> Props {
        self.stage.props()
    }

    /// The least that a node needs.
    pub(super) fn spec(&self, end: &str) -> NodeSpec {
        let props = self.props();
        let spec = NodeSpec::new(self.name(end), props.image, props.flavor);
        match props.network {
            Some(network) => spec.with_network(network),
            None => spec,
        }
    }

    pub(super) fn troubles(&self) -> Result<&dyn Troubles, Failure> {
        self.stage.troubles().ok_or_else(|| Failure::new("the target offered troubles before, and does not now"))
    }

    /// Puts a foreign node there, and remembers to remove it.
    pub(super) fn plant(&self, name: &str) -> Result<NodeId, Failure> {
        let id = self.troubles()?.plant(name);
        self.made().nodes.insert(id.clone());
        Ok(id)
    }

    /// What is to be removed although its name does not tell.
    pub(super) fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The provider, as the facade would use it.
    pub(super) fn cloud(&self) -> Result<Cloud, Failure> {
        self.cloud_with(&self.stage.settings(), |builder| builder)
    }

    /// The provider in another context.
    pub(super) fn cloud_in(&self, adjust: impl FnOnce(ContextBuilder) -> ContextBuilder) -> Result<Cloud, Failure> {
        self.cloud_with(&self.stage.settings(), adjust)
    }

    /// The provider with other settings, in another context.
    pub(super) fn cloud_with(
        &self,
        settings: &Settings,
        adjust: impl FnOnce(ContextBuilder) -> ContextBuilder,
    ) -> Result<Cloud, Failure> {
        let trace = Arc::new(Recorder::default());
        let builder = Context::builder(CLOUD).account(&self.prefix).retry(patience()).poll(pace()).trace(trace.clone());
        let (provider, context) = self.subject.connect(settings, &adjust(builder))?;
        let local = Local::new(self.subject.kind, provider, context.clone());
        Ok(Cloud { nodes: Young::new(local, context.poll_policy()), context, trace })
    }
}

/// Quick repetitions at first, for a cloud on this machine, and long ones at last, for one far away.
fn patience() -> RetryPolicy {
    RetryPolicy { attempts: 12, longest: Duration::from_secs(5), ..RetryPolicy::quick() }
}

/// Quick looks at first, rare ones later, and time for a cloud that takes minutes.
fn pace() -> PollPolicy {
    let (first, longest) = (Duration::from_millis(3), Duration::from_secs(2));
    PollPolicy { first, longest, ..PollPolicy::default() }
}

/// The provider under test, connected.
#[derive(Debug)]
pub(super) struct Cloud {
    pub(super) nodes: Young<Local>,
    pub(super) context: Context,
    pub(super) trace: Arc<Recorder>,
}

impl Deref for Cloud {
    type Target = Young<Local>;

    fn deref(&self) -> &Young<Local> {
        &self.nodes
    }
}

impl Cloud {
    /// Waits until a node is there.
    pub(super) async fn wait(&self, id: &NodeId, goal: Goal) -> Result<Option<Node>, Error> {
        let waited = wait_for(&self.nodes, &self.context, std::slice::from_ref(id), goal, |_| ()).await;
        let lost = || Error::new(ErrorKind::Unexpected, "waiting for a node told nothing about it");
        waited.into_iter().next().ok_or_else(lost)?.1
    }

    /// Makes a node and waits until it runs.
    pub(super) async fn boot(&self, spec: &NodeSpec) -> Result<Node, Failure> {
        let made = self.create(spec).await?;
        let running = self.wait(&made.id, Goal::Running).await?;
        running.ok_or_else(|| Failure::new("a node that runs was not described"))
    }

    /// Deletes a node and waits until it is gone.
    pub(super) async fn remove(&self, id: &NodeId) -> Result<(), Failure> {
        self.destroy(id).await?;
        self.wait(id, Goal::Gone).await?;
        Ok(())
    }

    /// The nodes of this name, by way of a whole listing.
    pub(super) async fn called(&self, name: &str) -> Result<Vec<Node>, Failure> {
        let mut nodes = self.list(&NodeQuery::new()).await?;
        nodes.retain(|node| node.name == name);
        Ok(nodes)
    }

    /// Signs in, so that what is counted afterwards is nothing but the operation.
    pub(super) async fn warm_up(&self) -> Result<(), Failure> {
        self.list(&NodeQuery::new()).await?;
        self.trace.take();
        Ok(())
    }

    /// The requests since the last look, without those that signed in.
    pub(super) fn requests(&self) -> Vec<Outcome> {
        let mut sent = self.trace.take();
        sent.retain(|sent| sent.effect != Effect::SignIn);
        sent
    }
}
