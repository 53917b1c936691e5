//! Exit codes, each from the trouble that leads to it.

use std::time::Duration;

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;

fn disturbed(trouble: Trouble, on: On) -> Desk {
    let desk = Desk::new();
    desk.cloud(0).troubles().disturb(Disturbance::new(trouble).on(on));
    desk
}

#[test]
fn four_for_what_is_not_there() {
    let desk = Desk::new();
    for line in
        ["vm info web-1", "vm stop web-1", "vm wait web-1", "vm list web-*", "image info none", "flavor info none"]
    {
        desk.cms(line).exits(4);
    }
    desk.cms("vm info 00000000-0000-4000-8000-000000000000").exits(4);
}

#[test]
fn five_for_a_wrong_password() {
    let desk = Desk::new();
    let file = std::fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap();
    let password = file.lines().find_map(|line| line.trim().strip_prefix("password: ")).unwrap();
    desk.edit(&[(password, "ether-wind-1887")]);
    let said = desk.cms("vm list -o json").exits(5);
    assert_eq!(said.json()["errors"][0]["kind"], "unauthenticated");
    assert!(!format!("{said:?}").contains("ether-wind"), "{said:?}");
    assert_eq!(desk.cloud(0).troubles().seen().iter().filter(|seen| seen.status == Some(401)).count(), 1);
}

#[test]
fn six_for_a_quota() {
    let desk = Desk::new();
    desk.cloud(0).world().set_quota(2);
    desk.cms("vm boot web-[1-2] --no-wait").exits(0);
    desk.cms("vm boot web-3").exits(6).complains("Quota exceeded");
    desk.cms("vm delete web-2 --yes").exits(0);
    let said = desk.cms("vm boot web-[2-3] -o json --no-wait").exits(3);
    assert_eq!((said.nodes("name").len(), &said.json()["errors"][0]["kind"]), (1, &"quota_exceeded".into()));
}

#[test]
fn six_for_a_machine_that_no_host_can_hold() {
    let desk = Desk::new();
    let said = desk.cms("vm boot big --size m1.huge --image tinyboot").exits(6).complains("No valid host");
    said.complains("; it never ran and was removed again");
    assert!(desk.cloud(0).world().node_names().is_empty());
    desk.cms("vm boot big --size m1.huge --image tinyboot --no-wait").exits(0);
    desk.cms("vm wait big").exits(6).complains("No valid host");
    let node = &desk.cms("vm info big -o json").exits(0).json()["nodes"][0];
    assert_eq!(node["status"], "error");
    assert!(node["fault"]["message"].as_str().unwrap().contains("No valid host"));
    desk.cms("vm delete big --yes").exits(0);
}

#[test]
fn seven_when_throttled_to_the_end() {
    let desk = disturbed(Trouble::Throttled { retry_after: Some(Duration::from_mins(10)) }, On::Reads);
    desk.cms("vm list").exits(7);
    let desk = disturbed(Trouble::Throttled { retry_after: None }, On::Reads);
    desk.cms("vm list --timeout 2").exits(7);
}

#[test]
fn throttling_now_and_then_is_not_noticed() {
    let desk = Desk::new();
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Throttled { retry_after: None }).every(4));
    desk.cms("vm boot web-[1-2]").exits(0);
    assert!(desk.cms("vm list").exits(0).err.is_empty());
}

#[test]
fn eight_for_a_server_that_says_nothing() {
    let desk = disturbed(Trouble::Silence, On::Reads);
    desk.cms("vm list --timeout 1").exits(8).complains("within 1s");
    let desk = disturbed(Trouble::Silence, On::SignIn);
    desk.cms("vm list --timeout 1").exits(8);
}

#[test]
fn eight_for_a_machine_that_is_not_there_in_time() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    desk.cms("vm wait web-1 --for stopped --timeout 1")
        .exits(8)
        .complains("not stopped within 1s; it may still get there");
}

#[test]
fn eight_for_a_boot_that_nobody_answers_says_to_look_first() {
    let desk = disturbed(Trouble::Silence, On::Operation(Operation::Create));
    desk.cms("vm boot web-1 --timeout 1").exits(8).complains("it may have taken effect, look before you repeat it");
}

#[test]
fn one_failure_among_several_is_three() {
    let desk = Desk::new();
    desk.cms("vm boot big --size m1.huge --image tinyboot --no-wait").exits(0);
    desk.cms("vm boot web-1").exits(0);
    let said = desk.cms("vm reboot web-1 big -o json").exits(3);
    assert_eq!(said.nodes("name"), ["web-1"]);
    assert_eq!(said.json()["errors"][0]["kind"], "conflict");
    desk.cms("vm reboot big").exits(1).complains("`big`: ");
}
