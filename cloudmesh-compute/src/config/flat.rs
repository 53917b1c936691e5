//! A file of names and values without any groups.

use std::path::Path;
use std::sync::Arc;

use cloudmesh_abstract::{Error, ErrorKind, Result};

use super::environment::Environment;
use super::problem::{Origin, Problem};
use super::tree::{Entry, Kind, Node};
use super::{file, guard, parse};

/// A name, its value as text, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) value: String,
    /// The items of a list; of a text, what stands between its commas.
    pub(crate) items: Vec<String>,
    /// File, line and column.
    pub(crate) place: String,
}

/// Reads such a file; none is an empty one. A list's items are joined by commas. Beside a configuration that the user
/// named (not the `usual` one), the folder may be whosever it likes, as that of the configuration may.
///
/// # Errors
///
/// [`ErrorKind::Config`] with file, line and column for what is no such file.
pub(crate) fn read(path: &Path, usual: bool, environment: &dyn Environment) -> Result<Vec<Line>> {
    let Some((node, origin)) = root(path, usual, environment)? else { return Ok(Vec::new()) };
    let read = entries(&node).and_then(|found| found.iter().map(|entry| line(entry, &origin)).collect());
    read.map_err(|problem| mend(&problem, &origin))
}

/// What the file holds; `None` where there is no file, or nothing in it.
fn root(path: &Path, usual: bool, environment: &dyn Environment) -> Result<Option<(Arc<Node>, Origin)>> {
    let origin = Origin::file(path, environment.home().as_deref());
    if matches!(path.try_exists(), Ok(false)) {
        return Ok(None);
    }
    if usual {
        guard::check(path, &origin)?;
    } else {
        guard::check_file(path, &origin)?;
    }
    let (text, _) = file::read(path, &origin)?;
    let node = parse::parse(&text).map_err(|problem| mend(&problem, &origin))?;
    Ok(node.map(|node| (node, origin)))
}

fn mend(problem: &Problem, origin: &Origin) -> Error {
    let message = format!("{}; mend the file, or remove it to begin anew", problem.message);
    Error::new(ErrorKind::Config, origin.sentence(problem.place, &message))
}

/// Reads a file whose lines stand in sections of these names; none is an empty one. What is missing is an empty section.
///
/// # Errors
///
/// As [`read`], also for other sections.
pub(crate) fn sections(
    path: &Path,
    usual: bool,
    names: &[&str],
    environment: &dyn Environment,
) -> Result<Option<Vec<Vec<Line>>>> {
    let Some((node, origin)) = root(path, usual, environment)? else { return Ok(None) };
    let found = entries(&node).and_then(|found| {
        let strange = found.iter().find(|entry| !names.contains(&entry.name.as_str()));
        if let Some(entry) = strange {
            let known = names.join("`, `");
            return Err(Problem::new(entry.place, format!("unknown section `{}`, there are `{known}`", entry.name)));
        }
        let section = |name: &&str| match found.iter().find(|entry| entry.name == **name) {
            Some(entry) => entries(&entry.value)?.iter().map(|entry| line(entry, &origin)).collect(),
            None => Ok(Vec::new()),
        };
        names.iter().map(section).collect()
    });
    found.map(Some).map_err(|problem| mend(&problem, &origin))
}

fn entries(node: &Node) -> std::result::Result<&[Entry], Problem> {
    match &node.kind {
        Kind::Group(entries) => Ok(entries),
        Kind::Null => Ok(&[]),
        _ => Err(Problem::new(node.place, format!("the file must hold lines `NAME: VALUE`, found {}", node.found()))),
    }
}

fn line(entry: &Entry, origin: &Origin) -> std::result::Result<Line, Problem> {
    let wrong = || {
        let message = format!("`{}` must be text or a list of texts, found {}", entry.name, entry.value.found());
        Problem::new(entry.place, message)
    };
    let value = words(&entry.value).ok_or_else(wrong)?;
    let items = match &entry.value.kind {
        Kind::List(items) => items.iter().filter_map(|item| words(item)).collect(),
        _ => value.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
    };
    let place = format!("{}:{}", origin.shown, entry.place);
    Ok(Line { name: entry.name.clone(), value, items, place })
}

fn words(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Boolean(value) => Some(value.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::List(items) => {
            items.iter().map(|item| words(item)).collect::<Option<Vec<_>>>().map(|words| words.join(","))
        }
        Kind::Null | Kind::Group(_) => None,
    }
}
