//! Defects of the original that concern AWS, and must not come back.

use std::time::{Duration, Instant};

use crate::desk::Desk;

#[test]
fn untagged_machines_are_listed_and_left_alone() {
    let desk = Desk::aws();
    desk.cloud(0).world().plant("theirs");
    desk.cloud(0).world().plant("");
    desk.cms("vm boot web-[1-2]").exits(0);
    let mut names = desk.cms("vm list -o json").exits(0).nodes("name");
    names.sort();
    assert_eq!(names, ["", "theirs", "web-1", "web-2"]);
    desk.cms("vm delete web-* --yes").exits(0);
    let mut names = desk.cms("vm list -o json").exits(0).nodes("name");
    names.sort();
    assert_eq!(names, ["", "theirs"]);
}

#[test]
fn machines_of_the_same_tag_are_not_touched_together() {
    let desk = Desk::aws();
    desk.cms("vm boot web-[1-3] --group physics --meta course=e516").exits(0);
    desk.cms("vm stop web-1").exits(0);
    desk.cms("vm delete web-2 --yes").exits(0);
    let said = desk.cms("vm list --sort name -o json").exits(0);
    assert_eq!(
        (said.nodes("name"), said.nodes("status")),
        (vec!["web-1".to_owned(), "web-3".to_owned()], vec!["stopped".to_owned(), "running".to_owned()],)
    );
}

#[test]
fn a_name_that_fits_several_is_an_error_that_lists_them() {
    let desk = Desk::aws();
    let ids = [desk.cloud(0).world().plant("twin"), desk.cloud(0).world().plant("twin")];
    let said = desk.cms("vm delete twin --yes");
    assert_ne!(said.code, Some(0));
    assert!(ids.iter().all(|id| said.err.contains(id.as_str())), "{}", said.err);
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("name").len(), 2);
}

#[test]
fn a_dry_run_of_a_delete_deletes_nothing_and_a_delete_needs_names() {
    let desk = Desk::aws();
    desk.cms("vm boot web-1").exits(0);
    desk.cms("vm delete web-1 --dry-run").exits(0);
    desk.cms("vm delete").exits(2);
    desk.cms("vm delete web-1").exits(2);
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("status"), ["running"]);
}

#[test]
fn deleted_machines_are_not_listed_and_missing_ones_are_not_found() {
    let desk = Desk::aws();
    desk.cms("vm boot web-1").exits(0);
    desk.cms("vm delete web-1 --yes").exits(0);
    desk.cms("vm wait web-1 --for gone").exits(0);
    assert!(desk.cms("vm list -o json").exits(0).nodes("name").is_empty());
    for line in ["vm info web-1", "vm info i-0123456789abcdef0", "vm start nothing", "image info nothing"] {
        assert!(desk.cms(line).exits(4).out.is_empty(), "{line}");
    }
}

#[test]
fn rename_suspend_resume_and_reboot_work() {
    let desk = Desk::aws();
    desk.cms("vm boot web-1 --hibernate").exits(0);
    for line in ["vm reboot web-1", "vm wait web-1", "vm suspend web-1", "vm resume web-1", "vm rename web-1 www-1"] {
        desk.cms(line).exits(0);
    }
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("name"), ["www-1"]);
}

#[test]
fn rules_are_never_wider_than_asked() {
    let desk = Desk::aws();
    desk.cms("sec group add web tcp/22@192.0.2.0/24 tcp/443@2001:db8::/32 icmp/8@10.0.0.0/8 udp/53").exits(0);
    let rules = desk.cms("sec rule list web --filter direction=ingress -o json").exits(0).json();
    let mut words: Vec<&str> =
        rules["rules"].as_array().unwrap().iter().map(|rule| rule["rule"].as_str().unwrap()).collect();
    words.sort_unstable();
    assert_eq!(words, ["icmp/8@10.0.0.0/8", "tcp/22@192.0.2.0/24", "tcp/443@2001:db8::/32", "udp/53"]);
}

#[test]
fn sizes_and_one_image_cost_no_catalogue() {
    let desk = Desk::aws();
    let began = Instant::now();
    desk.cms("flavor list").exits(0);
    desk.cms("image info debian-12").exits(0);
    assert!(began.elapsed() < Duration::from_secs(30), "it took minutes once");
    let images: Vec<String> = desk.cloud(0).troubles().seen().into_iter().map(|seen| seen.line).collect();
    let images: Vec<&String> = images.iter().filter(|line| line.contains("DescribeImages")).collect();
    assert!(images.len() <= 3, "{images:?}");
}

#[test]
fn what_fails_is_no_success_and_the_others_go_on() {
    let desk = Desk::aws();
    desk.cms("vm boot web-1").exits(0);
    let said = desk.cms("vm stop web-1 nothing -o json").exits(3);
    assert_eq!(
        (said.nodes("status"), said.json()["errors"].as_array().map(Vec::len)),
        (vec!["stopped".to_owned()], Some(1))
    );
}
