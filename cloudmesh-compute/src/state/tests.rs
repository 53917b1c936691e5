//! The file and its counters.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;

use rusqlite::Connection;

use super::State;

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn folder_and_files_are_the_owners_alone() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("deep/folder");
    let state = State::open(&folder).unwrap();
    state.next_number("vm").unwrap();
    assert_eq!(mode(&folder), 0o700);
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
}

#[test]
fn a_file_that_others_can_read_is_protected() {
    let folder = tempfile::tempdir().unwrap();
    drop(State::open(folder.path()).unwrap());
    let file = folder.path().join("state.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    drop(State::open(folder.path()).unwrap());
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn no_number_is_given_twice() {
    let folder = tempfile::tempdir().unwrap();
    let count = || {
        let state = State::open(folder.path()).unwrap();
        (0..25).map(|_| state.next_number("vm").unwrap()).collect::<Vec<u64>>()
    };
    let mut numbers: Vec<u64> = thread::scope(|scope| {
        let counting: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
        counting.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=100).collect::<Vec<u64>>());
    let state = State::open(folder.path()).unwrap();
    assert_eq!((state.next_number("other").unwrap(), state.next_number("vm").unwrap()), (1, 101));
}

#[test]
fn a_broken_file_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("state.db"), "no database, but long enough to be looked at".repeat(100)).unwrap();
    let state = State::open(folder.path()).unwrap();
    assert_eq!(state.next_number("vm").unwrap(), 1);
    let said = state.said();
    assert!(said[0].contains("state.db` was broken; it is kept as `"), "{said:?}");
    assert!(state.said().is_empty());
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with("state.db.broken-")).count(), 1);
}

#[test]
fn a_file_that_breaks_later_is_put_aside_then() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    drop(State::open(folder.path()).unwrap());
    Connection::open(&file).unwrap().query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    // All but the first page, which holds the header and the names of the tables.
    bytes[4096..].fill(0xff);
    fs::write(&file, bytes).unwrap();
    let state = State::open(folder.path()).unwrap();
    assert!(state.said().is_empty());
    assert_eq!(state.next_number("vm").unwrap(), 1);
    assert_eq!(state.said().len(), 1);
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let connection = Connection::open(&file).unwrap();
    connection.execute_batch("CREATE TABLE later (text TEXT); PRAGMA user_version = 99").unwrap();
    drop(connection);
    let before = fs::read(&file).unwrap();
    let error = State::open(folder.path()).unwrap_err();
    assert!(error.message().contains("newer version of cms"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_file_that_is_removed_while_it_is_used_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(folder.path()).unwrap();
    state.next_number("vm").unwrap();
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    // It works with what nobody else sees any more, or says that it cannot.
    _ = state.next_number("vm");
    assert_eq!(State::open(folder.path()).unwrap().next_number("vm").unwrap(), 1);
}
