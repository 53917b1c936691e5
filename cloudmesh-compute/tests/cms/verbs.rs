//! Suspending, resizing, renaming and tagging machines, and what they show.

use cloudmesh_abstract::Operation;

use crate::desk::Desk;

#[test]
fn machines_change_in_every_way() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    for line in [
        "vm suspend web-[1-2]",
        "vm suspend web-1",
        "vm status",
        "vm resume web-1 --no-wait",
        "vm wait web-1",
        "vm resume web-*",
        "vm wait web-* --for suspended --timeout 1",
        "vm resize web-1 --size m1.medium",
        "vm resize web-1 --size m1.medium",
        "vm stop web-2",
        "vm resize web-2 --flavor m1.medium",
        "vm resize web-* --size m1.gigantic",
        "vm rename web-1 www-1",
        "vm rename www-1,web-2 web-[2-3]",
        "vm rename web-2 web-3",
        "vm rename web-2,web-3 web-3,web-2",
        "vm rename web-[2-3] web-1",
        "vm rename web-* www-[1-2]",
        "vm rename nobody somebody",
        "vm list --cached --columns name,status,flavor",
        "vm list --columns name,status,flavor",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn tags_and_login_names_are_kept_with_the_machines() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2] --image ubuntu-24.04 --size m1.medium").exits(0);
    for line in [
        "vm meta set web-[1-2] course=e516 owner=albert=x",
        "vm meta list web-1",
        "vm meta list --filter key=course -o csv --columns name,value",
        "vm meta delete web-1 owner nothing",
        "vm meta list web-* --cached --filter key~^[co][ow]",
        "vm meta set web-1 cm-group=physics",
        "vm meta delete web-1 cm-token",
        "vm meta set web-1 cm-group=physics --force --columns name,metadata.cm-group",
        "vm meta set web-1 web-2 a=b",
        "vm meta set web-1 =b",
        "vm meta set web-1",
        "vm username web-1",
        "vm username web-1 --set albert",
        "vm username",
        "vm username --set albert",
        "vm username web-1 --set al:bert",
        "vm username web-1 -o json",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_dry_run_of_a_change_changes_nothing() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    for line in [
        "vm suspend web-1",
        "vm resume web-1",
        "vm resize web-1 --size m1.medium",
        "vm rename web-1 www-1",
        "vm meta set web-1 course=e516",
        "vm meta delete web-1 course",
        "vm username web-1 --set albert",
        "api lab POST compute/servers --data {}",
        "api lab DELETE compute/servers/1",
    ] {
        desk.cms(&format!("{line} --dry-run")).exits(0);
        desk.cms(&format!("{line} --dry-run=wire -o json --quiet")).exits(0).json();
    }
    let changes = desk.cloud(0).troubles().seen();
    let is_change = |operation: &Operation| !operation.is_read();
    let changes: Vec<Operation> = changes.into_iter().filter_map(|seen| seen.operation).filter(is_change).collect();
    assert_eq!(changes, [Operation::Create], "only the boot");
    assert_eq!(desk.cms("vm list -o json").nodes("status"), ["running"]);
}

#[test]
fn logs_and_consoles_are_printed_as_they_are() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    let log = desk.cms("vm log web-1").exits(0).out;
    assert!(!log.is_empty() && !log.starts_with("web-1: "), "{log}");
    let lines: Vec<&str> = log.lines().collect();
    let tail = desk.cms("vm log web-1 --tail 1").exits(0).out;
    assert_eq!(tail.trim_end_matches('\n'), *lines.last().unwrap());
    let both = desk.cms("vm log web-*").exits(0).out;
    assert!(both.lines().all(|line| line.starts_with("web-1: ") || line.starts_with("web-2: ")), "{both}");
    let json = desk.cms("vm log web-[1-3] -o json").exits(3).json();
    // A prompt at the end is no whole line; where it is printed, the line is ended.
    assert_eq!(format!("{}\n", json["logs"][0]["text"].as_str().unwrap()), log);
    assert_eq!(json["logs"][1]["name"], "web-2");
    assert_eq!(json["errors"][0]["kind"], "not_found");
    let console = desk.cms("vm console web-1").exits(0).out;
    assert!(!console.trim().is_empty() && !console.starts_with("web-1: "), "{console}");
    desk.cms("vm console nobody").exits(4);
}

#[test]
fn a_resize_that_was_broken_off_is_finished_by_the_same_command() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    desk.cms("vm stop web-2").exits(0);
    for id in desk.cms("vm list -o json").nodes("id") {
        let path = format!("compute/servers/{id}/action");
        desk.run(&["api", "lab", "POST", &path, "--data", r#"{"resize": {"flavorRef": "4"}}"#]).exits(0);
    }
    let waits = |status: &String| status == "VERIFY_RESIZE";
    assert!((0..1000).any(|_| desk.cms("vm status -o json").nodes("vendor_status").iter().all(waits)));
    let done = desk.cms("vm resize web-* --size m1.medium -o json").exits(0);
    assert_eq!(
        (done.nodes("status"), done.nodes("flavor")),
        (both("running", "stopped"), both("m1.medium", "m1.medium"))
    );
    assert_eq!(desk.cms("vm status -o json").nodes("vendor_status"), ["ACTIVE", "SHUTOFF"]);
}

fn both(one: &str, other: &str) -> Vec<String> {
    vec![one.to_owned(), other.to_owned()]
}
