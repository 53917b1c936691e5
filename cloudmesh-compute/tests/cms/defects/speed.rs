//! One thing after another, waits without end, seconds to start, whole catalogues for one name.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};
use cloudmesh_emulator::When;

use crate::desk::{Desk, Said};

#[test]
fn machines_are_made_at_once_and_not_one_after_another() {
    let desk = Desk::new();
    desk.cms("vm list").exits(0);
    // No create is answered before four have arrived.
    let creates = On::Operation(Operation::Create);
    let held = desk.cloud(0).hold(creates, 1, When::Before);
    let boot = desk.command(&["vm", "boot", "web-[1-4]", "-o", "json"]).spawn().unwrap();
    let arrived = || {
        let seen = desk.cloud(0).troubles().seen();
        seen.iter().filter(|seen| seen.line.starts_with("POST") && seen.operation == Some(Operation::Create)).count()
    };
    desk.wait_for(async {
        let all = async {
            while arrived() < 4 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), all).await.unwrap();
    });
    held.release();
    assert_eq!(Said::from(boot.wait_with_output().unwrap()).exits(0).nodes("name").len(), 4);
}

#[test]
fn nothing_waits_without_end() {
    for line in [
        "vm list",
        "vm info web-1",
        "vm stop web-1",
        "vm boot web-2",
        "image list",
        "vm delete web-1 --yes",
        "vm suspend web-1",
        "ip list",
    ] {
        let desk = Desk::new();
        desk.cloud(0).world().plant("web-1");
        desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Silence));
        desk.cms(&format!("{line} --timeout 1")).exits(8);
    }
}

#[test]
fn a_listing_has_all_its_pages_and_outlives_a_fault() {
    let desk = Desk::new();
    desk.cloud(0).world().fill(1203);
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Unavailable).on(On::Reads).times(1));
    let said = desk.cms("vm list -o json").exits(0);
    assert_eq!(said.nodes("name").len(), 1203);
    let asked = desk.cloud(0).troubles().seen();
    assert!(asked.iter().any(|seen| seen.line.contains("marker=")), "there was only one page");
}

#[test]
fn version_and_help_read_no_file_and_ask_no_network() {
    let mut desk = Desk::with_clouds(&["lab"]);
    // Whatever is read here fails: a configuration that is none, a folder that must not be entered.
    desk.write("cloudmesh.yaml", "cloudmesh: [this is no configuration");
    let closed = desk.folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "CLOUDMESH_CONFIG_DIR"] {
        desk.set(name, &closed);
    }
    desk.set("CLOUDMESH_CONFIG", desk.folder.path().join("cloudmesh.yaml"));
    let names =
        || fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect::<BTreeSet<_>>();
    let before = names();
    for line in ["--version", "--help", "help", "vm --help", "vm boot --help", "help image list", "flavor list -h"] {
        let said = desk.cms(line).exits(0);
        assert!(said.err.is_empty(), "{line}: {}", said.err);
    }
    assert!(desk.cms("vm list").code != Some(0), "the configuration is one that fails");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(names(), before, "a file was written");
    assert!(fs::read_dir(&closed).unwrap().next().is_none(), "a file was written");
    assert!(desk.cloud(0).troubles().seen().is_empty());
}

#[test]
fn one_name_costs_one_question_and_no_catalogue() {
    let desk = Desk::new();
    desk.cms("vm list").exits(0);
    let asked = |line: &str| {
        let before = desk.cloud(0).troubles().seen().len();
        desk.cms(line).exits(0);
        let seen = desk.cloud(0).troubles().seen();
        seen[before..].iter().map(|seen| seen.line.clone()).collect::<Vec<_>>()
    };
    for line in ["image info tinyboot", "image list tinyboot"] {
        let asked = asked(line);
        let images: Vec<&String> = asked.iter().filter(|line| line.contains("/images")).collect();
        assert!(images.iter().all(|line| line.contains("name=tinyboot")), "{line}: {asked:?}");
        assert!(asked.len() <= 2, "{line}: {asked:?}");
    }
    desk.cms("vm boot web-1").exits(0);
    let asked = asked("vm info web-1");
    assert!(asked.len() <= 2 && asked.iter().all(|line| line.contains("web-1")), "{asked:?}");
}
