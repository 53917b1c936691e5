//! Each command about machines, as sessions.

use super::session;
use crate::desk::Desk;

#[test]
fn three_machines_from_boot_to_delete() {
    let desk = Desk::aws();
    let lines = [
        "vm list",
        "vm boot web-[1-3] --key demo-key --secgroup ssh --meta course=e516",
        "vm list",
        "vm status",
        "vm stop web-1",
        "vm stop web-1",
        "vm start web-1",
        "vm start web-1",
        "vm reboot web-2",
        "vm wait web-2",
        "vm resize web-2 --size t3.small",
        "vm stop web-3",
        "vm resize web-3 --size t3.small",
        "vm resize web-3 --size t3.gigantic",
        "vm rename web-3 www-3",
        "vm list --columns name,status,flavor,key,secgroups",
        "vm list --cached --columns name,status,flavor",
        "vm delete web-* --yes",
        "vm list",
        "vm terminate www-3 --yes",
        "vm wait www-3 --for gone",
        "vm list",
        "vm delete web-1 --yes",
        "vm delete web-1 --yes --if-exists",
    ];
    insta::assert_snapshot!(session(&desk, &lines));
}

#[test]
fn a_machine_is_suspended_when_it_was_made_for_it() {
    let desk = Desk::aws();
    let lines = [
        "vm boot sleeper --hibernate --disk 20 --disk-type gp3",
        "vm boot waker",
        "vm list --columns name,status,hibernate",
        "vm suspend sleeper",
        "vm suspend sleeper",
        "vm status",
        "vm resume sleeper",
        "vm suspend waker",
        "vm status waker",
        "vm stop waker",
        "vm wait waker --for suspended",
        "vm resume waker",
    ];
    insta::assert_snapshot!(session(&desk, &lines));
}

#[test]
fn tags_screens_and_login_names() {
    let desk = Desk::aws();
    let lines = [
        "vm boot web-1 --group physics",
        "vm meta set web-1 course=e516 owner=albert",
        "vm meta list web-1 --columns name,value --filter key~^(course|owner|cm-group)$",
        "vm meta delete web-1 owner nothing",
        "vm meta list web-1 --filter key=owner",
        "vm username web-1",
        "vm username web-1 --set albert",
        "vm log web-1",
        "vm console web-1",
        "vm ip show web-1",
        "vm info web-1 --columns name,kind,status,vendor_status,flavor,zone,region",
    ];
    insta::assert_snapshot!(session(&desk, &lines));
}

#[test]
fn everything_that_was_said_is_so() {
    let desk = Desk::aws();
    desk.write("first-boot.yaml", "#cloud-config\n");
    let line = "vm boot web-1 --image debian-12 --size t3.small --key demo-key --secgroup default,ssh --zone us-east-1b \
                --group physics --user-data first-boot.yaml --disk 30 --disk-type gp3 --meta a=1 --meta b=x=y --public";
    let node = desk.cms(&format!("{line} -o json")).exits(0).json()["nodes"][0].clone();
    let field = |name: &str| node[name].as_str().unwrap().to_owned();
    let told = ["name", "status", "flavor", "key", "zone", "region"].map(field);
    assert_eq!(told, ["web-1", "running", "t3.small", "demo-key", "us-east-1b", "us-east-1"]);
    let mut groups: Vec<&str> =
        node["secgroups"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    groups.sort_unstable();
    assert_eq!(groups, ["default", "ssh"]);
    let tags = ["a", "b", "cm-group", "cm-name"].map(|key| node["metadata"][key].as_str().unwrap());
    assert_eq!(tags, ["1", "x=y", "physics", "web-1"]);
    assert_eq!(node["public_ips"].as_array().map(Vec::len), Some(1));
    let image = desk.cms("image info debian-12 -o json").exits(0).json()["images"][0]["id"].clone();
    assert_eq!(node["image"], image);
    let raw = desk.cms("vm list --raw -o json").exits(0);
    assert!(!raw.out.contains("cloud-config") && !raw.out.contains("I2Nsb3Vk"), "user data is nowhere");
    let record = &raw.json()["nodes"][0]["raw"];
    assert_eq!(record["metadataOptions"]["httpTokens"], "required", "{record}");
}

#[test]
fn many_machines_at_once_are_made_from_one_look() {
    let desk = Desk::aws();
    let said = desk.cms("vm boot web-[01-20] --key demo-key --secgroup ssh -o json").exits(0);
    let names: Vec<String> = (1..=20).map(|number| format!("web-{number:02}")).collect();
    assert_eq!(said.nodes("name"), names);
    let asked = |action: &str| desk.cloud(0).troubles().seen().iter().filter(|seen| seen.line.contains(action)).count();
    assert_eq!(asked("RunInstances"), 20);
    let looks = ["DescribeImages", "DescribeInstanceTypes", "DescribeKeyPairs", "DescribeSecurityGroups"].map(asked);
    assert!(looks.iter().all(|looks| *looks <= 1), "{looks:?}");
    desk.cms("vm delete web-[01-20] --yes").exits(0);
    assert!(desk.cms("vm list -o json").exits(0).nodes("name").is_empty());
}
