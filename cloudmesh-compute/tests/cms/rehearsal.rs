//! `--dry-run=wire`: the requests, and no change.

use crate::desk::Desk;

/// The changes that arrived at the cloud.
fn changes(desk: &Desk) -> Vec<String> {
    let mut seen = desk.cloud(0).troubles().seen();
    seen.retain(|seen| seen.operation.is_some_and(|operation| !operation.is_read()));
    seen.into_iter().map(|seen| seen.line).collect()
}

#[test]
fn the_requests_of_a_boot_and_a_delete_are_shown_and_not_sent() {
    let desk = Desk::new();
    desk.write("init.sh", "#!/bin/sh\necho hunter2-in-user-data\n");
    desk.cms("vm boot db --no-wait").exits(0);
    let before = changes(&desk);
    for line in [
        "vm boot web-1 --user-data init.sh --meta password=hunter2-in-meta --dry-run=wire",
        "vm boot web-1 --user-data init.sh --dry-run=wire -o json --quiet",
        "vm delete db --dry-run=wire",
        "vm delete db --dry-run=wire -o json --quiet",
        "vm boot web-1 --disk 20 --dry-run=wire",
    ] {
        let said = desk.cms(line);
        for secret in ["hunter2", "IyEvYmluL3No"] {
            assert!(!said.out.contains(secret) && !said.err.contains(secret), "{line}: {said:?}");
        }
    }
    assert_eq!(changes(&desk), before);
    assert_eq!(desk.cloud(0).world().node_names(), ["db"]);
    insta::assert_snapshot!(desk.session());
}

#[test]
fn each_of_many_shows_its_own_request() {
    let desk = Desk::new();
    let said = desk.cms("vm boot web-[1-3] --dry-run=wire -o json").exits(0).json();
    let requests = said["requests"].as_array().unwrap();
    let mut names: Vec<&str> =
        requests.iter().filter_map(|request| request["body"]["server"]["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["web-1", "web-2", "web-3"]);
    assert!(said["plan"].as_array().unwrap().iter().all(|step| step["first_change"] == "POST /servers"), "{said}");
    assert_eq!(changes(&desk), [""; 0]);
}

#[test]
fn what_many_are_made_from_is_looked_up_once() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-20] --dry-run").exits(0);
    let seen = desk.cloud(0).troubles().seen();
    let asked = |of: &str| seen.iter().filter(|seen| seen.line.contains(of)).count();
    assert_eq!((asked("/images"), asked("/flavors")), (1, 1), "{seen:?}");
}

#[test]
fn a_command_that_only_looks_says_its_requests() {
    let desk = Desk::new();
    let said = desk.cms("vm list --dry-run=wire -o json").exits(0);
    assert_eq!(said.json()["nodes"], serde_json::json!([]));
    said.complains("lab: GET /servers/detail");
}

#[test]
fn signing_in_really_happens_and_is_shown() {
    let desk = Desk::new();
    let said = desk.cms("vm stop nothing --dry-run=wire");
    assert!(said.err.contains("lab: sent POST /auth/tokens"), "{}", said.err);
    let said = desk.cms("vm start nothing --dry-run=how");
    said.exits(2).complains("possible values: plan, wire");
}
