//! The file as it was written: values with their places, references not yet resolved.

use std::sync::Arc;

use serde_json::Number;

use super::position::Position;
use super::problem::Problem;

/// A value and its place. There is no `Debug`: any value may be a secret.
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) place: Position,
    /// How many values there are in it, itself included, those behind aliases as often as they are used.
    pub(super) size: usize,
    /// How many levels there are in it, itself included.
    pub(super) depth: usize,
}

pub(super) enum Kind {
    Null,
    Boolean(bool),
    Number(Number),
    Text(String),
    List(Vec<Arc<Node>>),
    Group(Vec<Entry>),
}

/// A key, its place and its value. A group may hold a key twice: whoever uses it complains.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) place: Position,
    pub(super) value: Arc<Node>,
}

impl Entry {
    /// Refuses what is neither a group nor nothing at all.
    pub(super) fn must_be_group(&self) -> Result<(), Problem> {
        match self.value.kind {
            Kind::Group(_) | Kind::Null => Ok(()),
            _ => {
                let message = format!("`{}` must be a group of keys, found {}", self.name, self.value.found());
                Err(Problem::new(self.place, message))
            }
        }
    }
}

impl Node {
    pub(super) fn new(kind: Kind, place: Position) -> Self {
        let inner: Vec<&Self> = match &kind {
            Kind::List(items) => items.iter().map(AsRef::as_ref).collect(),
            Kind::Group(entries) => entries.iter().map(|entry| entry.value.as_ref()).collect(),
            _ => Vec::new(),
        };
        let size = inner.iter().fold(1, |sum: usize, node| sum.saturating_add(node.size));
        let depth = inner.iter().map(|node| node.depth).max().unwrap_or(0).saturating_add(1);
        Self { kind, place, size, depth }
    }

    /// The entries of a group; none of anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        if let Kind::Group(entries) = &self.kind { entries } else { &[] }
    }

    /// The first entry of that name.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name == name)
    }

    /// The value of the first entry of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|entry| entry.value.as_ref())
    }

    /// The text as it was written, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// What it is, for messages that must not show it.
    pub(super) fn found(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Boolean(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "text",
            Kind::List(_) => "a list",
            Kind::Group(_) => "a group",
        }
    }
}
