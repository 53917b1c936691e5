//! What is known without asking.

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};
use rusqlite::{Connection, params};

use crate::desk::Desk;

/// The known state, to look into and to make older.
fn database(desk: &Desk) -> Connection {
    Connection::open(desk.folder.path().join("state.db")).unwrap()
}

/// Makes what is known of a cloud so many minutes older.
fn age(desk: &Desk, cloud: &str, minutes: i64) {
    let of = "cloud = ?2";
    let older = |table: &str, of: &str| format!("UPDATE {table} SET listed = listed - ?1 WHERE {of}");
    let database = database(desk);
    database.execute(&older("clouds", of), params![minutes * 60_000, cloud]).unwrap();
    let of = "cloud IN (SELECT id FROM clouds WHERE cloud = ?2)";
    database.execute(&older("catalogues", of), params![minutes * 60_000, cloud]).unwrap();
}

fn requests(desk: &Desk) -> usize {
    desk.cloud(0).troubles().seen().len()
}

#[test]
fn what_was_listed_is_known_without_any_network() {
    let mut desk = Desk::new();
    desk.cms("vm boot web-[1-3],db-1 --no-wait").exits(0);
    let live = desk.cms("vm list -o json").exits(0).json();
    let before = requests(&desk);
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).json(), live);
    assert_eq!(requests(&desk), before);
    desk.end(0);
    for (pattern, names) in [
        ("web-*", vec!["web-1", "web-2", "web-3"]),
        ("web-[2-3]", vec!["web-2", "web-3"]),
        ("db-1,web-1", vec!["db-1", "web-1"]),
        (live["nodes"][0]["id"].as_str().unwrap(), vec!["db-1"]),
    ] {
        for verb in ["list", "info", "status"] {
            let said = desk.cms(&format!("vm {verb} {pattern} --cached -o json")).exits(0);
            assert_eq!(said.nodes("name"), names, "{verb} {pattern}");
        }
    }
    desk.cms("vm info web-9 --cached").exits(4).complains("no node `web-9`");
    desk.cms("vm list").exits(1);
    let kept = desk.cms("vm list --cached -o json").exits(0).json();
    assert_eq!(kept, live, "a listing that failed forgets nothing");
}

#[test]
fn every_format_of_what_is_known_is_that_of_what_is_asked() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    for format in ["table", "wide", "json", "yaml", "csv", "name"] {
        let live = desk.cms(&format!("vm list -o {format}")).exits(0).out;
        assert_eq!(desk.cms(&format!("vm list --cached -o {format}")).exits(0).out, live);
    }
}

#[test]
fn its_age_is_said() {
    let desk = Desk::with_clouds(&["lab", "aws"]);
    desk.cms("vm list --cloud all").exits(0);
    for (cloud, minutes) in [("lab", 3), ("aws", 3)] {
        age(&desk, cloud, minutes);
    }
    desk.cms("vm list --cached --cloud all");
    age(&desk, "aws", 120);
    desk.cms("vm list --cached --cloud all");
    desk.cms("vm list --cached --cloud aws --quiet");
    insta::assert_snapshot!(desk.session(), @r"
    $ cms vm list --cloud all
    ! no nodes

    $ cms vm list --cached --cloud all
    ! as of 3 minutes ago; --refresh asks again
    ! no nodes

    $ cms vm list --cached --cloud all
    ! as of 3 minutes ago (lab), 2 hours ago (aws); --refresh asks again
    ! no nodes

    $ cms vm list --cached --cloud aws --quiet
    ");
}

#[test]
fn of_what_was_never_listed_nothing_is_known() {
    let desk = Desk::with_clouds(&["lab", "aws"]);
    desk.cms("vm list --cached");
    desk.cms("image list --cached --cloud aws");
    desk.cms("vm list");
    desk.cms("vm list --cached --cloud all");
    desk.cms("vm list --cached --refresh");
    desk.cms("vm stop web-1 --cached");
    insta::assert_snapshot!(desk.session());
}

#[test]
fn what_happens_to_machines_is_known_at_once() {
    let desk = Desk::new();
    let known = |line: &str, field: &str| desk.cms(&format!("vm {line} --cached -o json")).exits(0).nodes(field);
    desk.cms("vm list").exits(0);
    desk.cms("vm boot web-[1-2]").exits(0);
    assert_eq!(known("list", "name"), ["web-1", "web-2"]);
    desk.cms("vm stop web-1").exits(0);
    assert_eq!(known("status web-1", "status"), ["stopped"]);
    desk.cms("vm start web-1 --no-wait").exits(0);
    assert_eq!(known("status web-1", "status"), ["pending"]);
    desk.cms("vm delete web-1 --yes --no-wait").exits(0);
    assert_eq!(known("list", "name"), ["web-2"]);
    desk.cms("vm delete web-2 --yes").exits(0);
    assert!(known("list", "name").is_empty());
}

#[test]
fn what_vanished_is_forgotten_at_the_next_listing_or_look() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-3]").exits(0);
    desk.cms("vm list").exits(0);
    let elsewhere =
        desk.write("elsewhere.yaml", &std::fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap());
    desk.cms(&format!("vm delete web-1 --yes --config {}", elsewhere.display())).exits(0);
    let known = || desk.cms("vm list --cached -o json").exits(0).nodes("name");
    assert_eq!(known(), ["web-1", "web-2", "web-3"], "another file is another origin");
    desk.cms("vm info web-1").exits(4);
    assert_eq!(known(), ["web-2", "web-3"]);
    desk.cms(&format!("vm delete web-2 --yes --config {}", elsewhere.display())).exits(0);
    desk.cms("vm list").exits(0);
    assert_eq!(known(), ["web-3"]);
}

