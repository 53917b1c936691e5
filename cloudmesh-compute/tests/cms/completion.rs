//! Completing words, as each shell asks for it.

use std::path::Path;
use std::process::Command;

use rusqlite::{Connection, params};

use crate::desk::{Desk, Said};

const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "powershell"];

/// What can stand at the end of a line of words, asked for as a script of this shell asks.
fn asked(desk: &Desk, shell: &str, line: &str) -> Said {
    let words: Vec<&str> = line.split(' ').collect();
    let mut command = desk.command(&[&["--", "cms"], words.as_slice()].concat());
    command.env("_CMS_COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", words.len().to_string()).env("_CLAP_IFS", "\n");
    Said::from(command.output().unwrap())
}

/// The words that can stand at the end of a line.
fn words(desk: &Desk, line: &str) -> Vec<String> {
    let said = asked(desk, "bash", line).exits(0);
    assert_eq!(said.err, "", "{line}");
    said.out.lines().map(str::to_owned).collect()
}

/// Puts names into the known state, as listings do.
fn know(desk: &Desk, names: &[String]) {
    let mut state = Connection::open(desk.folder.path().join("state.db")).unwrap();
    let change = state.transaction().unwrap();
    change.execute("INSERT INTO clouds (id, origin, cloud, account) VALUES (77, '', 'far', 'x')", []).unwrap();
    for (id, name) in names.iter().enumerate() {
        let row = params![id.to_string(), name];
        change.execute("INSERT INTO nodes (cloud, id, name, noted, record) VALUES (77, ?1, ?2, 0, '{}')", row).unwrap();
    }
    change.commit().unwrap();
}

/// A desk whose known state is there.
fn desk() -> Desk {
    let desk = Desk::with_clouds(&["abel", "bert"]);
    desk.cms("vm boot made-1 --no-wait").exits(0);
    desk
}

#[test]
fn every_shell_has_a_script_that_it_understands() {
    let desk = Desk::empty();
    for shell in SHELLS {
        let script = desk.cms(&format!("completion {shell}")).exits(0);
        assert!(script.out.contains("_CMS_COMPLETE") && script.err.is_empty(), "{shell}: {}", script.out);
        let file = desk.write(&format!("script.{shell}"), &script.out);
        if shell != "powershell" && Command::new(shell).arg("-c").arg("true").output().is_ok() {
            let checked = Command::new(shell).arg("-n").arg(&file).output().unwrap();
            assert!(checked.status.success(), "{shell}: {checked:?}");
        }
    }
    desk.cms("completion tcsh").exits(2);
}

#[test]
fn words_are_what_files_and_the_known_state_have() {
    let desk = desk();
    let names = ["web-1", "web-2", "db 1", "wild\u{1b}[2J", "worker;rm"].map(str::to_owned);
    know(&desk, &names);
    let seen = desk.cloud(0).troubles().seen().len();
    assert_eq!(words(&desk, "vm info w"), ["web-1", "web-2"]);
    assert_eq!(words(&desk, "vm suspend w"), ["web-1", "web-2"]);
    assert_eq!(words(&desk, "vm rename w"), ["web-1", "web-2"]);
    assert_eq!(words(&desk, "vm meta set w"), ["web-1", "web-2"]);
    assert_eq!(words(&desk, "ip attach w"), ["web-1", "web-2"]);
    assert_eq!(words(&desk, "api b"), ["bert"]);
    assert_eq!(words(&desk, "vm delete web-1,w"), ["web-1,web-1", "web-1,web-2"]);
    assert_eq!(words(&desk, "vm boot web-3 --cloud "), ["abel", "all", "bert"]);
    assert_eq!(words(&desk, "vm list --cloud=b"), ["--cloud=bert"]);
    assert_eq!(words(&desk, "cloud check a"), ["abel", "all"]);
    assert_eq!(words(&desk, "set im"), ["image="]);
    assert_eq!(words(&desk, "set cloud=be"), ["cloud=bert"]);
    assert_eq!(words(&desk, "set public=t"), ["public=true"]);
    assert_eq!(words(&desk, "config get default."), ["default.cloud"]);
    assert_eq!(words(&desk, "config get cloudmesh.default."), ["cloudmesh.default.cloud"]);
    assert_eq!(words(&desk, "config set default.im"), ["default.image"]);
    assert_eq!(words(&desk, "config set compute.bert.defaults.im"), ["compute.bert.defaults.image"]);
    assert_eq!(words(&desk, "set hibernate=t"), ["hibernate=true"]);
    assert_eq!(words(&desk, "provider info op"), ["openstack"]);
    assert_eq!(words(&desk, "completion f"), ["fish"]);
    assert_eq!(words(&desk, "vm st"), ["status", "start", "stop"]);
    assert!(words(&desk, "vm list --ou").contains(&"--output".to_owned()));
    assert_eq!(desk.cloud(0).troubles().seen().len(), seen, "nothing is sent");
}

