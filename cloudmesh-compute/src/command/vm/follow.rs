//! Following new machines until they run, and removing those that never will.

use std::collections::HashSet;

use cloudmesh_abstract::{NodeState, wait_for};

use super::make::{Birth, Maker, Who};
use crate::cli::{Progress, quoted};
use crate::nodes::Outcome;
use crate::work::{apply, wait_for_all};
use crate::{ComputeNodeABC, Error, ErrorKind, Goal, Node, NodeId, Provider, Result};

/// A machine that broke before it ever ran: its place among the births, and the cloud's fault.
struct Broken {
    at: usize,
    node: Node,
    fault: Error,
}

impl Maker<'_> {
    /// Waits until the machines of this boot run. One that breaks before it ever ran is removed again; one that takes
    /// too long, or that may have run before it broke, is left alone.
    pub(super) async fn follow(&self, mut births: Vec<Birth>, progress: &Progress) -> Vec<Birth> {
        let going: Vec<(usize, Node)> =
            births.iter().enumerate().filter_map(|(at, birth)| Some((at, birth.going()?))).collect();
        let outcomes = going.iter().map(|(_, node)| self.outcome(node)).collect();
        progress.aim(self.provider.name(), going.len(), Goal::Running);
        let mut broken = HashSet::new();
        let seen = |node: &Node| {
            progress.see(node);
            if node.status == NodeState::Error {
                broken.insert(node.id.clone());
            }
        };
        let stop = self.session.interrupt.asked();
        let mut waited = wait_for_all(self.provider, outcomes, Goal::Running, seen, stop).await.into_iter();
        let mut never = Vec::new();
        for ((at, node), outcome) in going.into_iter().zip(waited.by_ref()) {
            births[at].outcome.result = match outcome.result {
                Err(fault) if broken.contains(&node.id) && births[at].may_have_run(&node) => {
                    Err(self.left_alone(&node, &fault))
                }
                Err(fault) if broken.contains(&node.id) => {
                    never.push(Broken { at, node, fault });
                    Ok(None)
                }
                Err(error) if error.kind() == ErrorKind::Timeout => Err(self.not_yet(&node, error)),
                other => other,
            };
        }
        // What is left says for which of them the waiting was given up.
        births.extend(waited.map(|outcome| Birth { outcome, by: Who::Another, open: true, doubtful: false }));
        self.take_back(&mut births, never).await;
        births
    }

    /// Removes machines that never ran, and says of each what became of it.
    async fn take_back(&self, births: &mut [Birth], never: Vec<Broken>) {
        if never.is_empty() {
            return;
        }
        let destroy = |provider: &Provider, node: Node| {
            let provider = provider.clone();
            async move { provider.destroy(&node.id).await }
        };
        let doomed = never.iter().map(|one| self.outcome(&one.node)).collect();
        // What is left of the time for making them says nothing about removing them.
        let provider = self.provider.for_a_share();
        let refused = apply(&provider, doomed, &self.session.pace(), destroy).await;
        let accepted = |outcome: &Outcome| Some(outcome.result.as_ref().ok()?.as_ref()?.id.clone());
        let ids: Vec<NodeId> = refused.iter().filter_map(accepted).collect();
        let waiting = provider.for_waiting();
        let gone = wait_for(&waiting, waiting.context(), &ids, Goal::Gone, |_| {}).await;
        let mut gone = gone.into_iter().map(|(_, gone)| gone.map(drop));
        for (one, refused) in never.into_iter().zip(refused) {
            let removed = refused.result.and_then(|_| gone.next().unwrap_or(Ok(())));
            if removed.is_ok() {
                self.session.begun.settle(self.provider.name(), &one.node.name, None);
            }
            let at = one.at;
            births[at].outcome.result = Err(self.never_ran(one, removed));
        }
    }

    fn outcome(&self, node: &Node) -> Outcome {
        Outcome::new(&node.name, self.provider.name(), Ok(Some(node.clone())))
    }

    /// The cloud's fault, and what became of the machine.
    fn never_ran(&self, broken: Broken, removed: Result<()>) -> Error {
        let fault = broken.fault.message();
        let message = match removed {
            Ok(()) => format!("{fault}; it never ran and was removed again"),
            Err(error) => {
                let delete = self.command("delete", &broken.node);
                format!("{fault}; it never ran and could not be removed ({error}): remove it with `{delete}`")
            }
        };
        broken.fault.with_message(message)
    }

    /// The cloud's fault with a machine that may have run before.
    fn left_alone(&self, node: &Node, fault: &Error) -> Error {
        let (message, delete) = (fault.message(), self.command("delete", node));
        fault
            .clone()
            .with_message(format!("{message}; it may have run before and is left alone, `{delete}` removes it"))
    }

    fn not_yet(&self, node: &Node, error: Error) -> Error {
        let limit = self.provider.context().poll_policy().limit;
        let wait = self.command("wait", node);
        let message = format!("`{}`: not running within {limit:?}; it exists, `{wait}` waits on", node.name);
        error.with_message(message)
    }

    /// What to type about a machine.
    fn command(&self, verb: &str, node: &Node) -> String {
        format!("cms vm {verb} {} --cloud {}", quoted(&node.name), quoted(self.provider.name()))
    }
}

impl Birth {
    /// The machine, if it is one to be followed; one that was stopped since an interrupted boot made it is not.
    fn going(&self) -> Option<Node> {
        let node = self.outcome.result.as_ref().ok()?.as_ref()?;
        let goes = match self.by {
            Who::This => true,
            Who::Interrupted => !matches!(
                node.status,
                NodeState::Stopping | NodeState::Stopped | NodeState::Suspending | NodeState::Suspended
            ),
            Who::Another => false,
        };
        goes.then(|| node.clone())
    }

    /// Whether the machine, as it was found, may have run, so that somebody's work may be on it.
    fn may_have_run(&self, found: &Node) -> bool {
        self.by != Who::This && found.status != NodeState::Pending
    }
}
