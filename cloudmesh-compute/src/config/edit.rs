//! Changing one value of the file, so that nothing else changes: not a comment, not a blank.

use std::path::Path;
use std::str::FromStr;

use cloudmesh_abstract::{Error, ErrorKind, Form, Result};
use serde_json::{Map, Value};
use yaml_edit::path::YamlPath;
use yaml_edit::{Document, YamlFile};

use super::environment::Environment;
use super::keys::{self, Known};
use super::listing::{is_reference, is_secret, plain};
use super::position::Position;
use super::problem::{Origin, Problem};
use super::section::Sections;
use super::steps::{Step, Trace, cut, follow, shown};
use super::tree::{Kind, Node};
use super::{file, guard, parse, write};

/// What is to become of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change<'a> {
    /// It has this value, given as text.
    Set(&'a str),
    /// It is gone.
    Unset,
}

/// What was changed.
#[derive(Debug)]
pub(crate) struct Edited {
    /// The path of the key, which begins with `cloudmesh`.
    pub(crate) key: String,
    /// The file, as messages show it.
    pub(crate) file: String,
    /// Whether a secret is written out now.
    pub(crate) secret: bool,
}

/// Changes a key of the file, or of the usual one where none is named, in one step; two processes that do so at once lose nothing.
///
/// # Errors
///
/// [`ErrorKind::NotFound`] for a key to be removed that is not there; [`ErrorKind::Config`] for one that cannot be,
/// a value that does not suit it, or a file that cannot be changed there without changing something else. The file is
/// as it was then.
pub(crate) fn edit(
    path: Option<&Path>,
    environment: &dyn Environment,
    key: &str,
    change: Change<'_>,
    dry_run: bool,
) -> Result<Edited> {
    let usual = path.is_none();
    let path = &path.map_or_else(|| super::path(environment), |path| Ok(path.to_owned()))?;
    let origin = Origin::file(path, environment.home().as_deref());
    let unwritable = |error| {
        let message = format!("`{}` cannot be written; see its permissions and its folder's", origin.shown);
        Error::new(ErrorKind::Config, message).with_source(error)
    };
    if usual {
        guard::check(path, &origin)?;
    }
    // Read first: a file that is missing is told as always.
    file::read(path, &origin)?;
    let real = std::fs::canonicalize(path).map_err(unwritable)?;
    let _lock = if dry_run { None } else { Some(write::Lock::on(&real).map_err(unwritable)?) };
    let (text, _) = file::read(path, &origin)?;
    let (changed, edited) = changed(&text, key, change, &origin)?;
    if !dry_run && changed != text {
        write::replace(&real, &changed).map_err(unwritable)?;
    }
    Ok(edited)
}

/// The text with the change in it.
pub(super) fn changed(text: &str, key: &str, change: Change<'_>, origin: &Origin) -> Result<(String, Edited)> {
    let tell = |problem| origin.error(problem);
    let whole = parse::parse(text).map_err(tell)?;
    let root = whole.as_ref().and_then(|node| node.get("cloudmesh")).ok_or_else(|| {
        let message = "the file must begin with `cloudmesh:`; `cms config init` writes one that does";
        origin.error(Problem::new(Position::START, message))
    })?;
    let trace = follow(root, key);
    let steps = match change {
        Change::Set(_) => target(&trace).map_err(tell)?,
        Change::Unset if trace.rest.is_empty() => trace.steps.clone(),
        Change::Unset => {
            let place = trace.place.unwrap_or(Position::START);
            return Err(Error::new(ErrorKind::NotFound, origin.sentence(place, &trace.nothing())));
        }
    };
    let value = match change {
        Change::Set(value) => Some(typed(root, &steps, &trace, value).map_err(tell)?),
        Change::Unset => None,
    };
    let place = trace.place.unwrap_or(Position::START);
    let by_hand = || origin.error(Problem::new(place, by_hand(&steps, change)));
    let mut wanted = plain(whole.as_deref().unwrap_or(root));
    apply(&mut wanted, &steps, value.as_ref()).ok_or_else(by_hand)?;
    let changed = rewritten(text, &steps, value.as_ref()).ok_or_else(by_hand)?;
    let read = parse::parse(&changed).ok().flatten().ok_or_else(by_hand)?;
    if pruned(plain(&read)) != pruned(wanted) || !keeps_comments(text, &changed, change) {
        return Err(by_hand());
    }
    Sections::new(Some(read)).map_err(tell)?;
    let secret = matches!(change, Change::Set(value) if is_secret(root, &steps) && !is_reference(value));
    Ok((changed, Edited { key: shown(&steps), file: origin.shown.clone(), secret }))
}

