//! What an interrupted boot leaves, and what the next one makes of it.

use std::path::Path;

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};
use cloudmesh_emulator::When;

use crate::desk::{Desk, Said};
use crate::kill::{intents, kill_at};

const CREATES: On = On::Operation(Operation::Create);

/// A desk at which a boot was killed while a request was answered; one machine at a time.
fn killed(line: &str, on: On, nth: usize) -> Desk {
    let desk = Desk::quick();
    let held = desk.cloud(0).hold(on, nth, When::After);
    let line = format!("{line} --parallel 1");
    kill_at(&held, desk.command(&line.split_whitespace().collect::<Vec<_>>()).spawn().unwrap());
    held.discard();
    desk
}

/// The token that the only machine was made under.
fn token(desk: &Desk) -> String {
    let node = &desk.cms("vm info web-1 -o json").exits(0).json()["nodes"][0];
    node["metadata"]["cm-token"].as_str().unwrap().to_owned()
}

#[test]
fn what_exists_from_an_interrupted_boot_is_taken_over() {
    let desk = killed("vm boot web-[1-3]", CREATES, 2);
    assert_eq!((desk.cloud(0).world().node_names().len(), intents(&desk)), (2, 3));
    desk.cms("vm boot web-[1-3]").exits(0);
    insta::assert_snapshot!(desk.session());
    assert_eq!((desk.cloud(0).world().node_names().len(), intents(&desk)), (3, 0));
    desk.cms("vm boot web-1").exits(1).complains("there is a node `web-1` already");
}

#[test]
fn other_wishes_than_those_it_was_made_with_are_said() {
    let desk = killed("vm boot web-1 --size m1.small", CREATES, 1);
    let said = desk.cms("vm boot web-1 --size m1.medium").exits(0);
    assert_eq!(
        said.err,
        "web-1 exists from an interrupted boot\n\
         warning: web-1 was made with other wishes: size \"m1.small\", not \"m1.medium\"\n"
    );
    assert_eq!(desk.cms("vm info web-1 -o json").json()["nodes"][0]["flavor"], "m1.small");
}

#[test]
fn what_was_made_and_is_gone_is_made_anew_under_another_token() {
    let desk = killed("vm boot web-1", On::Operation(Operation::Info), 1);
    let before = token(&desk);
    let elsewhere = tempfile::tempdir().unwrap();
    let config = desk.folder.path().join("cloudmesh.yaml").display().to_string();
    let mut delete = desk.command(&["vm", "delete", "web-1", "--yes", "--config", &config]);
    assert!(delete.env("CLOUDMESH_CONFIG_DIR", elsewhere.path()).status().unwrap().success());
    desk.cms("vm boot web-1").exits(0).complains("looking for what an interrupted boot asked for: web-1\n");
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
    assert_ne!(token(&desk), before);
}

#[test]
fn a_refusal_leaves_no_intent() {
    let desk = Desk::quick();
    desk.cloud(0).world().set_quota(1);
    for line in ["vm boot web-1 --image ubunto", "vm boot web-1 --size m1.smal", "vm boot big --size m1.huge"] {
        assert_ne!(desk.cms(line).code, Some(0), "{line}");
        assert_eq!(intents(&desk), 0, "{line}");
    }
    desk.cms("vm boot web-1").exits(0);
    desk.cms("vm boot web-2").exits(6);
    desk.cms("vm boot web-1").exits(1);
    assert_eq!((desk.cloud(0).world().node_names(), intents(&desk)), (vec!["web-1".to_owned()], 0));
}

#[test]
fn after_a_boot_without_an_answer_the_same_command_makes_nothing_twice() {
    for trouble in [Trouble::Silence, Trouble::Html] {
        let desk = Desk::quick();
        desk.cloud(0).troubles().disturb(Disturbance::new(trouble).on(CREATES));
        let said = desk.cms("vm boot web-1 --timeout 2");
        assert!(matches!(said.code, Some(1 | 8)), "{said:?}");
        said.complains("; run the same command again, nothing is made twice");
        assert_eq!(intents(&desk), 1);
        desk.cloud(0).troubles().calm();
        desk.cms("vm boot web-1").exits(0);
        assert_eq!((desk.cloud(0).world().node_names().len(), intents(&desk)), (1, 0));
    }
}

