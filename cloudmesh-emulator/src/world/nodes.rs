//! All nodes of a world, in the order of their creation, and the work that is due.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use jiff::Timestamp;

use super::node::{Condition, Node, Task, Work};

/// How many deleted nodes are remembered.
const REMEMBERED: usize = 10_000;

/// The nodes.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    by_number: BTreeMap<u64, Node>,
    numbers: HashMap<String, u64>,
    due: BTreeSet<(Timestamp, u64)>,
    gone: VecDeque<u64>,
    last: u64,
}

impl Nodes {
    pub(crate) fn add(&mut self, node: Node) {
        self.last += 1;
        if let Some(work) = node.work {
            self.due.insert((work.until, self.last));
        }
        self.numbers.insert(node.id.clone(), self.last);
        self.by_number.insert(self.last, node);
    }

    /// The node of that id, gone or not.
    pub(crate) fn get(&self, id: &str) -> Option<&Node> {
        self.by_number.get(self.numbers.get(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Node> {
        self.by_number.get_mut(self.numbers.get(id)?)
    }

    /// All of them, the newest first, gone or not.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Node> {
        self.by_number.values().rev()
    }

    /// Those made before the one of that id, the newest first, gone or not; `None` when there is no such node.
    pub(crate) fn before(&self, id: &str) -> Option<impl Iterator<Item = &Node>> {
        let number = *self.numbers.get(id)?;
        Some(self.by_number.range(..number).rev().map(|(_, node)| node))
    }

    /// Those that exist.
    pub(crate) fn alive(&self) -> impl Iterator<Item = &Node> {
        self.by_number.values().filter(|node| !node.is_gone())
    }

    /// Lets a node begin something.
    pub(crate) fn begin(&mut self, id: &str, work: Work) {
        let Some(&number) = self.numbers.get(id) else { return };
        let Some(node) = self.by_number.get_mut(&number) else { return };
        if let Some(earlier) = node.work.replace(work) {
            self.due.remove(&(earlier.until, number));
        }
        node.updated = work.since;
        self.due.insert((work.until, number));
    }

    /// Whether any work is due.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.due.first().is_some_and(|(until, _)| *until <= now)
    }

    /// Whether no node is busy.
    pub(crate) fn is_settled(&self) -> bool {
        self.due.is_empty()
    }

    /// Ends all work that is due, and gives the ids of nodes that need something no more, such as their place or the
    /// image that kept them, or whose disks must follow.
    pub(crate) fn settle(&mut self, now: Timestamp) -> Vec<String> {
        let mut relieved = Vec::new();
        while let Some(&(until, number)) = self.due.first().filter(|(until, _)| *until <= now) {
            self.due.pop_first();
            let Some(node) = self.by_number.get_mut(&number) else { continue };
            finish(node, until);
            if let Some(next) = node.work {
                self.due.insert((next.until, number));
            }
            if node.is_gone() {
                self.gone.push_back(number);
            }
            let unshelved = node.shelf.is_some() && node.condition == Condition::Running;
            if node.is_gone() || unshelved || !node.disks.is_empty() {
                relieved.push(node.id.clone());
            }
        }
        self.forget();
        relieved
    }

    fn forget(&mut self) {
        while self.gone.len() > REMEMBERED {
            let Some(number) = self.gone.pop_front() else { return };
            if let Some(node) = self.by_number.remove(&number) {
                self.numbers.remove(&node.id);
            }
        }
    }
}

/// Ends what a node was busy with.
fn finish(node: &mut Node, at: Timestamp) {
    let Some(work) = node.work.take() else { return };
    node.condition = work.then;
    node.updated = at;
    match work.task {
        Task::Build => match node.doom {
            Some(failure) => {
                node.condition = Condition::Failed;
                node.failure = Some((failure, at));
            }
            None => node.launched = Some(at),
        },
        Task::Delete => node.deleted = Some(at),
        Task::Shelve => {
            let until = at.checked_add(work.until.duration_since(work.since)).unwrap_or(at);
            node.work = Some(Work { task: Task::Offload, since: at, until, then: Condition::Offloaded });
        }
        Task::Unshelve => node.launched = Some(at),
        Task::ConfirmResize => node.earlier = None,
        Task::RevertResize => {
            if let Some(earlier) = node.earlier.take() {
                node.flavor = earlier.flavor;
            }
        }
        _ => {}
    }
}
