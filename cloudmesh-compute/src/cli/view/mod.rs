//! Which rows of a result are shown, in which order, and what of them.

mod condition;
mod keys;
mod order;

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use self::condition::Condition;
use self::keys::{Key, resolve};
use self::order::{Order, place};
use super::Format;
use super::arguments::time;
use super::help::OUTPUT;
use super::output::{Column, Rows};
use crate::Result;

/// What the user wants to see of a result.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct View {
    /// How to print [default: the configuration's, else table]
    #[arg(
        long,
        short,
        global = true,
        value_enum,
        value_name = "FORMAT",
        hide_env_values = true,
        env = "CLOUDMESH_OUTPUT"
    )]
    pub(crate) output: Option<Format>,
    /// Show only what fits: `KEY=VALUE`, `KEY!=VALUE`, `KEY~REGEX`, `KEY!~REGEX`; KEY as in json, such as
    /// `metadata.course` (repeatable, all must hold)
    #[arg(long, global = true, value_name = "CONDITION")]
    filter: Vec<Condition>,
    /// Order by this, downwards with `-KEY`; several with commas
    #[arg(long, global = true, value_name = "KEY", value_delimiter = ',', allow_hyphen_values = true)]
    sort: Vec<Order>,
    /// Show these fields only, in this order; any key of the json
    #[arg(long, global = true, value_name = "KEYS", value_delimiter = ',')]
    columns: Vec<String>,
    /// Show no more than so many
    #[arg(long, global = true, value_name = "N", value_parser = limit)]
    limit: Option<NonZeroUsize>,
    /// Show it again and again, every 2 seconds or as often as said, until Ctrl-C; with `-o json` one line a round
    #[arg(long, global = true, value_name = "TIME", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "2", value_parser = time)]
    pub(crate) watch: Option<Duration>,
    /// With `-o json` or `-o yaml`, add the cloud's own record of each thing
    #[arg(long, global = true)]
    pub(crate) raw: bool,
    /// Print without colour, as with `NO_COLOR=1`
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

/// What there is to see.
pub(crate) struct Seen<T> {
    pub(crate) rows: Rows<T>,
    /// The columns that were asked for.
    pub(crate) columns: Option<Vec<Column<T>>>,
    /// What to tell of rows that are not shown.
    pub(crate) remark: Option<String>,
}

/// Reads a number of rows.
fn limit(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "write a number from 1 on".to_owned())
}

impl<T> Seen<T> {
    /// The fields of a row that were asked for, as lines.
    pub(crate) fn lines(&self, at: usize) -> Option<Vec<(String, String)>>
    where
        T: Serialize,
    {
        let line = |column: &Column<T>| (column.key.to_string(), column.of(&self.rows, at));
        Some(self.columns.as_ref()?.iter().map(line).collect())
    }

    /// All there is.
    pub(crate) fn all(rows: Vec<T>) -> Self {
        Self { rows: Rows::new(rows), columns: None, remark: None }
    }
}

impl View {
    /// The option that leaves rows out, if one is given.
    pub(crate) fn leaves_out(&self) -> Option<&'static str> {
        let filters = (!self.filter.is_empty()).then_some("--filter");
        filters.or_else(|| self.limit.map(|_| "--limit"))
    }

    /// Whether it asks for fields.
    pub(crate) fn picks(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Whether the cloud's own record is asked for, or something in it.
    pub(crate) fn needs_raw(&self) -> bool {
        let named = self.keys().any(|key| key == "raw" || key.starts_with("raw."));
        named || self.raw
    }

    /// Looks whether all keys are known.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) with the nearest key and all there are.
    pub(crate) fn check<T>(&self, columns: &[Column<T>]) -> Result<()> {
        self.keys().try_for_each(|key| resolve(key, columns).map(drop))
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        let filters = self.filter.iter().map(|condition| condition.key.as_str());
        let orders = self.sort.iter().map(|order| order.key.as_str());
        filters.chain(orders).chain(self.columns.iter().map(String::as_str))
    }

    /// Filters, sorts and limits rows. Without any of these no row is looked at.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub(crate) fn apply<T: Serialize>(&self, rows: Vec<T>, columns: &[Column<T>], what: &str) -> Result<Seen<T>> {
        self.check(columns)?;
        let all = rows.len();
        let mut rows = if self.filter.is_empty() && self.sort.is_empty() && !self.needs_raw() {
            Rows::new(rows)
        } else {
            Rows::of(self.chosen(rows, columns)?)
        };
        let fitting = rows.len();
        if let Some(limit) = self.limit {
            rows.truncate(limit.get());
        }
        let remark = match rows.len() {
            0 if all > 0 => Some(format!("none of {all} {what} fits the filter")),
            shown if shown < fitting => Some(format!("showing {shown} of {fitting}")),
            _ => None,
        };
        Ok(Seen { rows, columns: self.picked(columns)?, remark })
    }

    /// The rows that fit all conditions, in order, with their json.
    fn chosen<T: Serialize>(&self, rows: Vec<T>, columns: &[Column<T>]) -> Result<Vec<(T, Value)>> {
        let mut rows: Vec<(T, Value)> = rows
            .into_iter()
            .map(|row| {
                let json = serde_json::to_value(&row).unwrap_or_default();
                (row, json)
            })
            .collect();
        for condition in &self.filter {
            let key = resolve(&condition.key, columns)?;
            rows.retain(|(_, json)| condition.fits(json, &key));
        }
        for order in self.sort.iter().rev() {
            let key = resolve(&order.key, columns)?;
            rows.sort_by_cached_key(|(_, json)| place(json, &key, order.down));
        }
        if !self.raw && !self.columns.iter().any(|key| key == "raw" || key.starts_with("raw.")) {
            // It was there to be looked at.
            for json in rows.iter_mut().filter_map(|(_, json)| json.as_object_mut()) {
                json.shift_remove("raw");
            }
        }
        Ok(rows)
    }

    fn picked<T>(&self, columns: &[Column<T>]) -> Result<Option<Vec<Column<T>>>> {
        let pick = |key: &String| resolve(key, columns).map(|key: Key| key.column(columns));
        self.picks().then(|| self.columns.iter().map(pick).collect()).transpose()
    }
}
