//! What is done to many nodes at once: at which pace, until when, and what is said of each.

use std::collections::HashMap;
use std::pin::pin;

use cloudmesh_abstract::{
    ComputeNodeABC, Error, ErrorKind, Goal, Node, NodeId, NodeQuery, NodeState, Result, wait_for,
};
use futures::future::{Either, join_all, select};
use tokio::sync::{Semaphore, watch};

use crate::Provider;
use crate::nodes::Outcome;

/// How many operations on nodes of a cloud are under way at once unless said otherwise: as many as requests.
pub(crate) const PARALLEL: usize = 16;

/// Above so many names one listing tells which of them are taken.
const LISTING_FROM: usize = 4;

/// How many operations may be under way at once, and whether new ones may begin.
#[derive(Debug)]
pub(crate) struct Pace {
    free: Semaphore,
    stopped: Option<watch::Receiver<bool>>,
}

impl Pace {
    /// So many at once, and none that is new once `stopped` is true.
    pub(crate) fn new(parallel: usize, stopped: Option<watch::Receiver<bool>>) -> Self {
        Self { free: Semaphore::new(parallel), stopped }
    }

    /// Does something when it is its turn.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Cancelled`] when its turn never comes.
    pub(crate) async fn keep<T, Fut>(&self, begin: impl FnOnce() -> Fut) -> Result<T>
    where
        Fut: Future<Output = Result<T>>,
    {
        let turn = self.free.acquire().await;
        let stopped = self.stopped.as_ref().is_some_and(|stopped| *stopped.borrow());
        if turn.is_err() || stopped { Err(not_begun()) } else { begin().await }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(PARALLEL, None)
    }
}

/// The error of what the user has stopped before it began.
pub(crate) fn not_begun() -> Error {
    Error::new(ErrorKind::Cancelled, "not begun: interrupted")
}

/// Does the same to each node that was found, at that pace.
pub(crate) async fn apply<'a, F, Fut>(
    provider: &'a Provider,
    found: Vec<Outcome>,
    pace: &Pace,
    operation: F,
) -> Vec<Outcome>
where
    F: Fn(&'a Provider, Node) -> Fut + Send,
    Fut: Future<Output = Result<()>> + Send,
{
    let operation = &operation;
    let one = |outcome: Outcome| async move {
        let Ok(Some(node)) = outcome.result else { return outcome };
        let done = pace.keep(|| operation(provider, node.clone())).await;
        let done = done.map_err(|error| named(error, &node).in_cloud(provider.name()));
        Outcome { result: done.map(|()| Some(node)), ..outcome }
    };
    join_all(found.into_iter().map(one)).await
}

/// Waits for all nodes that were found, together, and shows each look to `seen`. When `stop` comes first, each is what
/// it was at the last look, and one outcome more says for which of them the waiting was given up.
pub(crate) async fn wait_for_all(
    provider: &Provider,
    mut outcomes: Vec<Outcome>,
    goal: Goal,
    mut seen: impl FnMut(&Node) + Send,
    stop: impl Future<Output = ()>,
) -> Vec<Outcome> {
    let ids: Vec<NodeId> = outcomes.iter().filter_map(id).collect();
    let mut last = HashMap::new();
    let look = |node: &Node| {
        seen(node);
        last.insert(node.id.clone(), node.clone());
    };
    let cloud = provider.for_waiting();
    let waited = match select(pin!(stop), pin!(wait_for(&cloud, cloud.context(), &ids, goal, look))).await {
        Either::Right((waited, _)) => Some(waited),
        Either::Left(_) => None,
    };
    let Some(waited) = waited else { return given_up(provider, outcomes, goal, &mut last) };
    let waiting = outcomes.iter_mut().filter(|outcome| id(outcome).is_some());
    for (outcome, (_, result)) in waiting.zip(waited) {
        outcome.result = result.map_err(|error| about(error, &outcome.name).in_cloud(provider.name()));
    }
    outcomes
}

/// As [`wait_for_all`]; a node that went comes back as it was known, deleted.
pub(crate) async fn follow(
    provider: &Provider,
    outcomes: Vec<Outcome>,
    goal: Goal,
    seen: impl FnMut(&Node) + Send,
    stop: impl Future<Output = ()>,
) -> Vec<Outcome> {
    let before: Vec<Option<Node>> = outcomes.iter().map(|outcome| outcome.result.as_ref().ok()?.clone()).collect();
    let mut outcomes = wait_for_all(provider, outcomes, goal, seen, stop).await;
    for (outcome, before) in outcomes.iter_mut().zip(before) {
        if let (Ok(gone @ None), Some(mut node)) = (&mut outcome.result, before) {
            node.status = NodeState::Deleted;
            *gone = Some(node);
        }
    }
    outcomes
}

/// The nodes that have one of these names already: two of a name could not be told apart later.
pub(crate) async fn taken(provider: &Provider, names: &[String]) -> Result<Vec<Node>> {
    if names.len() > LISTING_FROM {
        let mut nodes = provider.list(&NodeQuery::new()).await?;
        nodes.retain(|node| names.contains(&node.name));
        return Ok(nodes);
    }
    let found = join_all(names.iter().map(|name| provider.find(name))).await;
    Ok(found.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The node of an outcome.
fn id(outcome: &Outcome) -> Option<NodeId> {
    Some(outcome.result.as_ref().ok()?.as_ref()?.id.clone())
}

/// The outcomes as they were last seen, and one that says which of them are not where they should be.
fn given_up(
    provider: &Provider,
    mut outcomes: Vec<Outcome>,
    goal: Goal,
    last: &mut HashMap<NodeId, Node>,
) -> Vec<Outcome> {
    let mut late = Vec::new();
    for outcome in &mut outcomes {
        let Ok(Some(node)) = &mut outcome.result else { continue };
        if let Some(seen) = last.remove(&node.id) {
            *node = seen;
        }
        if !matches!(goal.is_reached(Some(node)), Ok(true)) {
            late.push(outcome.name.clone());
        }
    }
    if !late.is_empty() {
        let names = names(&late);
        let message = format!("interrupted while waiting for {names}; `cms vm status` shows how they get on");
        let error = Error::new(ErrorKind::Cancelled, message).in_cloud(provider.name());
        outcomes.push(Outcome::new("", provider.name(), Err(error)));
    }
    outcomes
}

/// A few names, and how many more there are.
pub(crate) fn names(names: &[String]) -> String {
    let (shown, more) = names.split_at(names.len().min(4));
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    format!("{}{more}", shown.join(", "))
}

/// Puts the name of a node before a sentence that knows its id only.
pub(crate) fn named(error: Error, node: &Node) -> Error {
    if node.name.is_empty() || error.message().contains(&format!("`{}`", node.name)) {
        return error;
    }
    let sentence = format!("`{}`: {}", node.name, error.message());
    error.with_message(sentence)
}

/// Puts a node's name before a sentence that does not say which node it is about.
fn about(error: Error, name: &str) -> Error {
    if error.place().operation.is_some() {
        return error;
    }
    let sentence = format!("`{name}`: {}", error.message());
    error.with_message(sentence)
}
