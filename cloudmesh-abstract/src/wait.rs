//! Waiting until nodes are where they should be.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

use crate::{ComputeNodeABC, Context, Error, ErrorKind, Node, NodeId, NodeQuery, NodeState, Result};

/// Above so many nodes one listing is asked for instead of each of them.
const LISTING_FROM: usize = 8;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[non_exhaustive]
pub enum Goal {
    /// The node runs.
    Running,
    /// The node is stopped.
    Stopped,
    /// The node is suspended.
    Suspended,
    /// The node does not exist any more.
    Gone,
}

impl Goal {
    /// Whether a node is there; an error when it never will be. `None` is a node that does not exist.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for a node that is gone, [`ErrorKind::Conflict`] for one that is stopped and was to be
    /// suspended, and for one that is broken, or that the cloud itself took away, the kind of its
    /// [`Fault`](crate::Fault), or [`ErrorKind::Unexpected`].
    pub fn is_reached(self, node: Option<&Node>) -> Result<bool> {
        let state = node.map_or(NodeState::Deleted, |node| node.status);
        match (self, state) {
            (Self::Gone, state) => Ok(state == NodeState::Deleted),
            (_, NodeState::Error) => Err(broken(node)),
            (_, NodeState::Deleted) if node.is_some_and(|node| node.fault.is_some()) => Err(broken(node)),
            (_, NodeState::Deleted) => Err(Error::new(ErrorKind::NotFound, format!("gone, and will not be {self}"))),
            (Self::Running, state) => Ok(state == NodeState::Running),
            (Self::Stopped, state) => Ok(state == NodeState::Stopped),
            (Self::Suspended, NodeState::Stopped) => Err(Error::new(ErrorKind::Conflict, STOPPED)),
            (Self::Suspended, state) => Ok(state == NodeState::Suspended),
        }
    }
}

/// Why a stopped node is not suspended.
const STOPPED: &str = "stopped without its memory, and will not be suspended; start it to go on afresh";

/// The error of a node in the error state, in the words of its fault.
fn broken(node: Option<&Node>) -> Error {
    let Some(fault) = node.and_then(|node| node.fault.as_ref()) else {
        return Error::new(ErrorKind::Unexpected, "broken, and the cloud does not say why");
    };
    let error = Error::new(fault.kind.unwrap_or(ErrorKind::Unexpected), fault.message.trim_end_matches('.'));
    match &fault.code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

/// Waits until each of the nodes is at `goal`, or cannot get there, or it is too late by the context's
/// [`PollPolicy`](crate::PollPolicy). One node's failure does not end the waiting for the others.
///
/// `seen` is shown every node each time it is asked for, to draw progress from. The last state of each node comes back
/// in the order of `ids`, once even if it stands there twice; of a node that is gone, `None`.
pub async fn wait_for(
    provider: &dyn ComputeNodeABC,
    context: &Context,
    ids: &[NodeId],
    goal: Goal,
    mut seen: impl FnMut(&Node) + Send,
) -> Vec<(NodeId, Result<Option<Node>>)> {
    let mut left: BTreeSet<&NodeId> = ids.iter().collect();
    let mut done = BTreeMap::new();
    let mut delays = context.poll_policy().delays();
    loop {
        for (id, state) in look(provider, &left, goal).await {
            if let Ok(Some(node)) = &state {
                seen(node);
            }
            if let Some(outcome) = judge(goal, state) {
                left.remove(&id);
                done.insert(id, outcome);
            }
        }
        let Some(delay) = delays.next().filter(|_| !left.is_empty()) else { break };
        context.clock().sleep(delay).await;
    }
    let mut told = BTreeSet::new();
    let mut outcome = |id: &NodeId| done.remove(id).unwrap_or_else(|| Err(too_late(context, goal)));
    ids.iter().filter(|id| told.insert(*id)).map(|id| (id.clone(), outcome(id))).collect()
}

/// The outcome of waiting for a node; `None` while there is reason to go on.
fn judge(goal: Goal, state: Result<Option<Node>>) -> Option<Result<Option<Node>>> {
    let node = match state {
        Ok(node) => node,
        Err(error) if is_out_of_reach(&error) => return None,
        Err(error) => return Some(Err(error)),
    };
    match goal.is_reached(node.as_ref()) {
        Ok(true) => Some(Ok(node.filter(|node| node.status != NodeState::Deleted))),
        Ok(false) => None,
        Err(error) => Some(Err(error)),
    }
}

/// Whether the retries of a request are used up, which says nothing about the node.
fn is_out_of_reach(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::RateLimited | ErrorKind::Timeout)
}

