//! What `cms vm delete` asks, and what it touches.

use crate::desk::Desk;

#[test]
fn without_a_terminal_it_refuses() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2] db --no-wait").exits(0);
    let said = desk.cms("vm delete web-*").exits(2);
    assert!(said.out.is_empty());
    let told = desk.plain(&said.err);
    assert!(told.starts_with("  web-1 (lab, <id>, "), "{told}");
    said.complains(
        "error: refused to delete 2 machines without being asked on a terminal; pass `--yes` if you mean it",
    );
    assert_eq!(desk.cloud(0).world().node_names().len(), 3);
}

#[test]
fn without_names_it_is_a_mistake() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --no-wait").exits(0);
    desk.cms("vm delete --yes").exits(2).complains("required arguments were not provided");
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
}

#[test]
fn what_is_not_there_is_not_found_unless_that_is_fine() {
    let desk = Desk::new();
    desk.cms("vm delete web-1 --yes").exits(4).complains("no node `web-1`");
    desk.cms("vm delete web-1,db* --yes --if-exists").exits(0);
    desk.cms("vm boot web-1").exits(0);
    assert_eq!(desk.cms("vm delete web-[1-2] --yes -o json").exits(3).nodes("status"), ["deleted"]);
    desk.cms("vm boot web-1").exits(0);
    desk.cms("vm delete web-[1-2] --yes --if-exists").exits(0);
}

#[test]
fn two_of_a_name_are_told_apart_by_their_ids() {
    let desk = Desk::new();
    let ids = [desk.cloud(0).world().plant("twin"), desk.cloud(0).world().plant("twin")];
    for line in ["vm delete twin --yes", "vm stop twin", "vm info twin"] {
        let said = desk.cms(line).exits(1).complains("`twin` fits 2 nodes, name one by its id: ");
        assert!(ids.iter().all(|id| said.err.contains(id.as_str())), "{}", said.err);
    }
    desk.cms(&format!("vm delete {} --yes", ids[1])).exits(0);
    assert_eq!(desk.cms("vm list -o json").nodes("id"), [ids[0].as_str()]);
}

#[test]
fn a_glob_takes_both_of_a_name_and_shows_them_first() {
    let desk = Desk::new();
    desk.cloud(0).world().plant("twin");
    desk.cloud(0).world().plant("twin");
    desk.cms("vm delete twi* ").exits(2).complains("delete 2 machines");
    desk.cms("vm delete twi* --yes").exits(0);
    assert!(desk.cloud(0).world().node_names().is_empty());
}
