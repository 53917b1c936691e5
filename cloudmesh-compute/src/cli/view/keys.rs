//! What can be named: the fields of the json, and what is in them.

use std::ops::Deref;

use crate::cli::output::{Column, field};
use crate::{Error, ErrorKind, Result, nearest};

/// The path to a field that there is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key(String);

impl Deref for Key {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Key {
    /// The column of this key, or a new one of what it leads to.
    pub(super) fn column<T>(self, columns: &[Column<T>]) -> Column<T> {
        columns.iter().find(|column| column.key == self.0).cloned().unwrap_or_else(|| field(self.0))
    }
}

/// The key that is meant: a field, a path into one, or a heading of the table in small letters.
///
/// # Errors
///
/// [`ErrorKind::Config`] with the nearest key and all there are.
pub(super) fn resolve<T>(wanted: &str, columns: &[Column<T>]) -> Result<Key> {
    let is_path = |column: &&Column<T>| {
        let rest = wanted.strip_prefix(column.key.as_ref());
        rest.is_some_and(|rest| rest.is_empty() || (rest.len() > 1 && rest.starts_with('.')))
    };
    if columns.iter().any(|column| is_path(&column)) {
        return Ok(Key(wanted.to_owned()));
    }
    let word = wanted.to_lowercase().replace([' ', '-'], "_");
    let is_heading =
        |column: &&Column<T>| column.heading.to_lowercase().replace(' ', "_") == word || column.key == word;
    if let Some(column) = columns.iter().find(is_heading) {
        return Ok(Key(column.key.to_string()));
    }
    let keys = || columns.iter().map(|column| column.key.as_ref());
    let hint = nearest(wanted, keys()).map_or_else(String::new, |key| format!(", did you mean `{key}`?"));
    let message = format!(
        "no field `{wanted}`{hint}{} there are: {}",
        if hint.is_empty() { ";" } else { "" },
        keys().collect::<Vec<_>>().join(", ")
    );
    Err(Error::new(ErrorKind::Config, message))
}
