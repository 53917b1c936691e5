//! Whose data it is.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result};

/// The cloud that something is known of: its name, the file that it stands in, and the account that it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    /// Empty for the usual configuration file, else the file's path.
    pub(crate) origin: String,
    /// The cloud's name in the file.
    pub(crate) cloud: String,
    /// A mark of the account. When it changes, nothing is known any more.
    pub(crate) account: String,
}

impl Owner {
    /// The number of the cloud, which is taken in if it is new; what is known of another account is forgotten.
    pub(super) fn enter(&self, connection: &Connection) -> Result<i64> {
        if let Some(number) = self.find(connection)? {
            return Ok(number);
        }
        connection.execute("DELETE FROM clouds WHERE origin = ?1 AND cloud = ?2", [&self.origin, &self.cloud])?;
        let enter = "INSERT INTO clouds (origin, cloud, account) VALUES (?1, ?2, ?3) RETURNING id";
        connection.query_row(enter, [&self.origin, &self.cloud, &self.account], |row| row.get(0))
    }

    /// The number of the cloud; `None` when nothing is known of it, or only of another account.
    pub(super) fn find(&self, connection: &Connection) -> Result<Option<i64>> {
        let find = "SELECT id FROM clouds WHERE origin = ?1 AND cloud = ?2 AND account = ?3";
        connection.query_row(find, [&self.origin, &self.cloud, &self.account], |row| row.get(0)).optional()
    }
}

/// A time as it was stored.
pub(super) fn time(stored: Option<i64>) -> Option<Timestamp> {
    Timestamp::from_millisecond(stored?).ok()
}

/// The time during which a cloud was asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// When the request was sent.
    pub(crate) asked: Timestamp,
    /// When the answer was there.
    pub(crate) answered: Timestamp,
}

impl Span {
    pub(super) fn asked(self) -> i64 {
        self.asked.as_millisecond()
    }

    pub(super) fn answered(self) -> i64 {
        self.answered.as_millisecond()
    }

    /// Whether something was noted since the request was sent, so that the answer may not know it. What was noted in
    /// the future, by a clock that was wrong, counts as old.
    pub(super) fn covers(self, noted: i64) -> bool {
        (self.asked()..=self.answered()).contains(&noted)
    }
}
