//! Tables: columns for people.
//!
//! Nothing is ever cut, so that an id can be copied. A terminal that is too narrow first gets prose and lists on several
//! lines, then does without the least important columns; a pipe always gets everything on one line a row.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::colour::style;
use super::column::Column;
use super::fit::{fit, wrapped};
use super::rows::Rows;
use super::tame::tame;
use crate::NodeState;

/// What stands between two columns.
const GAP: usize = 2;

/// How a table is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Look {
    /// How many signs fit on a line; `None`: any number.
    pub(crate) width: Option<usize>,
    /// Whether columns may be left out to make it fit.
    pub(crate) drops: bool,
    /// Whether states are coloured.
    pub(crate) colour: bool,
}

/// A table as text, and the headings of the columns that there was no room for.
pub(crate) struct Drawn {
    pub(crate) text: String,
    pub(crate) dropped: Vec<String>,
}

/// What stands in a column, top to bottom without its heading, and how wide it is.
pub(super) struct Strip {
    pub(super) cells: Vec<String>,
    pub(super) width: usize,
    /// The narrowest that it can be: its longest word, where it may be broken between words.
    pub(super) least: usize,
    pub(super) rank: u8,
}

/// Draws rows under their headings.
pub(crate) fn table<T: Serialize>(columns: &[&Column<T>], rows: &Rows<T>, look: Look) -> Drawn {
    let mut strips: Vec<Strip> = columns.iter().map(|column| strip(column, rows)).collect();
    let kept = fit(&mut strips, look.width.map(|width| width + GAP), look.drops);
    let shown: Vec<(&Column<T>, &Strip)> = kept.iter().map(|at| (columns[*at], &strips[*at])).collect();
    let mut text = String::new();
    line(&mut text, shown.iter().map(|(column, strip)| (Cow::Borrowed(column.heading.as_ref()), strip.width, None)));
    for at in 0..rows.len() {
        let state = |column: &Column<T>| column.state(&rows.items()[at]).filter(|_| look.colour);
        row(&mut text, &shown.iter().map(|(column, strip)| (*strip, state(column))).collect::<Vec<_>>(), at);
    }
    let is_dropped = |(at, _): &(usize, &&Column<T>)| !kept.contains(at);
    let dropped = columns.iter().enumerate().filter(is_dropped).map(|(_, column)| column.heading.to_string());
    Drawn { text, dropped: dropped.collect() }
}

fn strip<T: Serialize>(column: &Column<T>, rows: &Rows<T>) -> Strip {
    let mut cells = Vec::with_capacity(rows.len());
    let (mut width, mut least) = (column.heading.width(), column.heading.width());
    for at in 0..rows.len() {
        let text = column.of(rows, at);
        let cell = match tame(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(tamed) => tamed,
        };
        width = width.max(cell.width());
        if column.wraps {
            least = least.max(wrapped(&cell, 0).map(UnicodeWidthStr::width).max().unwrap_or(0));
        }
        cells.push(cell);
    }
    Strip { cells, width, least: if column.wraps { least } else { width }, rank: column.rank }
}

/// A row, on as many lines as its highest cell needs.
fn row(text: &mut String, cells: &[(&Strip, Option<NodeState>)], at: usize) {
    let is_broken = cells.iter().any(|(strip, _)| strip.cells[at].width() > strip.width);
    if !is_broken {
        let cells = cells.iter().map(|(strip, state)| (Cow::Borrowed(strip.cells[at].as_str()), strip.width, *state));
        return line(text, cells);
    }
    let mut pieces: Vec<_> = cells.iter().map(|(strip, _)| wrapped(&strip.cells[at], strip.width).fuse()).collect();
    loop {
        let next: Vec<Option<&str>> = pieces.iter_mut().map(Iterator::next).collect();
        if next.iter().all(Option::is_none) {
            break;
        }
        let parts = next.into_iter().zip(cells);
        line(text, parts.map(|(part, (strip, state))| (Cow::Borrowed(part.unwrap_or_default()), strip.width, *state)));
    }
}

/// A line of cells, each padded to its width, the last one not.
fn line<'a>(text: &mut String, cells: impl Iterator<Item = (Cow<'a, str>, usize, Option<NodeState>)>) {
    let mut owed = 0;
    for (cell, width, state) in cells {
        if !cell.is_empty() {
            text.extend(std::iter::repeat_n(' ', owed));
            owed = 0;
            match state.map(style) {
                Some(style) => _ = write!(text, "{style}{cell}{style:#}"),
                None => text.push_str(&cell),
            }
        }
        owed += width - cell.width().min(width) + GAP;
    }
    text.push('\n');
}