/// The steps to a key that is there, or that can be added.
fn target(trace: &Trace<'_>) -> std::result::Result<Vec<Step>, Problem> {
    let place = trace.place.unwrap_or(Position::START);
    let mut steps = trace.steps.clone();
    if steps.is_empty() && trace.rest.is_empty() {
        return Err(Problem::new(place, "say which key, such as `default.cloud`"));
    }
    if !trace.rest.is_empty() && !matches!(trace.node.kind, Kind::Group(_) | Kind::Null) {
        return Err(Problem::new(place, trace.nothing()));
    }
    let mut rest = trace.rest.as_str();
    while !rest.is_empty() {
        let (name, more) = cut(rest);
        let plain = |sign: char| sign.is_alphanumeric() || "_-".contains(sign);
        if name.is_empty() || !name.chars().all(plain) {
            let message =
                format!("`{name}` is no name for a key; use letters, digits, `-` and `_`, with dots between keys");
            return Err(Problem::new(place, message));
        }
        steps.push(Step::Key(name.to_owned()));
        rest = more;
    }
    Ok(steps)
}

/// The value in the form that the key has.
fn typed(root: &Node, steps: &[Step], trace: &Trace<'_>, text: &str) -> std::result::Result<Value, Problem> {
    let place = trace.place.unwrap_or(Position::START);
    let name = shown(steps);
    let wrong = |wanted: &str| Problem::new(place, format!("`{name}` must be {wanted}")).at(&name);
    let reference = text.contains("${") || text.contains("{cloudmesh.");
    let old = trace.rest.is_empty().then_some(&trace.node.kind);
    if let Some(Kind::Group(_)) = old {
        return Err(wrong("a group of keys; set one of them"));
    }
    let word: Option<Value> = serde_json::from_str(text).ok();
    match keys::known(root, steps) {
        Known::Slip(message) => Err(Problem::new(place, message).at(&name)),
        Known::Group => Err(wrong("a group of keys; set one of them")),
        Known::Value { form: Form::Number, .. } if !reference => {
            word.filter(Value::is_number).ok_or_else(|| wrong("a number"))
        }
        Known::Value { form: Form::Boolean, .. } if !reference => {
            word.filter(Value::is_boolean).ok_or_else(|| wrong("`true` or `false`"))
        }
        Known::Value { form: Form::List, .. } if text.contains(',') || text.starts_with('[') => Ok(list(text)),
        Known::Free => Ok(match old {
            Some(Kind::Number(_)) => word.filter(Value::is_number).unwrap_or_else(|| text.into()),
            Some(Kind::Boolean(_)) => word.filter(Value::is_boolean).unwrap_or_else(|| text.into()),
            _ => text.into(),
        }),
        Known::Value { .. } => Ok(text.into()),
    }
}

fn list(text: &str) -> Value {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    inner.split(',').map(str::trim).filter(|word| !word.is_empty()).collect()
}

