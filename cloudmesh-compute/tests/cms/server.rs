//! Servers that answer with something else.

use std::time::Duration;

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;

#[test]
fn answers_that_make_no_sense_are_told_in_a_sentence() {
    let desk = Desk::new();
    for on in [On::Reads, On::SignIn] {
        for trouble in [Trouble::Html, Trouble::Garbage, Trouble::Empty] {
            desk.cloud(0).troubles().calm();
            desk.cloud(0).troubles().disturb(Disturbance::new(trouble.clone()).on(on));
            _ = std::fs::remove_dir_all(desk.folder.path().join("tokens"));
            let said = desk.cms("vm list --timeout 2");
            assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{trouble:?} {on:?}: {}", said.err);
        }
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_server_that_is_slow_is_waited_for() {
    let desk = Desk::new();
    let slow = Disturbance::new(Trouble::Slow(Duration::from_millis(300))).on(On::Reads);
    desk.cloud(0).troubles().disturb(slow);
    desk.cms("vm list").exits(0);
}

#[test]
fn what_passes_by_is_not_noticed() {
    for trouble in [Trouble::Unavailable, Trouble::CutBefore, Trouble::TokenExpired] {
        let desk = Desk::new();
        desk.cms("vm boot web-1").exits(0);
        desk.cloud(0).troubles().disturb(Disturbance::new(trouble.clone()).on(On::Reads).times(1));
        let said = desk.cms("vm list -o json").exits(0);
        assert_eq!(said.nodes("name"), ["web-1"], "{trouble:?}");
        assert!(said.err.is_empty(), "{trouble:?}: {}", said.err);
    }
}

#[test]
fn a_boot_whose_answer_is_lost_makes_one_machine() {
    let desk = Desk::new();
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::CutAfter).on(On::Changes).times(1));
    let said = desk.cms("vm boot web-1 -o json").exits(0);
    assert_eq!(said.nodes("status"), ["running"]);
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
}

#[test]
fn an_address_that_is_no_cloud_is_told() {
    let desk = Desk::new();
    desk.edit(&[("/identity/v3", "/nothing/v3")]);
    let said = desk.cms("vm list --timeout 2");
    assert_ne!(said.code, Some(0));
    said.complains("there is no Keystone v3 at ");
}

#[test]
fn every_request_is_said_to_those_who_want_to_know() {
    let desk = Desk::new();
    let said = desk.cms("vm list --verbose -o json").exits(0);
    assert!(said.json()["nodes"].as_array().unwrap().is_empty());
    assert!(said.err.lines().count() >= 2, "{}", said.err);
    assert!(said.err.lines().all(|line| line.starts_with("lab: ")), "{}", said.err);
    let file = std::fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap();
    let password = file.lines().find_map(|line| line.trim().strip_prefix("password: ")).unwrap();
    assert!(!said.err.contains(password));
}

#[test]
fn two_processes_sign_in_once_and_a_file_of_its_own_leaves_no_token() {
    let desk = Desk::new();
    let sign_ins = || {
        desk.cloud(0)
            .troubles()
            .seen()
            .iter()
            .filter(|seen| seen.line.starts_with("POST") && seen.line.ends_with("/auth/tokens"))
            .count()
    };
    desk.cms("vm list").exits(0);
    desk.cms("image list").exits(0);
    assert_eq!(sign_ins(), 1);
    let tokens = desk.folder.path().join("tokens");
    assert_eq!(std::fs::read_dir(&tokens).unwrap().count(), 1);
    std::fs::remove_dir_all(&tokens).unwrap();
    desk.cms("vm list --config cloudmesh.yaml").exits(0);
    assert!(!tokens.exists());
    assert_eq!(sign_ins(), 2);
}
