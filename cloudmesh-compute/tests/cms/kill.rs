//! Killed at every request, and begun again: no machine is made twice, and none is lost.

use std::process::Child;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::On;
use cloudmesh_emulator::{Held, When};

use crate::desk::Desk;

const BOOT: [&str; 3] = ["vm", "boot", "web-[1-20]"];
const DELETE: [&str; 5] = ["vm", "delete", "web-[1-20]", "--yes", "--if-exists"];
const CREATES: On = On::Operation(Operation::Create);
/// How many sessions run at once; most of the time they wait.
const AT_ONCE: usize = 6;

/// Runs a session for each number, several at once.
fn at_each(numbers: usize, session: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(1);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(number) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|n| *n <= numbers) {
                    session(number);
                }
            });
        }
    });
}

/// How many requests a command sends that nobody disturbs.
fn requests(desk: &Desk, words: &[&str]) -> usize {
    desk.run(words).exits(0);
    desk.cloud(0).troubles().seen().len()
}

/// Lets a command run until the held request is there, and kills it. If it ends before, it must end well.
pub(crate) fn kill_at(held: &Held, mut child: Child) {
    let began = Instant::now();
    while !held.is_reached() {
        assert!(began.elapsed() < Duration::from_mins(2), "it never came");
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{ended}");
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The names of all machines, and those that there should be.
fn machines(desk: &Desk) -> (Vec<String>, Vec<String>) {
    let mut names = desk.cloud(0).world().node_names();
    names.sort();
    let mut wanted: Vec<String> = (1..=20).map(|number| format!("web-{number}")).collect();
    wanted.sort();
    (names, wanted)
}

/// How many intents are open.
pub(crate) fn intents(desk: &Desk) -> i64 {
    let state = rusqlite::Connection::open(desk.folder.path().join("state.db")).unwrap();
    state.query_row("SELECT count(*) FROM creates", [], |row| row.get(0)).unwrap()
}

/// A boot that is killed at its `nth` request, and the same again.
fn boot_twice(nth: usize, when: When) {
    let desk = Desk::quick();
    let held = desk.cloud(0).hold(On::Any, nth, when);
    kill_at(&held, desk.command(&BOOT).spawn().unwrap());
    held.discard();
    let said = desk.run(&BOOT);
    let place = format!("killed {when:?} request {nth}: {}", said.err);
    let (names, wanted) = machines(&desk);
    assert_eq!((said.code, names), (Some(0), wanted), "{place}");
    assert_eq!(intents(&desk), 0, "{place}");
    assert_eq!(std::fs::read_dir(desk.folder.path().join("runs")).unwrap().count(), 0, "{place}");
}

#[test]
fn a_boot_that_was_killed_before_a_request_took_effect_goes_on() {
    let count = requests(&Desk::quick(), &BOOT);
    assert!(count > 20, "{count}");
    at_each(count, |nth| boot_twice(nth, When::Before));
}

#[test]
fn a_boot_that_was_killed_after_a_request_took_effect_goes_on() {
    let count = requests(&Desk::quick(), &BOOT);
    at_each(count, |nth| boot_twice(nth, When::After));
}

#[test]
fn a_request_that_arrives_after_the_next_boot_looked_makes_no_second_machine() {
    at_each(3, |nth| {
        let desk = Desk::quick();
        let held = desk.cloud(0).hold(CREATES, nth * 5, When::Before);
        kill_at(&held, desk.command(&BOOT).spawn().unwrap());
        held.let_others_pass();
        let looks = |desk: &Desk| {
            // A few names are looked for one by one, more of them by a listing.
            let is_look = |operation| matches!(operation, Some(Operation::List | Operation::Find));
            let seen = desk.cloud(0).troubles().seen();
            seen.iter().filter(|seen| is_look(seen.operation) && seen.status.is_some()).count()
        };
        let before = looks(&desk);
        let mut again = desk.command(&BOOT).spawn().unwrap();
        // After its first look it would make them, did it not look once more.
        while looks(&desk) < before + 2 {
            assert!(again.try_wait().unwrap().is_none(), "it did not look");
            std::thread::sleep(Duration::from_millis(1));
        }
        held.release();
        assert!(again.wait().unwrap().success());
        let (names, wanted) = machines(&desk);
        assert_eq!((names, intents(&desk)), (wanted, 0));
    });
}

#[test]
fn a_request_that_arrives_when_nobody_waits_for_it_any_more_leaves_no_second_machine() {
    let desk = Desk::quick();
    let boot = ["vm", "boot", "web-1"];
    let late = desk.cloud(0).hold(CREATES, 1, When::Before);
    kill_at(&late, desk.command(&boot).spawn().unwrap());
    let waiting = desk.cloud(0).hold(On::Operation(Operation::Info), 1, When::Before);
    let mut again = desk.command(&boot).spawn().unwrap();
    while !waiting.is_reached() {
        assert!(again.try_wait().unwrap().is_none(), "it made nothing");
        std::thread::sleep(Duration::from_millis(1));
    }
    late.release();
    while desk.cloud(0).world().node_names().len() < 2 {
        std::thread::sleep(Duration::from_millis(1));
    }
    waiting.release();
    let said = again.wait_with_output().unwrap();
    let told = String::from_utf8(said.stderr).unwrap();
    assert!(said.status.success(), "{told}");
    assert!(told.contains("warning: web-1 was made twice; ") && told.contains("is removed again\n"), "{told}");
    assert_eq!((desk.cloud(0).world().node_names(), intents(&desk)), (vec!["web-1".to_owned()], 0));
}

#[test]
fn of_two_boots_at_once_one_makes_the_machines_and_one_is_refused() {
    let desk = Desk::quick();
    let held = desk.cloud(0).hold(CREATES, 5, When::Before);
    let mut first = desk.command(&BOOT).spawn().unwrap();
    while !held.is_reached() {
        assert!(first.try_wait().unwrap().is_none(), "it made nothing");
        std::thread::sleep(Duration::from_millis(1));
    }
    held.let_others_pass();
    let second = desk.run(&BOOT).exits(1);
    let refusal = format!("error: lab create web-1: another `cms` is at it, process {};", first.id());
    let second = second.complains(&refusal);
    assert_eq!(second.err.lines().count(), 20, "{}", second.err);
    held.release();
    assert!(first.wait().unwrap().success());
    let (names, wanted) = machines(&desk);
    assert_eq!((names, intents(&desk)), (wanted, 0));
}

#[test]
fn a_delete_that_was_killed_leaves_nothing_when_it_is_repeated() {
    let full = || {
        let desk = Desk::quick();
        (1..=20).for_each(|number| _ = desk.cloud(0).world().plant(&format!("web-{number}")));
        desk
    };
    let count = requests(&full(), &DELETE);
    assert!(count > 20, "{count}");
    at_each(count, |nth| {
        let desk = full();
        let held = desk.cloud(0).hold(On::Any, nth, When::After);
        kill_at(&held, desk.command(&DELETE).spawn().unwrap());
        held.discard();
        let said = desk.run(&DELETE);
        assert_eq!((said.code, desk.cloud(0).world().node_names().len()), (Some(0), 0), "{nth}: {}", said.err);
    });
}
