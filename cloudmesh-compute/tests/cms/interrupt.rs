//! Ctrl-C.

use std::io::Read;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;

/// Waits until the cloud has seen so many requests of an operation.
fn until_seen(desk: &Desk, operation: Operation, count: usize) {
    let began = Instant::now();
    let seen = || desk.cloud(0).troubles().seen().iter().filter(|seen| seen.operation == Some(operation)).count();
    while seen() < count {
        assert!(began.elapsed() < Duration::from_mins(1), "{count} times {operation} never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Presses Ctrl-C, and tells the exit code with what was said on stdout and stderr.
fn interrupt(mut child: Child) -> (Option<i32>, String, String) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let code = child.wait().unwrap().code();
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.unwrap().read_to_string(&mut out).unwrap();
    child.stderr.unwrap().read_to_string(&mut err).unwrap();
    (code, out, err)
}

#[test]
fn an_interrupted_boot_tells_what_exists_and_how_to_remove_it() {
    let desk = Desk::new();
    let silence = Disturbance::new(Trouble::Silence).on(On::Operation(Operation::Create)).every(2);
    desk.cloud(0).troubles().disturb(silence);
    let child = desk.command(&["vm", "boot", "web-[1-2]"]).spawn().unwrap();
    until_seen(&desk, Operation::Create, 2);
    let (code, out, err) = interrupt(child);
    assert_eq!((code, out.as_str()), (Some(130), ""), "{err}");
    assert!(err.contains("web-1 (lab"), "{err}");
    assert!(err.contains("web-2 (lab"), "{err}");
    assert!(err.contains("may exist: web-"), "{err}");
    assert!(err.contains("remove with: cms vm delete web-1 web-2 --cloud lab --if-exists\n"), "{err}");
    assert!(err.ends_with("error: interrupted\n"), "{err}");
    desk.cms("vm delete web-1 web-2 --cloud lab --if-exists --yes").exits(0);
    assert!(desk.cloud(0).world().node_names().is_empty());
}

#[test]
fn what_was_only_waited_for_goes_on() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    let child = desk.command(&["vm", "wait", "web-1", "--for", "stopped", "-o", "json"]).spawn().unwrap();
    until_seen(&desk, Operation::Info, 3);
    let (code, out, err) = interrupt(child);
    assert_eq!(code, Some(130));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["errors"][0]["kind"], "cancelled");
    assert!(
        err.contains("error: interrupted; what was under way may have taken effect, `cms vm list` shows it"),
        "{err}"
    );
}
