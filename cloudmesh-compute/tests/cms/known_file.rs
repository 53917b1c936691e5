//! The file of the known state: broken, locked, somebody else's, or gone. No command fails for it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rusqlite::Connection;

use crate::desk::{Desk, Said};

/// A desk with a machine that is known.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    desk.cms("vm list").exits(0);
    desk
}

fn file(desk: &Desk) -> std::path::PathBuf {
    desk.folder.path().join("state.db")
}

/// Takes the database away, with all its parts.
fn remove(desk: &Desk) {
    for part in ["", "-wal", "-shm"] {
        _ = fs::remove_file(desk.folder.path().join(format!("state.db{part}")));
    }
}

/// A listing that is right, with a warning that says so much.
#[track_caller]
fn warned(desk: &Desk, warning: &str) {
    let said = desk.cms("vm list -o json").exits(0);
    assert_eq!(said.nodes("name"), ["web-1"]);
    let warnings: Vec<&str> = said.err.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert!(warnings.len() == 1 && warnings[0].contains(warning), "`{warning}` is not in {warnings:?}");
}

#[test]
fn a_broken_one_is_put_aside_and_made_anew() {
    let desk = desk();
    remove(&desk);
    desk.write("state.db", &"this is no database, whatever its name says\n".repeat(200));
    warned(&desk, "`~/state.db` was broken; it is kept as `~/state.db.broken-");
    assert!(desk.cms("vm list").exits(0).err.is_empty());
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).nodes("name"), ["web-1"]);
    let aside =
        fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(aside.filter(|name| name.starts_with("state.db.broken-")).count(), 1);
}

#[test]
fn one_that_is_broken_inside_is_put_aside_too() {
    let desk = desk();
    Connection::open(file(&desk)).unwrap().query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    let mut bytes = fs::read(file(&desk)).unwrap();
    bytes[4096..].fill(0xff);
    fs::write(file(&desk), bytes).unwrap();
    warned(&desk, "was broken");
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).nodes("name"), ["web-1"]);
}

#[test]
fn a_locked_one_is_waited_for_and_then_left_alone() {
    let desk = desk();
    let other = Connection::open(file(&desk)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    warned(&desk, "another program keeps `~/state.db` locked");
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).nodes("name"), ["web-1"], "it can be read");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(desk.cms("vm list").exits(0).err.is_empty());
}

#[test]
fn one_of_a_newer_version_is_left_alone() {
    let desk = desk();
    remove(&desk);
    Connection::open(file(&desk)).unwrap().execute_batch("CREATE TABLE later (a); PRAGMA user_version = 99").unwrap();
    let before = fs::read(file(&desk)).unwrap();
    warned(&desk, "`~/state.db` was written by a newer version of cms");
    desk.cms("vm list --cached").exits(1).complains("nothing that was known can be read");
    assert_eq!(fs::read(file(&desk)).unwrap(), before);
}

#[test]
fn one_of_another_program_is_left_alone() {
    let desk = desk();
    remove(&desk);
    Connection::open(file(&desk)).unwrap().execute_batch("CREATE TABLE songs (title)").unwrap();
    let before = fs::read(file(&desk)).unwrap();
    warned(&desk, "`~/state.db` is another program's database; move it away");
    desk.cms("vm boot web-2").exits(2).complains("error: `~/state.db` is another program's database; move it away;");
    assert_eq!(
        (fs::read(file(&desk)).unwrap(), desk.cloud(0).world().node_names()),
        (before, vec!["web-1".to_owned()])
    );
}

#[test]
fn what_is_no_file_is_left_alone() {
    let desk = desk();
    remove(&desk);
    fs::create_dir(file(&desk)).unwrap();
    warned(&desk, "`~/state.db` is a folder; move it away");
    fs::remove_dir(file(&desk)).unwrap();
    symlink("/dev/full", file(&desk)).unwrap();
    warned(&desk, "`~/state.db` is no ordinary file; move it away");
}

#[test]
fn where_there_is_no_room_nothing_is_kept() {
    let desk = desk();
    age(&desk);
    let said = without_room(&desk, &["vm", "list", "-o", "json"]).exits(0).complains("warning: ");
    assert_eq!(said.nodes("name"), ["web-1"]);
    assert!(desk.cms("vm list").exits(0).err.is_empty());
}

#[test]
fn where_there_is_no_room_nothing_is_made_or_asked() {
    for desk in [desk(), Desk::new()] {
        let (machines, seen) = (desk.cloud(0).world().node_names(), desk.cloud(0).troubles().seen().len());
        for words in [&["vm", "boot", "web-2"][..], &["vm", "boot"], &["vm", "boot", "web-[2-9]", "--if-not-exists"]] {
            let said = without_room(&desk, words).exits(1);
            said.complains("; nothing is made before it is written down, there or in the folder that");
        }
        assert_eq!((desk.cloud(0).world().node_names(), desk.cloud(0).troubles().seen().len()), (machines, seen));
        desk.cms("vm boot web-2").exits(0);
    }
}

