//! What is known between two commands: `state.db` beside the configuration.
//!
//! It keeps the last known nodes and catalogues of each cloud, the counters of generated names, and the journal of what
//! `create` began. It holds no secret, and losing it loses no node: it is made anew from the clouds.

mod catalogue;
mod file;
mod journal;
mod names;
mod nodes;
mod notes;
mod owner;
mod rights;
mod run;
mod schema;
mod suggest;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

pub(crate) use self::catalogue::Listed;
use self::file::Place;
pub(crate) use self::journal::{Cloud, Intent, Journal, Left, Wish};
pub(crate) use self::names::{What, glimpsed};
pub(crate) use self::notes::{Notes, told};
pub(crate) use self::owner::Owner;
pub(crate) use self::suggest::{did_you_mean, near};
use crate::Result;

/// What is known of one kind of thing in a cloud.
#[derive(Debug, PartialEq)]
pub(crate) struct Known<T> {
    /// When the cloud was last asked for all of them; `None`: never.
    pub(crate) listed: Option<Timestamp>,
    /// All of them, in no order.
    pub(crate) rows: Vec<T>,
}

/// The known state. Several processes, and several tasks of one, may use it at once.
pub(crate) struct State {
    place: Place,
    connection: Mutex<Connection>,
    said: Mutex<Vec<String>>,
    given_up: AtomicBool,
}

impl State {
    /// Opens the database in a folder; both are made if they are missing.
    ///
    /// # Errors
    ///
    /// When folder or file are somebody else's, cannot be written to, are locked for long, or were written by a newer
    /// version. A broken file is no error: it is put aside, see [`said`](Self::said).
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let place = Place::new(folder)?;
        let mut said = Vec::new();
        let connection = place.open(&mut said)?;
        Ok(Self { place, connection: Mutex::new(connection), said: Mutex::new(said), given_up: AtomicBool::new(false) })
    }

    /// What the user should know since this was asked last.
    pub(crate) fn said(&self) -> Vec<String> {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether writing has failed, so that it is not tried, and waited for, again and again.
    pub(super) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Takes note that writing has failed; whether this is the first time.
    pub(super) fn give_up(&self) -> bool {
        !self.given_up.swap(true, Ordering::Relaxed)
    }

    /// The next number of a counter, from 1; no two processes get the same.
    ///
    /// # Errors
    ///
    /// When the database cannot be written to.
    pub(crate) fn next_number(&self, counter: &str) -> Result<u64> {
        let next = "INSERT INTO counters (name, value) VALUES (?1, 1)
            ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value";
        let number = self.with(|connection| connection.query_row(next, [counter], |row| row.get::<_, i64>(0)))?;
        Ok(number.unsigned_abs())
    }

    /// The number that a counter gave last, 0 if it never gave one.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub(crate) fn last_number(&self, counter: &str) -> Result<u64> {
        let find = "SELECT value FROM counters WHERE name = ?1";
        let number = self.with(|db| db.query_row(find, [counter], |row| row.get::<_, i64>(0)).optional())?;
        Ok(number.unwrap_or_default().unsigned_abs())
    }

    /// Works with the connection. When the database turns out to be broken, it is put aside and the work is done
    /// again with a new one.
    ///
    /// # Errors
    ///
    /// When the database cannot be used.
    pub(super) fn with<T>(&self, work: impl Fn(&mut Connection) -> rusqlite::Result<T>) -> Result<T> {
        let mut connection = self.lock();
        let done = match work(&mut connection) {
            Err(error) if file::is_broken(&error) => {
                self.begin_anew(&mut connection)?;
                work(&mut connection)
            }
            other => other,
        };
        done.map_err(|error| self.place.refused(error))
    }

    /// As [`with`](Self::with), in a transaction of its own that keeps other writers out from its beginning.
    ///
    /// # Errors
    ///
    /// As [`with`](Self::with).
    pub(super) fn write<T>(&self, work: impl Fn(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.with(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
    }

    /// As [`write`](Self::write), and on the disk when it returns: not even a power cut undoes it.
    ///
    /// # Errors
    ///
    /// As [`with`](Self::with).
    pub(super) fn durably<T>(&self, work: impl Fn(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.with(|connection| connection.execute_batch("PRAGMA synchronous = FULL"))?;
        let done = self.write(work);
        self.with(|connection| connection.execute_batch("PRAGMA synchronous = NORMAL"))?;
        done
    }

    fn folder(&self) -> &Path {
        self.place.folder()
    }

    fn begin_anew(&self, connection: &mut Connection) -> Result<()> {
        let nothing = Connection::open_in_memory().map_err(|error| self.place.refused(error))?;
        drop(std::mem::replace(connection, nothing));
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        *connection = self.place.replace(&mut said)?;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("place", &self.place).finish_non_exhaustive()
    }
}
