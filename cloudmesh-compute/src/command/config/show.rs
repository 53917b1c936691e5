//! `cms config get`, `list` and `path`

use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use super::{file, load};
use crate::Result;
use crate::cli::{Column, Format, Report, Session, answer, heading};
use crate::config::listing::{Item, Listing};

/// A key and its value.
#[derive(Debug, Serialize)]
struct Row {
    key: String,
    value: Value,
    place: String,
}

pub(super) fn path(session: &Session) -> Result<ExitCode> {
    answer(&file(session)?.display().to_string())?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn list(session: &Session, resolved: bool) -> Result<ExitCode> {
    report(load(session)?.items("", resolved)?.items).finish(session, "config", &columns())
}

pub(super) fn get(session: &Session, path: &str, resolved: bool) -> Result<ExitCode> {
    let Listing { items, alone } = load(session)?.items(path, resolved)?;
    // One value is an answer of its own, so that a script can take it.
    if let ([Ok(item)], true, Format::Table | Format::Wide) = (items.as_slice(), alone, session.format()) {
        answer(&text(&item.value))?;
        return Ok(ExitCode::SUCCESS);
    }
    report(items).finish(session, "config", &columns())
}

fn report(items: Vec<Result<Item>>) -> Report<Row> {
    let mut report = Report::default();
    for item in items {
        report.add(item.map(|Item { key, value, place }| Row { key, value, place }));
    }
    report
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("KEY", |row: &Row| row.key.clone()).rank(0),
        heading("VALUE", |row: &Row| text(&row.value)).wraps(),
        heading("PLACE", |row: &Row| row.place.clone()).wide(),
    ]
}

/// A value as a person reads it.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
