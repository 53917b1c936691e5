//! Many clouds, well and ill, in one configuration.

use std::fs;
use std::time::Duration;

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};
use cloudmesh_emulator::When;
use futures::future::join_all;

use crate::desk::{Desk, Said};

/// Two clouds that are well, and between them one that is slow, one that refuses the password, one that nobody answers
/// for, one that is written wrong and one of a kind that nobody provides.
fn sky() -> Desk {
    let mut desk = Desk::with_clouds(&["a", "slow", "refusing", "away", "b"]);
    desk.cloud(0).world().plant("web-1");
    desk.cloud(4).world().plant("db-1");
    let slow = Disturbance::new(Trouble::Slow(Duration::from_hours(1))).on(On::Operation(Operation::List));
    desk.cloud(1).troubles().disturb(slow);
    desk.end(3);
    let file = desk.folder.path().join("cloudmesh.yaml");
    let mut yaml: serde_yaml::Value = serde_yaml::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    yaml["cloudmesh"]["compute"]["refusing"]["credentials"]["auth"]["password"] = "ether-wind-1887".into();
    let wrong = "{cm: {kind: openstack}, credentials: {auth: {pasword: x}}}";
    for (name, entry) in [("wrong", wrong), ("strange", "{cm: {kind: vsphere}}")] {
        yaml["cloudmesh"]["compute"][name] = serde_yaml::from_str(entry).unwrap();
    }
    desk.write("cloudmesh.yaml", &serde_yaml::to_string(&yaml).unwrap());
    desk
}

/// The cloud and the kind of each error in an answer.
fn errors(said: &Said) -> Vec<(String, String)> {
    let json = said.json();
    let word = |error: &serde_json::Value, field: &str| error[field].as_str().unwrap_or_default().to_owned();
    json["errors"].as_array().unwrap().iter().map(|error| (word(error, "cloud"), word(error, "kind"))).collect()
}

#[test]
fn a_table_has_the_rows_of_those_that_are_well_and_the_others_beside_it() {
    let desk = sky();
    desk.cms("vm list --cloud all --timeout 3").exits(3);
    desk.cms("vm list --cloud a,strange,b -o name").exits(3);
    insta::assert_snapshot!(desk.session());
}

#[test]
fn json_and_yaml_say_which_cloud_failed_in_which_way() {
    let desk = sky();
    let json = desk.cms("vm list --cloud all --timeout 3 -o json").exits(3);
    assert_eq!(json.nodes("cloud"), ["a", "b"]);
    let wanted = [
        ("slow", "timeout"),
        ("refusing", "unauthenticated"),
        ("away", "unavailable"),
        ("wrong", "config"),
        ("strange", "config"),
    ];
    assert_eq!(errors(&json), wanted.map(|(cloud, kind)| (cloud.to_owned(), kind.to_owned())));
    let yaml = desk.cms("vm list --cloud a,wrong -o yaml").exits(3);
    let yaml: serde_yaml::Value = serde_yaml::from_str(&yaml.out).unwrap();
    assert_eq!(yaml["nodes"][0]["cloud"], "a");
    assert_eq!(yaml["errors"][0]["cloud"], "wrong");
}

#[test]
fn where_none_is_well_the_exit_code_is_the_one_they_share() {
    let desk = sky();
    desk.cms("vm list --cloud slow --timeout 2").exits(8);
    desk.cms("vm list --cloud refusing").exits(5);
    desk.cms("vm list --cloud wrong,strange").exits(2);
    let said = desk.cms("vm list --cloud refusing,strange -o json").exits(1);
    assert!(said.nodes("name").is_empty());
}

#[test]
fn what_is_changed_on_one_cloud_is_done_although_another_fails() {
    let desk = sky();
    let said = desk.cms("vm stop web-1 --cloud a,refusing,strange -o json").exits(3);
    assert_eq!(said.nodes("status"), ["stopped"]);
    assert_eq!(errors(&said).len(), 2);
    let said = desk.cms("vm delete web-1,db-1 --cloud a,strange,b --yes -o json").exits(3);
    assert_eq!(said.nodes("name"), ["web-1", "db-1"]);
    assert!(desk.cloud(0).world().node_names().is_empty());
}

#[test]
fn five_clouds_are_asked_at_once() {
    let names = ["a", "b", "c", "d", "e"];
    let desk = Desk::with_clouds(&names);
    // None of them answers before all five have been asked: one after another would never end.
    let held: Vec<_> = (0..5)
        .map(|number| {
            desk.cloud(number).world().plant("web-1");
            desk.cloud(number).hold(On::Operation(Operation::List), 1, When::Before)
        })
        .collect();
    let listing = desk.command(&["vm", "list", "--cloud", "all", "-o", "json"]).spawn().unwrap();
    let all = join_all(held.iter().map(cloudmesh_emulator::Held::reached));
    desk.wait_for(async { tokio::time::timeout(Duration::from_secs(30), all).await.unwrap() });
    drop(held);
    let said = Said::from(listing.wait_with_output().unwrap()).exits(0);
    assert_eq!(said.nodes("cloud"), names);
}

#[test]
fn the_time_limit_is_for_all_requests_of_a_cloud_together() {
    let desk = Desk::with_clouds(&["a", "b"]);
    for name in ["web-1", "web-2", "web-3"] {
        desk.cloud(0).world().plant(name);
        desk.cloud(1).world().plant(name);
    }
    // Each answer comes in time, all of them together do not.
    let slow = Disturbance::new(Trouble::Slow(Duration::from_millis(1800)));
    desk.cloud(1).troubles().disturb(slow);
    let said = desk.cms("vm info web-1 --cloud a,b --timeout 3 -o json").exits(3);
    assert_eq!(said.nodes("cloud"), ["a"]);
    assert_eq!(errors(&said), [("b".to_owned(), "timeout".to_owned())]);
    said.complains("within 3s");
}
