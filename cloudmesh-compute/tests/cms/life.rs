//! A day with three machines.

use cloudmesh_abstract::Operation;

use crate::desk::Desk;

#[test]
fn three_machines_from_boot_to_delete() {
    let desk = Desk::new();
    for line in [
        "vm list",
        "vm boot web-[1-3] --key demo-key --secgroup ssh --meta course=e516",
        "vm list",
        "vm list web-2,web-9",
        "vm status",
        "vm stop web-1",
        "vm stop web-1",
        "vm status web-1",
        "vm start web-1",
        "vm start web-1",
        "vm reboot web-2",
        "vm wait web-2",
        "vm reboot web-2 --hard",
        "vm wait web-* --for running",
        "vm stop web-* --no-wait",
        "vm wait web-* --for stopped",
        "vm delete web-[1-2] --yes",
        "vm wait web-1 --for gone",
        "vm list",
        "vm terminate web-3 --yes",
        "vm wait web-3 --for gone",
        "vm list",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn everything_about_two_machines() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --key demo-key --meta course=e516 --group physics").exits(0);
    desk.cms("vm boot web-2").exits(0);
    let session = ["vm info web-[1-2]", "vm info web-1 -o json", "image info tinyboot", "flavor info m1.small"];
    let said = session.map(|line| format!("$ cms {line}\n{}\n", desk.cms(line).exits(0).out));
    insta::assert_snapshot!(desk.plain(&said.concat()));
}

#[test]
fn what_there_is_to_make_machines_from() {
    let desk = Desk::new();
    for line in [
        "image list",
        "image list ubuntu*",
        "image list nothing*",
        "flavor list",
        "flavor list --vcpus 2",
        "flavor list m1.[tiny,small] --memory 2",
        "image info ubunto",
        "flavor info m1.gigantic",
        "cloud list",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn an_id_works_wherever_a_name_does() {
    let desk = Desk::new();
    let id = desk.cms("vm boot web-1 -o json").nodes("id").remove(0);
    for verb in ["list", "info", "status", "stop", "start", "reboot", "wait", "delete --yes"] {
        let said = desk.cms(&format!("vm {verb} {id} -o json")).exits(0);
        assert_eq!(said.nodes("name"), ["web-1"], "{verb}");
    }
    assert!(desk.cloud(0).world().node_names().is_empty());
}

#[test]
fn a_machine_that_somebody_else_made_is_listed_and_left_alone() {
    let desk = Desk::new();
    desk.cloud(0).world().plant("theirs");
    desk.cloud(0).world().plant("");
    desk.cms("vm boot web-[1-2] --no-wait").exits(0);
    assert_eq!(desk.cms("vm list -o json").nodes("name"), ["", "theirs", "web-1", "web-2"]);
    desk.cms("vm delete web-* --yes").exits(0);
    assert_eq!(desk.cloud(0).world().node_names(), ["theirs", ""]);
}

#[test]
fn twenty_machines_at_once() {
    let desk = Desk::new();
    let said = desk.cms("vm boot web-[01-20] -o json").exits(0);
    let names: Vec<String> = (1..=20).map(|number| format!("web-{number:02}")).collect();
    assert_eq!(said.nodes("name"), names);
    assert!(said.nodes("status").iter().all(|status| status == "running"));
    let seen = desk.cloud(0).troubles().seen();
    let looks = seen.iter().filter(|seen| seen.operation == Some(Operation::Info)).count();
    assert!(looks < 20, "many nodes are waited for by listings, only the last few one by one: {looks}");
    desk.cms("vm delete web-[01-20] --yes").exits(0);
    assert!(desk.cloud(0).world().node_names().is_empty());
}