#[test]
fn a_delete_forgets_what_was_wanted() {
    let desk = Desk::quick();
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Html).on(CREATES));
    desk.cms("vm boot web-1").exits(1);
    assert_eq!(intents(&desk), 1);
    desk.cms("vm delete web-1 --yes --dry-run");
    assert_eq!(intents(&desk), 1);
    desk.cms("vm delete web-1 --yes --if-exists").exits(0).complains("looking for what an interrupted boot asked for");
    assert_eq!(intents(&desk), 0);
}

#[test]
fn what_comes_after_a_delete_looked_is_deleted_too() {
    let desk = Desk::quick();
    let held = desk.cloud(0).hold(CREATES, 1, When::Before);
    kill_at(&held, desk.command(&["vm", "boot", "web-1"]).spawn().unwrap());
    held.let_others_pass();
    let looks = || {
        let seen = desk.cloud(0).troubles().seen();
        seen.iter().filter(|seen| seen.operation == Some(Operation::Find) && seen.status.is_some()).count()
    };
    let before = looks();
    let mut delete = desk.command(&["vm", "delete", "web-1", "--yes", "--if-exists"]).spawn().unwrap();
    while looks() == before {
        assert!(delete.try_wait().unwrap().is_none(), "it did not look");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    held.release();
    assert!(delete.wait().unwrap().success());
    assert!(desk.cloud(0).world().node_names().is_empty());
}

#[test]
fn without_a_journal_nothing_is_made() {
    let spoilt = |name: &str, spoil: fn(&Path)| {
        let desk = Desk::quick();
        spoil(&desk.folder.path().join(name));
        assert_ne!(desk.cms("vm boot web-1 --quiet").code, Some(0));
        assert!(desk.cloud(0).troubles().seen().is_empty());
        desk.session()
    };
    let folder = spoilt("state.db", |path| std::fs::create_dir(path).unwrap());
    let file = spoilt("runs", |path| std::fs::write(path, "").unwrap());
    insta::assert_snapshot!(format!("{folder}{file}"));
}

#[test]
fn a_machine_that_never_ran_is_removed_and_the_others_stay() {
    let desk = Desk::new();
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Capacity).on(CREATES).times(1));
    let said = desk.cms("vm boot web-[1-3] -o json").exits(3);
    let error = said.json()["errors"][0].clone();
    assert_eq!(error["kind"], "quota_exceeded");
    assert!(error["message"].as_str().unwrap().ends_with("; it never ran and was removed again"), "{error}");
    assert_eq!((said.nodes("name").len(), desk.cloud(0).world().node_names().len(), intents(&desk)), (2, 2, 0));
}

#[test]
fn a_machine_of_an_interrupted_boot_that_is_broken_now_is_left_alone() {
    let desk = Desk::quick();
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Capacity).on(CREATES));
    let held = desk.cloud(0).hold(On::Operation(Operation::Info), 1, When::Before);
    kill_at(&held, desk.command(&["vm", "boot", "web-1"]).spawn().unwrap());
    held.discard();
    let said = desk.cms("vm boot web-1").exits(6);
    said.complains("; it may have run before and is left alone, `cms vm delete web-1 --cloud lab` removes it (500)\n");
    assert_eq!((desk.cloud(0).world().node_names(), intents(&desk)), (vec!["web-1".to_owned()], 0));
}

#[test]
fn a_machine_of_an_interrupted_boot_that_was_stopped_since_is_not_waited_for() {
    let desk = killed("vm boot web-1", On::Operation(Operation::Info), 1);
    desk.cms("vm stop web-1").exits(0);
    let said = desk.cms("vm boot web-1 -o json").exits(0).complains("web-1 exists from an interrupted boot\n");
    assert_eq!((said.nodes("status"), intents(&desk)), (vec!["stopped".to_owned()], 0));
}