type Look = (NodeId, Result<Option<Node>>);

async fn look(provider: &dyn ComputeNodeABC, ids: &BTreeSet<&NodeId>, goal: Goal) -> Vec<Look> {
    if ids.len() > LISTING_FROM { look_at_all(provider, ids, goal).await } else { look_at_each(provider, ids).await }
}

async fn look_at_each(provider: &dyn ComputeNodeABC, ids: &BTreeSet<&NodeId>) -> Vec<Look> {
    let one = |id: NodeId| async move {
        let state = match provider.info(&id).await {
            Ok(node) => Ok(Some(node)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        (id, state)
    };
    futures::future::join_all(ids.iter().map(|id| one((*id).clone()))).await
}

async fn look_at_all(provider: &dyn ComputeNodeABC, ids: &BTreeSet<&NodeId>, goal: Goal) -> Vec<Look> {
    let nodes = match provider.list(&NodeQuery::new()).await {
        Ok(nodes) => nodes,
        // A hundred questions more would not help it.
        Err(error) if is_out_of_reach(&error) => return Vec::new(),
        // What may not list may still look at each.
        Err(_) => return look_at_each(provider, ids).await,
    };
    let mut nodes: BTreeMap<NodeId, Node> = nodes.into_iter().map(|node| (node.id.clone(), node)).collect();
    let mut looks: BTreeMap<&NodeId, Look> =
        ids.iter().map(|id| (*id, ((*id).clone(), Ok(nodes.remove(*id))))).collect();
    // Some clouds leave out of a listing why a node is broken, or why they took it away.
    let unexplained = |look: &Look| match &look.1 {
        Ok(Some(node)) => node.status == NodeState::Error && node.fault.is_none(),
        Ok(None) => goal != Goal::Gone,
        Err(_) => false,
    };
    let broken = ids.iter().copied().filter(|id| looks.get(id).is_some_and(unexplained)).collect();
    for (id, state) in look_at_each(provider, &broken).await {
        if let Some(look) = looks.get_mut(&id) {
            look.1 = state;
        }
    }
    looks.into_values().collect()
}

fn too_late(context: &Context, goal: Goal) -> Error {
    let limit = context.poll_policy().limit;
    let message = format!("not {goal} within {limit:?}; it may still get there, wait again or look at it");
    Error::new(ErrorKind::Timeout, message).in_cloud(context.cloud())
}

#[cfg(test)]
mod tests {
    use super::{Goal, wait_for};
    use crate::{
        Call, Capabilities, Context, Error, ErrorKind, Fault, Node, NodeId, NodeState, Reply, Request, Result,
        SkippingClock,
    };
    use async_trait::async_trait;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Answers the first question with an error of this kind, and every later one with nodes that run.
    #[derive(Debug)]
    struct Shaky(ErrorKind, AtomicUsize);

    #[async_trait]
    impl Call for Shaky {
        async fn call(&self, request: Request) -> Result<Reply> {
            if self.1.fetch_add(1, Ordering::Relaxed) == 0 {
                return Err(Error::new(self.0, "not now"));
            }
            let node = |id: &NodeId| Node::new(id.clone(), "", NodeState::Running);
            Ok(match request {
                Request::Info(id) => node(&id).into(),
                _ => ids(20).iter().map(node).collect::<Vec<_>>().into(),
            })
        }
        fn capabilities(&self) -> Capabilities {
            Capabilities::new()
        }
    }

    fn ids(count: usize) -> Vec<NodeId> {
        (0..count).map(|id| NodeId::new(id.to_string())).collect()
    }

    /// How waiting for these nodes ended for each, and how many questions it took.
    async fn wait(first: ErrorKind, ids: &[NodeId]) -> (Vec<bool>, usize) {
        let cloud = Shaky(first, AtomicUsize::new(0));
        let context = Context::builder("lab").clock(Arc::new(SkippingClock::new())).build();
        let outcomes = wait_for(&cloud, &context, ids, Goal::Running, |_| ()).await;
        (outcomes.into_iter().map(|(_, outcome)| outcome.is_ok()).collect(), cloud.1.into_inner())
    }

    #[tokio::test]
    async fn a_question_without_an_answer_does_not_end_the_waiting() {
        for kind in [ErrorKind::Unavailable, ErrorKind::RateLimited, ErrorKind::Timeout] {
            assert_eq!(wait(kind, &ids(1)).await, (vec![true], 2), "{kind:?}");
        }
        assert_eq!(wait(ErrorKind::Unauthenticated, &ids(1)).await, (vec![false], 1));
    }

    #[tokio::test]
    async fn a_cloud_that_cannot_list_is_not_asked_for_each_node() {
        assert_eq!(wait(ErrorKind::RateLimited, &ids(20)).await, (vec![true; 20], 2));
        assert_eq!(wait(ErrorKind::PermissionDenied, &ids(20)).await, (vec![true; 20], 21));
    }

    #[tokio::test]
    async fn a_node_that_is_named_twice_is_told_of_once() {
        let twice = [NodeId::new("1"), NodeId::new("1")];
        assert_eq!(wait(ErrorKind::Unavailable, &twice).await.0, [true]);
    }

    #[test]
    fn goals_and_states() {
        use NodeState::{Deleted, Deleting, Pending, Running, Stopped, Suspended, Unknown};
        let table = [
            (Goal::Running, Running, true),
            (Goal::Running, Pending, false),
            (Goal::Running, Stopped, false),
            (Goal::Running, Unknown, false),
            (Goal::Stopped, Stopped, true),
            (Goal::Suspended, Suspended, true),
            (Goal::Gone, Deleting, false),
            (Goal::Gone, Deleted, true),
            (Goal::Gone, NodeState::Error, false),
        ];
        for (goal, state, reached) in table {
            let node = Node::new("1", "a", state);
            assert_eq!(goal.is_reached(Some(&node)).unwrap(), reached, "{goal} {state}");
        }
        assert!(Goal::Gone.is_reached(None).unwrap());
    }

    #[test]
    fn a_node_that_stopped_will_not_be_suspended() {
        let error = Goal::Suspended.is_reached(Some(&Node::new("1", "a", NodeState::Stopped))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(!Goal::Suspended.is_reached(Some(&Node::new("1", "a", NodeState::Stopping))).unwrap());
    }

    #[test]
    fn a_node_that_the_cloud_took_away_says_why() {
        let mut node = Node::new("1", "a", NodeState::Deleted);
        node.fault = Some(Fault::new("Spot instance terminated").with_kind(ErrorKind::QuotaExceeded));
        assert!(Goal::Gone.is_reached(Some(&node)).unwrap());
        let error = Goal::Running.is_reached(Some(&node)).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::QuotaExceeded, "Spot instance terminated"));
        assert_eq!(Goal::Running.is_reached(None).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_broken_node_says_why() {
        let mut node = Node::new("1", "a", NodeState::Error);
        node.fault = Some(Fault::new("No valid host was found").with_code("500").with_kind(ErrorKind::QuotaExceeded));
        let error = Goal::Running.is_reached(Some(&node)).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::QuotaExceeded, "No valid host was found (500)")
        );
    }
}
