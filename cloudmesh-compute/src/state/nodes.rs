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

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use tempfile::TempDir;

    use super::super::owner::Span;
    use super::super::{Owner, State};
    use crate::{Node, NodeId, NodeState};

    /// A state in a folder, and a clock that is set by hand.
    struct Bench {
        state: State,
        owner: Owner,
        start: Timestamp,
        _folder: TempDir,
    }

    impl Bench {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let owner = Owner { origin: String::new(), cloud: "lab".to_owned(), account: "albert".to_owned() };
            Self { state: State::open(folder.path()).unwrap(), owner, start: Timestamp::now(), _folder: folder }
        }

        /// From one second to another.
        fn span(&self, asked: i64, answered: i64) -> Span {
            let at = |seconds| self.start + SignedDuration::from_secs(seconds);
            Span { asked: at(asked), answered: at(answered) }
        }

        fn list(&self, names: &[&str], span: (i64, i64)) {
            let nodes: Vec<Node> = names.iter().map(|name| node(name)).collect();
            self.state.note_listing(&self.owner, &nodes, self.span(span.0, span.1)).unwrap();
        }

        fn names(&self) -> Vec<String> {
            let nodes = self.state.nodes(&self.owner).unwrap().rows;
            let mut names: Vec<String> = nodes.into_iter().map(|node| node.name).collect();
            names.sort();
            names
        }
    }

    /// A node whose id is its name.
    fn node(name: &str) -> Node {
        Node::new(name, name, NodeState::Running)
    }

    #[test]
    fn what_a_listing_lacks_is_gone() {
        let bench = Bench::new();
        bench.list(&["a", "b"], (0, 1));
        bench.list(&["b", "c"], (2, 3));
        assert_eq!(bench.names(), ["b", "c"]);
        let listed = bench.state.nodes(&bench.owner).unwrap().listed.unwrap();
        assert_eq!(listed.as_millisecond(), bench.span(2, 2).asked.as_millisecond());
    }

    #[test]
    fn what_was_noted_while_a_listing_was_under_way_stays() {
        let bench = Bench::new();
        bench.list(&["old", "doomed"], (0, 1));
        bench.state.note_nodes(&bench.owner, &[node("new")], bench.span(11, 12)).unwrap();
        bench.state.note_gone(&bench.owner, &NodeId::new("doomed"), bench.span(11, 13)).unwrap();
        bench.list(&["old", "doomed"], (10, 15));
        assert_eq!(bench.names(), ["new", "old"]);
        bench.list(&["old"], (20, 21));
        assert_eq!(bench.names(), ["old"]);
    }

    #[test]
    fn the_listing_that_began_last_counts() {
        let bench = Bench::new();
        bench.list(&["a", "b"], (5, 6));
        bench.list(&["a", "z"], (4, 7));
        assert_eq!(bench.names(), ["a", "b"]);
    }

    #[test]
    fn what_was_noted_in_the_future_by_a_wrong_clock_does_not_stay_for_ever() {
        let bench = Bench::new();
        bench.list(&["a"], (0, 1));
        bench.state.note_nodes(&bench.owner, &[node("ghost")], bench.span(9_999, 10_000)).unwrap();
        bench.list(&["a"], (2, 3));
        assert_eq!(bench.names(), ["a"]);
    }

    #[test]
    fn a_look_by_name_tells_of_all_that_have_it() {
        let bench = Bench::new();
        bench.list(&["a", "b"], (0, 1));
        bench.state.note_named(&bench.owner, "a", &[], bench.span(2, 3)).unwrap();
        assert_eq!(bench.names(), ["b"]);
        bench.state.note_named(&bench.owner, "b", &[node("b")], bench.span(4, 5)).unwrap();
        assert_eq!(bench.names(), ["b"]);
    }

    #[test]
    fn another_account_knows_nothing_of_the_first() {
        let bench = Bench::new();
        bench.list(&["a"], (0, 1));
        let other = Owner { account: "berta".to_owned(), ..bench.owner.clone() };
        assert_eq!(bench.state.nodes(&other).unwrap().listed, None);
        bench.state.note_listing(&other, &[node("theirs")], bench.span(2, 3)).unwrap();
        assert!(bench.names().is_empty());
    }
}
