//! Ctrl-C, once and twice.

use std::io::Read;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::On;
use cloudmesh_emulator::{Held, When};

use crate::desk::Desk;
use crate::kill::intents;

const CREATES: On = On::Operation(Operation::Create);
const DELETES: On = On::Operation(Operation::Destroy);

/// A `cms` that is under way.
struct Session {
    child: Child,
    err: String,
}

impl Session {
    fn begin(desk: &Desk, line: &str) -> Self {
        let child = desk.command(&line.split_whitespace().collect::<Vec<_>>()).spawn().unwrap();
        Self { child, err: String::new() }
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Presses Ctrl-C, and waits until it is understood.
    fn interrupt(&mut self) {
        self.signal("-INT");
        while !self.err.contains("finishing what is under way; Ctrl-C again ends at once\n") {
            let mut byte = [0];
            let read = self.child.stderr.as_mut().unwrap().read(&mut byte).unwrap();
            assert_eq!(read, 1, "{}", self.err);
            self.err.push(char::from(byte[0]));
        }
    }

    /// The exit code, and what was said on stdout and stderr.
    fn end(mut self) -> (Option<i32>, String, String) {
        let code = self.child.wait().unwrap().code();
        let mut out = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut self.err).unwrap();
        (code, out, self.err)
    }
}

/// Waits until the held request is there.
fn until_reached(held: &Held) {
    until(|| held.is_reached());
}

/// Waits until something is so.
fn until(holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_mins(1), "it never came");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until the cloud has seen so many requests of an operation.
fn until_seen(desk: &Desk, operation: Operation, count: usize) {
    let began = Instant::now();
    let seen = || desk.cloud(0).troubles().seen().iter().filter(|seen| seen.operation == Some(operation)).count();
    while seen() < count {
        assert!(began.elapsed() < Duration::from_mins(1), "{count} times {operation} never came");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What a command says that is interrupted once while the first request of a kind is answered; one node at a time.
fn once(desk: &Desk, on: On, line: &str) -> (Option<i32>, String, String) {
    let held = desk.cloud(0).hold(on, 1, When::After);
    let mut session = Session::begin(desk, &format!("{line} --parallel 1"));
    until_reached(&held);
    session.interrupt();
    held.release();
    let (code, out, err) = session.end();
    (code, desk.plain(&out), desk.plain(&err))
}

/// What a command says that is interrupted twice while the `nth` request of a kind is answered.
fn twice(desk: &Desk, on: On, nth: usize, line: &str) -> (Option<i32>, String, String) {
    let held = desk.cloud(0).hold(on, nth, When::After);
    let mut session = Session::begin(desk, line);
    until_reached(&held);
    session.interrupt();
    session.signal("-INT");
    let (code, out, err) = session.end();
    (code, desk.plain(&out), desk.plain(&err))
}

#[test]
fn the_first_lets_a_boot_finish_what_is_in_flight() {
    let desk = Desk::new();
    let (code, out, err) = once(&desk, CREATES, "vm boot web-[1-3]");
    assert_eq!(code, Some(130));
    insta::assert_snapshot!(format!("{out}---\n{err}"));
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
    desk.cms("vm boot web-[1-3]").exits(0).complains("web-1 exists from an interrupted boot\n");
    assert_eq!(desk.cms("vm list -o json").nodes("name"), ["web-1", "web-2", "web-3"]);
}

#[test]
fn a_boot_that_was_interrupted_is_told_in_json_too() {
    let desk = Desk::new();
    let (code, out, _) = once(&desk, CREATES, "vm boot web-[1-3] -o json");
    assert_eq!(code, Some(130));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["nodes"][0]["name"], "web-1");
    let errors: Vec<&str> = json["errors"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(errors, ["cancelled"; 3]);
}

#[test]
fn the_second_ends_a_boot_at_once_and_tells_what_exists() {
    let desk = Desk::new();
    let (code, out, err) = twice(&desk, CREATES, 2, "vm boot web-[1-2]");
    assert_eq!((code, out.as_str()), (Some(130), ""), "{err}");
    assert!(err.contains("exists: web-") || err.matches("may exist: web-").count() == 2, "{err}");
    assert!(err.contains("may exist: web-"), "{err}");
    assert!(err.contains("remove with: cms vm delete web-1 web-2 --cloud lab --if-exists\n"), "{err}");
    assert!(err.ends_with("error: interrupted\n"), "{err}");
    desk.cms("vm delete web-1 web-2 --cloud lab --if-exists --yes").exits(0);
    assert!(desk.cloud(0).world().node_names().is_empty());
}

#[test]
fn the_second_ends_a_boot_at_once_in_json_too() {
    let desk = Desk::new();
    let (code, out, err) = twice(&desk, CREATES, 1, "vm boot web-1 -o json");
    assert_eq!(code, Some(130));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["errors"][0]["kind"], "cancelled");
    assert!(err.contains("may exist: web-1 (lab)\n"), "{err}");
}

#[test]
fn the_first_lets_a_delete_finish_what_is_in_flight() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-3]").exits(0);
    let (code, out, err) = once(&desk, DELETES, "vm delete web-[1-3] --yes");
    assert_eq!(code, Some(130));
    insta::assert_snapshot!(format!("{out}---\n{err}"));
    desk.cms("vm delete web-[1-3] --yes --if-exists").exits(0);
    assert!(desk.cloud(0).world().node_names().is_empty());
}