/// Does to the plain value what the change does to the text.
fn apply(whole: &mut Value, steps: &[Step], value: Option<&Value>) -> Option<()> {
    let top = [Step::Key("cloudmesh".to_owned())];
    let (last, above) = steps.split_last()?;
    let mut at = whole;
    for step in top.iter().chain(above) {
        if let (Step::Key(_), Value::Null) = (step, &*at) {
            *at = Value::Object(Map::new());
        }
        at = match step {
            Step::Key(name) => at.as_object_mut()?.entry(name.clone()).or_insert(Value::Null),
            Step::Index(index) => at.get_mut(*index)?,
        };
    }
    if let (Step::Key(_), Value::Null) = (last, &*at) {
        *at = Value::Object(Map::new());
    }
    match (last, value) {
        (Step::Key(name), Some(value)) => drop(at.as_object_mut()?.insert(name.clone(), value.clone())),
        (Step::Key(name), None) => drop(at.as_object_mut()?.shift_remove(name)?),
        (Step::Index(index), Some(value)) => *at.get_mut(*index)? = value.clone(),
        (Step::Index(index), None) => drop(at.as_array_mut()?.remove(*index)),
    }
    Some(())
}

/// The text with the change in it, if the editor can make it.
fn rewritten(text: &str, steps: &[Step], value: Option<&Value>) -> Option<String> {
    let file = YamlFile::from_str(text).ok()?;
    let document = file.document()?;
    let path = address(steps);
    match value {
        None => drop(document.try_remove_path(&path).ok()?),
        Some(value) => put(&document, &path, value)?,
    }
    Some(file.to_string())
}

fn put(document: &Document, path: &str, value: &Value) -> Option<()> {
    let done = match value {
        Value::Bool(value) => document.try_set_path(path, *value),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), ..) => document.try_set_path(path, number),
            (_, Some(number), _) => document.try_set_path(path, number),
            (.., Some(number)) => document.try_set_path(path, number),
            _ => return None,
        },
        Value::String(text) => document.try_set_path(path, text.as_str()),
        Value::Array(items) => {
            let items = items.iter().filter_map(Value::as_str);
            let sequence = yaml_edit::Sequence::new_flow();
            items.for_each(|item| sequence.push(item));
            document.try_set_path(path, sequence)
        }
        Value::Null | Value::Object(_) => return None,
    };
    done.ok()
}

/// The path in the editor's words, in which every sign of a name may stand after a backslash.
fn address(steps: &[Step]) -> String {
    let mut path = "cloudmesh".to_owned();
    for step in steps {
        match step {
            Step::Key(name) => {
                path.push('.');
                path.extend(name.chars().flat_map(|sign| ['\\', sign]));
            }
            Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
        }
    }
    path
}

/// A value without empty groups, which are as good as none.
fn pruned(value: Value) -> Value {
    match value {
        Value::Object(map) if map.is_empty() => Value::Null,
        Value::Object(map) => map.into_iter().map(|(name, value)| (name, pruned(value))).collect(),
        Value::Array(items) => items.into_iter().map(pruned).collect(),
        other => other,
    }
}

/// Whether all comments are still there; with what is removed its own may go.
fn keeps_comments(before: &str, after: &str, change: Change<'_>) -> bool {
    let (Some(before), Some(after)) = (comments(before), comments(after)) else { return false };
    match change {
        Change::Set(_) => before == after,
        Change::Unset => {
            let mut rest = before.iter();
            after.iter().all(|comment| rest.any(|other| other == comment))
        }
    }
}

fn comments(text: &str) -> Option<Vec<String>> {
    let file = YamlFile::from_str(text).ok()?;
    Some(file.document()?.comments().map(|comment| comment.content().to_owned()).collect())
}

fn by_hand(steps: &[Step], change: Change<'_>) -> String {
    let key = shown(steps);
    match change {
        Change::Set(_) => {
            format!("`{key}` cannot be set here without changing something else; edit the line by hand")
        }
        Change::Unset => format!("`{key}` cannot be removed without changing something else; edit the line by hand"),
    }
}
