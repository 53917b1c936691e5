//! What stands in the file, key by key, with secrets left out.

use cloudmesh_abstract::{Error, ErrorKind, Result};
use serde_json::Value;

use super::Config;
use super::keys::{self, Known};
use super::position::Position;
use super::steps::{Step, follow, shown};
use super::template::{Segment, segments};
use super::tree::{Kind, Node};

/// What is shown in place of a secret.
const HIDDEN: &str = "[secret]";

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its path, which begins with `cloudmesh`.
    pub(crate) key: String,
    /// The value; a secret is hidden.
    pub(crate) value: Value,
    /// File, line and column.
    pub(crate) place: String,
}

/// The keys at a path.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) items: Vec<Result<Item>>,
    /// Whether the path is that of one value, and not of a group.
    pub(crate) alone: bool,
}

impl Config {
    /// The keys at a path and below it, in the order of the file. Unless `resolved`, values are as they are written.
    /// Secrets are hidden.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] with the nearest key when the path leads to nothing.
    pub(crate) fn items(&self, path: &str, resolved: bool) -> Result<Listing> {
        let trace = follow(&self.sections.root, path);
        if !trace.rest.is_empty() {
            let place = trace.place.unwrap_or(Position::START);
            return Err(Error::new(ErrorKind::NotFound, self.origin.sentence(place, &trace.nothing())));
        }
        let mut items = Vec::new();
        let start = At { node: trace.node, place: trace.place.unwrap_or(Position::START), secret: false };
        let lister = Lister { config: self, resolved, referred: self.referred() };
        lister.list(&start, &trace.steps, &mut items);
        let alone = !matches!(trace.node.kind, Kind::Group(_));
        Ok(Listing { items, alone })
    }

    /// Whether what stands at the end of these steps must not be shown.
    pub(super) fn is_secret(&self, steps: &[Step]) -> bool {
        is_secret(&self.sections.root, steps)
    }

    /// The paths that secrets refer to: what stands there is a secret too.
    fn referred(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.refer(&self.sections.root, &mut Vec::new(), &mut found);
        found
    }

    fn refer(&self, node: &Node, steps: &mut Vec<Step>, found: &mut Vec<String>) {
        match &node.kind {
            Kind::Text(text) if self.is_secret(steps) => {
                let paths = segments(text).unwrap_or_default();
                found.extend(paths.iter().filter_map(|segment| match segment {
                    Segment::Path(path) => Some(format!("cloudmesh.{path}")),
                    _ => None,
                }));
            }
            _ => below(node, steps, &mut |node, steps| self.refer(node, steps, found)),
        }
    }
}

/// Does something with each value right below a node.
fn below(node: &Node, steps: &mut Vec<Step>, visit: &mut dyn FnMut(&Node, &mut Vec<Step>)) {
    let mut one = |step: Step, node: &Node| {
        steps.push(step);
        visit(node, steps);
        steps.pop();
    };
    match &node.kind {
        Kind::Group(entries) => entries.iter().for_each(|entry| one(Step::Key(entry.name.clone()), &entry.value)),
        Kind::List(items) => items.iter().enumerate().for_each(|(at, item)| one(Step::Index(at), item)),
        _ => {}
    }
}

/// Whether what stands at the end of these steps must not be shown.
pub(super) fn is_secret(root: &Node, steps: &[Step]) -> bool {
    let names: Vec<&str> =
        steps.iter().filter_map(|step| if let Step::Key(name) = step { Some(&**name) } else { None }).collect();
    let within = names.len() > 3 && names.get(2) == Some(&"credentials");
    match keys::known(root, &steps.iter().filter(|step| matches!(step, Step::Key(_))).cloned().collect::<Vec<_>>()) {
        Known::Value { secret, .. } => secret,
        Known::Group => false,
        Known::Free | Known::Slip(_) => within || names.iter().any(|name| sounds_secret(name)),
    }
}

/// Whether a name, of a key or of a variable, is that of a secret.
pub(super) fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["pass", "secret", "token", "credential", "api_key", "apikey", "private_key"].iter().any(|word| name.contains(word))
}

struct At<'a> {
    node: &'a Node,
    place: Position,
    secret: bool,
}

struct Lister<'a> {
    config: &'a Config,
    resolved: bool,
    referred: Vec<String>,
}

