//! `cms api`: calls in the vendor's own words.

use std::io::Write;
use std::process::Stdio;

use crate::desk::{Desk, Said};

#[test]
fn an_answer_is_printed_as_the_cloud_gave_it() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    let json = desk.cms("api lab GET compute/servers/detail?limit=1 -o json").exits(0).json();
    assert_eq!(json["servers"][0]["name"], "web-1");
    let bare = desk.cms("api lab get /compute/servers/detail?limit=1").exits(0);
    assert_eq!(bare.json(), json);
    let yaml = desk.cms("api lab GET compute/servers -o yaml").exits(0).out;
    assert!(yaml.starts_with("servers:\n"), "{yaml}");
    let id = json["servers"][0]["id"].as_str().unwrap();
    let said = desk.cms(&format!("api lab DELETE compute/servers/{id}")).exits(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
}

#[test]
fn a_refusal_keeps_the_words_and_the_code_of_the_cloud() {
    let desk = Desk::new();
    let said = desk.cms("api lab GET compute/servers/00000000-0000-0000-0000-000000000000 -o json").exits(4);
    let error = &said.json()["errors"][0];
    assert_eq!((error["kind"].as_str(), error["code"].as_str()), (Some("not_found"), Some("itemNotFound")), "{error}");
    assert!(said.err.contains("could not be found"), "{}", said.err);
}

#[test]
fn a_body_comes_from_the_line_from_a_file_or_from_stdin() {
    let desk = Desk::new();
    let id = desk.cms("vm boot web-1 -o json").exits(0).nodes("id").remove(0);
    let rename = |name: &str| format!("{{\"server\":{{\"name\":\"{name}\"}}}}");
    let path = format!("compute/servers/{id}");
    desk.run(&["api", "lab", "PUT", &path, "--data", &rename("one")]).exits(0);
    desk.write("body.json", &rename("two"));
    assert_eq!(desk.cms("vm list -o json").nodes("name"), ["one"]);
    desk.run(&["api", "lab", "PUT", &path, "--data", "@body.json"]).exits(0);
    assert_eq!(desk.cms("vm list -o json").nodes("name"), ["two"]);
    let mut command = desk.command(&["api", "lab", "PUT", &path, "--data", "-"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(rename("three").as_bytes()).unwrap();
    Said::from(child.wait_with_output().unwrap()).exits(0);
    assert_eq!(desk.cms("vm list -o json").nodes("name"), ["three"]);
}

#[test]
fn mistakes_are_told_before_anything_is_sent_and_show_no_secret() {
    let desk = Desk::with_clouds(&["lab", "lob"]);
    for line in [
        "api lab GTE compute/servers",
        "api lab FROBNICATE compute/servers",
        "api lab POST compute/servers --data {\"password\":\"hunter2",
        "api lab POST compute/servers --data @nothing.json",
        "api lab GET compute/servers -o csv",
        "api lab GET compute/servers --columns name",
        "api lab,lob GET compute/servers",
        "api nowhere GET compute/servers",
        "api lab GET",
    ] {
        desk.cms(line).exits(2);
    }
    assert!(desk.cloud(0).troubles().seen().is_empty());
    assert!(desk.cloud(1).troubles().seen().is_empty());
    let session = desk.session();
    // The line that was typed is shown in the session, and nowhere else.
    assert!(!session.lines().any(|line| line.starts_with('!') && line.contains("hunter2")), "{session}");
    insta::assert_snapshot!(session);
}

#[test]
fn what_is_sent_and_answered_stands_in_no_trace() {
    let desk = Desk::new();
    let body = "{\"keypair\":{\"name\":\"k\",\"password\":\"hunter2\"}}";
    let said = desk.run(&["api", "lab", "POST", "compute/os-keypairs", "--data", body, "--verbose"]);
    assert!(!said.err.contains("hunter2"), "{}", said.err);
}
