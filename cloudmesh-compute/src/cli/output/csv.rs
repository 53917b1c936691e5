//! csv: RFC 4180, a line of keys, then a line a row.
//!
//! A field is what the cloud says, to the letter: no quote is put before a `=`, which programs would have to take away
//! again. Several values of a list are joined by `;`, a map is written as json, what is unknown is empty.

use std::io::{self, IsTerminal};

use csv::{Terminator, WriterBuilder};
use serde::Serialize;
use serde_json::Value;

use super::column::Column;
use super::rows::{Rows, found};
use super::tame::tame;
use crate::Result;
use crate::cli::exit::failed;

/// Rows as csv; `bare` without the line of keys. On a terminal it is without what that would obey.
///
/// # Errors
///
/// When they cannot be written.
pub(crate) fn csv<T: Serialize>(columns: &[&Column<T>], rows: &Rows<T>, bare: bool) -> Result<String> {
    let wrong = |error: csv::Error| failed("write csv", error.into());
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    if !bare {
        writer.write_record(columns.iter().map(|column| column.key.as_ref())).map_err(wrong)?;
    }
    let on_terminal = io::stdout().is_terminal();
    let shown = |text: String| if on_terminal { tame(&text).into_owned() } else { text };
    for row in rows.json() {
        let fields = columns.iter().map(|column| shown(joined(&found(row, &column.key))));
        writer.write_record(fields).map_err(wrong)?;
    }
    let bytes = writer.into_inner().map_err(|error| failed("write csv", error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn joined(values: &[&Value]) -> String {
    values.iter().map(|value| datum(value)).collect::<Vec<_>>().join(";")
}

/// A value as a field.
fn datum(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            items.iter().map(datum).collect::<Vec<_>>().join(";")
        }
        Value::Object(fields) if fields.is_empty() => String::new(),
        other => other.to_string(),
    }
}
