//! The tables, and how a database of an earlier version becomes one of this version.

use rusqlite::{Connection, Result, TransactionBehavior};

/// What makes version 1 of nothing, version 2 of version 1, and so on. What stands here once is never changed: a
/// database somewhere was made with it.
///
/// Times are milliseconds since 1970. A node without a record is one that is gone: it stands there until the next
/// listing, so that an answer that was under way when it went does not bring it back.
const MIGRATIONS: [&str; 2] = [
    "
    CREATE TABLE clouds (
        id INTEGER PRIMARY KEY,
        origin TEXT NOT NULL,
        cloud TEXT NOT NULL,
        account TEXT NOT NULL,
        listed INTEGER,
        UNIQUE (origin, cloud)
    ) STRICT;
    CREATE TABLE nodes (
        cloud INTEGER NOT NULL REFERENCES clouds (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        noted INTEGER NOT NULL,
        record TEXT,
        PRIMARY KEY (cloud, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX nodes_by_name ON nodes (cloud, name) WHERE record IS NOT NULL;
    CREATE TABLE catalogues (
        cloud INTEGER NOT NULL REFERENCES clouds (id) ON DELETE CASCADE,
        what TEXT NOT NULL,
        listed INTEGER NOT NULL,
        PRIMARY KEY (cloud, what)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE items (
        cloud INTEGER NOT NULL,
        what TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (cloud, what, id),
        FOREIGN KEY (cloud, what) REFERENCES catalogues (cloud, what) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX items_by_name ON items (cloud, what, name);
    CREATE TABLE counters (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE creates (
        origin TEXT NOT NULL,
        cloud TEXT NOT NULL,
        name TEXT NOT NULL,
        token TEXT NOT NULL,
        run TEXT NOT NULL,
        begun INTEGER NOT NULL,
        asked INTEGER,
        node TEXT,
        PRIMARY KEY (origin, cloud, name)
    ) STRICT;
",
    "
    ALTER TABLE creates ADD COLUMN told TEXT NOT NULL DEFAULT '';
",
];

/// The version that this program reads and writes.
pub(super) const VERSION: usize = MIGRATIONS.len();

/// The version of a database; 0 for one that was just made.
pub(super) fn version(connection: &Connection) -> Result<usize> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    // What is no version of ours is a later one's.
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// Whether a database holds tables that no version of ours has made.
pub(super) fn is_foreign(connection: &Connection) -> Result<bool> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables > 0 && version(connection)? == 0)
}

/// Brings a database to this version, step by step.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    migrate_with(connection, &MIGRATIONS)
}

fn migrate_with(connection: &mut Connection, migrations: &[&str]) -> Result<()> {
    for (before, step) in migrations.iter().enumerate() {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if version(&transaction)? == before {
            transaction.execute_batch(step)?;
            transaction.execute_batch(&format!("PRAGMA user_version = {}", before + 1))?;
        }
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MIGRATIONS, VERSION, migrate, migrate_with, version};
    use rusqlite::Connection;

    #[test]
    fn a_new_database_has_the_version_of_the_program() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), VERSION);
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = [MIGRATIONS[0], "CREATE TABLE notes (text TEXT); CREATE TABLE nodes (id TEXT)"];
        assert!(migrate_with(&mut connection, &steps).is_err());
        assert_eq!(version(&connection).unwrap(), 1);
        let notes = "SELECT count(*) FROM sqlite_schema WHERE name = 'notes'";
        assert_eq!(connection.query_row(notes, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    }

    #[test]
    fn a_database_of_an_earlier_version_keeps_what_it_holds() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_with(&mut connection, &MIGRATIONS[..1]).unwrap();
        connection.execute("INSERT INTO counters VALUES ('vm', 7)", []).unwrap();
        migrate_with(&mut connection, &[MIGRATIONS[0], "ALTER TABLE counters ADD COLUMN note TEXT"]).unwrap();
        let value = connection.query_row("SELECT value FROM counters WHERE note IS NULL", [], |row| row.get(0));
        assert_eq!((value, version(&connection).unwrap()), (Ok(7), 2));
    }
}
