//! From YAML to the tree, within limits that a configuration never needs and an attack does.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::position::Position;
use super::problem::Problem;
use super::scalar;
use super::tree::{Entry, Kind, Node};

/// How many bytes a file may have.
pub(super) const MAX_BYTES: usize = 1 << 20;
/// How many values a file may have, those behind aliases counted as often as they are used.
const MAX_VALUES: usize = 100_000;
/// How deep values may be nested.
const MAX_DEPTH: usize = 64;

type Result<T> = std::result::Result<T, Problem>;

/// Reads a text; `None` when there is nothing in it.
pub(super) fn parse(text: &str) -> Result<Option<Arc<Node>>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(Problem::new(Position::START, format!("the file is larger than {} KiB", MAX_BYTES / 1024)));
    }
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| malformed(text, &error))?;
        builder.accept(event, position(&span))?;
    }
    Ok(builder.root)
}

fn position(span: &Span) -> Position {
    Position { line: span.start.line(), column: span.start.col() + 1 }
}

/// The parser's complaint, with advice for the mistakes that people make. It quotes nothing from the file.
fn malformed(text: &str, error: &ScanError) -> Problem {
    let place = Position { line: error.marker().line(), column: error.marker().col() + 1 };
    let line = text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default();
    let told = match error.info() {
        // The parser would quote the character, which may be the first of a secret.
        info if info.starts_with("unexpected character") => "found a character that no value begins with",
        info => info,
    };
    Problem::new(place, format!("malformed YAML: {told}; {}", advice(told, line)))
}

fn advice(told: &str, line: &str) -> &'static str {
    let indentation = &line[..line.len() - line.trim_start().len()];
    let about = |words: &str| told.contains(words);
    if indentation.contains('\t') {
        "indent with spaces, not with tabs"
    } else if about("mapping values are not allowed") {
        "a key ends with a colon and a space, here and in the line above; text that holds `: ` needs quotes"
    } else if about("flow") && line.contains("${") {
        "within `{ }` and `[ ]`, put `${NAME}` in quotes"
    } else if about("flow") {
        "see that every `{` and `[` is closed, with commas between"
    } else if about("quoted") {
        "see that every quote is closed"
    } else if about("anchor") || about("character") {
        "put text that begins with a special character in quotes"
    } else if about("recursion") {
        "there are too many levels within each other"
    } else {
        "see that keys of one group are indented alike and end with a colon and a space"
    }
}

#[derive(Default)]
struct Builder {
    stack: Vec<Open>,
    anchors: HashMap<usize, Arc<Node>>,
    values: usize,
    documents: usize,
    root: Option<Arc<Node>>,
}

/// A list or a group whose end has not been read yet.
struct Open {
    place: Position,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Arc<Node>>),
    Group { entries: Vec<Entry>, merged: Vec<Arc<Node>>, key: Option<Key> },
}

struct Key {
    name: String,
    place: Position,
    /// Written without quotes.
    plain: bool,
}

impl Key {
    fn merges(&self) -> bool {
        self.plain && self.name == "<<"
    }

    /// Whether `{password:secret}` was written, which is one long key. No message may repeat it.
    fn swallows_its_value(&self) -> bool {
        self.plain && self.name.contains(':')
    }
}

