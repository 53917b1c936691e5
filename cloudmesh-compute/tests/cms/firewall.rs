//! Keys, security groups and rules on an emulated OpenStack, as one session.

use cloudmesh_emulator::Emulator;

use crate::desk::Desk;

const LAPTOP: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBGXlET3AZ9YuL/FQYkBNJnNnkftLngKSPrYK0EXLJb6 albert@bern\n";
const TOWER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJuvFz72KX8NOMiPQd6Z5MjQ4IjGBnUa4Cko1Im2AjbJ albert@tower\n";

/// The rules of a group for what comes in, in words.
fn ingress(desk: &Desk, group: &str) -> Vec<String> {
    let said = desk.cms(&format!("sec rule list {group} --filter direction=ingress --sort rule -o json")).exits(0);
    let rules = said.json()["rules"].as_array().unwrap().clone();
    rules.iter().map(|rule| rule["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_is_brought_once_and_another_one_of_its_name_only_on_demand() {
    let desk = Desk::with_clouds(&["bern", "ulm"]);
    desk.write("laptop.pub", LAPTOP);
    desk.write("tower.pub", TOWER);
    desk.cms("key add laptop laptop.pub").exits(0);
    for line in [
        "key upload laptop --cloud all",
        "key upload laptop --cloud all",
        "key list laptop --cloud all",
        "key upload laptop --file tower.pub",
        "key upload laptop --file tower.pub --force",
        "key upload laptop --cloud all",
        "key upload tower --file tower.pub --dry-run",
        "key delete laptop --cloud all",
        "key delete laptop --cloud all --dry-run",
        "key delete laptop --cloud all --yes",
        "key delete laptop --cloud all --yes",
        "key delete laptop --cloud all --yes --if-exists",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_machine_whose_key_is_here_and_not_there_is_told_what_to_type() {
    let desk = Desk::new();
    desk.write("laptop.pub", LAPTOP);
    desk.cms("key add laptop laptop.pub").exits(0);
    desk.cms("vm boot web-1 --key laptop").exits(1).complains("`cms key upload laptop --cloud lab`");
    desk.cms("key upload laptop").exits(0);
    desk.cms("vm boot web-1 --key laptop").exits(0);
}

#[test]
fn a_group_is_loaded_as_it_is_kept_and_loading_it_again_changes_nothing() {
    let desk = Desk::with_clouds(&["bern", "ulm"]);
    desk.cms("sec group add web ssh http tcp/8000-8010@10.0.0.0/8 tcp/443@::/0 icmp/8 any@group:web --local").exits(0);
    desk.cms("sec group load web,flask --cloud all").exits(0);
    let changes = || {
        let seen = desk.cloud(0).troubles().seen();
        seen.iter().filter(|seen| !seen.line.starts_with("GET") && seen.line.contains("security-group")).count()
    };
    let before = changes();
    let again = desk.cms("sec group load web,flask --cloud all -o json").exits(0).json();
    assert!(again["outcomes"].as_array().unwrap().iter().all(|done| done["outcome"] == "already there"), "{again}");
    assert_eq!(changes(), before);
    let words = ["any@group:web", "icmp/8", "tcp/22", "tcp/80", "tcp/443@::/0", "tcp/8000-8010@10.0.0.0/8"];
    assert_eq!(ingress(&desk, "web"), words);
    for line in [
        "sec rule add tcp/23 ssh --group web",
        "sec group load web --exact --dry-run",
        "sec group load web --exact",
        "sec group load web --exact --yes",
        "sec rule delete http --group web --cloud all --yes",
        "sec rule list web --filter direction=ingress --sort rule --columns rule,cloud --cloud all",
        "sec group clear web --yes",
        "sec rule list web",
        "sec group delete web,flask --cloud all --yes",
    ] {
        desk.cms(line);
    }
    let session = desk.session();
    insta::assert_snapshot!(session.split_once("$ cms sec rule add").unwrap().1);
}

#[test]
fn a_group_that_a_machine_wears_is_not_deleted() {
    let desk = Desk::new();
    desk.cms("sec group add web ssh").exits(0);
    desk.cms("vm boot web-1 --secgroup web").exits(0);
    desk.cms("sec group delete web --yes").exits(1);
    assert_eq!(desk.cms("sec group list web -o name").exits(0).out, "web\n");
    desk.cms("vm delete web-1 --yes").exits(0);
    desk.cms("sec group delete web --yes").exits(0);
}

/// How many requests of this method, about this, came to the first cloud since it had had `before`.
fn asked(desk: &Desk, before: usize, method: &str, what: &str) -> usize {
    let seen = desk.cloud(0).troubles().seen();
    seen.iter().skip(before).filter(|seen| seen.line.starts_with(method) && seen.line.contains(what)).count()
}

#[test]
fn many_keys_are_compared_with_what_is_there_by_one_listing() {
    let desk = Desk::new();
    for (name, key) in [("laptop", LAPTOP), ("tower", TOWER), ("spare", LAPTOP)] {
        let file = desk.write("new.pub", key);
        desk.cms(&format!("key add {name} {}", file.display())).exits(0);
    }
    desk.cms("key upload").exits(0);
    assert_eq!((asked(&desk, 0, "GET", "/os-keypairs"), asked(&desk, 0, "POST", "/os-keypairs")), (1, 3));
}

#[test]
fn many_rules_of_a_group_go_by_one_look_at_it() {
    let desk = Desk::new();
    desk.cms("sec group add web ssh http https tcp/8080").exits(0);
    let before = desk.cloud(0).troubles().seen().len();
    let gone = desk.cms("sec rule delete ssh http https --group web --yes -o json").exits(0).json();
    assert_eq!(gone["outcomes"].as_array().map(Vec::len), Some(3), "{gone}");
    assert_eq!(ingress(&desk, "web"), ["tcp/8080"]);
    assert_eq!(asked(&desk, before, "DELETE", "/security-group-rules"), 3);
    let looks = asked(&desk, before, "GET", "/security-groups");
    assert!(looks <= 3, "one to find it, one to remove, one to list what is left: {looks}");
}

#[test]
fn a_group_whose_rules_are_refused_is_not_left_behind() {
    let desk = Desk::with_clouds_like(&["lab"], &Emulator::builder().network_quota("security_group_rule", 14));
    let said = desk.cms("sec group add web tcp/1 tcp/2 tcp/3 tcp/4 tcp/5 tcp/6 tcp/7 tcp/8 tcp/9").exits(6);
    said.complains("the group `web` was removed again");
    desk.cms("sec group list web").exits(4);
}
