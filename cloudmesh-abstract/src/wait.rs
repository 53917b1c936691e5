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
    /// [`ErrorKind::NotFound`] for a node that is gone, and for one that is broken the kind of its
    /// [`Fault`](crate::Fault), or [`ErrorKind::Unexpected`].
    pub fn is_reached(self, node: Option<&Node>) -> Result<bool> {
        let state = node.map_or(NodeState::Deleted, |node| node.status);
        match (self, state) {
            (Self::Gone, state) => Ok(state == NodeState::Deleted),
            (_, NodeState::Deleted) => Err(Error::new(ErrorKind::NotFound, format!("gone, and will not be {self}"))),
            (_, NodeState::Error) => Err(broken(node)),
            (Self::Running, state) => Ok(state == NodeState::Running),
            (Self::Stopped, state) => Ok(state == NodeState::Stopped),
            (Self::Suspended, state) => Ok(state == NodeState::Suspended),
        }
    }
}

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
/// in the order of `ids`; of a node that is gone, `None`.
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
        for (id, state) in look(provider, &left).await {
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
    let mut outcome = |id: &NodeId| done.remove(id).unwrap_or_else(|| Err(too_late(context, goal)));
    ids.iter().map(|id| (id.clone(), outcome(id))).collect()
}

/// The outcome of waiting for a node; `None` while there is reason to go on.
fn judge(goal: Goal, state: Result<Option<Node>>) -> Option<Result<Option<Node>>> {
    let node = match state {
        Ok(node) => node,
        // The retries of the request are used up, which says nothing about the node.
        Err(error) if matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::RateLimited) => return None,
        Err(error) => return Some(Err(error)),
    };
    match goal.is_reached(node.as_ref()) {
        Ok(true) => Some(Ok(node)),
        Ok(false) => None,
        Err(error) => Some(Err(error)),
    }
}

type Look = (NodeId, Result<Option<Node>>);

async fn look(provider: &dyn ComputeNodeABC, ids: &BTreeSet<&NodeId>) -> Vec<Look> {
    if ids.len() > LISTING_FROM { look_at_all(provider, ids).await } else { look_at_each(provider, ids).await }
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

async fn look_at_all(provider: &dyn ComputeNodeABC, ids: &BTreeSet<&NodeId>) -> Vec<Look> {
    // Errors cannot be copied; asking for each tells each its own.
    let Ok(nodes) = provider.list(&NodeQuery::new()).await else { return look_at_each(provider, ids).await };
    let mut nodes: BTreeMap<NodeId, Node> = nodes.into_iter().map(|node| (node.id.clone(), node)).collect();
    let mut looks: BTreeMap<&NodeId, Look> =
        ids.iter().map(|id| (*id, ((*id).clone(), Ok(nodes.remove(*id))))).collect();
    // Some clouds leave out of a listing why a node is broken.
    let unexplained =
        |look: &Look| matches!(&look.1, Ok(Some(node)) if node.status == NodeState::Error && node.fault.is_none());
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
    let message = format!("not {goal} within {limit:?}; `cms vm wait --for {goal}` waits again");
    Error::new(ErrorKind::Timeout, message).in_cloud(context.cloud())
}

#[cfg(test)]
mod tests {
    use super::Goal;
    use crate::{ErrorKind, Fault, Node, NodeState};

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
