//! The catalogues of each cloud: images and flavors.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Result as Sqlite, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::owner::{Span, time};
use super::{Known, Owner, State, What};
use crate::{Flavor, Image, PublicIp, Result};

/// What is listed under a name and an id.
pub(crate) trait Listed: Serialize + DeserializeOwned + Clone {
    /// What it is.
    const WHAT: What;

    fn name(&self) -> &str;
    fn id(&self) -> &str;
    /// Whether it has the vendor's own record.
    fn has_raw(&self) -> bool;
    /// Takes the vendor's own record away.
    fn strip(&mut self);
}

macro_rules! listed {
    ($($type:ty => $what:ident),+ $(,)?) => { $(
        impl Listed for $type {
            const WHAT: What = What::$what;

            fn name(&self) -> &str {
                &self.name
            }

            fn id(&self) -> &str {
                &self.id
            }

            fn has_raw(&self) -> bool {
                self.raw.is_some()
            }

            fn strip(&mut self) {
                self.raw = None;
            }
        }
    )+ };
}

listed! { Image => Image, Flavor => Flavor }

/// An address, which is its own name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Address {
    text: String,
    #[serde(flatten)]
    held: PublicIp,
}

impl From<&PublicIp> for Address {
    fn from(held: &PublicIp) -> Self {
        Self { text: held.address.to_string(), held: held.clone() }
    }
}

impl Listed for Address {
    const WHAT: What = What::Address;

    fn name(&self) -> &str {
        &self.text
    }

    fn id(&self) -> &str {
        &self.held.id
    }

    fn has_raw(&self) -> bool {
        false
    }

    fn strip(&mut self) {}
}

impl State {
    /// Notes a whole catalogue of a cloud, in place of the one before it.
    ///
    /// # Errors
    ///
    /// When the database cannot be written to.
    pub(crate) fn note_catalogue<T: Listed>(&self, owner: &Owner, items: &[T], span: Span) -> Result<()> {
        self.write(|connection| {
            let cloud = owner.enter(connection)?;
            let listed = "INSERT INTO catalogues (cloud, what, listed) VALUES (?1, ?2, ?3)
                ON CONFLICT (cloud, what) DO UPDATE SET listed = excluded.listed";
            connection.execute(listed, params![cloud, T::WHAT.word(), span.asked()])?;
            let mut known = records(connection, cloud, T::WHAT.word())?;
            let upsert = "INSERT INTO items (cloud, what, id, name, record) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (cloud, what, id) DO UPDATE SET name = excluded.name, record = excluded.record";
            let mut upsert = connection.prepare(upsert)?;
            for item in items {
                let record = record(item);
                if known.remove(item.id()).as_ref() != Some(&record) {
                    upsert.execute(params![cloud, T::WHAT.word(), item.id(), item.name(), record])?;
                }
            }
            let mut remove = connection.prepare("DELETE FROM items WHERE cloud = ?1 AND what = ?2 AND id = ?3")?;
            for id in known.keys() {
                remove.execute(params![cloud, T::WHAT.word(), id])?;
            }
            Ok(())
        })
    }

    /// The catalogue of a cloud as it is known, in no order.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub(crate) fn catalogue<T: Listed>(&self, owner: &Owner) -> Result<Known<T>> {
        let nothing = || Known { listed: None, rows: Vec::new() };
        self.with(|connection| {
            let Some(cloud) = owner.find(connection)? else { return Ok(nothing()) };
            let when = "SELECT listed FROM catalogues WHERE cloud = ?1 AND what = ?2";
            let listed = connection.query_row(when, params![cloud, T::WHAT.word()], |row| row.get(0)).optional()?;
            let records = records(connection, cloud, T::WHAT.word())?;
            // A record that a later version wrote and this one cannot read is not known.
            let rows = records.values().filter_map(|record| serde_json::from_str(record).ok());
            Ok(Known { listed: time(listed), rows: rows.collect() })
        })
    }
}

/// The records of a catalogue, by the id.
fn records(connection: &Connection, cloud: i64, what: &str) -> Sqlite<HashMap<String, String>> {
    let mut statement = connection.prepare("SELECT id, record FROM items WHERE cloud = ?1 AND what = ?2")?;
    let records = statement.query_map(params![cloud, what], |row| Ok((row.get(0)?, row.get(1)?)))?;
    records.collect()
}

/// What is kept of an item: everything but the vendor's own record.
fn record<T: Listed>(item: &T) -> String {
    let text = if item.has_raw() {
        let mut plain = item.clone();
        plain.strip();
        serde_json::to_string(&plain)
    } else {
        serde_json::to_string(item)
    };
    text.unwrap_or_default()
}
