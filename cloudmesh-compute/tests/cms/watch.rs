//! `--watch`.

use std::io::{BufRead, BufReader, Read};
use std::process::Command;

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::desk::Desk;
use crate::terminal::Terminal;

/// Sends Ctrl-C.
fn interrupt(pid: u32) {
    assert!(Command::new("kill").args(["-INT", &pid.to_string()]).status().unwrap().success());
}

#[test]
fn a_terminal_is_redrawn_and_left_as_it_was() {
    let desk = Desk::new();
    desk.cloud(0).world().plant("web-1");
    let mut terminal = Terminal::open(&desk, 80, &["vm", "list", "--watch=1"]);
    terminal.until("web-1");
    terminal.until("cms vm list --watch=1 · every 1s");
    desk.cloud(0).world().plant("web-2");
    terminal.until("web-2");
    assert_eq!(terminal.text().matches("web-1").count(), 1, "{}", terminal.text());
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Html).on(On::Operation(Operation::List)));
    terminal.until("error: lab list: ");
    desk.cloud(0).troubles().calm();
    terminal.until("web-2");
    terminal.press("\u{3}");
    let (code, text) = terminal.end();
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("web-1") && !text.contains("error"), "{text}");
}

#[test]
fn a_pipe_gets_a_line_of_json_a_round() {
    let desk = Desk::new();
    desk.cloud(0).world().plant("web-1");
    let mut child = desk.command(&["vm", "list", "--watch=1", "-o", "json"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        let json: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(json["nodes"][0]["name"], "web-1");
    }
    let listings =
        desk.cloud(0).troubles().seen().iter().filter(|seen| seen.operation == Some(Operation::List)).count();
    assert!((2..=3).contains(&listings), "{listings} listings for two rounds");
    interrupt(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(err, "");
}

#[test]
fn tables_csv_and_yaml_follow_each_other() {
    let desk = Desk::new();
    desk.cloud(0).world().plant("web-1");
    for (format, wanted) in [
        ("table", ["NAME", "web-1", "", "NAME", "web-1"].as_slice()),
        ("csv", &["name", "web-1", "web-1"]),
        ("name", &["web-1", "", "web-1"]),
        ("yaml", &["nodes:", "- name: web-1", "errors: []", "---", "nodes:"]),
    ] {
        let line = ["vm", "list", "--watch=1", "-o", format, "--columns", "name"];
        let mut child = desk.command(if format == "name" { &line[..5] } else { &line }).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let seen: Vec<String> = (0..wanted.len()).map(|_| lines.next().unwrap().unwrap()).collect();
        assert_eq!(seen, wanted, "{format}");
        interrupt(child.id());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{format}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_ends_it() {
    let desk = Desk::new();
    let mut child = desk.command(&["cloud", "list", "--watch=1"]).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_would_not_mend_itself_ends_it() {
    let desk = Desk::new();
    for line in [
        "vm list --watch=soon",
        "vm list --watch=0",
        "vm list --cloud none --watch",
        "vm list --sort x --watch=1",
        "vm boot web-1 --watch",
        "vm info web-1 --watch",
        "provider info memory --watch",
        "set --watch",
    ] {
        desk.cms(line).exits(2);
    }
    assert!(desk.cloud(0).world().node_names().is_empty());
    let file = std::fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap();
    let password = file.lines().find_map(|line| line.trim().strip_prefix("password: ")).unwrap();
    desk.edit(&[(password, "ether-wind-1887")]);
    desk.cms("vm list --watch=1").exits(5);
    let mut terminal = Terminal::open(&desk, 80, &["vm", "list", "--watch=1"]);
    let (code, text) = terminal.end();
    assert_eq!(code, Some(5));
    assert!(text.contains("error: lab list: "), "{text}");
}
