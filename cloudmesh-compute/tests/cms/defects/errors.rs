//! Errors that nobody saw: exit code 0, swallowed causes, empty tables, chatter in the data.

use std::os::unix::fs::PermissionsExt;

use cloudmesh_abstract::conformance::{Disturbance, Trouble};

use crate::desk::Desk;

/// Whatever asks a cloud.
const QUESTIONS: [&str; 31] = [
    "vm list",
    "vm status",
    "vm info web-1",
    "vm start web-1",
    "vm stop web-1",
    "vm reboot web-1",
    "vm delete web-1 --yes",
    "vm wait web-1",
    "vm boot web-2",
    "image list",
    "image info tinyboot",
    "flavor list",
    "vm suspend web-1",
    "vm resume web-1",
    "vm resize web-1 --size m1.small",
    "vm rename web-1 www-1",
    "vm meta list web-1",
    "vm meta set web-1 a=b",
    "vm meta delete web-1 a",
    "vm log web-1",
    "vm console web-1",
    "vm ip show",
    "vm ip assign web-1",
    "vm username web-1",
    "ip list",
    "ip create",
    "ip delete 203.0.113.7 --yes",
    "ip attach web-1",
    "ip detach web-1",
    "gc list",
    "gc remove --yes",
];

#[test]
fn no_error_exits_with_0() {
    for trouble in [Trouble::Unavailable, Trouble::Html] {
        for line in QUESTIONS {
            let desk = Desk::new();
            desk.cloud(0).world().plant("web-1");
            desk.cloud(0).troubles().disturb(Disturbance::new(trouble.clone()));
            let said = desk.cms(&format!("{line} --timeout 1"));
            assert!(!matches!(said.code, None | Some(0)), "{trouble:?} {line}: {said:?}");
            assert!(said.out.is_empty(), "{trouble:?} {line}: {said:?}");
            assert!(said.err.lines().any(|line| line.starts_with("error: ")), "{trouble:?} {line}: {said:?}");
        }
    }
}

#[test]
fn an_error_tells_its_cause() {
    let mut desk = Desk::new();
    desk.end(0);
    let said = desk.cms("vm list --timeout 1").exits(1);
    assert!(said.err.contains("127.0.0.1") && said.err.contains("because: "), "{}", said.err);
}

#[test]
fn what_is_not_there_is_told_and_no_empty_table() {
    let desk = Desk::new();
    for line in [
        "vm info web-1",
        "vm status web-1",
        "vm list web-1",
        "vm list web-*",
        "image list nothing",
        "image list nothing-*",
        "image info nothing",
        "flavor list nothing",
        "flavor list nothing-*",
        "flavor info nothing",
    ] {
        let said = desk.cms(line).exits(4);
        assert!(said.out.is_empty(), "{line}: {}", said.out);
        assert!(said.err.contains("`web-") || said.err.contains("`nothing"), "{line}: {}", said.err);
        let errors = desk.cms(&format!("{line} -o json")).exits(4).json()["errors"].as_array().unwrap().len();
        assert_eq!(errors, 1, "{line}");
    }
    desk.cms("vm list").exits(0).complains("no nodes");
}

#[test]
fn json_holds_no_chatter() {
    let desk = Desk::new();
    let file = desk.folder.path().join("cloudmesh.yaml");
    // A warning, the requests, an error, notes and a question: none of it is data.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    for line in [
        "vm boot web-1",
        "vm list",
        "vm list nothing",
        "vm delete web-1 --dry-run",
        "vm delete web-1",
        "vm suspend web-1",
        "vm meta list web-1",
        "vm log web-1",
        "vm username",
        "ip create",
        "ip list",
        "vm ip assign web-1",
        "gc list",
        "gc remove",
        "vm delete web-1 --yes",
        "image list",
        "flavor list --arch x86_64",
        "cloud list",
        "provider list",
    ] {
        let said = desk.cms(&format!("{line} -o json --verbose"));
        assert!(said.json().is_object(), "{line}");
        assert!(said.err.contains("chmod 600") || line == "provider list", "{line}: {}", said.err);
    }
}
