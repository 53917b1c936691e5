//! From a key path to a line and a column.

use std::fmt;
use std::sync::Arc;

use super::tree::{Entry, Kind, Node};

/// A place in a file, both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    pub(super) const START: Self = Self { line: 1, column: 1 };

    /// The place of the byte `offset` in `text`.
    pub(super) fn of(text: &[u8], offset: usize) -> Self {
        let before = String::from_utf8_lossy(&text[..offset.min(text.len())]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        Self { line, column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The value at a key path below `node`, such as `credentials.auth.auth_url` or `networks[1]`.
pub(super) fn find<'a>(node: &'a Node, path: &str) -> Option<&'a Node> {
    let (rest, node, _) = walk(node, path, None);
    rest.is_empty().then_some(node)
}

/// The place of the key at a path below `node`, or of the deepest one above that exists; `None` for `node` itself.
pub(super) fn place(node: &Node, path: &str) -> Option<Position> {
    walk(node, path, None).2
}

/// Goes down as far as the path leads: what is left of it, where it ended, and the place of the last key.
pub(super) fn walk<'a, 'p>(
    node: &'a Node,
    path: &'p str,
    place: Option<Position>,
) -> (&'p str, &'a Node, Option<Position>) {
    let steps = match &node.kind {
        Kind::Group(entries) => entries.iter().filter_map(|entry| into_entry(entry, path)).collect(),
        Kind::List(items) => into_item(items, path).into_iter().collect(),
        _ => Vec::new(),
    };
    // A key may hold dots itself, so that several keys fit: the one that leads furthest is meant.
    let ends = steps.into_iter().map(|(rest, next, place)| walk(next, rest, Some(place)));
    ends.min_by_key(|(rest, ..)| rest.len()).unwrap_or((path, node, place))
}

fn into_entry<'a, 'p>(entry: &'a Entry, path: &'p str) -> Option<(&'p str, &'a Node, Position)> {
    let rest = path.strip_prefix(entry.name.as_str())?;
    let rest = if rest.is_empty() || rest.starts_with('[') { rest } else { rest.strip_prefix('.')? };
    Some((rest, &entry.value, entry.place))
}

fn into_item<'a, 'p>(items: &'a [Arc<Node>], path: &'p str) -> Option<(&'p str, &'a Node, Position)> {
    let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
    let item = items.get(index.parse::<usize>().ok()?)?;
    Some((rest.strip_prefix('.').unwrap_or(rest), item, item.place))
}
