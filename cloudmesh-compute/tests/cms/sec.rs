//! `cms sec`: security groups and rules that clouds keep.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::desk::Desk;
use crate::keys::memories;

#[test]
fn groups_and_rules_of_several_clouds_are_listed() {
    let desk = memories();
    for line in [
        "sec group list --cloud all",
        "sec group list ssh --cloud bern -o name",
        "sec rule list ssh --cloud bern,ulm",
        "sec rule list ssh --cloud bern -o csv",
        "sec rule list ssh nowhere --cloud all --filter protocol=tcp --columns cloud,rule",
        "sec group delete ssh --cloud all",
        "sec group delete s* --cloud all --yes",
        "sec group delete default nothing --cloud bern --yes -o json",
        "sec group delete ssh --cloud all --dry-run",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn what_a_listing_lacks_is_told_and_the_exit_code_says_how_much() {
    let desk: Desk = memories();
    desk.cms("sec rule list nothing --cloud all").exits(4);
    desk.cms("sec rule list ssh,nothing --cloud bern").exits(3);
    desk.cms("sec group delete nothing --cloud bern --yes --if-exists").exits(0);
    desk.cms("sec group list --cached").exits(2).complains("`--cached` asks no cloud");
    desk.cms("sec group delete ssh --columns nothing --yes").exits(2);
}

#[test]
fn rules_and_groups_are_kept_beside_the_configuration() {
    let desk = memories();
    for line in [
        "sec rule list --local",
        "sec group list --local",
        "sec rule add postgres tcp/5432@10.0.0.0/8 --local",
        "sec rule add postgres tcp 5432 10.0.0.0/8 --local",
        "sec rule add postgres tcp/5433 --local",
        "sec rule add dns egress:udp/53@::/0 --local --dry-run",
        "sec group add db ssh postgres egress:udp/53 --description databases --local",
        "sec group add db ssh --local",
        "sec group add web ssh http sssh --local",
        "sec group list db --local -o json",
        "sec rule list postgres --local -o json",
        "sec rule delete postgres --local --yes",
        "sec group delete db --local --yes",
        "sec rule delete postgres --local --yes",
        "sec rule list --local -o name",
        "sec group list --local -o name",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
    let file = desk.folder.path().join("secgroups.yaml");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    insta::assert_snapshot!(fs::read_to_string(file).unwrap());
}

#[test]
fn a_group_that_is_kept_opens_nothing_but_what_its_words_say() {
    let desk = memories();
    desk.run(&["sec", "group", "add", "web", "tcp/22@group:a,any", "--local"]).exits(0);
    let kept = desk.cms("sec group list web --local -o json").exits(0).json();
    assert_eq!(kept["secgroups"][0]["rules"], serde_json::json!(["tcp/22@group:a,any"]));
    // By hand, without brackets.
    desk.write("secgroups.yaml", "groups:\n  web: tcp/22, icmp\n");
    let kept = desk.cms("sec group list web --local -o json").exits(0).json();
    assert_eq!(kept["secgroups"][0]["rules"], serde_json::json!(["tcp/22", "icmp"]));
}

#[test]
fn a_dry_run_of_what_is_kept_here_refuses_and_says_what_the_command_would() {
    let desk = memories();
    for (line, code) in [
        ("sec rule add ssh tcp/23 --local", 1),
        ("sec rule add tcp/23 tcp/23 --local", 2),
        ("sec group add default tcp/80 --local", 1),
        ("sec group add web[1-2] tcp/80 --local", 2),
        ("sec rule delete ssh --local --yes", 1),
        ("sec rule add ssh tcp/22 --local", 0),
    ] {
        let dry = desk.cms(&format!("{line} --dry-run -o json")).exits(code).json();
        assert_eq!(dry["plan"].as_array().map_or(0, Vec::len), 0, "{line}");
    }
    let dry = desk.cms("sec rule add ssh tcp/23 --local --force --dry-run -o json").exits(0).json();
    assert_eq!(dry["plan"][0]["operation"], "replace rule");
    assert!(
        !desk.folder.path().join("secgroups.yaml").exists()
            && !desk.folder.path().join(".secgroups.yaml.lock").exists()
    );
    desk.cms("sec rule add ssh tcp/22 --local").exits(0);
}

#[test]
fn a_rule_that_is_named_twice_is_one_and_groups_are_named_as_everywhere() {
    let desk = memories();
    let deleted = desk.cms("sec rule delete ssh tcp/22 --group s* --cloud bern --yes -o json").exits(0).json();
    assert_eq!(deleted["outcomes"].as_array().map(Vec::len), Some(1));
    let added = desk.cms("sec rule add http tcp/80 --group ssh,default --cloud bern -o json");
    assert_eq!(added.exits(0).json()["outcomes"].as_array().map(Vec::len), Some(2));
    desk.cms("sec rule add http --group nothing[1,3] --cloud bern").exits(4).complains("`nothing3`");
}

#[test]
fn nothing_is_said_where_there_was_nothing_to_delete_and_that_is_fine() {
    let desk = memories();
    for line in ["key delete", "sec group delete", "key delete --local", "sec rule delete --local"] {
        let run = desk.cms(&format!("{line} nothing --if-exists --yes")).exits(0);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""), "{line}");
    }
}

#[test]
fn a_rule_that_is_none_is_told_before_anything_is_sent() {
    let desk = Desk::new();
    for word in [
        "tcp/80-22",
        "tcp/0",
        "tcp/99999",
        "tcp",
        "tcp/22@10.0.0.1/8",
        "tcp/22@10.0.0.0/33",
        "tcp/22@bern",
        "ipv4:tcp/22@fd00::/8",
        "icmp/300",
        "tpc/22",
        "shs",
    ] {
        desk.run(&["sec", "rule", "add", word, "--group", "default"]).exits(2);
        desk.run(&["sec", "group", "add", "web", word]).exits(2);
        desk.run(&["sec", "rule", "add", "mine", word, "--local"]).exits(2);
    }
    desk.cms("sec rule add ssh").exits(2);
    desk.cms("sec rule add mine tcp 22 10.0.0.0/8 more --local").exits(2);
    desk.cms("sec rule add tcp/22 tcp/23 --local").exits(2);
    insta::assert_snapshot!(desk.session());
    assert!(desk.cloud(0).troubles().seen().is_empty());
}

#[test]
fn a_mistake_in_the_file_is_told_with_its_place() {
    let desk = memories();
    for text in ["rules:\n  ssh: tcp\n", "rule: {}\n", "rules: [a]\n", "groups:\n  web: [gone]\n", "rules: {\n"] {
        desk.write("secgroups.yaml", text);
        desk.cms("sec group load").exits(2);
    }
    desk.write("keys.yaml", "laptop: ssh-ed25519 AAAA\n");
    desk.cms("key list --local").exits(2);
    insta::assert_snapshot!(desk.session());
}

#[test]
fn groups_are_brought_to_several_clouds_at_once() {
    let desk = memories();
    for line in [
        "sec group load default,flask --cloud all",
        "sec group load flask --cloud bern --dry-run",
        "sec group load f* --cloud bern -o json",
        "sec group load nothing",
        "sec group load n*",
        "sec group add web ssh tcp/443@::/0 --cloud all",
        "sec group add ssh http --cloud all",
        "sec rule add ssh https tcp/22 --group ssh --cloud bern",
        "sec rule add ssh --group nowhere --cloud all",
        "sec rule delete ssh --group ssh --cloud all",
        "sec rule delete ssh http --group ssh --cloud bern --yes",
        "sec group clear ssh,default --cloud bern",
        "sec group clear ssh --cloud bern --yes",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn every_field_of_the_json_can_be_named() {
    let desk = memories();
    desk.write("laptop.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBGXlET3AZ9YuL/FQYkBNJnNnkftLngKSPrYK0EXLJb6 a@b\n");
    desk.cms("key add laptop laptop.pub").exits(0);
    for (line, what) in [
        ("key list", "keys"),
        ("key list --local", "keys"),
        ("sec group list", "secgroups"),
        ("sec group list --local", "secgroups"),
        ("sec rule list", "rules"),
        ("sec rule list --local", "rules"),
        ("sec group load flask", "outcomes"),
    ] {
        let json = desk.cms(&format!("{line} -o json")).exits(0).json();
        let keys: Vec<&String> = json[what][0].as_object().unwrap().keys().collect();
        let list = keys.iter().map(|key| key.as_str()).collect::<Vec<_>>().join(",");
        desk.cms(&format!("{line} -o json --columns {list}")).exits(0);
        desk.cms(&format!("{line} -o csv")).exits(0);
    }
}
