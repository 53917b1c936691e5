//! `ip delete ADDRESS` lost the address; orphans stayed after a create that was done in part.

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;

/// The addresses of the account.
fn held(desk: &Desk) -> Vec<String> {
    let json = desk.cms("ip list -o json").exits(0).json();
    json["addresses"].as_array().unwrap().iter().map(|row| row["address"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn exactly_the_address_that_is_named_is_released() {
    let desk = Desk::new();
    desk.cms("ip create --n 3").exits(0);
    let before = held(&desk);
    desk.cms(&format!("ip delete {}", before[1])).exits(2).complains("pass `--yes`");
    desk.cms(&format!("ip delete {} --yes --dry-run", before[1])).exits(0);
    assert_eq!(held(&desk), before);
    let said = desk.cms(&format!("ip delete {} --yes -o json", before[1])).exits(0);
    assert_eq!(said.json()["outcomes"][0]["name"], before[1].as_str());
    assert_eq!(held(&desk), [before[0].clone(), before[2].clone()]);
}

#[test]
fn an_address_that_was_allocated_for_nothing_is_released_again() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    let attach = On::Operation(Operation::AttachPublicIp);
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::CutBefore).on(attach));
    desk.cms("vm ip assign web-1 --timeout 5").exits(1);
    assert!(held(&desk).is_empty());
}

#[test]
fn what_a_boot_could_not_finish_is_told_and_the_same_command_finishes_it() {
    let desk = Desk::new();
    let attach = On::Operation(Operation::AttachPublicIp);
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::CutBefore).on(attach));
    let said = desk.cms("vm boot web-1 --ip any --timeout 10").exits(1);
    let said = said.complains("`web-1` is made, but has no public address");
    said.complains("`cms vm delete web-1 --cloud lab` removes it");
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
    desk.cloud(0).troubles().calm();
    let json = desk.cms("vm boot web-1 --ip any -o json").exits(0).json();
    assert!(json["nodes"][0]["public_ips"][0].is_string(), "{json}");
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
    assert_eq!(held(&desk).len(), 1);
}
