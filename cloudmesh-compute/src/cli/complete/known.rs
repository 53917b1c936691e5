//! Names from the known state. It is only read: a database that is missing or broken has no names.

use rusqlite::{Connection, OpenFlags, Result, params};

use super::candidates::other_file;
use crate::config::{ProcessEnvironment, folder, path};

/// What has a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Node,
    Image,
    Flavor,
}

/// The names that begin so, of all clouds of the configuration that is meant.
pub(super) fn names(what: What, prefix: &str) -> Vec<String> {
    read(what, prefix).unwrap_or_default()
}

fn read(what: What, prefix: &str) -> Option<Vec<String>> {
    let file = folder(&ProcessEnvironment).ok()?.join("state.db");
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    ask(&connection, what, prefix).ok()
}

fn ask(connection: &Connection, what: What, prefix: &str) -> Result<Vec<String>> {
    let table = match what {
        What::Node => "nodes AS known ON known.cloud = clouds.id AND known.record IS NOT NULL",
        What::Image => "items AS known ON known.cloud = clouds.id AND known.what = 'image'",
        What::Flavor => "items AS known ON known.cloud = clouds.id AND known.what = 'flavor'",
    };
    let mut statement = connection.prepare(&format!(
        "SELECT DISTINCT known.name FROM clouds JOIN {table}
            WHERE clouds.origin = ?1 AND known.name >= ?2 AND known.name < ?3"
    ))?;
    let end = format!("{prefix}{}", char::MAX);
    let names = statement.query_map(params![origin(), prefix, end], |row| row.get(0))?;
    names.collect()
}

/// How the known state calls the configuration: nothing for the usual one, else its path.
fn origin() -> String {
    let real = |path| std::fs::canonicalize(&path).unwrap_or(path);
    let usual = path(&ProcessEnvironment).ok().map(real);
    let other = other_file().map(real).filter(|file| Some(file) != usual.as_ref());
    other.map_or_else(String::new, |file| file.display().to_string())
}
