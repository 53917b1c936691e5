//! Several clouds at once, and broken ones among them.

use cloudmesh_abstract::conformance::{Disturbance, Trouble};

use crate::desk::Desk;

/// Clouds `a` and `b`, and beside them one that nobody answers for, one that is written wrong, one of no known kind.
fn clouds() -> Desk {
    let mut desk = Desk::with_clouds(&["a", "b", "away"]);
    desk.end(2);
    let more = "compute:\n    wrong:\n      cm: {kind: openstack}\n      credentials: {auth: {pasword: x}}\n    other:\n      cm: {kind: vsphere}\n    asleep:\n      cm: {kind: openstack, active: false}\n";
    desk.edit(&[("compute:\n", more)]);
    desk
}

#[test]
fn two_clouds_are_one_table() {
    let desk = clouds();
    for line in [
        "vm boot web-1 --cloud a,b",
        "vm list --cloud [a-b]",
        "vm list --cloud a,b,a",
        "vm list",
        "vm stop web-1 --cloud b",
        "vm status --cloud a,b",
        "vm delete web-1 --cloud a,b --yes",
    ] {
        desk.cms(&line.replace("[a-b]", "?"));
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_name_that_another_cloud_has_is_not_missing() {
    let desk = clouds();
    desk.cms("vm boot web-1 --cloud a").exits(0);
    desk.cms("vm boot db-1 --cloud b").exits(0);
    for names in ["web-1", "web-1,db-1", "web*,db-?"] {
        let said = desk.cms(&format!("vm stop {names} --cloud a,b -o json")).exits(0);
        assert_eq!(said.nodes("status"), vec!["stopped"; said.nodes("name").len()], "{names}");
        assert_eq!(said.json()["errors"].as_array().unwrap().len(), 0, "{names}");
    }
    let said = desk.cms("vm delete web-1,web-2 --cloud a,b --yes -o json").exits(3);
    assert_eq!(said.nodes("name"), ["web-1"]);
    assert_eq!(said.json()["errors"].as_array().unwrap().len(), 2, "both clouds lack web-2");
    desk.cms("vm info web-1 --cloud a,b").exits(4);
}

#[test]
fn a_broken_cloud_does_not_hide_the_others() {
    let desk = clouds();
    desk.cms("vm boot web-1 --cloud a,b --no-wait").exits(0);
    for broken in ["away", "wrong", "other", "asleep", "nothing"] {
        let said = desk.cms(&format!("vm list --cloud a,{broken},b -o json --timeout 2")).exits(3);
        assert_eq!(said.nodes("cloud"), ["a", "b"], "{broken}");
        assert_eq!(said.json()["errors"].as_array().unwrap().len(), 1, "{broken}");
        assert!(said.err.starts_with("error: "), "{broken}: {}", said.err);
    }
}

#[test]
fn all_means_all_that_are_active() {
    let desk = clouds();
    let said = desk.cms("image list tinyboot --cloud all -o json --timeout 2").exits(3);
    let json = said.json();
    assert_eq!(json["images"].as_array().unwrap().len(), 2);
    let errors = json["errors"].as_array().unwrap();
    let kinds: Vec<&str> = errors.iter().map(|error| error["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "config").count(), 2, "{errors:?}");
    assert_eq!(kinds.len(), 3, "{errors:?}");
}

#[test]
fn the_default_may_be_several_clouds() {
    let desk = Desk::with_clouds(&["a", "b"]);
    for several in ["a,b", "[a, b]", "all"] {
        desk.edit(&[("cloud: a", &format!("cloud: {several}"))]);
        desk.cms("vm list").exits(0);
        assert_eq!(desk.cms("vm boot web --dry-run -o json").exits(0).json()["plan"].as_array().unwrap().len(), 2);
        desk.edit(&[(&format!("cloud: {several}"), "cloud: a")]);
    }
}

#[test]
fn no_active_cloud_is_a_mistake_and_no_empty_table() {
    let desk = Desk::new();
    desk.edit(&[("kind: openstack", "kind: openstack\n        active: false")]);
    desk.cms("vm list --cloud all").exits(2).complains("no active cloud");
}

#[test]
fn a_cloud_that_cannot_be_reached_says_so() {
    let desk = clouds();
    let said = desk.cms("vm list --cloud away --timeout 2");
    assert_eq!(said.code, Some(1), "{}", said.err);
    said.complains("127.0.0.1");
}

#[test]
fn a_slow_cloud_does_not_hold_up_what_another_has_to_say() {
    let desk = Desk::with_clouds(&["a", "b"]);
    desk.cloud(1).troubles().disturb(Disturbance::new(Trouble::Silence));
    desk.cms("vm boot web-1 --cloud a --no-wait").exits(0);
    let said = desk.cms("vm list --cloud a,b -o json --timeout 1").exits(3);
    assert_eq!(said.nodes("name"), ["web-1"]);
    assert_eq!(said.json()["errors"][0]["kind"], "timeout");
    assert_eq!(said.json()["errors"][0]["cloud"], "b");
}

#[test]
fn the_clouds_of_the_file_are_listed_without_asking_them() {
    let desk = clouds();
    desk.cms("cloud list");
    assert!(desk.cloud(0).troubles().seen().is_empty());
    insta::assert_snapshot!(desk.session());
}

#[test]
fn without_a_default_the_only_cloud_is_meant_and_of_several_none() {
    let desk = Desk::new();
    desk.edit(&[("default:\n    cloud: lab", "profile: {}")]);
    desk.cms("vm list").exits(0);
    let desk = clouds();
    desk.edit(&[("default:\n    cloud: a", "profile: {}")]);
    desk.cms("vm list").exits(2).complains("no cloud was named: pass `--cloud`");
}