impl Builder {
    fn accept(&mut self, event: Event<'_>, place: Position) -> Result<()> {
        match event {
            Event::DocumentStart(_) => self.begin_document(place),
            Event::Alias(id) => self.alias(id, place),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), place),
            Event::SequenceStart(anchor, tag) => self.open(place, anchor, tag.as_deref(), "seq"),
            Event::MappingStart(anchor, tag) => self.open(place, anchor, tag.as_deref(), "map"),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin_document(&mut self, place: Position) -> Result<()> {
        self.documents += 1;
        if self.documents > 1 {
            return Err(Problem::new(place, "a second document begins here; keep one in a file"));
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, place: Position) -> Result<()> {
        let Some(node) = self.anchors.get(&id).cloned() else {
            return Err(Problem::new(place, "an alias within the value that it stands for"));
        };
        match (self.key(), node.text()) {
            (Some(key), Some(text)) => *key = Some(Key { name: text.to_owned(), place, plain: false }),
            (Some(_), None) => return Err(no_key(place)),
            (None, _) => {
                self.count(node.size, place)?;
                self.put(node)?;
            }
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        place: Position,
    ) -> Result<()> {
        if let Some(key) = self.key() {
            *key = Some(Key { name: text.to_owned(), place, plain: style == ScalarStyle::Plain });
            let node = Node::new(Kind::Text(text.to_owned()), place);
            self.remember(anchor, &Arc::new(node));
            return Ok(());
        }
        if text.is_empty() && style == ScalarStyle::Plain {
            self.refuse_swallowed()?;
        }
        let kind = scalar::read(text, style, tag).map_err(|message| Problem::new(place, message))?;
        let node = Arc::new(Node::new(kind, place));
        self.count(1, place)?;
        self.remember(anchor, &node);
        self.put(node)
    }

    fn refuse_swallowed(&self) -> Result<()> {
        match self.stack.last().map(|open| &open.content) {
            Some(Content::Group { key: Some(key), .. }) if key.swallows_its_value() => {
                Err(Problem::new(key.place, "a key without a value; put a space behind its colon"))
            }
            _ => Ok(()),
        }
    }

    /// The place for the next key, when one is due.
    fn key(&mut self) -> Option<&mut Option<Key>> {
        match &mut self.stack.last_mut()?.content {
            Content::Group { key: key @ None, .. } => Some(key),
            _ => None,
        }
    }

    fn open(&mut self, place: Position, anchor: usize, tag: Option<&Tag>, ordinary: &str) -> Result<()> {
        scalar::check(tag, ordinary).map_err(|message| Problem::new(place, message))?;
        if self.key().is_some() {
            return Err(no_key(place));
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(too_deep(place));
        }
        let content = match ordinary {
            "seq" => Content::List(Vec::new()),
            _ => Content::Group { entries: Vec::new(), merged: Vec::new(), key: None },
        };
        self.stack.push(Open { place, anchor, content });
        self.count(1, place)
    }

    fn close(&mut self) -> Result<()> {
        let Some(Open { place, anchor, content }) = self.stack.pop() else { return Ok(()) };
        let kind = match content {
            Content::List(items) => Kind::List(items),
            Content::Group { entries, merged, .. } => self.group(entries, &merged, place)?,
        };
        let node = Arc::new(Node::new(kind, place));
        if node.depth > MAX_DEPTH {
            return Err(too_deep(place));
        }
        self.remember(anchor, &node);
        self.put(node)
    }

    /// The group with what `<<` brings in, which never replaces a key that is there already.
    fn group(&mut self, mut entries: Vec<Entry>, merged: &[Arc<Node>], place: Position) -> Result<Kind> {
        if let Some(reference) = bare_reference(&entries) {
            return Ok(Kind::Text(reference));
        }
        let mut known: HashSet<String> = entries.iter().map(|entry| entry.name.clone()).collect();
        for source in merged {
            self.count(source.size, place)?;
            let fresh = source.entries().iter().filter(|entry| known.insert(entry.name.clone()));
            entries.extend(fresh.cloned());
        }
        Ok(Kind::Group(entries))
    }

    fn put(&mut self, node: Arc<Node>) -> Result<()> {
        match self.stack.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Group { entries, merged, key }) => match key.take() {
                Some(key) if key.merges() => merged.extend(sources(node, key.place)?),
                Some(Key { name, place, .. }) => entries.push(Entry { name, place, value: node }),
                None => return Err(no_key(node.place)),
            },
        }
        Ok(())
    }

    fn remember(&mut self, anchor: usize, node: &Arc<Node>) {
        if anchor > 0 {
            self.anchors.insert(anchor, Arc::clone(node));
        }
    }

    fn count(&mut self, more: usize, place: Position) -> Result<()> {
        self.values = self.values.saturating_add(more);
        if self.values > MAX_VALUES {
            return Err(Problem::new(place, format!("more than {MAX_VALUES} values, aliases counted")));
        }
        Ok(())
    }
}

/// The groups that a merge key names: one, or a list of them.
fn sources(node: Arc<Node>, place: Position) -> Result<Vec<Arc<Node>>> {
    let nodes = match &node.kind {
        Kind::List(items) => items.clone(),
        _ => vec![node],
    };
    match nodes.iter().find(|node| !matches!(node.kind, Kind::Group(_))) {
        Some(other) => Err(Problem::new(place, format!("`<<` must name groups, found {}", other.found()))),
        None => Ok(nodes),
    }
}

/// `{cloudmesh.profile.user}` without quotes is a group to YAML, and a reference to people.
fn bare_reference(entries: &[Entry]) -> Option<String> {
    match entries {
        [Entry { name, value, .. }] if name.starts_with("cloudmesh.") && matches!(value.kind, Kind::Null) => {
            Some(format!("{{{name}}}"))
        }
        _ => None,
    }
}

fn no_key(place: Position) -> Problem {
    Problem::new(place, "a key must be text; put a value that begins with `{` or `[` in quotes")
}

fn too_deep(place: Position) -> Problem {
    Problem::new(place, format!("more than {MAX_DEPTH} levels within each other"))
}
