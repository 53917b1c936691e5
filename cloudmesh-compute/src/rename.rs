//! Renaming several nodes, so that no two ever share a name.

use std::collections::BTreeSet;

use cloudmesh_abstract::names::Selector;
use cloudmesh_abstract::{Capability, Error, ErrorKind, Node, NodeId, Rename, Result, names};
use futures::future::join_all;

use crate::Provider;
use crate::nodes::Outcome;
use crate::work::{Pace, named, taken};

/// Which names become which.
#[derive(Debug)]
pub(crate) struct Renames {
    pub(crate) old: Vec<String>,
    new: Vec<String>,
}

/// A node that is to have another name.
struct Step {
    /// Its place among the outcomes.
    at: usize,
    node: Node,
    new: String,
    /// The steps that must be done before, since their nodes have the name now.
    after: BTreeSet<usize>,
}

impl Renames {
    /// The names of the first patterns become those of the second one, in their order.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for mistakes in the patterns, for a glob, and when there are not as many names in
    /// one as in the other.
    pub(crate) fn new(old: &[Selector], new: &str) -> Result<Self> {
        let wrong = |message: String| Err(Error::new(ErrorKind::InvalidInput, message));
        let mut names = Vec::new();
        for wanted in old {
            match wanted {
                Selector::Name(name) => names.push(name.clone()),
                other => return wrong(format!("`{other}` has no order; name each machine, or use a range")),
            }
        }
        let new = names::expand(new)?;
        if names.len() != new.len() {
            let (from, to) = (counted(names.len()), new.len());
            return wrong(format!("{from} cannot become {to}; write as many new names as old ones"));
        }
        Ok(Self { old: names, new })
    }

    /// Renames the nodes that were found under the old names, so many at once as the pace allows. A name that another
    /// node has is refused, unless that one gets another name here.
    pub(crate) async fn apply(&self, provider: &Provider, found: Vec<Outcome>, pace: &Pace) -> Result<Vec<Outcome>> {
        provider.requires(Capability::Rename)?;
        if found.len() != self.old.len() {
            let message = "some of the old names mean the same machine; name each once";
            return Err(Error::new(ErrorKind::InvalidInput, message).in_cloud(provider.name()));
        }
        let mut outcomes = found;
        let mut steps = self.steps(&outcomes);
        let taken = taken(provider, &self.new).await?;
        for (at, error) in order(&mut steps, &taken) {
            outcomes[at].result = Err(error.in_cloud(provider.name()));
        }
        steps.retain(|step| outcomes[step.at].result.is_ok());
        go(provider, steps, &mut outcomes, pace).await;
        Ok(outcomes)
    }

    /// What there is to do about those that were found and have another name yet.
    fn steps(&self, outcomes: &[Outcome]) -> Vec<Step> {
        let step = |(at, (outcome, new)): (usize, (&Outcome, &String))| {
            let node = outcome.result.as_ref().ok()?.as_ref().filter(|node| node.name != *new)?;
            Some(Step { at, node: node.clone(), new: new.clone(), after: BTreeSet::new() })
        };
        outcomes.iter().zip(&self.new).enumerate().filter_map(step).collect()
    }
}

/// Finds out what must be done before what, and which steps cannot be done: their places with the reason.
fn order(steps: &mut [Step], taken: &[Node]) -> Vec<(usize, Error)> {
    let moving: Vec<(NodeId, usize)> = steps.iter().map(|step| (step.node.id.clone(), step.at)).collect();
    let mut refused = Vec::new();
    for step in steps.iter_mut() {
        for holder in taken.iter().filter(|holder| holder.name == step.new) {
            match moving.iter().find(|(id, _)| *id == holder.id) {
                Some((_, at)) => _ = step.after.insert(*at),
                None => refused.push((step.at, exists(holder))),
            }
        }
    }
    refused.extend(circles(steps));
    refused
}

/// The steps that wait for each other.
fn circles(steps: &[Step]) -> Vec<(usize, Error)> {
    let mut left: Vec<&Step> = steps.iter().collect();
    loop {
        let open: BTreeSet<usize> = left.iter().map(|step| step.at).collect();
        let before = left.len();
        left.retain(|step| !step.after.is_disjoint(&open));
        if left.len() == before {
            break;
        }
    }
    let round = |step: &Step| {
        let message =
            format!("`{}`: these names go round in a circle; rename one to a third name first", step.node.name);
        (step.at, Error::new(ErrorKind::Conflict, message))
    };
    left.into_iter().map(round).collect()
}

/// Does the steps, each when those before it are done.
async fn go(provider: &Provider, mut steps: Vec<Step>, outcomes: &mut [Outcome], pace: &Pace) {
    while !steps.is_empty() {
        let open: BTreeSet<usize> = steps.iter().map(|step| step.at).collect();
        let (now, later): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(|step| step.after.is_disjoint(&open));
        steps = later;
        let known = &*outcomes;
        let done = join_all(now.into_iter().map(|step| one(provider, step, known, pace))).await;
        for (at, result) in done {
            outcomes[at].result = result;
        }
    }
}

/// Does one step, unless one before it has failed.
async fn one(provider: &Provider, step: Step, known: &[Outcome], pace: &Pace) -> (usize, Result<Option<Node>>) {
    let failed = step.after.iter().find(|before| known[**before].result.is_err());
    let done = match failed {
        Some(before) => Err(kept(&known[*before].name)),
        None => pace.keep(|| provider.rename(&step.node.id, &step.new)).await,
    };
    let done = done.map_err(|error| named(error, &step.node).in_cloud(provider.name()));
    let Step { at, mut node, new, .. } = step;
    node.name = new;
    (at, done.map(|()| Some(node)))
}

fn exists(holder: &Node) -> Error {
    let message = format!("there is a node `{}` already, with the id {}; choose another name", holder.name, holder.id);
    Error::new(ErrorKind::AlreadyExists, message)
}

fn kept(name: &str) -> Error {
    Error::new(ErrorKind::Conflict, format!("not renamed, since `{name}` still has the new name"))
}

fn counted(count: usize) -> String {
    format!("{count} {}", if count == 1 { "name" } else { "names" })
}
