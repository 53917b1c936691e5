//! Clouds that refuse what comes too fast.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;

fn throttled(desk: &Desk, retry_after: Option<Duration>, every: usize) {
    let trouble = Disturbance::new(Trouble::Throttled { retry_after }).on(On::Changes);
    desk.cloud(0).troubles().disturb(trouble.every(every));
}

fn files(desk: &Desk) -> usize {
    fs::read_dir(desk.folder.path().join("throttle")).map_or(0, Iterator::count)
}

#[test]
fn fifty_machines_are_made_though_every_tenth_request_is_refused() {
    let desk = Desk::new();
    throttled(&desk, None, 10);
    let said = desk.cms("vm boot web-[1-50] --image tinyboot --size m1.tiny --no-wait -o json").exits(0);
    assert_eq!(said.nodes("name").iter().collect::<BTreeSet<_>>().len(), 50);
    assert_eq!(desk.cloud(0).world().node_names().len(), 50);
}

#[test]
fn a_cloud_that_asks_to_wait_is_waited_for_and_verbose_says_so() {
    let desk = Desk::new();
    desk.cms("vm list").exits(0);
    assert_eq!(files(&desk), 0);
    throttled(&desk, Some(Duration::from_secs(1)), 6);
    let said = desk.cms("vm boot web-[1-10] --no-wait --verbose --parallel 4 -o json").exits(0);
    assert_eq!(said.nodes("name").len(), 10);
    assert!(said.err.lines().any(|line| line.starts_with("lab: POST /servers was held back for ")), "{}", said.err);
    assert_eq!(files(&desk), 1);
}

#[test]
fn another_process_does_not_ask_before_the_time() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    let seen = desk.cloud(0).troubles().seen().len();
    throttled(&desk, Some(Duration::from_mins(5)), 1);
    desk.cms("vm reboot web-1").exits(7);
    let reboots = || {
        let seen = desk.cloud(0).troubles().seen().split_off(seen);
        seen.iter().filter(|seen| seen.line.ends_with("/action")).count()
    };
    assert_eq!(reboots(), 1);
    desk.cms("vm reboot web-1").exits(7).complains("the cloud wants no more requests for ");
    assert_eq!(reboots(), 1);
    desk.cms("vm list").exits(0);
}