#[test]
fn an_intent_that_cannot_be_closed_spoils_no_answer() {
    let desk = Desk::quick();
    let held = desk.cloud(0).hold(On::Operation(Operation::Info), 1, When::Before);
    let mut boot = desk.command(&["vm", "boot", "web-1", "-o", "json"]).spawn().unwrap();
    while !held.is_reached() {
        assert!(boot.try_wait().unwrap().is_none(), "it waited for nothing");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let state = rusqlite::Connection::open(desk.folder.path().join("state.db")).unwrap();
    state.execute_batch("DROP TABLE creates").unwrap();
    held.release();
    let said = Said::from(boot.wait_with_output().unwrap()).exits(0).complains("warning: cannot use `~/state.db`");
    assert_eq!(said.nodes("name"), ["web-1"]);
}

#[test]
fn what_cannot_be_removed_is_said_with_the_command_for_it() {
    let desk = Desk::new();
    desk.cloud(0).troubles().disturb(Disturbance::new(Trouble::Html).on(On::Operation(Operation::Destroy)));
    desk.cms("vm boot big --size m1.huge --image tinyboot").exits(6);
    insta::assert_snapshot!(desk.session());
    assert_eq!(desk.cloud(0).world().node_names(), ["big"]);
}

#[test]
fn a_machine_that_takes_too_long_is_left_alone() {
    let desk = Desk::slow();
    let said = desk.cms("vm boot web-1 --timeout 1").exits(8);
    said.complains("`web-1`: not running within 1s; it exists, `cms vm wait web-1 --cloud lab` waits on");
    assert_eq!((desk.cloud(0).world().node_names().len(), intents(&desk)), (1, 0));
}

#[test]
fn a_machine_that_exists_is_as_good_as_a_new_one_if_that_is_said() {
    let desk = Desk::new();
    desk.cms("vm boot web-2").exits(0);
    let id = desk.cms("vm stop web-2 -o json").exits(0).nodes("id");
    let said = desk.cms("vm boot web-[1-3] --if-not-exists -o json").exits(0);
    assert_eq!(said.nodes("name"), ["web-1", "web-2", "web-3"]);
    assert_eq!(said.nodes("status"), ["running", "stopped", "running"]);
    assert_eq!((said.nodes("id")[1].as_str(), intents(&desk)), (id[0].as_str(), 0));
    desk.cms("vm boot web-2 --if-not-exists --dry-run").exits(0);
}

#[test]
fn without_a_name_the_next_generated_one_is_made() {
    let desk = Desk::quick();
    desk.edit(&[("cloudmesh:\n", "cloudmesh:\n  profile: {user: Albert.E}\n")]);
    let made = |line: &str| desk.cms(&format!("{line} -o json")).exits(0).nodes("name");
    assert_eq!(made("vm boot"), ["albert-e-vm-1"]);
    desk.cloud(0).world().plant("albert-e-vm-3");
    assert_eq!(made("vm boot --n 3 --no-wait"), ["albert-e-vm-2", "albert-e-vm-4", "albert-e-vm-5"]);
    let planned = || desk.cms("vm boot --n 2 --dry-run -o json").exits(0).json()["plan"][1]["subject"].clone();
    assert_eq!((planned(), planned()), ("albert-e-vm-7".into(), "albert-e-vm-7".into()));
    desk.cms("vm delete albert-e-vm-5 --yes").exits(0);
    assert_eq!(made("vm boot"), ["albert-e-vm-6"], "no number comes again");
    assert_eq!(intents(&desk), 0);
}

#[test]
fn two_boots_without_a_name_make_two_machines() {
    let desk = Desk::quick();
    let mut children: Vec<_> = (0..4).map(|_| desk.command(&["vm", "boot"]).spawn().unwrap()).collect();
    assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    let mut names = desk.cloud(0).world().node_names();
    names.sort();
    assert_eq!(names, ["cloudmesh-vm-1", "cloudmesh-vm-2", "cloudmesh-vm-3", "cloudmesh-vm-4"]);
}

#[test]
fn a_dry_run_writes_nothing_down() {
    let desk = Desk::quick();
    desk.cms("vm boot web-1").exits(0);
    for line in ["vm boot web-2 --dry-run", "vm boot --dry-run", "vm boot web-2 --dry-run=wire"] {
        desk.cms(line).exits(0);
        assert_eq!(intents(&desk), 0, "{line}");
    }
    assert_eq!(desk.cloud(0).world().node_names(), ["web-1"]);
}
