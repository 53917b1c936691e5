//! From values as they were written to values as they are meant.

use std::cell::Cell;

use cloudmesh_abstract::nearest;
use serde_json::{Map, Value};

use super::environment::Environment;
use super::position::{find, walk};
use super::problem::Problem;
use super::template::{Segment, segments};
use super::tree::{Entry, Kind, Node};

/// How many references one cloud may have, those behind references included.
const MAX_REFERENCES: usize = 1_000;
/// How many references may lie behind each other.
const MAX_DEPTH: usize = 32;
/// How many bytes all texts of one cloud may have.
const MAX_BYTES: usize = 4 << 20;

type Result<T> = std::result::Result<T, Problem>;

/// Resolves the references in values. Nothing is evaluated: what a variable holds is text and is not read again.
pub(super) struct Resolver<'a> {
    root: &'a Node,
    environment: &'a dyn Environment,
    references: Cell<usize>,
    bytes: Cell<usize>,
}

/// The text being resolved: where a complaint belongs, and the paths that led there.
struct Trail<'a> {
    node: &'a Node,
    paths: Vec<String>,
    depth: usize,
}

impl Trail<'_> {
    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.node.place, message)
    }

    /// Goes on behind a reference.
    fn deeper<T>(&mut self, then: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.problem(format!("more than {MAX_DEPTH} references behind each other")));
        }
        self.depth += 1;
        let result = then(self);
        self.depth -= 1;
        result
    }

    /// Counts what all texts of a cloud share.
    fn spend(&self, spent: &Cell<usize>, more: usize, limit: usize, what: &str) -> Result<()> {
        spent.set(spent.get().saturating_add(more));
        if spent.get() > limit { Err(self.problem(format!("{what} in one cloud"))) } else { Ok(()) }
    }
}

impl<'a> Resolver<'a> {
    /// A resolver for references into `root`, the value of `cloudmesh`.
    pub(super) fn new(root: &'a Node, environment: &'a dyn Environment) -> Self {
        Self { root, environment, references: Cell::new(0), bytes: Cell::new(0) }
    }

    /// The value with all references in it resolved.
    ///
    /// # Errors
    ///
    /// A missing variable, a reference to nothing or in a circle, a key given twice, `TBD`. No message holds a value.
    pub(super) fn resolve(&self, node: &Node, path: &str) -> Result<Value> {
        let value = match &node.kind {
            Kind::Null => Value::Null,
            Kind::Boolean(value) => Value::Bool(*value),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::Text(text) => self.text(text, &mut Trail { node, paths: Vec::new(), depth: 0 })?,
            Kind::List(items) => {
                let items = items.iter().enumerate();
                Value::Array(
                    items
                        .map(|(index, item)| self.resolve(item, &format!("{path}[{index}]")))
                        .collect::<Result<_>>()?,
                )
            }
            Kind::Group(entries) => Value::Object(self.group(entries, path)?),
        };
        if value == "TBD" {
            let name = path.rsplit('.').next().unwrap_or_default();
            let message = format!("`{name}` is still `TBD`; fill it in or remove the line");
            return Err(Problem::new(node.place, message).at(path));
        }
        Ok(value)
    }

    fn group(&self, entries: &[Entry], path: &str) -> Result<Map<String, Value>> {
        let mut group = Map::new();
        for entry in entries {
            let path = if path.is_empty() { entry.name.clone() } else { format!("{path}.{}", entry.name) };
            let value = self.resolve(&entry.value, &path).map_err(|problem| problem.at(&path))?;
            if group.insert(entry.name.clone(), value).is_some() {
                return Err(twice(entry, entries).at(&path));
            }
        }
        Ok(group)
    }

    /// A text that is one reference and nothing else becomes what it refers to, a number for instance.
    fn text(&self, text: &str, trail: &mut Trail<'_>) -> Result<Value> {
        let segments = segments(text).map_err(|message| trail.problem(message))?;
        if let [Segment::Path(path)] = segments.as_slice() {
            return self.path(path, trail);
        }
        let mut whole = String::new();
        for segment in segments {
            let piece = self.segment(&segment, trail)?;
            trail.spend(&self.bytes, piece.len(), MAX_BYTES, "values that are too long")?;
            whole.push_str(&piece);
        }
        Ok(Value::String(whole))
    }

