//! A key path as it is typed, and the keys that it leads through.

use cloudmesh_abstract::nearest;

use super::keys;
use super::position::Position;
use super::tree::{Entry, Kind, Node};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// How far a path leads.
pub(super) struct Trace<'a> {
    /// The steps that lead to `node`.
    pub(super) steps: Vec<Step>,
    /// The value at their end.
    pub(super) node: &'a Node,
    /// The place of the last key.
    pub(super) place: Option<Position>,
    /// What is left of the path.
    pub(super) rest: String,
}

/// Follows a path such as `default.cloud` or `compute.lab.defaults.network[0]` from the value of `cloudmesh`, as far as
/// it leads; `cloudmesh.` before it may be left out, and every spelling of a key will do.
pub(super) fn follow<'a>(root: &'a Node, path: &str) -> Trace<'a> {
    let path = path.strip_prefix("cloudmesh.").unwrap_or(path);
    let path = if path == "cloudmesh" { "" } else { path };
    descend(Trace { steps: Vec::new(), node: root, place: None, rest: path.to_owned() }, root)
}

fn descend<'a>(trace: Trace<'a>, root: &'a Node) -> Trace<'a> {
    if trace.rest.is_empty() {
        return trace;
    }
    let next: Vec<Trace<'a>> = match &trace.node.kind {
        Kind::Group(entries) => {
            let exact: Vec<Trace<'a>> = entries.iter().filter_map(|entry| into_entry(&trace, entry)).collect();
            if exact.is_empty() { into_spelling(&trace, entries, root).into_iter().collect() } else { exact }
        }
        Kind::List(_) => into_item(&trace).into_iter().collect(),
        _ => Vec::new(),
    };
    // A key may hold dots itself, so that several keys fit: the one that leads furthest is meant.
    let ends = next.into_iter().map(|next| descend(next, root));
    ends.min_by_key(|end| end.rest.len()).unwrap_or(trace)
}

fn into_entry<'a>(trace: &Trace<'a>, entry: &'a Entry) -> Option<Trace<'a>> {
    let rest = trace.rest.strip_prefix(entry.name.as_str())?;
    let rest = if rest.is_empty() || rest.starts_with('[') { rest } else { rest.strip_prefix('.')? };
    Some(step(trace, entry, rest))
}

/// The entry of the key that is meant, under the spelling that the file has.
fn into_spelling<'a>(trace: &Trace<'a>, entries: &'a [Entry], root: &Node) -> Option<Trace<'a>> {
    let (name, rest) = cut(&trace.rest);
    let others = keys::spellings(root, &trace.steps, name);
    let entry = entries.iter().find(|entry| others.contains(&entry.name.as_str()))?;
    Some(step(trace, entry, rest))
}

fn step<'a>(trace: &Trace<'a>, entry: &'a Entry, rest: &str) -> Trace<'a> {
    let mut steps = trace.steps.clone();
    steps.push(Step::Key(entry.name.clone()));
    Trace { steps, node: &entry.value, place: Some(entry.place), rest: rest.to_owned() }
}

fn into_item<'a>(trace: &Trace<'a>) -> Option<Trace<'a>> {
    let Kind::List(items) = &trace.node.kind else { return None };
    let (index, rest) = trace.rest.strip_prefix('[')?.split_once(']')?;
    let index = index.parse().ok()?;
    let item = items.get(index)?;
    let mut steps = trace.steps.clone();
    steps.push(Step::Index(index));
    let rest = rest.strip_prefix('.').unwrap_or(rest).to_owned();
    Some(Trace { steps, node: item, place: Some(item.place), rest })
}

/// The first name of a path, and what follows.
pub(super) fn cut(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or((path, ""))
}

/// Steps in the words of a path, beginning with `cloudmesh`.
pub(super) fn shown(steps: &[Step]) -> String {
    let mut path = "cloudmesh".to_owned();
    for step in steps {
        match step {
            Step::Key(name) => path.extend([".", name.as_str()]),
            Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
        }
    }
    path
}

impl Trace<'_> {
    /// What to say when the path leads to nothing.
    pub(super) fn nothing(&self) -> String {
        let above = shown(&self.steps);
        let (name, _) = cut(&self.rest);
        match nearest(name, self.node.entries().iter().map(|entry| entry.name.as_str())) {
            Some(near) => format!("no key `{name}` in `{above}`, did you mean `{near}`?"),
            None if self.node.entries().is_empty() => {
                format!("no key `{name}` in `{above}`, which is {}", self.node.found())
            }
            None => {
                let names = super::problem::listed(self.node.entries().iter().map(|entry| entry.name.as_str()));
                format!("no key `{name}` in `{above}`; it has {names}")
            }
        }
    }
}
