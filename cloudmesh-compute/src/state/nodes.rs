//! The last known nodes of each cloud.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Result as Sqlite, Statement, params};
use serde_json::Value;

use super::owner::{Span, time};
use super::{Known, Owner, State};
use crate::{Node, NodeId, Result};

/// A row as it is stored: when it was noted, and the record unless the node is gone.
type Row = (i64, Option<String>);

impl State {
    /// Notes a listing of all nodes of a cloud: those that it lacks are gone. What was noted while it was under way
    /// stays as it is.
    ///
    /// # Errors
    ///
    /// When the database cannot be written to.
    pub(crate) fn note_listing(&self, owner: &Owner, nodes: &[Node], span: Span) -> Result<()> {
        self.write(|connection| {
            let cloud = owner.enter(connection)?;
            if listed(connection, cloud)?.is_some_and(|listed| span.covers(listed)) {
                // Another listing began later and has ended already.
                return Ok(());
            }
            let mut known = rows(connection, cloud)?;
            let mut upsert = upsert(connection)?;
            for node in nodes {
                let before = known.remove(node.id.as_str());
                if before.as_ref().is_some_and(|(noted, _)| span.covers(*noted)) {
                    continue;
                }
                let record = record(node);
                if before.is_none_or(|(_, known)| known.as_ref() != Some(&record)) {
                    upsert.execute(params![cloud, node.id.as_str(), node.name, span.asked(), record])?;
                }
            }
            let mut remove = connection.prepare("DELETE FROM nodes WHERE cloud = ?1 AND id = ?2")?;
            for (id, (noted, _)) in &known {
                if !span.covers(*noted) {
                    remove.execute(params![cloud, id])?;
                }
            }
            connection.execute("UPDATE clouds SET listed = ?2 WHERE id = ?1", params![cloud, span.asked()])?;
            Ok(())
        })
    }

    /// Notes nodes as the cloud described them just now.
    ///
    /// # Errors
    ///
    /// As [`note_listing`](Self::note_listing).
    pub(crate) fn note_nodes(&self, owner: &Owner, nodes: &[Node], span: Span) -> Result<()> {
        self.write(|connection| {
            let cloud = owner.enter(connection)?;
            note(connection, cloud, nodes, span)
        })
    }

    /// Notes all nodes of a name: others that had it have it no more.
    ///
    /// # Errors
    ///
    /// As [`note_listing`](Self::note_listing).
    pub(crate) fn note_named(&self, owner: &Owner, name: &str, nodes: &[Node], span: Span) -> Result<()> {
        self.write(|connection| {
            let cloud = owner.enter(connection)?;
            let others = "DELETE FROM nodes WHERE cloud = ?1 AND name = ?2 AND record IS NOT NULL
                AND noted NOT BETWEEN ?3 AND ?4 AND id NOT IN (SELECT value FROM json_each(?5))";
            let ids = nodes.iter().map(|node| node.id.as_str()).collect::<Value>().to_string();
            connection.execute(others, params![cloud, name, span.asked(), span.answered(), ids])?;
            note(connection, cloud, nodes, span)
        })
    }

    /// Notes that a node is gone, or will be in a moment.
    ///
    /// # Errors
    ///
    /// As [`note_listing`](Self::note_listing).
    pub(crate) fn note_gone(&self, owner: &Owner, id: &NodeId, span: Span) -> Result<()> {
        self.write(|connection| {
            let Some(cloud) = owner.find(connection)? else { return Ok(()) };
            upsert(connection)?.execute(params![cloud, id.as_str(), "", span.answered(), None::<String>])?;
            Ok(())
        })
    }

    /// Notes what has changed about a node, if the node is known.
    ///
    /// # Errors
    ///
    /// As [`note_listing`](Self::note_listing).
    pub(crate) fn note_change(&self, owner: &Owner, id: &NodeId, span: Span, change: impl Fn(&mut Node)) -> Result<()> {
        self.write(|connection| {
            let Some(cloud) = owner.find(connection)? else { return Ok(()) };
            let find = "SELECT record FROM nodes WHERE cloud = ?1 AND id = ?2 AND record IS NOT NULL";
            let known: Option<String> =
                connection.query_row(find, params![cloud, id.as_str()], |row| row.get(0)).optional()?;
            let Some(mut node) = known.and_then(|record| serde_json::from_str::<Node>(&record).ok()) else {
                return Ok(());
            };
            change(&mut node);
            note(connection, cloud, &[node], span)
        })
    }

    /// The nodes of a cloud that are known, in no order.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub(crate) fn nodes(&self, owner: &Owner) -> Result<Known<Node>> {
        self.with(|connection| {
            let Some(cloud) = owner.find(connection)? else { return Ok(Known { listed: None, rows: Vec::new() }) };
            let all = "SELECT record FROM nodes WHERE cloud = ?1 AND record IS NOT NULL";
            let mut statement = connection.prepare(all)?;
            let mut found = statement.query([cloud])?;
            let mut rows = Vec::new();
            while let Some(row) = found.next()? {
                // A record that a later version wrote and this one cannot read is not known.
                rows.extend(serde_json::from_str(row.get_ref(0)?.as_str()?).ok());
            }
            Ok(Known { listed: time(listed(connection, cloud)?), rows })
        })
    }
}

/// When a cloud's nodes were listed last.
fn listed(connection: &Connection, cloud: i64) -> Sqlite<Option<i64>> {
    connection.query_row("SELECT listed FROM clouds WHERE id = ?1", [cloud], |row| row.get(0))
}

fn rows(connection: &Connection, cloud: i64) -> Sqlite<HashMap<String, Row>> {
    let mut statement = connection.prepare("SELECT id, noted, record FROM nodes WHERE cloud = ?1")?;
    let rows = statement.query_map([cloud], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    rows.collect()
}

fn upsert(connection: &Connection) -> Sqlite<Statement<'_>> {
    connection.prepare(
        "INSERT INTO nodes (cloud, id, name, noted, record) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (cloud, id)
            DO UPDATE SET name = excluded.name, noted = excluded.noted, record = excluded.record",
    )
}

fn note(connection: &Connection, cloud: i64, nodes: &[Node], span: Span) -> Sqlite<()> {
    let mut upsert = upsert(connection)?;
    for node in nodes {
        upsert.execute(params![cloud, node.id.as_str(), node.name, span.answered(), record(node)])?;
    }
    Ok(())
}

/// What is kept of a node: everything but the vendor's own record.
fn record(node: &Node) -> String {
    let text = if node.raw.is_some() {
        let mut plain = node.clone();
        plain.raw = None;
        serde_json::to_string(&plain)
    } else {
        serde_json::to_string(node)
    };
    // It has texts for keys and no number that JSON lacks.
    text.unwrap_or_default()
}
