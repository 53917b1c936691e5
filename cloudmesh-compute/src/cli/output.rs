//! Tables and JSON.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstyle::AnsiColor;
use comfy_table::presets::NOTHING;
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table};

use crate::{NodeState, Result};

/// A column of a table: its heading, what stands in it for each row, and in which colour.
pub(crate) struct Column<T> {
    heading: &'static str,
    cell: fn(&T) -> String,
    state: Option<fn(&T) -> NodeState>,
}

/// A column.
pub(crate) fn heading<T>(heading: &'static str, cell: fn(&T) -> String) -> Column<T> {
    Column { heading, cell, state: None }
}

impl<T> Column<T> {
    /// Shows a state in its colour.
    pub(crate) fn coloured(mut self, state: fn(&T) -> NodeState) -> Self {
        self.state = Some(state);
        self
    }

    fn of(&self, row: &T) -> Cell {
        let cell = Cell::new(tame(&(self.cell)(row)));
        match self.state.map(|state| colour(state(row))) {
            Some(colour) if is_colourful() => cell.fg(colour),
            _ => cell,
        }
    }
}

/// What stands in a cell for a value that may be unknown.
pub(crate) fn cell<T: Display>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".to_owned(), ToString::to_string)
}

/// Prints rows under their headings; on a terminal sentences are wrapped to fit the width. Nothing is cut, and
/// no word is broken, so that an id can be copied.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn table<T>(columns: &[Column<T>], rows: &[T]) -> Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING);
    let arrangement =
        if io::stdout().is_terminal() { ContentArrangement::Dynamic } else { ContentArrangement::Disabled };
    table.set_content_arrangement(arrangement);
    table.set_header(columns.iter().map(|column| column.heading));
    for row in rows {
        table.add_row(columns.iter().map(|column| column.of(row)));
    }
    for (shown, column) in table.column_iter_mut().zip(columns) {
        shown.set_padding((0, 2));
        if !rows.iter().any(|row| is_sentence(&(column.cell)(row))) {
            shown.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let text: String = table.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    print(&text)
}

/// Whether a text is more than a word or a number with its unit.
fn is_sentence(text: &str) -> bool {
    text.split_whitespace().nth(2).is_some()
}

/// Prints an empty line.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn blank() -> Result<()> {
    print("\n")
}

/// Prints a value as JSON.
///
/// # Errors
///
/// When stdout cannot be written to.
pub(super) fn json(value: &serde_json::Value) -> Result<()> {
    print(&escaped(&format!("{value:#}\n")))
}

/// JSON with escapes in place of what a terminal obeys, which mean the same.
fn escaped(json: &str) -> String {
    let mut text = json.to_owned();
    for wild in json.chars().filter(|sign| is_wild(*sign) && *sign != '\n').collect::<BTreeSet<char>>() {
        text = text.replace(wild, &format!("\\u{:04x}", u32::from(wild)));
    }
    text
}

fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // The reader has seen enough, as `head` has.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| super::exit::failed("write to stdout", error)),
    }
}

fn is_colourful() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn colour(state: NodeState) -> Color {
    match state {
        NodeState::Running => Color::Green,
        NodeState::Error => Color::Red,
        NodeState::Stopped | NodeState::Suspended | NodeState::Deleted => Color::DarkGrey,
        NodeState::Unknown => Color::Magenta,
        _ => Color::Yellow,
    }
}

/// A word in red, where stderr is a terminal.
pub(super) fn red(word: &str) -> String {
    let style = AnsiColor::Red.on_default().bold();
    format!("{style}{word}{style:#}")
}

/// Text from elsewhere without characters that a terminal obeys.
pub(super) fn tame(text: &str) -> Cow<'_, str> {
    if text.contains(is_wild) { Cow::Owned(text.replace(is_wild, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Whether a terminal obeys a character: a control, or one that turns the direction of writing.
fn is_wild(c: char) -> bool {
    let turns = ['\u{61c}', '\u{200e}', '\u{200f}'];
    c.is_control() || turns.contains(&c) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Says a line on stderr. Where it cannot be said, the exit code has to do.
pub(super) fn say(line: &str) {
    _ = writeln!(anstream::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::{escaped, tame};

    #[test]
    fn no_terminal_obeys_a_name() {
        assert_eq!(tame("web-1"), "web-1");
        assert_eq!(tame("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\u{fffd}c");
    }

    #[test]
    fn json_means_the_same_without_what_a_terminal_obeys() {
        let value = serde_json::json!({ "name": "a\u{9b}2Jb\u{7f}\u{202e}c\nd\u{1b}ä" });
        let text = escaped(&format!("{value:#}\n"));
        assert_eq!(text, "{\n  \"name\": \"a\\u009b2Jb\\u007f\\u202ec\\nd\\u001bä\"\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
