//! What stands on stdout and what does not.

use std::io::Read;
use std::process::Stdio;

use crate::desk::{Desk, Said};

#[test]
fn json_is_json_in_every_case() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --no-wait").exits(0);
    for line in [
        "vm list",
        "vm list none*",
        "vm info web-1 --raw",
        "vm info none",
        "vm info web-[1-2]",
        "vm status",
        "vm stop web-1 none",
        "vm start web-1",
        "vm reboot none",
        "vm wait none --for gone",
        "vm boot web-1",
        "vm boot web-2 --image none",
        "vm boot web-[1-",
        "vm delete web-1",
        "vm delete web-1 --dry-run",
        "vm delete web-1 --yes",
        "image list",
        "image info none",
        "flavor list --vcpus 1000",
        "flavor info m1.tiny",
        "cloud list",
        "provider list",
        "provider info openstack",
        "provider info none",
        "vm list --cloud none",
        "vm list --config nowhere.yaml",
    ] {
        let said = desk.cms(&format!("{line} -o json"));
        let json = said.json();
        let errors = json["errors"].as_array().unwrap();
        assert_eq!(errors.is_empty(), said.code == Some(0), "{line}: {said:?}");
        assert_eq!(
            said.err.lines().filter(|line| line.starts_with("error: ")).count(),
            errors.len(),
            "{line}: {said:?}"
        );
    }
}

#[test]
fn tables_have_their_words_on_stdout_and_complaints_on_stderr() {
    let desk = Desk::new();
    let said = desk.cms("vm list").exits(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", "no nodes\n"));
    let said = desk.cms("vm list --quiet").exits(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
    let said = desk.cms("vm info none --quiet").exits(4);
    assert_eq!((said.out.as_str(), said.err.lines().count()), ("", 1));
}

#[test]
fn the_clouds_own_record_comes_when_it_is_wanted() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --no-wait").exits(0);
    let raw = |line: &str| desk.cms(line).exits(0).json()["nodes"][0]["raw"].clone();
    assert_eq!(raw("vm list -o json --raw")["name"], "web-1");
    assert_eq!(raw("vm info web-1 -o json --raw")["name"], "web-1");
    assert!(raw("vm list -o json").is_null());
    for (line, what) in [("image info tinyboot", "images"), ("flavor info m1.tiny", "flavors")] {
        let json = desk.cms(&format!("{line} -o json --raw")).exits(0).json();
        assert_eq!(json[what][0]["raw"]["name"], line.rsplit(' ').next().unwrap());
    }
}

#[test]
fn a_pipe_has_no_escapes_and_no_progress() {
    let mut desk = Desk::new();
    desk.set("TERM", "xterm-256color").set("COLORTERM", "truecolor");
    for line in ["vm boot web-1", "vm list", "vm info none", "vm boot --help", "vm strat", "vm delete web-1 --yes"] {
        let said = desk.cms(line);
        assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{line}: {said:?}");
        assert!(!said.err.contains('\r'), "{line}: {said:?}");
    }
}

#[test]
fn no_terminal_obeys_a_name() {
    let desk = Desk::new();
    desk.cloud(0).world().plant("\u{1b}[2Jevil\u{7}\u{202e}");
    let said = desk.cms("vm list").exits(0);
    assert!(!said.out.contains('\u{1b}') && !said.out.contains('\u{7}') && !said.out.contains('\u{202e}'), "{said:?}");
    assert!(said.out.contains("evil"));
    for line in ["vm info *evil*", "vm status *evil*", "vm delete *evil*", "vm stop *evil*"] {
        let said = desk.cms(line);
        assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{line}: {said:?}");
    }
    let said = desk.run(&["vm", "info", "\u{1b}0;evil"]).exits(4);
    assert!(!said.err.contains('\u{1b}'), "{said:?}");
    desk.cloud(0).world().plant("\u{9b}2Jevil");
    let json = desk.cms("vm list -o json").exits(0);
    assert!(!json.out.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{json:?}");
    assert_eq!(json.nodes("name"), ["\u{1b}[2Jevil\u{7}\u{202e}", "\u{9b}2Jevil"]);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let desk = Desk::new();
    desk.cloud(0).world().fill(500);
    for line in [["vm", "list"].as_slice(), &["vm", "list", "-o", "json"], &["vm", "boot", "--help"]] {
        let mut child = desk.command(line).spawn().unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        let code = child.wait().unwrap().code();
        assert_eq!((code, err.as_str()), (Some(0), ""), "{line:?}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let desk = Desk::new();
    desk.cloud(0).world().fill(3);
    let output = desk.command(&["vm", "list"]).stdout(Stdio::from(full)).output().unwrap();
    Said::from(output).exits(1).complains("cannot write to stdout");
}

#[test]
fn where_nothing_can_be_complained_of_the_exit_code_tells() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let desk = Desk::new();
    for (line, code) in [("vm list --verbose", 0), ("vm info none", 4), ("vm delete none --yes", 4)] {
        let mut command = desk.command(&line.split(' ').collect::<Vec<_>>());
        let output = command.stderr(Stdio::from(full.try_clone().unwrap())).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{line}");
    }
}
