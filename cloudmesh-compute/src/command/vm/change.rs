//! `cms vm start`, `stop`, `suspend`, `resume`, `reboot`, `wait`.

use std::process::ExitCode;

use clap::Args;

use super::short_columns;
use crate::cli::{Progress, Session, usage};
use crate::nodes::Outcome;
use crate::work::{apply, follow};
use crate::{Capability, ComputeNodeABC, ErrorKind, Goal, Node, NodeState, Provider, RebootKind, Result, Suspend};

/// Whether to wait for the outcome.
#[derive(Debug, Args)]
pub(super) struct Waiting {
    /// Wait until it is done [default]
    #[arg(long, overrides_with = "no_wait")]
    wait: bool,
    /// Return as soon as the cloud has accepted it
    #[arg(long, overrides_with = "wait")]
    no_wait: bool,
}

impl Waiting {
    /// Whether the user does not want to wait.
    pub(super) fn is_refused(&self) -> bool {
        self.no_wait
    }

    /// Whether to wait; a dry run has nothing to wait for.
    pub(super) fn is_wanted(&self, session: &Session) -> bool {
        !self.no_wait && !session.dry_run()
    }
}

/// `cms vm start NAMES`, and so with stop, suspend and resume
#[derive(Debug, Args)]
pub(crate) struct Change {
    #[command(flatten)]
    names: super::Names,
    #[command(flatten)]
    waiting: Waiting,
}

/// A way from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Start,
    Stop,
    Suspend,
    Resume,
}

impl Way {
    /// Where it leads to.
    fn goal(self) -> Goal {
        match self {
            Self::Start | Self::Resume => Goal::Running,
            Self::Stop => Goal::Stopped,
            Self::Suspend => Goal::Suspended,
        }
    }

    /// The word that is typed for it.
    fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
        }
    }

    /// Looks whether a cloud has it.
    fn is_open(self, provider: &Provider) -> Result<()> {
        match self {
            Self::Start | Self::Stop => Ok(()),
            Self::Suspend | Self::Resume => provider.requires(Capability::Suspend),
        }
    }

    async fn go(self, provider: Provider, node: Node) -> Result<()> {
        match self {
            Self::Start => provider.start(&node.id).await,
            Self::Stop => provider.stop(&node.id).await,
            Self::Suspend => provider.suspend(&node.id).await,
            Self::Resume => provider.resume(&node.id).await,
        }
    }
}

impl Change {
    pub(super) async fn run(self, session: &Session, way: Way) -> Result<ExitCode> {
        let wait = self.waiting.is_wanted(session);
        let progress = session.progress(way.word());
        let done = session.on_each_node(async |provider| {
            way.is_open(provider)?;
            let found = look_up(session, provider, &self.names.names).await?;
            let change = |provider: &Provider, node: Node| way.go(provider.clone(), node);
            let outcomes = apply(provider, found, &session.pace(), change).await;
            Ok(settle(session, provider, outcomes, way.goal(), wait, &progress).await)
        });
        let report = done.await?;
        drop(progress);
        report.finish(session, "nodes", &short_columns())
    }
}

/// `cms vm reboot NAMES`
#[derive(Debug, Args)]
pub(crate) struct Reboot {
    #[command(flatten)]
    names: super::Names,
    /// Cut the power instead of asking the guest
    #[arg(long)]
    hard: bool,
}

impl Reboot {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let kind = if self.hard { RebootKind::Hard } else { RebootKind::Soft };
        let done = session.on_each_node(async |provider| {
            let found = look_up(session, provider, &self.names.names).await?;
            let reboot = |provider: &Provider, node: Node| {
                let provider = provider.clone();
                async move { provider.reboot(&node.id, kind).await }
            };
            Ok(expect(apply(provider, found, &session.pace(), reboot).await, NodeState::Rebooting))
        });
        done.await?.finish(session, "nodes", &short_columns())
    }
}

/// `cms vm wait NAMES`
#[derive(Debug, Args)]
pub(crate) struct Wait {
    #[command(flatten)]
    names: super::Names,
    /// What to wait for
    #[arg(long = "for", value_name = "STATE", default_value = "running", value_parser = ["running", "stopped", "suspended", "gone"])]
    goal: String,
}

impl Wait {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let goal: Goal = self.goal.parse().unwrap_or(Goal::Running);
        let progress = session.progress(&format!("wait for {goal}"));
        let done = session.on_each_node(async |provider| {
            let mut found = look_up(session, provider, &self.names.names).await?;
            if goal == Goal::Gone {
                found.retain(|outcome| !matches!(&outcome.result, Err(error) if error.kind() == ErrorKind::NotFound));
            }
            Ok(settle(session, provider, found, goal, true, &progress).await)
        });
        let report = done.await?;
        drop(progress);
        report.finish(session, "nodes", &short_columns())
    }
}

/// Looks machines up; an interruption ends it.
pub(super) async fn look_up(session: &Session, provider: &Provider, names: &[String]) -> Result<Vec<Outcome>> {
    let nodes = provider.nodes_of(names).map_err(usage)?;
    session.interrupt.unless_asked(nodes.look_up()).await.map_err(|error| error.in_cloud(provider.name()))
}

/// Follows the nodes to their goal, or says where they are going.
pub(super) async fn settle(
    session: &Session,
    provider: &Provider,
    outcomes: Vec<Outcome>,
    goal: Goal,
    wait: bool,
    progress: &Progress,
) -> Vec<Outcome> {
    let going = match goal {
        Goal::Gone => NodeState::Deleting,
        Goal::Stopped => NodeState::Stopping,
        Goal::Suspended => NodeState::Suspending,
        _ => NodeState::Pending,
    };
    // It is told also when the first look never comes.
    let outcomes = expect(outcomes, going);
    if !wait {
        return outcomes;
    }
    let total = outcomes.iter().filter(|outcome| matches!(outcome.result, Ok(Some(_)))).count();
    progress.aim(provider.name(), total, goal);
    follow(provider, outcomes, goal, |node| progress.see(node), session.interrupt.asked()).await
}

/// Says which state nodes are on their way to, where nobody waits for it.
pub(super) fn expect(mut outcomes: Vec<Outcome>, state: NodeState) -> Vec<Outcome> {
    for outcome in &mut outcomes {
        if let Ok(Some(node)) = &mut outcome.result {
            node.status = state;
        }
    }
    outcomes
}
