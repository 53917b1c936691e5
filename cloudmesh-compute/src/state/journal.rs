//! The journal of creates: what was about to be made, under which token, so that whoever comes after a crash finds what
//! was made and makes the rest.
//!
//! An intent is written before the first request and removed after the last. One that is left over belongs to a run
//! that was killed: the next `cms vm boot` of that name takes it up with its token.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::State;
use super::run::{Run, is_alive, process};
use crate::{Error, ErrorKind, NodeId, Result, Token};

/// How long an intent that nobody takes up is kept. What it was for shows in every listing, with its token on it.
const KEPT: Duration = Duration::from_hours(24);

/// The cloud that intents are about: where it is configured, and its name there.
#[derive(Debug, Clone)]
pub(crate) struct Cloud {
    /// The configuration file; empty for the usual one.
    pub(crate) origin: String,
    /// The name of the cloud in it.
    pub(crate) name: String,
}

/// What is to be made.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// The name.
    pub(crate) name: String,
    /// A token that nobody has used.
    pub(crate) token: Token,
    /// The other wishes in one line, to be compared; no secrets.
    pub(crate) told: String,
}

/// What the journal says to a wish.
#[derive(Debug)]
pub(crate) enum Intent {
    /// It is written down, to be made under a token that nobody has used.
    New,
    /// An earlier run wanted it and was killed.
    Old(Left),
    /// Another `cms` is at it, with this process number.
    Busy(String),
}

/// What an earlier run left.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    /// The token, which may have been used.
    pub(crate) token: Token,
    /// What was wished then.
    pub(crate) told: String,
    /// When the cloud was asked for it.
    pub(crate) asked: Option<Timestamp>,
    /// The node, if the cloud had answered.
    pub(crate) node: Option<NodeId>,
}

/// The journal, as one run writes it.
#[derive(Debug)]
pub(crate) struct Journal<'a> {
    state: &'a State,
    run: Run,
}

impl<'a> Journal<'a> {
    /// The journal of a new run.
    ///
    /// # Errors
    ///
    /// When the folder of the state cannot be written to.
    pub(crate) fn open(state: &'a State) -> Result<Self> {
        let run = Run::begin(state.folder()).map_err(|error| {
            let folder = state.folder().join(super::run::FOLDER);
            let message = format!("cannot write in the folder `{}`", super::file::shown(&folder));
            Error::new(ErrorKind::Unexpected, message).with_source(error)
        })?;
        Ok(Self { state, run })
    }

    /// Writes down what is going to be made, all of it or nothing, and on the disk when it returns. What an earlier run
    /// left is taken up.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn begin(&self, cloud: &Cloud, wishes: &[Wish]) -> Result<Vec<Intent>> {
        let now = Timestamp::now().as_millisecond();
        self.state.durably(|db| {
            let mut lives = HashMap::new();
            let mut is_alive =
                |run: &str| *lives.entry(run.to_owned()).or_insert_with(|| is_alive(self.state.folder(), run));
            forget_old(db, cloud, now, &mut is_alive)?;
            wishes.iter().map(|wish| self.intend(db, cloud, wish, now, &mut is_alive)).collect()
        })
    }

    fn intend(
        &self,
        db: &Connection,
        cloud: &Cloud,
        wish: &Wish,
        now: i64,
        is_alive: &mut dyn FnMut(&str) -> bool,
    ) -> rusqlite::Result<Intent> {
        let find = "SELECT run, token, told, asked, node FROM creates WHERE origin = ?1 AND cloud = ?2 AND name = ?3";
        let mut found = db.prepare(find)?;
        let place = params![cloud.origin, cloud.name, wish.name];
        let Some((run, left)) = found.query_row(place, left).optional()? else {
            let add = "INSERT INTO creates (origin, cloud, name, token, told, run, begun)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let (token, run) = (wish.token.as_str(), self.run.name());
            db.prepare(add)?.execute(params![cloud.origin, cloud.name, wish.name, token, wish.told, run, now])?;
            return Ok(Intent::New);
        };
        if is_alive(&run) {
            return Ok(Intent::Busy(process(&run).to_owned()));
        }
        let take = "UPDATE creates SET run = ?4, begun = ?5 WHERE origin = ?1 AND cloud = ?2 AND name = ?3";
        db.prepare(take)?.execute(params![cloud.origin, cloud.name, wish.name, self.run.name(), now])?;
        Ok(Intent::Old(left))
    }

    /// Notes that the cloud is about to be asked for this. An intent that was lost meanwhile, with a file that broke,
    /// is written down again.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or has become another run's.
    pub(crate) fn ask(&self, cloud: &Cloud, wish: &Wish) -> Result<()> {
        let now = Timestamp::now().as_millisecond();
        let note = "INSERT INTO creates (origin, cloud, name, run, begun, asked, token, told)
            VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7) ON CONFLICT (origin, cloud, name) DO UPDATE
            SET asked = excluded.asked, token = excluded.token, told = excluded.told, node = NULL
            WHERE run = excluded.run";
        let token = wish.token.as_str();
        let run = self.run.name();
        let noted = self.state.write(|db| {
            let place = params![cloud.origin, cloud.name, wish.name, run, now, token, wish.told];
            db.prepare(note)?.execute(place)
        })?;
        if noted == 0 {
            let message = format!("another `cms` has taken `{}` over; wait until that has ended", wish.name);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        Ok(())
    }

    /// Notes that the cloud has made it.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn accepted(&self, cloud: &Cloud, name: &str, node: &NodeId) -> Result<()> {
        let update = "UPDATE creates SET node = ?5 WHERE origin = ?1 AND cloud = ?2 AND name = ?3 AND run = ?4";
        let run = self.run.name();
        self.state
            .write(|db| db.prepare(update)?.execute(params![cloud.origin, cloud.name, name, run, node.as_str()]))?;
        Ok(())
    }

    /// Removes intents whose outcome is known; those of other runs stay.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn close(&self, cloud: &Cloud, names: &[String]) -> Result<()> {
        let remove = "DELETE FROM creates WHERE origin = ?1 AND cloud = ?2 AND name = ?3 AND run = ?4";
        let run = self.run.name();
        self.state.write(|db| {
            let mut removing = db.prepare(remove)?;
            names.iter().try_for_each(|name| removing.execute(params![cloud.origin, cloud.name, name, run]).map(drop))
        })
    }
}