#[test]
fn a_create_that_failed_does_not_linger() {
    let desk = Desk::new();
    desk.cms("vm list").exits(0);
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Quota).on(On::Changes));
    desk.cms("vm boot web-1").exits(6);
    assert!(desk.cms("vm list --cached -o json").exits(0).nodes("name").is_empty());
}

#[test]
fn the_known_state_needs_no_credentials_and_is_of_one_account() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --no-wait").exits(0);
    desk.cms("vm list").exits(0);
    let file = std::fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap();
    let line = |key: &str| file.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap().trim().to_owned();
    desk.edit(&[(&line("password:"), "${NOT_SET}")]);
    desk.cms("vm list").exits(2);
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).nodes("name"), ["web-1"]);
    let (user, other) = (format!("username: {}", line("username:")), "username: somebody-else");
    desk.edit(&[(&user, other)]);
    desk.cms("vm list --cached").exits(1).complains("nothing is known yet");
}

#[test]
fn catalogues_answer_for_a_day() {
    let desk = Desk::new();
    let asks = |line: &str| {
        let before = requests(&desk);
        let said = desk.cms(line).exits(0);
        let asked = requests(&desk) > before;
        assert_eq!(said.err.contains("; --refresh asks again"), !asked, "{line}: {}", said.err);
        asked
    };
    assert!(asks("image list"));
    assert!(asks("flavor list"));
    for line in [
        "image list",
        "image list ubuntu*",
        "image info tinyboot",
        "flavor list --vcpus 2 --memory 8",
        "flavor info m1.tiny",
    ] {
        assert!(!asks(line), "{line}");
    }
    for line in ["image list --refresh", "flavor list --raw -o json", "image info tinyboot --refresh"] {
        assert!(asks(line), "{line}");
    }
    age(&desk, "lab", 23 * 60);
    assert!(!asks("image list"));
    desk.cms("image list --cached").exits(0).complains("as of 23 hours ago");
    age(&desk, "lab", 60);
    assert!(asks("image list"));
    desk.edit(&[("default:\n", "default:\n    refresh: true\n")]);
    assert!(asks("image list"));
    assert!(!asks("image list --cached"));
    desk.edit(&[("refresh: true", "refresh: often")]);
    desk.cms("image list").exits(2).complains("must be true or false");
}

#[test]
fn what_a_known_catalogue_answers_is_what_the_cloud_answers() {
    let desk = Desk::new();
    for line in ["image list", "flavor list"] {
        desk.cms(line).exits(0);
    }
    for line in [
        "image list debian-13,tinyboot",
        "image info ubuntu*",
        "flavor list m1.* --vcpus 2",
        "flavor info m1.small,m1.tiny",
    ] {
        let live = desk.cms(&format!("{line} --refresh -o json")).exits(0).json();
        assert_eq!(desk.cms(&format!("{line} --cached -o json")).exits(0).json(), live, "{line}");
    }
    let before = requests(&desk);
    desk.cms("image info none").exits(4);
    assert!(requests(&desk) > before, "what is missing may be new");
}

#[test]
fn names_that_may_be_meant_are_suggested() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --image ubunto");
    for line in ["image list", "flavor list", "vm boot database"] {
        desk.cms(line).exits(0);
    }
    for line in [
        "vm boot web-1 --image ubunto",
        "vm boot web-1 --size m1.smal",
        "image info debain-13",
        "flavor info m1.smal",
        "vm info databse",
        "vm stop databse",
        "vm delete databse --yes",
        "vm info nothing",
    ] {
        desk.cms(line);
    }
    let session = desk.session();
    let complaints: Vec<&str> =
        session.lines().filter(|line| line.starts_with('$') || line.starts_with("! error")).collect();
    insta::assert_snapshot!(complaints.join("\n"));
}

#[test]
fn no_secret_is_kept() {
    let desk = Desk::new();
    desk.write("hello.sh", "#!/bin/sh\necho planted-user-data\n");
    desk.cms("vm boot web-1 --user-data hello.sh --meta course=e516").exits(0);
    for line in ["vm list --raw -o json", "vm info web-1 --raw -o json", "image list --raw -o json", "flavor list"] {
        desk.cms(line).exits(0);
    }
    let file = std::fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap();
    let password = file.lines().find_map(|line| line.trim().strip_prefix("password: ")).unwrap();
    let tokens = std::fs::read_dir(desk.folder.path().join("tokens")).unwrap();
    let tokens: Vec<serde_json::Value> =
        tokens.map(|entry| serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap()).collect();
    let mut kept = Vec::new();
    for part in ["state.db", "state.db-wal"] {
        kept.extend(std::fs::read(desk.folder.path().join(part)).unwrap());
    }
    let holds = |text: &str| kept.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("web-1") && holds("e516") && holds("tinyboot"));
    let token = tokens[0]["text"].as_str().unwrap();
    for secret in [password.trim_matches(['\'', '"']), "planted-user-data", "cGxhbnRlZC", "\"raw\"", token] {
        assert!(!holds(secret), "{secret}");
    }
}