#[test]
fn every_shell_gets_the_same_words() {
    let desk = desk();
    know(&desk, &["web-1".to_owned(), "web-2".to_owned()]);
    for shell in SHELLS {
        let said = asked(&desk, shell, "vm info w").exits(0);
        let words: Vec<&str> = said.out.lines().map(|line| line.split(['\t', ':']).next().unwrap()).collect();
        assert_eq!(words, ["web-1", "web-2"], "{shell}: {}", said.out);
    }
}

#[test]
fn ten_thousand_names_are_shown_by_how_they_go_on() {
    let desk = desk();
    know(&desk, &(0..10_000).map(|number| format!("web-{number:04}")).collect::<Vec<_>>());
    assert_eq!(words(&desk, "vm info w").len(), 10);
    assert_eq!(words(&desk, "vm info web-12").len(), 100);
    assert_eq!(words(&desk, "vm info web-123"), (0..10).map(|n| format!("web-123{n}")).collect::<Vec<_>>());
}

#[test]
fn whatever_is_broken_there_is_just_nothing_to_complete() {
    let desk = Desk::empty();
    for prepare in [("cloudmesh.yaml", "cloudmesh: [\n"), ("state.db", "no database"), ("variables.yaml", "- x\n")] {
        desk.write(prepare.0, prepare.1);
        for line in ["vm info w", "vm list --cloud x", "config get d", "set x", "nonsense x", "vm list --output "] {
            for shell in SHELLS.into_iter().chain(["nonsense"]) {
                let said = asked(&desk, shell, line).exits(0);
                assert_eq!(said.err, "", "{shell} {line}");
            }
        }
    }
    assert!(!desk.folder.path().join("tokens").exists());
}

#[test]
fn bash_completes_words_that_it_cuts_into_pieces() {
    let desk = desk();
    know(&desk, &["web-1", "web:2", "yes[1]"].map(str::to_owned));
    // A file that the pattern `yes[1]` would fit.
    desk.write("yes1", "");
    let table = [
        ("cms vm info we", "cms vm info we", "we", "web-1\nweb:2\n"),
        ("cms vm info web:", "cms vm info web :", "", "2\n"),
        ("cms vm info web:2,ye", "cms vm info web : 2,ye", "2,ye", "2,yes[1]\n"),
        ("cms vm info \"we", "cms vm info '\"we'", "we", "web-1\nweb:2\n"),
        ("cms vm list --cloud=be", "cms vm list --cloud = be", "be", "bert\n"),
        ("cms set cloud=", "cms set cloud =", "", "abel\nall\nbert\n"),
        ("cms set  output=y", "cms set output = y", "y", "yaml\n"),
    ];
    for (line, words, current, expected) in table {
        assert_eq!(bash(&desk, line, words, current), expected, "{line}");
    }
}

/// What bash is told when the Tab key is hit at the end of a line, which it cuts into these words.
fn bash(desk: &Desk, line: &str, words: &str, current: &str) -> String {
    let script = format!(
        "source <(cms completion bash); COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=({words}); \
         COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _cms_complete cms '{current}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"; \
         complete -p cms >&2"
    );
    let program = Path::new(env!("CARGO_BIN_EXE_cms")).parent().unwrap();
    let folder = desk.folder.path();
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", &script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .env("HOME", folder)
        .env("CLOUDMESH_CONFIG_DIR", folder);
    let said = Said::from(bash.output().unwrap()).exits(0);
    assert!(said.err.contains("-F _cms_complete cms"), "{said:?}");
    said.out
}