#[test]
fn the_second_ends_a_delete_at_once() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    let (code, out, err) = twice(&desk, DELETES, 1, "vm delete web-[1-2] --yes -o json");
    assert_eq!(code, Some(130));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["errors"][0]["kind"], "cancelled");
    assert!(
        err.contains("error: interrupted; what was under way may have taken effect, `cms vm list` shows it"),
        "{err}"
    );
}

#[test]
fn addresses_that_are_allocated_or_not_begun_are_told_and_where_one_sees_them() {
    let desk = Desk::new();
    let allocates = On::Operation(Operation::CreatePublicIp);
    let (code, out, err) = once(&desk, allocates, "ip create --n 3 -o name");
    assert_eq!((code, out.lines().count()), (Some(130), 1), "{err}");
    assert!(err.contains("error: lab: `address 2`: not begun: interrupted"), "{err}");
    let (code, _, err) = twice(&desk, allocates, 1, "ip create --n 2");
    assert_eq!(code, Some(130));
    assert!(
        err.contains("error: interrupted; what was under way may have taken effect, `cms ip list` shows it"),
        "{err}"
    );
}

#[test]
fn what_an_interrupted_boot_asked_for_is_not_forgotten_by_one_that_is_stopped_before_it_begins() {
    let desk = Desk::quick();
    let held = desk.cloud(0).hold(CREATES, 1, When::Before);
    let mut killed = desk.command(&["vm", "boot", "web-[1-3]"]).spawn().unwrap();
    // All three have arrived, so that none of them comes to the next gate.
    until(|| held.count() == 3);
    killed.kill().unwrap();
    killed.wait().unwrap();
    held.discard();
    let held = desk.cloud(0).hold(CREATES, 1, When::Before);
    let mut session = Session::begin(&desk, "vm boot web-[1-3] --parallel 1");
    until_reached(&held);
    session.interrupt();
    held.release();
    let (code, _, err) = session.end();
    assert_eq!((code, desk.cloud(0).world().node_names().len(), intents(&desk)), (Some(130), 1, 3), "{err}");
}

#[test]
fn a_boot_that_has_begun_nothing_ends_at_the_first() {
    let desk = Desk::new();
    let held = desk.cloud(0).hold(On::Any, 1, When::Before);
    let session = Session::begin(&desk, "vm boot web-1");
    until_reached(&held);
    session.signal("-INT");
    let (code, out, err) = session.end();
    assert_eq!((code, out.as_str(), err.as_str()), (Some(130), "", "error: lab: not begun: interrupted\n"));
}

#[test]
fn a_polite_kill_is_an_interruption() {
    let desk = Desk::new();
    let held = desk.cloud(0).hold(On::Any, 1, When::Before);
    let session = Session::begin(&desk, "vm boot web-1");
    until_reached(&held);
    session.signal("-TERM");
    assert_eq!(session.end().0, Some(130));
}

#[test]
fn what_only_looks_ends_at_the_first() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    let session = Session::begin(&desk, "vm wait web-1 --for stopped -o json");
    until_seen(&desk, Operation::Info, 3);
    session.signal("-INT");
    let (code, out, err) = session.end();
    assert_eq!(code, Some(130));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["errors"][0]["kind"], "cancelled");
    assert_eq!(err, "error: interrupted\n", "nothing was changed");
}

#[test]
fn waiting_ends_at_the_first_and_shows_the_last_state() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    let held = desk.cloud(0).hold(On::Operation(Operation::Stop), 1, When::After);
    let session = Session::begin(&desk, "vm stop web-1");
    until_reached(&held);
    let looks = desk.cloud(0).hold(On::Operation(Operation::Info), 1, When::Before);
    held.release();
    until_reached(&looks);
    session.signal("-INT");
    let (code, out, err) = session.end();
    assert_eq!(code, Some(130));
    insta::assert_snapshot!(desk.plain(&format!("{out}---\n{err}")));
}
