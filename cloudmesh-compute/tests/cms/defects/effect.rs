//! Options without effect, and commands that always failed.

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;

#[test]
fn flavor_is_heeded_under_both_of_its_names() {
    let desk = Desk::new();
    let boot = |line: &str| desk.cms(line).exits(0).json()["nodes"][0]["flavor"].as_str().unwrap().to_owned();
    assert_eq!(boot("vm boot web-1 --flavor m1.tiny --image tinyboot -o json"), "m1.tiny");
    assert_eq!(boot("vm boot web-2 --size m1.medium -o json"), "m1.medium");
}

#[test]
fn cloud_is_heeded_by_every_verb() {
    let desk = Desk::with_clouds(&["a", "b"]);
    desk.cms("vm boot web-1 --cloud a,b").exits(0);
    let states = |verb: &str| {
        desk.cms(&format!("vm {verb} --cloud b")).exits(0);
        desk.cms("vm list --cloud a,b -o json").exits(0).nodes("status")
    };
    assert_eq!(states("stop web-1"), ["running", "stopped"]);
    assert_eq!(states("start web-1"), ["running", "running"]);
    let before = desk.cloud(0).troubles().seen().len();
    for verb in ["reboot web-1", "wait web-1", "info web-1", "status web-1", "list web-1", "delete web-1 --yes"] {
        desk.cms(&format!("vm {verb} --cloud b")).exits(0);
    }
    for line in ["image list", "image info tinyboot", "flavor list", "flavor info m1.small"] {
        let json = desk.cms(&format!("{line} --cloud b -o json")).exits(0).json();
        let plural = if line.starts_with("image") { "images" } else { "flavors" };
        assert!(json[plural].as_array().unwrap().iter().all(|item| item["cloud"] == "b"), "{line}");
    }
    assert_eq!(desk.cloud(0).troubles().seen().len(), before, "cloud a was asked");
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
}

#[test]
fn names_choose_in_every_list() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2] db-1").exits(0);
    assert_eq!(desk.cms("vm list web-* -o json").exits(0).nodes("name"), ["web-1", "web-2"]);
    assert_eq!(desk.cms("vm status db-1 -o json").exits(0).nodes("name"), ["db-1"]);
    let names = |line: &str, plural: &str| {
        let json = desk.cms(line).exits(0).json();
        json[plural]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("image list tinyboot -o json", "images"), ["tinyboot"]);
    assert_eq!(names("flavor list m1.small,m1.medium -o json", "flavors"), ["m1.small", "m1.medium"]);
}

#[test]
fn the_time_limit_of_waiting_is_heeded() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    desk.cms("vm wait web-1 --for stopped --timeout 1").exits(8).complains("not stopped within 1s");
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Silence).on(On::Reads));
    desk.cms("vm wait web-1 --for running --timeout 1").exits(8);
}

#[test]
fn public_and_no_public_are_heeded_or_refused_and_never_ignored() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --no-public").exits(0);
    let said = desk.cms("vm boot web-2 --public -o json");
    let public = said.code == Some(0) && !said.json()["nodes"][0]["public_ips"].as_array().unwrap().is_empty();
    assert!(public || said.code != Some(0), "{said:?}");
}

#[test]
fn rebooting_works() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    for line in ["vm reboot web-1", "vm reboot web-1 --hard"] {
        desk.cms(line).exits(0);
        desk.cms("vm wait web-1").exits(0);
    }
    let reboots = desk.cloud(0).troubles().seen();
    assert_eq!(reboots.iter().filter(|seen| seen.operation == Some(Operation::Reboot)).count(), 2);
}

#[test]
fn suspending_resuming_and_renaming_work() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    assert_eq!(desk.cms("vm suspend web-1 -o json").exits(0).nodes("status"), ["suspended"]);
    assert_eq!(desk.cms("vm resume web-1 -o json").exits(0).nodes("status"), ["running"]);
    desk.cms("vm rename web-1 www-1").exits(0);
    assert_eq!(desk.cloud(0).world().node_names(), ["www-1"]);
}

#[test]
fn an_image_is_found_by_its_name() {
    let desk = Desk::new();
    let image = &desk.cms("image info tinyboot -o json").exits(0).json()["images"][0];
    assert_eq!(image["name"], "tinyboot");
    let id = image["id"].as_str().unwrap();
    assert_eq!(desk.cms(&format!("image info {id} -o json")).exits(0).json()["images"][0]["name"], "tinyboot");
}