impl State {
    /// What killed runs have left of these names.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub(crate) fn left_over(&self, cloud: &Cloud, names: &[String]) -> Result<Vec<(String, Left)>> {
        let find = "SELECT run, token, told, asked, node FROM creates WHERE origin = ?1 AND cloud = ?2 AND name = ?3";
        self.with(|db| {
            let mut finding = db.prepare(find)?;
            let mut found = Vec::new();
            for name in names {
                let row = finding.query_row(params![cloud.origin, cloud.name, name], left).optional()?;
                found
                    .extend(row.filter(|(run, _)| !is_alive(self.folder(), run)).map(|(_, left)| (name.clone(), left)));
            }
            Ok(found)
        })
    }

    /// Removes what killed runs have left of these names.
    ///
    /// # Errors
    ///
    /// When the database cannot be written to.
    pub(crate) fn forget_creates(&self, cloud: &Cloud, names: &[String]) -> Result<()> {
        let left = self.left_over(cloud, names)?;
        if left.is_empty() {
            return Ok(());
        }
        let remove = "DELETE FROM creates WHERE origin = ?1 AND cloud = ?2 AND name = ?3 AND token = ?4";
        self.write(|db| {
            let mut removing = db.prepare(remove)?;
            let mut one = |name: &str, token: &Token| {
                removing.execute(params![cloud.origin, cloud.name, name, token.as_str()]).map(drop)
            };
            left.iter().try_for_each(|(name, left)| one(name, &left.token))
        })
    }
}

/// Removes intents of killed runs that nobody has taken up for long.
fn forget_old(
    db: &Connection,
    cloud: &Cloud,
    now: i64,
    is_alive: &mut dyn FnMut(&str) -> bool,
) -> rusqlite::Result<()> {
    let since = now.saturating_sub(i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX));
    let find = "SELECT DISTINCT run FROM creates WHERE origin = ?1 AND cloud = ?2 AND begun < ?3";
    let mut finding = db.prepare(find)?;
    let runs = finding.query_map(params![cloud.origin, cloud.name, since], |row| row.get::<_, String>(0))?;
    let runs: Vec<String> = runs.collect::<rusqlite::Result<_>>()?;
    let remove = "DELETE FROM creates WHERE origin = ?1 AND cloud = ?2 AND begun < ?3 AND run = ?4";
    for run in runs.iter().filter(|run| !is_alive(run)) {
        db.execute(remove, params![cloud.origin, cloud.name, since, run])?;
    }
    Ok(())
}

/// The run of an intent, and what it left.
fn left(row: &Row<'_>) -> rusqlite::Result<(String, Left)> {
    let asked: Option<i64> = row.get(3)?;
    let left = Left {
        token: Token::new(row.get::<_, String>(1)?),
        told: row.get(2)?,
        asked: asked.map(|asked| Timestamp::from_millisecond(asked).unwrap_or(Timestamp::MIN)),
        node: row.get::<_, Option<String>>(4)?.map(NodeId::new),
    };
    Ok((row.get(0)?, left))
}

#[cfg(test)]
mod tests;
