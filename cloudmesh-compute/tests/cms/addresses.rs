//! `cms ip`, `cms vm ip`, `cms vm boot --ip`, `cms gc`.

use cloudmesh_abstract::conformance::On;
use cloudmesh_emulator::When;

use crate::desk::{Desk, Said};
use crate::kill::{intents, kill_at};

/// Makes the machine, allocates, attaches.
const WITH_ANY: (&[&str], usize) = (&["vm", "boot", "web-1", "--ip", "any"], 3);
/// Makes the machine, then an address of its own.
const PUBLIC: (&[&str], usize) = (&["vm", "boot", "web-1", "--public"], 2);

/// The addresses that a listing has, each with the machine that it leads to.
fn held(desk: &Desk) -> Vec<(String, Option<String>)> {
    let json = desk.cms("ip list -o json").exits(0).json();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    json["addresses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["address"]).unwrap(), text(&row["node"])))
        .collect()
}

/// The names of the outcomes.
fn outcomes(said: &Said) -> Vec<String> {
    let json = said.json();
    json["outcomes"].as_array().unwrap().iter().map(|done| done["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_address_lives_its_life() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    let made = outcomes(&desk.cms("ip create --n 2 -o json").exits(0));
    assert_eq!(held(&desk).len(), 2);
    let mut sorted = held(&desk);
    sorted.sort_by_key(|(address, _)| address.parse::<std::net::IpAddr>().unwrap());
    let (one, two) = (sorted[0].0.clone(), sorted[1].0.clone());
    assert!(made.contains(&one) && made.contains(&two));

    desk.cms("vm list").exits(0);
    desk.cms("ip attach web-1").exits(0);
    assert_eq!(desk.cms("vm ip show web-1 --cached -o json").json()["nodes"][0]["public_ips"][0], one.as_str());
    assert!(held(&desk).contains(&(one.clone(), Some("web-1".to_owned()))));
    assert_eq!(desk.cms("vm info web-1 -o json").json()["nodes"][0]["public_ips"][0], one.as_str());
    // Again: done already. Another one, or another's: refused, with what to type.
    desk.cms("ip attach web-1").exits(0);
    desk.cms(&format!("ip attach web-1 {one}")).exits(0);
    desk.cms(&format!("ip attach web-1 {two}")).exits(1).complains(&format!("has the address {one} already"));
    desk.cms(&format!("ip attach web-2 {one}")).exits(1).complains(&format!("`{one}` leads to web-1"));
    // What is in use is not released, and nothing else either.
    desk.cms(&format!("ip delete {one} --yes"))
        .exits(1)
        .complains(&format!("`cms ip detach {one}` takes it off first"));
    desk.cms(&format!("ip delete {one},{two} --yes")).exits(3);
    assert_eq!(held(&desk), [(one.clone(), Some("web-1".to_owned()))]);
    desk.cms("ip attach web-2").exits(4).complains("`cms vm ip assign web-2` does both");

    desk.cms("ip detach web-1").exits(0);
    desk.cms(&format!("ip detach {one}")).exits(0);
    desk.cms("ip detach web-1").exits(4);
    assert_eq!(held(&desk), [(one.clone(), None)]);
    desk.cms(&format!("ip delete {one} --yes")).exits(0);
    desk.cms(&format!("ip delete {one} --yes")).exits(4);
    desk.cms(&format!("ip delete {one} --yes --if-exists")).exits(0);
    assert!(held(&desk).is_empty());
}

#[test]
fn machines_are_assigned_free_addresses_and_then_new_ones() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-3]").exits(0);
    let free = outcomes(&desk.cms("ip create -o json").exits(0)).remove(0);
    let before = desk.cms("vm ip assign web-[1-3] --dry-run").exits(0).out;
    assert!(before.contains("a new address") && before.contains(&free), "{before}");
    desk.cms("vm ip assign web-[1-3] --dry-run=wire").exits(0);
    assert_eq!(held(&desk).len(), 1);
    let json = desk.cms("vm ip assign web-[1-3] -o json").exits(0).json();
    let mut given: Vec<&str> =
        json["nodes"].as_array().unwrap().iter().map(|node| node["public_ips"][0].as_str().unwrap()).collect();
    assert!(given.contains(&free.as_str()), "{given:?}");
    given.sort_unstable();
    given.dedup();
    assert_eq!(given.len(), 3);
    desk.cms("vm ip assign web-*").exits(0);
    assert_eq!(held(&desk).len(), 3);
}

#[test]
fn mistakes_are_told() {
    let desk = Desk::with_clouds(&["lab", "lob"]);
    desk.cms("vm boot web-1 --cloud lab,lob").exits(0);
    for (line, code) in [
        ("ip delete 203.0.113", 2),
        ("ip delete 300.0.0.1 --yes", 2),
        ("ip delete 203.0.113.77 --yes", 4),
        ("ip delete 203.0.113.77 --yes --cloud lab,lob", 4),
        ("ip delete", 2),
        ("ip attach web-1 web-2", 2),
        ("ip attach web-*", 2),
        ("ip attach web-[1-2]", 2),
        ("ip attach web-1 203.0.113.77", 4),
        ("ip attach web-1 --cloud lab,lob", 1),
        ("ip attach nobody --cloud lab,lob", 4),
        ("ip detach 203.0.113.77 --cloud lab,lob", 4),
        ("ip detach web-1", 4),
        ("ip create --n 0", 2),
        ("ip list --columns adress", 2),
        ("vm boot web-2 --ip 203.0.113.77", 1),
        ("vm boot web-2 --n 3 --ip 203.0.113.77", 2),
        ("vm boot web-2 --cloud lab,lob --ip 203.0.113.77", 2),
        ("vm boot web-2 --ip somewhere", 2),
        ("vm boot web-2 --ip any --public", 2),
        ("vm boot web-2 --ip any --no-wait", 2),
    ] {
        desk.cms(line).exits(code);
    }
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_boot_brings_an_address_along() {
    let desk = Desk::new();
    let free = outcomes(&desk.cms("ip create -o json").exits(0)).remove(0);
    let plan = desk.cms(&format!("vm boot web-1 --ip {free} --dry-run")).exits(0).out;
    assert!(plan.contains(&free), "{plan}");
    let json = desk.cms(&format!("vm boot web-1 --ip {free} -o json")).exits(0).json();
    assert_eq!(json["nodes"][0]["public_ips"][0], free.as_str());
    desk.cms(&format!("vm boot web-2 --ip {free}")).exits(1).complains(&format!("`{free}` leads to web-1"));
    let json = desk.cms("vm boot web-[2-3] --ip any -o json").exits(0).json();
    assert!(json["nodes"].as_array().unwrap().iter().all(|node| !node["public_ips"][0].is_null()), "{json}");
    assert_eq!(held(&desk).len(), 3);
    // An address that was attached, and not made for the machine, outlives it.
    desk.cms("vm delete web-1 --yes").exits(0);
    assert!(held(&desk).contains(&(free, None)));
}

/// A boot with an address that is killed at its `nth` request, and the same again.
fn boot_twice(boot: &[&str], nth: usize, when: When) {
    let desk = Desk::quick();
    let held_back = desk.cloud(0).hold(On::Changes, nth, when);
    kill_at(&held_back, desk.command(boot).spawn().unwrap());
    held_back.discard();
    let said = desk.run(boot);
    assert_eq!(said.code, Some(0), "killed {when:?} request {nth}: {}", said.err);
    let addresses: Vec<Option<String>> = held(&desk).into_iter().map(|(_, node)| node).collect();
    assert_eq!(addresses, [Some("web-1".to_owned())], "killed {when:?} request {nth}");
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
    assert_eq!(intents(&desk), 0);
}

#[test]
fn a_boot_with_an_address_that_was_killed_is_completed_by_the_same_command() {
    for (boot, changes) in [WITH_ANY, PUBLIC] {
        for nth in 1..=changes {
            boot_twice(boot, nth, When::Before);
            boot_twice(boot, nth, When::After);
        }
    }
}

#[test]
fn what_was_left_behind_is_shown_removed_after_asking_and_then_gone() {
    let desk = Desk::new();
    let id = desk.cms("vm boot web-1 --public -o json").exits(0).nodes("id").remove(0);
    desk.cms("gc list").exits(0).complains("no leftovers");
    // Deleted by somebody who does not know of the address.
    desk.cms(&format!("api lab DELETE compute/servers/{id}")).exits(0);
    desk.cms("vm wait web-1 --for gone").exits(0);
    assert_eq!(held(&desk).len(), 1);
    let left = desk.cms("gc list -o json").exits(0).json();
    assert_eq!(left["leftovers"].as_array().unwrap().len(), 1, "{left}");
    desk.cms("gc remove").exits(2).complains("refused to remove 1 leftover");
    desk.cms("gc remove --dry-run").exits(0);
    assert_eq!(held(&desk).len(), 1);
    // What belongs to something is none of it.
    desk.cms("vm boot web-2 --ip any --no-public").exits(2);
    desk.cms("vm boot web-2 --public").exits(0);
    desk.cms("gc remove --yes").exits(0);
    desk.cms("gc remove --yes").exits(0).complains("nothing was left behind");
    desk.cms("gc list").exits(0).complains("no leftovers");
    let names: Vec<Option<String>> = held(&desk).into_iter().map(|(_, node)| node).collect();
    assert_eq!(names, [Some("web-2".to_owned())]);
}