    fn segment(&self, segment: &Segment<'_>, trail: &mut Trail<'_>) -> Result<String> {
        match segment {
            Segment::Plain(text) => Ok((*text).to_owned()),
            Segment::Home => self.home(trail),
            Segment::Variable { name, fallback } => self.variable(name, *fallback, trail),
            Segment::Path(path) => Ok(plain(&self.path(path, trail)?)),
        }
    }

    fn home(&self, trail: &Trail<'_>) -> Result<String> {
        let home = self.environment.home().and_then(|home| home.into_os_string().into_string().ok());
        home.ok_or_else(|| trail.problem("`~/` needs a home directory, and there is none; set `HOME`"))
    }

    fn variable(&self, name: &str, fallback: Option<&str>, trail: &mut Trail<'_>) -> Result<String> {
        trail.spend(&self.references, 1, MAX_REFERENCES, "too many references")?;
        let value = self.environment.variable(name);
        match (value, fallback) {
            (Some(value), None) => text_of(value, name, trail),
            (Some(value), Some(_)) if !value.is_empty() => text_of(value, name, trail),
            (_, Some(fallback)) => trail.deeper(|trail| Ok(plain(&self.text(fallback, trail)?))),
            (None, None) => {
                let advice = format!("set it, or write `${{{name}:-fallback}}`");
                Err(trail.problem(format!("the environment variable `{name}` is not set; {advice}")))
            }
        }
    }

    fn path(&self, path: &str, trail: &mut Trail<'_>) -> Result<Value> {
        trail.spend(&self.references, 1, MAX_REFERENCES, "too many references")?;
        let whole = format!("cloudmesh.{path}");
        let circle = trail.paths.contains(&whole);
        trail.paths.push(whole);
        if circle {
            return Err(trail.problem(format!("a circular reference: `{}`", trail.paths.join("` → `"))));
        }
        let target = find(self.root, path).ok_or_else(|| self.nothing(path, trail))?;
        let value =
            match &target.kind {
                Kind::Text(text) => trail.deeper(|trail| self.text(text, trail)),
                Kind::Number(number) => Ok(Value::Number(number.clone())),
                Kind::Boolean(value) => Ok(Value::Bool(*value)),
                _ => Err(trail
                    .problem(format!("`cloudmesh.{path}` must be text to be referred to, found {}", target.found()))),
            };
        trail.paths.pop();
        value
    }

    fn nothing(&self, path: &str, trail: &Trail<'_>) -> Problem {
        let (rest, node, _) = walk(self.root, path, None);
        let known = path[..path.len() - rest.len()].trim_end_matches('.');
        let known = if known.is_empty() { "cloudmesh".to_owned() } else { format!("cloudmesh.{known}") };
        let name = rest.split('.').next().unwrap_or_default();
        let advice = match nearest(name, node.entries().iter().map(|entry| entry.name.as_str())) {
            Some(near) => format!(", did you mean `{known}.{near}`?"),
            None => format!("; `{known}` has no `{name}`"),
        };
        trail.problem(format!("`cloudmesh.{path}` refers to nothing{advice}"))
    }
}

fn text_of(value: std::ffi::OsString, name: &str, trail: &Trail<'_>) -> Result<String> {
    value.into_string().map_err(|_| trail.problem(format!("the environment variable `{name}` is not UTF-8 text")))
}

/// A single value within a longer text.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The complaint about a key that is given twice.
pub(super) fn twice(entry: &Entry, entries: &[Entry]) -> Problem {
    let mut same = entries.iter().filter(|other| other.name == entry.name);
    let line = same.next().map_or(0, |first| first.place.line);
    let message = format!("`{}` is given twice, first in line {line}; keep one of them", entry.name);
    Problem::new(entry.place, message)
}