/// What `cms` says when no file may grow any more, as on a disk that is full.
fn without_room(desk: &Desk, words: &[&str]) -> Said {
    let shell = r#"trap "" XFSZ; ulimit -f 0; exec "$0" "$@""#;
    let cms = desk.command(words);
    let mut command = Command::new("sh");
    command.args(["-c", shell]).arg(cms.get_program()).args(cms.get_args()).env_clear();
    command.envs(cms.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(desk.folder.path());
    Said::from(command.output().unwrap())
}

/// Makes what is known older, so that there is something to write.
fn age(desk: &Desk) {
    Connection::open(file(desk)).unwrap().execute("UPDATE nodes SET record = '{}'", []).unwrap();
}

#[test]
fn a_folder_that_cannot_be_written_to_is_no_obstacle() {
    let desk = desk();
    remove(&desk);
    let folder = desk.folder.path();
    let program = folder.join("cms");
    // By another process: a child that is begun elsewhere meanwhile would hold it open for writing.
    assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_cms")).arg(&program).status().unwrap().success());
    let cms = desk.command(&["vm", "list", "-o", "json"]);
    let mut command = Command::new(&program);
    command.args(cms.get_args()).env_clear().current_dir(folder);
    command.envs(cms.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if fs::metadata(folder).unwrap().uid() == 0 {
        // Nothing is forbidden to root.
        for path in [folder.to_owned(), folder.join("cloudmesh.yaml")] {
            chown(path, Some(65_534), None).unwrap();
        }
        command.uid(65_534);
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o500)).unwrap();
    let said = Said::from(command.output().unwrap());
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    let said = said.exits(0).complains("warning: known state is not used: cannot write `~/state.db`");
    assert_eq!(said.nodes("name"), ["web-1"]);
}

/// A desk whose known state is in a folder of its own, which is empty yet.
fn apart() -> (Desk, std::path::PathBuf) {
    let mut desk = desk();
    let (folder, config) = (desk.folder.path().join("apart"), desk.folder.path().join("cloudmesh.yaml"));
    fs::create_dir(&folder).unwrap();
    desk.set("CLOUDMESH_CONFIG_DIR", &folder).set("CLOUDMESH_CONFIG", &config);
    (desk, folder)
}

#[test]
fn what_belongs_to_somebody_else_is_not_used() {
    let (desk, folder) = apart();
    desk.cms("vm list").exits(0);
    let file = folder.join("state.db");
    if fs::metadata(&file).unwrap().uid() != 0 {
        // Only root can give a file away.
        return;
    }
    chown(&file, Some(12_345), None).unwrap();
    warned(&desk, "`~/apart/state.db` belongs to another user (its number is 12345)");
    fs::remove_file(&file).unwrap();
    chown(&folder, Some(12_345), None).unwrap();
    warned(&desk, "`~/apart` belongs to another user (its number is 12345)");
    assert!(!file.exists());
}

#[test]
fn a_folder_that_everybody_can_write_to_is_not_used() {
    let (desk, folder) = apart();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    warned(&desk, "everybody can write to `~/apart`; run `chmod o-w ~/apart`");
    assert!(!folder.join("state.db").exists());
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    assert!(desk.cms("vm list").exits(0).err.is_empty());
}

#[test]
fn a_folder_may_be_a_link_and_may_be_missing() {
    let mut desk = desk();
    let link = desk.folder.path().join("link");
    symlink(desk.folder.path(), &link).unwrap();
    desk.set("CLOUDMESH_CONFIG_DIR", &link);
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).nodes("name"), ["web-1"]);
    let (deep, config) = (desk.folder.path().join("not/yet"), desk.folder.path().join("cloudmesh.yaml"));
    desk.set("CLOUDMESH_CONFIG_DIR", &deep).set("CLOUDMESH_CONFIG", &config);
    assert!(desk.cms("vm list").exits(0).err.is_empty());
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).nodes("name"), ["web-1"]);
    assert_eq!(fs::metadata(&deep).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn many_processes_at_once_all_succeed_and_agree() {
    let desk = Desk::new();
    let boots = (1..=4).map(|number| format!("vm boot web-{number} --no-wait"));
    let lines: Vec<String> =
        boots.chain(["vm list", "image list", "vm list", "flavor list"].map(str::to_owned)).collect();
    let start = |line: &String| desk.command(&line.split(' ').collect::<Vec<_>>()).spawn().unwrap();
    let children: Vec<_> = lines.iter().map(start).collect();
    for (line, child) in lines.iter().zip(children) {
        let said = Said::from(child.wait_with_output().unwrap()).exits(0);
        assert!(!said.err.contains("warning"), "{line}: {}", said.err);
    }
    let names = || desk.cms("vm list --cached -o json").exits(0).nodes("name");
    assert_eq!(names(), ["web-1", "web-2", "web-3", "web-4"]);
    for line in ["image list --cached", "flavor list --cached"] {
        desk.cms(line).exits(0);
    }
}

#[test]
fn losing_it_loses_no_machine() {
    let desk = desk();
    remove(&desk);
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("name"), ["web-1"]);
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).nodes("name"), ["web-1"]);
    // Without its main part the others mean nothing.
    fs::remove_file(file(&desk)).unwrap();
    assert!(desk.cms("vm list").exits(0).err.is_empty());
}
