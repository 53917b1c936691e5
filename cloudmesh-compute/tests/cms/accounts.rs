//! Signing in on clouds, and which one is meant when none is named.

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;

#[test]
fn all_clouds_are_signed_in_to_at_once() {
    let mut desk = Desk::with_clouds(&["a", "b", "away"]);
    desk.end(2);
    desk.edit(&[(
        "compute:\n",
        "compute:\n    wrong:\n      cm: {kind: openstack}\n      credentials: {auth: {pasword: x}}\n",
    )]);
    let said = desk.cms("cloud check --timeout 2 -o json").exits(3).json();
    let rows = said["clouds"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["cloud"], &rows[0]["usable"]), (&"a".into(), &true.into()));
    assert!(rows[0]["user"].is_string() && rows[0]["endpoint"].is_string() && rows[0]["took_ms"].is_number());
    assert_eq!(rows[0]["source"], "the configuration");
    assert_eq!(said["errors"].as_array().unwrap().len(), 2);
    desk.cms("cloud check a").exits(0);
    desk.cms("cloud check --cloud b").exits(0);
    desk.cms("cloud check wrong").exits(2);
    desk.cms("cloud check [a-b]").exits(2);
    let away = desk.cms("cloud check away --timeout 2").code;
    assert_eq!(away, Some(1));
}

#[test]
fn a_cloud_that_does_not_let_us_in_says_so() {
    let desk = Desk::new();
    desk.edit(&[("password: ", "password: not-")]);
    desk.cms("cloud check").exits(5).complains("lab");
    let desk = Desk::new();
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Silence).on(On::SignIn));
    desk.cms("cloud check --timeout 1").exits(8);
}

#[test]
fn the_default_cloud_is_shown_and_chosen() {
    let mut desk = Desk::with_clouds(&["a", "b"]);
    for line in [
        "cloud default",
        "cloud default b --dry-run",
        "cloud default b",
        "cloud default",
        "cloud default c",
        "cloud list",
    ] {
        desk.cms(line);
    }
    desk.cms("set cloud=a").exits(0);
    desk.cms("cloud default").exits(0);
    desk.cms("cloud default b").exits(0);
    desk.set("CLOUDMESH_CLOUD", "b");
    desk.cms("cloud default").exits(0);
    desk.cms("cloud list").exits(0);
    insta::assert_snapshot!(desk.session());
}
