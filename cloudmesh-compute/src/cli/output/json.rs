//! json: one object, the same for every cloud.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::tame::escaped;
use crate::cli::exit::failed;
use crate::{Error, Result};

/// What a command answers: rows under their plural, and what failed.
pub(crate) struct Document<'a, R: ?Sized> {
    pub(crate) what: &'a str,
    pub(crate) rows: &'a R,
    pub(crate) beside: &'a Beside<'a>,
}

/// What stands beside the rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'a> {
    /// The requests of a rehearsal.
    pub(crate) requests: Option<&'a Value>,
    /// What failed.
    pub(crate) errors: &'a [Error],
}

impl<'a> Beside<'a> {
    /// What failed, and nothing else.
    pub(crate) fn errors(errors: &'a [Error]) -> Self {
        Self { requests: None, errors }
    }
}

impl<R: Serialize + ?Sized> Serialize for Document<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(self.what, self.rows)?;
        if let Some(requests) = self.beside.requests {
            map.serialize_entry("requests", requests)?;
        }
        map.serialize_entry("errors", self.beside.errors)?;
        map.end()
    }
}

/// A value as json for people and programs, with a line end.
///
/// # Errors
///
/// When it is nothing that json can say.
pub(crate) fn pretty(value: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(value).map(|text| lined(&text)).map_err(|error| failed("write json", error.into()))
}

/// A value as json on one line.
///
/// # Errors
///
/// As [`pretty`].
pub(crate) fn compact(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map(|text| lined(&text)).map_err(|error| failed("write json", error.into()))
}

fn lined(text: &str) -> String {
    let mut text = escaped(text).into_owned();
    text.push('\n');
    text
}
