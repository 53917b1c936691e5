//! Deleting what nobody asked to delete, running what nobody asked to run, showing what nobody may see.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::desk::Desk;

#[test]
fn a_dry_run_of_delete_deletes_nothing() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    let before = desk.cloud(0).troubles().seen().len();
    for line in ["vm delete web-1 --dry-run", "vm delete web* --dry-run --yes", "vm delete web* --dry-run=wire --yes"] {
        desk.cms(line).exits(0);
    }
    let seen = desk.cloud(0).troubles().seen();
    let changes: Vec<&str> =
        seen[before..].iter().map(|seen| seen.line.as_str()).filter(|line| line.starts_with("DELETE")).collect();
    assert!(changes.is_empty(), "{changes:?}");
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("name"), ["web-1", "web-2"]);
}

#[test]
fn no_command_without_a_name_takes_the_last_machine() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    for verb in ["delete --yes", "terminate --yes", "destroy --yes", "stop", "start", "reboot", "info", "wait"] {
        desk.cms(&format!("vm {verb}")).exits(2);
    }
    for empty in ["", ",", " "] {
        desk.run(&["vm", "delete", empty, "--yes"]).exits(2);
    }
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("status"), ["running"]);
}

#[test]
fn deleting_a_machine_takes_nothing_that_others_have() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2] --group physics --secgroup ssh --key demo-key").exits(0);
    desk.cms("vm delete web-1 --yes").exits(0);
    let left = desk.cms("vm list -o json").exits(0);
    assert_eq!((left.nodes("name"), left.nodes("status")), (vec!["web-2".to_owned()], vec!["running".to_owned()]));
    let node = &left.json()["nodes"][0];
    assert_eq!((&node["key"], &node["secgroups"][0]), (&"demo-key".into(), &"ssh".into()));
    // Key, group and network are there for the next one.
    desk.cms("vm boot web-3 --group physics --secgroup ssh --key demo-key").exits(0);
}

#[test]
fn machines_of_one_tag_are_not_all_meant_by_one_name() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-3] --group physics --meta role=web").exits(0);
    desk.cms("vm stop web-2").exits(0);
    assert_eq!(desk.cms("vm list --sort name -o json").nodes("status"), ["running", "stopped", "running"]);
    desk.cms("vm delete physics --yes").exits(4);
    desk.cms("vm delete role=web --yes").exits(4);
}

#[test]
fn what_a_user_types_is_never_evaluated() {
    let desk = Desk::new();
    let wild =
        ["$(touch$IFS'owned')", "`touch owned`", "__import__('os').system('touch owned')", "{cloudmesh.default.cloud}"];
    for word in wild {
        desk.run(&["vm", "info", word]);
        desk.run(&["vm", "boot", "web-1", "--image", word]);
        desk.run(&["vm", "list", "--cloud", word]);
        desk.run(&["vm", "list", "--filter", &format!("name={word}")]);
    }
    desk.edit(&[("cloud: lab", "cloud: lab\n    group: \"$(touch owned)\"")]);
    let plan = desk.cms("vm boot web-1 -o json").exits(0);
    assert_eq!(plan.json()["nodes"][0]["metadata"]["cm-group"], "$(touch owned)");
    assert!(!desk.folder.path().join("owned").exists());
}

#[test]
fn no_file_that_we_write_can_be_read_by_others_and_none_is_a_copy_of_the_configuration() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    desk.cms("image list").exits(0);
    desk.cms("set image=tinyboot").exits(0);
    let password = desk.password();
    let written = desk.files();
    assert!(written.len() > 1, "{written:?}");
    for file in written {
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file:?} {mode:o}");
        let holds = fs::read(&file).unwrap().windows(password.len()).any(|bytes| bytes == password.as_bytes());
        assert_eq!(holds, file.ends_with("cloudmesh.yaml"), "the password in {file:?}");
    }
}
