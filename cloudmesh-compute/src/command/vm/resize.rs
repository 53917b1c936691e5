//! `cms vm resize`.

use std::process::ExitCode;
use std::task::Poll;

use clap::Args;
use cloudmesh_abstract::names::Selector;

use super::change::{Waiting, expect, look_up, settle};
use super::columns;
use crate::cli::{Column, Progress, Session};
use crate::command::choose::advised;
use crate::nodes::Outcome;
use crate::work::{apply, named};
use crate::{Capability, ComputeNodeABC, ErrorKind, Flavor, Goal, Node, NodeState, Provider, Resize as _, Result};

/// `cms vm resize NAMES --size SIZE`
#[derive(Debug, Args)]
pub(crate) struct Resize {
    #[command(flatten)]
    names: super::Names,
    /// The new size, by name or id
    #[arg(long, visible_alias = "flavor", value_name = "SIZE")]
    size: String,
    #[command(flatten)]
    waiting: Waiting,
}

/// An outcome and its place among all.
type Placed = (usize, Outcome);

impl Resize {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let progress = session.progress("resize");
        let done = session.on_each_node(async |provider| self.on(session, provider, &progress).await);
        let report = done.await?;
        drop(progress);
        let shown = Column::pick(columns(), &["name", "status", "flavor", "cloud", "id"]);
        report.finish(session, "nodes", &shown)
    }

    /// Resizes machines of one cloud. Those that have the size already are left alone.
    async fn on(&self, session: &Session, provider: &Provider, progress: &Progress) -> Result<Vec<Outcome>> {
        provider.requires(Capability::Resize)?;
        let found = look_up(session, provider, &self.names.names).await?;
        if !found.iter().any(|outcome| outcome.result.is_ok()) {
            return Ok(found);
        }
        let flavor = self.flavor(session, provider).await?;
        let (fitting, others) = apart(found, &flavor);
        if others.iter().any(|(_, outcome)| state(outcome) == Some(NodeState::Running)) {
            session.note("machines that run may be restarted for their new size");
        }
        let (places, others): (Vec<usize>, Vec<Outcome>) = others.into_iter().unzip();
        let before: Vec<Option<NodeState>> = others.iter().map(state).collect();
        let resize = |provider: &Provider, node: Node| {
            let (provider, flavor) = (provider.clone(), flavor.id.clone());
            async move { provider.resize(&node.id, &flavor).await }
        };
        let mut done = apply(provider, others, &session.pace(), resize).await;
        for node in done.iter_mut().filter_map(|outcome| outcome.result.as_mut().ok()?.as_mut()) {
            node.flavor = Some(flavor.name.clone());
        }
        let done = self.settle(session, provider, done, &before, progress).await;
        let places = places.into_iter().chain(std::iter::repeat(usize::MAX));
        let mut all: Vec<Placed> = fitting.into_iter().chain(places.zip(done)).collect();
        all.sort_by_key(|(at, _)| *at);
        Ok(all.into_iter().map(|(_, outcome)| outcome).collect())
    }

    /// The size, which is looked up once for all machines.
    async fn flavor(&self, session: &Session, provider: &Provider) -> Result<Flavor> {
        let wanted = Selector::Name(self.size.clone());
        let found = advised(provider.flavor(&self.size).await, session, provider, &wanted);
        found.map_err(|error| match error.kind() {
            ErrorKind::NotFound => error.with_kind(ErrorKind::InvalidInput),
            _ => error,
        })
    }

    /// Waits until each is in the state that it was in before, or says that they are on their way. What one was in that
    /// was on its way before is not known: it is waited until it is there.
    async fn settle(
        &self,
        session: &Session,
        provider: &Provider,
        outcomes: Vec<Outcome>,
        before: &[Option<NodeState>],
        progress: &Progress,
    ) -> Vec<Outcome> {
        if !self.waiting.is_wanted(session) {
            return expect(outcomes, NodeState::Pending);
        }
        let mut apart: [Vec<Placed>; 2] = Default::default();
        let mut done = Vec::new();
        for (at, outcome) in outcomes.into_iter().enumerate() {
            match before[at] {
                Some(NodeState::Pending) => done.push((at, at_rest(session, provider, outcome).await)),
                state => apart[usize::from(state == Some(NodeState::Stopped))].push((at, outcome)),
            }
        }
        for (group, goal) in apart.into_iter().zip([Goal::Running, Goal::Stopped]) {
            let (places, group): (Vec<usize>, Vec<Outcome>) = group.into_iter().unzip();
            if group.is_empty() {
                continue;
            }
            let settled = settle(session, provider, group, goal, true, progress).await;
            // What says for which of them the waiting was given up comes last.
            done.extend(places.into_iter().chain(std::iter::repeat(usize::MAX)).zip(settled));
        }
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, outcome)| outcome).collect()
    }
}

fn state(outcome: &Outcome) -> Option<NodeState> {
    Some(outcome.result.as_ref().ok()?.as_ref()?.status)
}

/// Waits until a machine is on its way no more.
async fn at_rest(session: &Session, provider: &Provider, outcome: Outcome) -> Outcome {
    let Ok(Some(node)) = &outcome.result else { return outcome };
    let cloud = provider.for_waiting();
    let look = || async {
        let now = cloud.info(&node.id).await?;
        Ok(if now.status == NodeState::Pending { Poll::Pending } else { Poll::Ready(now) })
    };
    let what = format!("the resize of `{}`", node.label());
    let there = session.interrupt.unless_asked(cloud.context().poll(&what, look)).await;
    // Of one that broke it is told why.
    let sound = there.and_then(|now| Goal::Running.is_reached(Some(&now)).map(|_| Some(now)));
    let result = sound.map_err(|error| named(error, node).in_cloud(provider.name()));
    Outcome { result, ..outcome }
}

/// The outcomes that need nothing more, and those of machines that have another size, each with its place. A machine that
/// is on its way may have the size and not be done with it.
fn apart(found: Vec<Outcome>, flavor: &Flavor) -> (Vec<Placed>, Vec<Placed>) {
    let has = |node: &Node| node.flavor.as_ref().is_some_and(|own| [&flavor.name, &flavor.id].contains(&own));
    let done = |node: &Node| has(node) && node.status != NodeState::Pending;
    let other = |outcome: &Outcome| matches!(&outcome.result, Ok(Some(node)) if !done(node));
    found.into_iter().enumerate().partition(|(_, outcome)| !other(outcome))
}
