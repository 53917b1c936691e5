//! What the README shows of `cms` is what `cms` prints.

#![cfg(all(feature = "cli", feature = "openstack"))]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::path::Path;
use std::process::Command;

use cloudmesh_emulator::Emulator;
use regex::{Captures, Regex};

/// A command of a `console` block, and what stands below it.
struct Shown {
    command: String,
    output: String,
}

fn shown(readme: &str) -> Vec<Shown> {
    let blocks = readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    let commands = blocks.flat_map(|block| block.split("$ ").skip(1));
    let split = |text: &str| {
        let (command, output) = text.split_once('\n').expect("a command ends its line");
        Shown { command: command.to_owned(), output: output.trim_end().to_owned() }
    };
    commands.map(split).collect()
}

/// Takes ids and fingerprints out, in the order in which they come: the same one is the same word.
fn without_ids(text: &str, ids: &mut Vec<String>) -> String {
    let id = Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|SHA256:[A-Za-z0-9+/]{43}").unwrap();
    let word = |found: &Captures<'_>| {
        let known = ids.iter().position(|id| *id == found[0]);
        let position = known.unwrap_or_else(|| {
            ids.push(found[0].to_owned());
            ids.len() - 1
        });
        format!("id-{position}")
    };
    id.replace_all(text, word).into_owned()
}

fn run(command: &str, folder: &Path) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_cms")).parent().unwrap();
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("{command} 2>&1")])
        .env_clear()
        .env("PATH", programs)
        .env("HOME", folder)
        .env("CLOUDMESH_CONFIG_DIR", folder)
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.trim_end().replace(&*folder.to_string_lossy(), "/home/albert")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readme_shows_what_cms_prints() {
    let emulator = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cloudmesh.yaml");
    std::fs::write(&file, emulator.cloudmesh_yaml()).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();

    let commands = shown(include_str!("../../README.md"));
    assert!(commands.len() >= 5, "the README has lost its session");
    let (mut shown_ids, mut real_ids) = (Vec::new(), Vec::new());
    for Shown { command, output } in commands {
        let printed = without_ids(&run(&command, folder.path()), &mut real_ids);
        assert_eq!(printed, without_ids(&output, &mut shown_ids), "{command}");
    }
}
