//! What `cms` prints: tables, json, yaml, csv, names.

mod colour;
mod column;
mod csv;
mod fit;
mod json;
mod name;
mod rows;
mod screen;
mod table;
mod tame;
mod yaml;

use std::io::{self, IsTerminal, Write};

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

pub(crate) use self::colour::{dim, red, without_colour};
use self::column::Shown;
pub(crate) use self::column::{Column, cell, field, heading};
pub(crate) use self::json::Beside;
use self::json::Document;
use self::rows::{Content, picked};
pub(crate) use self::rows::{Rows, found, text, told};
pub(crate) use self::screen::Screen;
use self::table::Look;
pub(crate) use self::tame::tame;
use super::Format;
use super::view::Seen;
use crate::Result;

/// Set when nobody reads stdout any more.
static UNHEARD: AtomicBool = AtomicBool::new(false);

/// Prints rows, and in the formats for programs what stands beside them.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn rows<T: Serialize>(
    format: Format,
    what: &str,
    columns: &[Column<T>],
    seen: &Seen<T>,
    beside: &Beside<'_>,
) -> Result<()> {
    let rows = &seen.rows;
    match format {
        Format::Json => json(&Document { what, rows: &content(seen), beside }),
        Format::Yaml => yaml(&Document { what, rows: &content(seen), beside }),
        Format::Csv => print(&csv::csv(
            &in_place(shown(columns, seen, Shown::Csv), seen),
            rows,
            screen::number().is_some_and(|number| number > 1),
        )?),
        Format::Name => print(&name::names(rows.json(), columns.first().map_or("name", |column| &column.key))),
        Format::Table | Format::Wide if rows.is_empty() => Ok(()),
        Format::Table => table(&shown(columns, seen, Shown::Table), rows, seen.columns.is_none()),
        Format::Wide => table(&shown(columns, seen, Shown::Wide), rows, false),
    }
}

/// The columns that were asked for, else those that are usual in a format.
fn shown<'a, T>(columns: &'a [Column<T>], seen: &'a Seen<T>, usual: Shown) -> Vec<&'a Column<T>> {
    match &seen.columns {
        Some(columns) => columns.iter().collect(),
        None => columns.iter().filter(|column| column.shown <= usual).collect(),
    }
}

/// The usual columns in the order that they have in every csv; the ones that were asked for as they are.
fn in_place<'a, T>(mut columns: Vec<&'a Column<T>>, seen: &Seen<T>) -> Vec<&'a Column<T>> {
    if seen.columns.is_none() {
        columns.sort_by_key(|column| column.place);
    }
    columns
}

/// Rows, or of each row the fields that were asked for.
fn content<T: Serialize>(seen: &Seen<T>) -> Content<'_, T> {
    match (&seen.columns, seen.rows.known()) {
        (Some(columns), _) => {
            let keys: Vec<&str> = columns.iter().map(|column| column.key.as_ref()).collect();
            Content::Picked(seen.rows.json().iter().map(|row| picked(row, &keys)).collect())
        }
        (None, Some(known)) => Content::Known(known),
        (None, None) => Content::Rows(seen.rows.items()),
    }
}

/// Prints rows under their headings. Where columns may be left out for want of room, stderr tells which.
fn table<T: Serialize>(columns: &[&Column<T>], rows: &Rows<T>, drops: bool) -> Result<()> {
    let drawn = table::table(columns, rows, Look { drops, ..look() });
    print(&drawn.text)?;
    if !drawn.dropped.is_empty() {
        say(&dim(&format!("no room for {}; `-o wide` shows everything", drawn.dropped.join(", "))));
    }
    Ok(())
}

/// Prints lines of two columns, the second of which is wrapped to fit a terminal.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn lines(lines: Vec<(String, String)>) -> Result<()> {
    let columns = [
        heading("FIELD", |(name, _): &(String, String)| name.clone()).rank(0),
        heading("VALUE", |(_, value): &(String, String)| value.clone()).wraps().rank(0),
    ];
    print(&table::table(&columns.each_ref(), &Rows::new(lines), look()).text)
}

/// How stdout wants its tables.
fn look() -> Look {
    let size = terminal_size::terminal_size_of(io::stdout());
    Look { width: size.map(|(width, _)| width.0.into()), drops: false, colour: colour::is_colourful() }
}

/// Prints a text of our own as it is.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn script(text: &str) -> Result<()> {
    print(text)
}

/// Prints one value and nothing else, for a script to take. Its lines stay lines.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(crate) fn answer(text: &str) -> Result<()> {
    let lines: String = text.split('\n').flat_map(|line| [tame(line), "\n".into()]).collect();
    print(&lines)
}

/// Prints a text as it came; to a terminal without what it would obey. Where a name is given, each line begins with it.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn verbatim(text: &str, name: Option<&str>) -> Result<()> {
    let is_terminal = io::stdout().is_terminal();
    let name = name.map(|name| format!("{}: ", tame(name)));
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        lines += name.as_deref().unwrap_or_default();
        if is_terminal {
            let plain = anstream::adapter::strip_str(line.trim_end_matches(['\r', '\n'])).to_string();
            lines += &plain.split('\t').map(tame).collect::<Vec<_>>().join("\t");
            lines.push('\n');
        } else {
            lines += line;
        }
    }
    if !lines.is_empty() && !lines.ends_with('\n') {
        lines.push('\n');
    }
    print(&lines)
}

/// Prints an empty line.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn blank() -> Result<()> {
    print("\n")
}

/// Prints a value as json.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    print(&if screen::number().is_some() { json::compact(value) } else { json::pretty(value) }?)
}

/// Prints a value as yaml.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(crate) fn yaml(value: &impl Serialize) -> Result<()> {
    print(&yaml::yaml(&serde_json::to_value(value).unwrap_or_default()))
}

/// Prints what stands between two rounds.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn part(format: Format) -> Result<()> {
    match format {
        _ if io::stdout().is_terminal() => Ok(()),
        Format::Table | Format::Wide | Format::Name => print("\n"),
        Format::Yaml => print("---\n"),
        Format::Json | Format::Csv => Ok(()),
    }
}

/// Whether the reader of stdout has seen enough.
pub(super) fn is_unheard() -> bool {
    UNHEARD.load(Ordering::Relaxed)
}

fn print(text: &str) -> Result<()> {
    if screen::take(text) {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // The reader has seen enough, as `head` has.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            UNHEARD.store(true, Ordering::Relaxed);
            Ok(())
        }
        other => other.map_err(|error| super::exit::failed("write to stdout", error)),
    }
}

/// Says a line on stderr. Where it cannot be said, the exit code has to do.
pub(super) fn say(line: &str) {
    if screen::take_said(line) {
        return;
    }
    super::progress::aside(|| _ = writeln!(anstream::stderr().lock(), "{line}"));
}
