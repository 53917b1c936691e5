//! Columns: what stands in a table for each row, and under which key it is known.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Serialize;

use super::rows::{Rows, found, told};
use crate::NodeState;

/// Where a column is shown without being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    /// In every table.
    Table,
    /// In wide tables, and in csv.
    Wide,
    /// In csv.
    Csv,
    /// Nowhere; it can be named.
    Named,
}

/// A column: its heading, its key in json, and what stands in it for each row.
pub(crate) struct Column<T> {
    pub(crate) heading: Cow<'static, str>,
    pub(crate) key: Cow<'static, str>,
    pub(super) shown: Shown,
    /// Whether a narrow terminal may break it between words, and after commas.
    pub(super) wraps: bool,
    /// On a narrow terminal the greatest goes first, and 0 never.
    pub(super) rank: u8,
    /// Its place in csv, where it is another than in tables.
    pub(super) place: usize,
    /// Where it is missing, the field of this key is shown.
    pub(super) cell: Option<fn(&T) -> String>,
    state: Option<fn(&T) -> NodeState>,
}

/// A column of a table. Its key is the heading in small letters, unless another is given.
pub(crate) fn heading<T>(heading: &'static str, cell: fn(&T) -> String) -> Column<T> {
    let key = heading.to_lowercase().replace(' ', "_");
    Column {
        heading: Cow::Borrowed(heading),
        key: Cow::Owned(key),
        shown: Shown::Table,
        wraps: false,
        rank: 1,
        place: 0,
        cell: Some(cell),
        state: None,
    }
}

/// A field that is a column of wide tables and of csv, as it stands in json.
pub(crate) fn field<T>(key: impl Into<Cow<'static, str>>) -> Column<T> {
    let key = key.into();
    Column {
        heading: Cow::Owned(key.to_uppercase().replace('_', " ")),
        key,
        shown: Shown::Wide,
        wraps: false,
        rank: 1,
        place: 0,
        cell: None,
        state: None,
    }
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        Self { heading: self.heading.clone(), key: self.key.clone(), ..*self }
    }
}

impl<T> Column<T> {
    /// Shows a state in its colour.
    pub(crate) fn coloured(mut self, state: fn(&T) -> NodeState) -> Self {
        self.state = Some(state);
        self
    }

    /// The field of the json that it shows.
    pub(crate) fn key(mut self, key: &'static str) -> Self {
        self.key = Cow::Borrowed(key);
        self
    }

    /// Shows it in wide tables and csv only.
    pub(crate) fn wide(mut self) -> Self {
        self.shown = Shown::Wide;
        self
    }

    /// Shows it in csv only.
    pub(crate) fn detail(mut self) -> Self {
        self.shown = Shown::Csv;
        self
    }

    /// Shows it only where it is asked for by its key.
    pub(crate) fn named(mut self) -> Self {
        self.shown = Shown::Named;
        self
    }

    /// Lets a narrow terminal break it between words, and after commas.
    pub(crate) fn wraps(mut self) -> Self {
        self.wraps = true;
        self
    }

    /// How early a narrow terminal does without it: the greatest first, 0 never.
    pub(crate) fn rank(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }

    /// Shows of these columns the ones of these keys in every table, in this order, and the others where there is room
    /// for everything. A program that reads csv finds them in the order that they had.
    pub(crate) fn pick(mut columns: Vec<Self>, keys: &[&str]) -> Vec<Self> {
        for (place, column) in columns.iter_mut().enumerate() {
            column.place = place;
        }
        let place = |column: &Self| keys.iter().position(|key| *key == column.key);
        let (mut first, mut rest): (Vec<Self>, Vec<Self>) =
            columns.into_iter().partition(|column| place(column).is_some());
        first.sort_by_key(place);
        for column in &mut first {
            column.shown = Shown::Table;
        }
        for column in &mut rest {
            column.shown = column.shown.max(Shown::Wide);
        }
        first.extend(rest);
        first
    }

    /// What stands in it for a row.
    pub(crate) fn of(&self, rows: &Rows<T>, at: usize) -> String
    where
        T: Serialize,
    {
        match self.cell {
            Some(cell) => cell(&rows.items()[at]),
            None => cell(told(&found(&rows.json()[at], &self.key)).as_ref()),
        }
    }

    /// The state that it shows in its colour.
    pub(super) fn state(&self, row: &T) -> Option<NodeState> {
        self.state.map(|state| state(row))
    }
}

/// What stands in a cell for a value that may be unknown.
pub(crate) fn cell<T: Display>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".to_owned(), ToString::to_string)
}
