//! What `cms vm boot` makes, and what it does not.

use crate::desk::Desk;

/// The first node of a boot that must go well.
fn made(desk: &Desk, line: &str) -> serde_json::Value {
    desk.cms(&format!("{line} -o json")).exits(0).json()["nodes"][0].clone()
}

#[test]
fn everything_that_was_said_is_so() {
    let desk = Desk::new();
    desk.write("first-boot.yaml", "#cloud-config\n");
    let line = "vm boot web-1 --image debian-13 --flavor m1.medium --key demo-key --secgroup default,ssh \
                --network private --group physics --user-data first-boot.yaml --meta a=1 --meta b=x=y";
    let node = made(&desk, line);
    let field = |name: &str| node[name].as_str().unwrap().to_owned();
    assert_eq!(["name", "status", "flavor", "key"].map(field), ["web-1", "running", "m1.medium", "demo-key"]);
    assert_eq!(node["secgroups"], serde_json::json!(["default", "ssh"]));
    let metadata = ["a", "b", "cm-group", "cm-name"].map(|key| node["metadata"][key].as_str().unwrap());
    assert_eq!(metadata, ["1", "x=y", "physics", "web-1"]);
    let image = desk.cms("image info debian-13 -o json").exits(0).json()["images"][0]["id"].clone();
    assert_eq!(node["image"], image);
}

#[test]
fn one_name_and_a_number_are_many_names() {
    let desk = Desk::new();
    assert_eq!(desk.cms("vm boot web --n 3 -o json --no-wait").nodes("name"), ["web-1", "web-2", "web-3"]);
}

#[test]
fn mistakes_are_told_before_anything_is_made() {
    let desk = Desk::new();
    for line in [
        "vm boot web-[3-1]",
        "vm boot web-[1",
        "vm boot web-[1-3]x[",
        "vm boot web-[1-100001]",
        "vm boot web-[1-1000][1-1000]",
        "vm boot a b --n 2",
        "vm boot web --n 0",
        "vm boot web --n 100001",
        "vm boot web* --no-wait",
        "vm boot web-1 --meta colour",
        "vm boot web-1 --meta =blue",
        "vm boot web-1 --disk big",
        "vm boot web-1 --user-data nowhere.yaml",
        "vm boot web-1 --image ubunto",
        "vm boot web-1 --size m1.smal",
        "vm boot web-1 --network privat",
        "vm boot web-1 --key nokey",
        "vm boot web-1 --secgroup nogroup",
    ] {
        let said = desk.cms(line);
        assert_ne!(said.code, Some(0), "{line}");
        assert!(said.out.is_empty(), "{line}: {}", said.out);
    }
    assert!(desk.cloud(0).world().node_names().is_empty());
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_name_that_exists_is_not_made_again() {
    let desk = Desk::new();
    desk.cms("vm boot web-2").exits(0);
    let said = desk.cms("vm boot web-[1-3] -o json").exits(3);
    assert_eq!(said.nodes("name"), ["web-1", "web-3"]);
    assert_eq!(said.json()["errors"][0]["kind"], "already_exists");
    said.complains("there is a node `web-2` already, with the id ");
    desk.cms("vm boot web-2").exits(1).complains("choose another name");
    let mut names = desk.cloud(0).world().node_names();
    names.sort();
    assert_eq!(names, ["web-1", "web-2", "web-3"]);
}

#[test]
fn a_name_that_is_typed_twice_is_one_machine() {
    let desk = Desk::new();
    assert_eq!(desk.cms("vm boot web-1 web-[1-2],web-2 -o json --no-wait").nodes("name"), ["web-1", "web-2"]);
}

#[test]
fn a_dry_run_makes_nothing() {
    let desk = Desk::new();
    desk.cms("vm boot db").exits(0);
    for line in [
        "vm boot web-1 --dry-run",
        "vm boot web-1 --image ubunto --dry-run",
        "vm boot db --dry-run",
        "vm stop db --dry-run",
        "vm start db --dry-run",
        "vm reboot db --dry-run",
        "vm delete db --dry-run",
        "vm delete nothing --dry-run",
        "vm delete db --dry-run -o json",
        "vm boot web-1 --dry-run -o json",
        "vm boot web-1 --disk 20 --disk-type ssd --hibernate --dry-run",
        "vm status",
    ] {
        desk.cms(line);
    }
    assert_eq!(desk.cloud(0).world().node_names(), ["db"]);
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_dry_run_of_what_only_reads_is_the_reading() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    for line in ["vm list", "vm info web-1", "vm status", "vm wait web-1", "image list", "flavor list", "cloud list"] {
        let run = |line: &str| desk.cms(line).exits(0);
        let (wet, dry) = (run(&format!("{line} --refresh")), run(&format!("{line} --refresh --dry-run")));
        assert_eq!((wet.out, wet.err), (dry.out, dry.err), "{line}");
    }
}

#[test]
fn without_waiting_it_says_where_the_machine_is_going() {
    let desk = Desk::new();
    assert_eq!(made(&desk, "vm boot web-1 --no-wait")["status"], "pending");
    assert_eq!(made(&desk, "vm wait web-1")["status"], "running");
}

#[test]
fn a_plan_is_in_the_order_that_was_asked_for() {
    let desk = Desk::new();
    let plan = desk.cms("vm boot w[1-9] --dry-run -o json").exits(0).json()["plan"].clone();
    let names: Vec<&str> = plan.as_array().unwrap().iter().map(|step| step["subject"].as_str().unwrap()).collect();
    assert_eq!(names, ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9"]);
}

#[test]
fn many_that_break_each_say_why() {
    let desk = Desk::new();
    let said = desk.cms("vm boot big[1-9] --image tinyboot --size m1.huge -o json").exits(6);
    let errors = said.json()["errors"].as_array().unwrap().clone();
    assert_eq!(errors.len(), 9);
    assert!(errors.iter().all(|error| error["message"].as_str().unwrap().contains("No valid host")), "{errors:?}");
}

#[test]
fn a_slip_in_the_image_or_the_size_is_recognised_where_the_catalogue_is_known() {
    let desk = Desk::new();
    desk.cms("image list").exits(0);
    desk.cms("flavor list").exits(0);
    let image = "error: lab create web-1: no image `ubuntu-24.4`, did you mean `ubuntu-24.04`? `cms image list` shows";
    desk.cms("vm boot web-1 --image ubuntu-24.4").exits(1).complains(image);
    let size =
        "error: lab create web-2: no flavor `m1.smal`, did you mean `m1.small` or `m1.nano`? `cms flavor list` shows";
    desk.cms("vm boot web-[1-2] --size m1.smal").exits(1).complains(size);
    desk.cms("vm boot web-1 --size m1.smal --dry-run").exits(1).complains("did you mean `m1.small` or");
}
