//! A cache that needed a server, never forgot, and was believed.

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;

#[test]
fn what_vanished_is_forgotten_at_the_next_listing() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    desk.cms("vm list").exits(0);
    // Somebody else, with a configuration and a known state of their own, deletes it.
    let file = std::fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap();
    desk.write("somebody.yaml", &file);
    desk.cms("vm delete web-1 --yes --config somebody.yaml").exits(0);
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("name"), ["web-2"]);
    assert_eq!(desk.cms("vm list --cached -o json").exits(0).nodes("name"), ["web-2"]);
}

#[test]
fn a_create_that_failed_does_not_linger() {
    let desk = Desk::new();
    let creates = On::Operation(Operation::Create);
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Quota).on(creates));
    desk.cms("vm boot web-1").exits(6);
    assert!(desk.cms("vm list -o json").exits(0).nodes("name").is_empty());
    assert!(desk.cms("vm list --cached -o json").exits(0).nodes("name").is_empty());
    desk.cloud(0).troubles().calm();
    desk.cms("vm boot web-1").exits(0);
}

#[test]
fn a_name_that_is_taken_is_known_from_the_cloud_and_not_from_the_cache() {
    let desk = Desk::new();
    // Nobody here has ever seen it.
    desk.cloud(0).world().plant("web-1");
    desk.cms("vm boot web-1").exits(1).complains("there is a node `web-1` already");
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
}

#[test]
fn a_machine_that_is_in_no_cache_can_be_worked_with() {
    let desk = Desk::new();
    desk.cms("vm list").exits(0);
    desk.cloud(0).world().plant("new-1");
    for line in ["vm info new-1", "vm stop new-1", "vm start new-1", "vm delete new-1 --yes"] {
        desk.cms(line).exits(0);
    }
}
