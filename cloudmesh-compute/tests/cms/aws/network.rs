//! Keys, security groups and addresses, as sessions.

use super::session;
use crate::desk::Desk;

const LAPTOP: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBGXlET3AZ9YuL/FQYkBNJnNnkftLngKSPrYK0EXLJb6 albert@bern\n";
const TOWER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJuvFz72KX8NOMiPQd6Z5MjQ4IjGBnUa4Cko1Im2AjbJ albert@tower\n";

#[test]
fn keys_come_and_go() {
    let desk = Desk::aws();
    desk.write("laptop.pub", LAPTOP);
    desk.write("tower.pub", TOWER);
    let lines = [
        "key list --columns name,cloud",
        "key add laptop laptop.pub",
        "key upload laptop",
        "key upload laptop",
        "key upload laptop --file tower.pub",
        "key upload laptop --file tower.pub --force",
        "key list laptop",
        "key delete laptop",
        "key delete laptop --yes",
        "key delete laptop --yes",
    ];
    insta::assert_snapshot!(session(&desk, &lines));
}

#[test]
fn groups_and_rules_are_exactly_what_was_asked_for() {
    let desk = Desk::aws();
    let lines = [
        "sec group list --columns name,cloud",
        "sec group add web ssh https tcp/8000-8010@10.0.0.0/8 tcp/443@::/0 udp/53@192.0.2.0/24 icmp/8 any@group:web",
        "sec rule list web --columns rule --sort rule",
        "sec rule add ssh --group web",
        "sec rule delete https ssh --group web --yes",
        "sec rule list web --columns rule --sort rule",
        "vm boot web-1 --secgroup web,ssh --no-wait",
        "sec group delete web --yes",
        "vm delete web-1 --yes",
        "vm wait web-1 --for gone",
        "sec group clear web --yes",
        "sec rule list web",
        "sec group delete web --yes",
    ];
    insta::assert_snapshot!(session(&desk, &lines));
}

#[test]
fn addresses_are_the_users_and_outlive_machines() {
    let desk = Desk::aws();
    desk.cms("vm boot web-1 web-2").exits(0);
    let address = desk.cms("ip create -o json").exits(0).json()["outcomes"][0]["name"].as_str().unwrap().to_owned();
    desk.cms(&format!("ip attach web-1 {address}")).exits(0);
    assert!(desk.cms("vm ip show web-1").exits(0).out.contains(&address));
    desk.cms(&format!("ip attach web-2 {address}")).exits(1);
    desk.cms(&format!("ip delete {address} --yes")).exits(1);
    desk.cms("vm delete web-1 --yes").exits(0);
    let held = desk.cms("ip list -o json").exits(0).json();
    assert_eq!(
        (&held["addresses"][0]["address"], &held["addresses"][0]["node"]),
        (&address.into(), &serde_json::Value::Null)
    );
    assert_eq!(desk.cms("gc list -o json").exits(0).json()["leftovers"].as_array().map(Vec::len), Some(1));
    desk.cms("gc remove --yes").exits(0);
    assert!(desk.cms("ip list -o json").exits(0).json()["addresses"].as_array().unwrap().is_empty());
}
