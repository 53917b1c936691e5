//! A file of names and values without any groups.

use std::path::Path;

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
    let origin = Origin::file(path, environment.home().as_deref());
    if matches!(path.try_exists(), Ok(false)) {
        return Ok(Vec::new());
    }
    if usual {
        guard::check(path, &origin)?;
    } else {
        guard::check_file(path, &origin)?;
    }
    let (text, _) = file::read(path, &origin)?;
    let read = parse::parse(&text).and_then(|node| match node {
        Some(node) => entries(&node)?.iter().map(|entry| line(entry, &origin)).collect(),
        None => Ok(Vec::new()),
    });
    read.map_err(|problem| {
        let message = format!("{}; mend the file, or remove it to begin anew", problem.message);
        Error::new(ErrorKind::Config, origin.sentence(problem.place, &message))
    })
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
    let place = format!("{}:{}", origin.shown, entry.place);
    Ok(Line { name: entry.name.clone(), value, place })
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