impl Lister<'_> {
    fn list(&self, at: &At<'_>, steps: &[Step], items: &mut Vec<Result<Item>>) {
        let key = shown(steps);
        let secret = at.secret || self.config.is_secret(steps) || self.referred.contains(&key);
        match &at.node.kind {
            Kind::Group(entries) if !entries.is_empty() => {
                for entry in entries {
                    let next = At { node: &entry.value, place: entry.place, secret };
                    self.list(&next, &[steps, &[Step::Key(entry.name.clone())]].concat(), items);
                }
            }
            Kind::List(inner) if inner.iter().any(|item| matches!(item.kind, Kind::Group(_) | Kind::List(_))) => {
                for (index, item) in inner.iter().enumerate() {
                    let next = At { node: item, place: item.place, secret };
                    self.list(&next, &[steps, &[Step::Index(index)]].concat(), items);
                }
            }
            _ => {
                let place = self.config.origin.sentence(at.place, "").trim_end_matches(": ").to_owned();
                let value = self.value(at.node, secret || self.is_stray(steps), steps);
                items.push(value.map(|value| Item { key, value, place }));
            }
        }
    }

    /// Whether a value stands below `credentials` where a group should, so that nobody knows what it is.
    fn is_stray(&self, steps: &[Step]) -> bool {
        let within = steps.get(2) == Some(&Step::Key("credentials".to_owned()));
        within && !matches!(keys::known(&self.config.sections.root, steps), Known::Value { .. })
    }

    fn value(&self, node: &Node, secret: bool, steps: &[Step]) -> Result<Value> {
        if self.resolved {
            let path = shown(steps);
            let value = self.config.resolver().resolve(node, "");
            let value = value.map_err(|problem| self.config.problem(problem, &path))?;
            let hidden = secret || from_secret_variable(node, steps) || holds_password(&value);
            return Ok(if hidden && !value.is_null() { HIDDEN.into() } else { value });
        }
        let hidden = secret && !matches!(node.kind, Kind::Null) && !node.text().is_some_and(is_reference);
        let hidden = hidden || holds_secret_fallback(node) || holds_password(&plain(node));
        Ok(if hidden { HIDDEN.into() } else { plain(node) })
    }
}

/// Whether a text is references and nothing else, which tell nothing.
pub(super) fn is_reference(text: &str) -> bool {
    let harmless =
        |segment: &Segment<'_>| matches!(segment, Segment::Variable { fallback: None, .. } | Segment::Path(_));
    segments(text).is_ok_and(|segments| !segments.is_empty() && segments.iter().all(harmless))
}

/// Whether a value comes from a variable that must not be shown: any below `credentials`, one that sounds so elsewhere.
fn from_secret_variable(node: &Node, steps: &[Step]) -> bool {
    let within = steps.get(2) == Some(&Step::Key("credentials".to_owned()));
    let of = |segment: &Segment<'_>| matches!(segment, Segment::Variable { name, .. } if within || sounds_secret(name));
    texts(node).iter().any(|text| segments(text).is_ok_and(|segments| segments.iter().any(of)))
}

fn holds_secret_fallback(node: &Node) -> bool {
    let of =
        |segment: &Segment<'_>| matches!(segment, Segment::Variable { name, fallback: Some(_) } if sounds_secret(name));
    texts(node).iter().any(|text| segments(text).is_ok_and(|segments| segments.iter().any(of)))
}

/// Whether a value is an address with a password in it, such as `https://joe:secret@host`, or has one among others.
fn holds_password(value: &Value) -> bool {
    let in_address = |text: &str| {
        let host = text.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        host.and_then(|host| host.rsplit_once('@')).is_some_and(|(user, _)| user.contains(':'))
    };
    match value {
        Value::String(text) => in_address(text),
        Value::Array(items) => items.iter().any(holds_password),
        _ => false,
    }
}

fn texts(node: &Node) -> Vec<&str> {
    match &node.kind {
        Kind::Text(text) => vec![text],
        Kind::List(items) => items.iter().flat_map(|item| texts(item)).collect(),
        _ => Vec::new(),
    }
}

/// A value as it is written.
pub(super) fn plain(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Boolean(value) => Value::Bool(*value),
        Kind::Number(number) => Value::Number(number.clone()),
        Kind::Text(text) => Value::String(text.clone()),
        Kind::List(items) => items.iter().map(|item| plain(item)).collect(),
        Kind::Group(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.name.clone(), plain(&entry.value))).collect())
        }
    }
}
