//! Configurations that are missing, broken, or not for everybody's eyes.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::desk::Desk;

const GOOD: &str = "cloudmesh:
  compute:
    lab:
      cm: {kind: openstack}
      credentials: {auth: {auth_url: 'http://127.0.0.1:9/v3', username: a, password: b, project_name: c}}
";

/// The complaint about a file with this text.
fn complaint(text: &str) -> String {
    let desk = Desk::empty();
    desk.write("cloudmesh.yaml", text);
    let said = desk.cms("vm list --timeout 1").exits(2);
    assert!(said.out.is_empty());
    desk.plain(&said.err)
}

#[test]
fn mistakes_have_a_place_and_the_nearest_right_spelling() {
    let lines = |changes: &[(&str, &str)]| {
        changes.iter().fold(GOOD.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        })
    };
    let texts = [
        ("empty", String::new()),
        ("another file", "kind: Pod\n".to_owned()),
        ("a slip at the top", lines(&[("cloudmesh:", "cloudmseh:")])),
        ("a slip in a section", lines(&[("compute:", "compuet:")])),
        ("a tab", lines(&[("    lab:", "\tlab:")])),
        ("an open bracket", lines(&[("c}}", "c")])),
        ("an open quote", lines(&[("v3'", "v3")])),
        ("a slip in a key", lines(&[("username", "usrename")])),
        ("a slip in a kind", lines(&[("kind: openstack", "kind: opnstack")])),
        ("a kind that is not linked", lines(&[("kind: openstack", "kind: vsphere")])),
        ("no kind", lines(&[("{kind: openstack}", "{label: x}")])),
        ("a wrong type", lines(&[("auth: {auth_url", "auth: [{auth_url"), ("c}}", "c}]}")])),
        ("left to be done", lines(&[("password: b", "password: TBD")])),
        ("a variable that is not set", lines(&[("password: b", "password: '${NOT_SET}'")])),
        (
            "a circle",
            lines(&[
                ("password: b", "password: '{cloudmesh.compute.lab.credentials.auth.username}'"),
                ("username: a", "username: '{cloudmesh.compute.lab.credentials.auth.password}'"),
            ]),
        ),
        ("twice the same", format!("{GOOD}    lab:\n      cm: {{kind: openstack}}\n")),
        ("a slip in the defaults", format!("{GOOD}      defaults: {{imgae: x}}\n")),
        ("a default that nobody knows", format!("{GOOD}      defaults: {{colour: blue}}\n")),
        ("a cloud that is not there", format!("{GOOD}  default: {{cloud: lap}}\n")),
    ];
    let told: Vec<String> = texts.iter().map(|(what, text)| format!("{what}\n  {}", complaint(text))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn no_complaint_shows_a_password() {
    for text in
        ["password: {x: hunter2}", "pasword: hunter2", "password: [hunter2]", "password: hunter2, password: hunter2"]
    {
        let told = complaint(&GOOD.replace("password: b", text));
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[test]
fn what_is_no_file_is_told() {
    let desk = Desk::empty();
    fs::create_dir(desk.folder.path().join("folder.yaml")).unwrap();
    fs::write(desk.folder.path().join("latin1.yaml"), b"cloudmesh: {profile: {user: J\xf6rg}}\n").unwrap();
    desk.cms("vm list");
    for file in ["nowhere.yaml", "folder.yaml", "latin1.yaml", "/dev/null", "nowhere/cloudmesh.yaml"] {
        desk.cms(&format!("vm list --config {file}")).exits(2);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_file_that_we_must_not_read_is_told() {
    let desk = Desk::empty();
    let file = desk.write("cloudmesh.yaml", GOOD);
    fs::set_permissions(&file, Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        // The superuser may read everything.
        return;
    }
    desk.cms("vm list").exits(2).complains("must not be read by you");
}

#[test]
fn a_file_with_secrets_that_others_can_read_is_warned_of() {
    let desk = Desk::new();
    let file = desk.folder.path().join("cloudmesh.yaml");
    for (mode, warned) in [(0o644, true), (0o640, true), (0o604, true), (0o600, false), (0o400, false)] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let said = desk.cms("vm list -o json").exits(0);
        assert!(said.json()["nodes"].is_array());
        assert_eq!(said.err.contains("chmod 600 "), warned, "{mode:o}: {}", said.err);
    }
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    assert!(desk.cms("vm list --quiet").exits(0).err.is_empty());
}
