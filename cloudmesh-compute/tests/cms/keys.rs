//! `cms key`: keys that clouds keep.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::desk::Desk;

const LAPTOP: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBGXlET3AZ9YuL/FQYkBNJnNnkftLngKSPrYK0EXLJb6 albert@bern\n";

/// A desk with two clouds in memory, which forget everything when a command ends.
pub(crate) fn memories() -> Desk {
    let desk = Desk::empty();
    let entry = "{cm: {kind: memory}, credentials: {user: albert, password: relativity-1905}}";
    let file = format!("cloudmesh:\n  default: {{cloud: bern}}\n  compute:\n    bern: {entry}\n    ulm: {entry}\n");
    desk.write("cloudmesh.yaml", &file);
    desk
}

#[test]
fn keys_are_brought_to_several_clouds_at_once() {
    let desk = memories();
    desk.write("laptop.pub", LAPTOP);
    for line in [
        "key list --cloud all",
        "key upload tower --file laptop.pub --cloud all",
        "key upload laptop --file laptop.pub --cloud all -o json",
        "key upload tower --file laptop.pub --dry-run",
        "key delete laptop --cloud all",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

const TOWER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJuvFz72KX8NOMiPQd6Z5MjQ4IjGBnUa4Cko1Im2AjbJ albert@tower\r\n";

#[test]
fn public_keys_are_kept_under_names_beside_the_configuration() {
    let desk = memories();
    desk.write("laptop.pub", LAPTOP);
    // Windows line ends, a byte order mark and comments do no harm.
    desk.write("tower.pub", &format!("\u{feff}# mine\r\n\r\n{TOWER}"));
    for line in [
        "key list --local",
        "key upload",
        "key add laptop laptop.pub --dry-run",
        "key add laptop laptop.pub",
        "key add laptop laptop.pub",
        "key add laptop tower.pub",
        "key add laptop tower.pub --force",
        "key add tower tower.pub -o json",
        "key add laptop laptop.pub --force --quiet",
        "key list --local",
        "key list lap* --local -o json",
        "key upload tower --dry-run",
        "key upload towr",
        "key upload --cloud all",
        "key delete tower --local",
        "key delete tower --local --dry-run",
        "key delete tower nothing --local --yes",
        "key list --local -o name",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
    let file = desk.folder.path().join("keys.yaml");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    insta::assert_snapshot!(fs::read_to_string(file).unwrap());
}

#[test]
fn what_is_no_public_key_is_told_and_neither_kept_nor_shown() {
    let desk = memories();
    let secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ";
    let private = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{secret}\n-----END OPENSSH PRIVATE KEY-----\n");
    desk.write("private", &private);
    desk.write("dsa.pub", "ssh-dss AAAAB3NzaC1kc3MAAACBAKq x@y\n");
    desk.write("broken.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBGX albert@bern\n");
    desk.write("two.pub", &format!("{LAPTOP}{TOWER}"));
    desk.write("empty.pub", "");
    desk.write("huge.pub", &"a".repeat(100_000));
    fs::write(desk.folder.path().join("binary.pub"), [0xff_u8, 0xfe, 0, 1]).unwrap();
    fs::create_dir(desk.folder.path().join("folder")).unwrap();
    for file in ["private", "dsa.pub", "broken.pub", "two.pub", "empty.pub", "huge.pub", "binary.pub", "folder", "gone"]
    {
        let added = desk.cms(&format!("key add x {file}")).exits(2);
        let brought = desk.cms(&format!("key upload x --file {file}")).exits(2);
        assert!(!format!("{added:?}{brought:?}").contains(secret));
    }
    desk.run(&["key", "add", "a,b", "dsa.pub"]);
    insta::assert_snapshot!(desk.session());
    assert!(!desk.folder.path().join("keys.yaml").exists());
}

#[test]
fn the_key_of_the_profile_is_kept_unless_a_file_is_named() {
    let desk = memories();
    desk.cms("key add laptop").exits(2).complains("there is no public key in");
    desk.write("tower.pub", TOWER);
    desk.edit(&[("cloudmesh:\n", "cloudmesh:\n  profile: {publickey: ~/tower.pub}\n")]);
    desk.cms("key add tower").exits(0);
    fs::create_dir(desk.folder.path().join(".ssh")).unwrap();
    desk.write(".ssh/id_ed25519.pub", LAPTOP);
    desk.write(".ssh/broken.pub", "nothing");
    let listed = desk.cms("key list --ssh -o json").exits(3);
    assert_eq!(listed.json()["keys"][0]["name"], "id_ed25519");
    assert_eq!(listed.json()["errors"].as_array().unwrap().len(), 1);
    desk.edit(&[("  profile: {publickey: ~/tower.pub}\n", "")]);
    desk.cms("key add laptop").exits(0);
    let kept = desk.cms("key list --local -o json").exits(0).json();
    let comments: Vec<&str> =
        kept["keys"].as_array().unwrap().iter().map(|key| key["comment"].as_str().unwrap()).collect();
    assert_eq!(comments, ["albert@bern", "albert@tower"]);
}

#[test]
fn many_processes_that_keep_keys_lose_none() {
    let desk = memories();
    desk.write("laptop.pub", LAPTOP);
    let started: Vec<_> = (0..12)
        .map(|number| desk.command(&["key", "add", &format!("key-{number}"), "laptop.pub"]).spawn().unwrap())
        .collect();
    for child in started {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    assert_eq!(desk.cms("key list --local -o name").exits(0).out.lines().count(), 12);
}
