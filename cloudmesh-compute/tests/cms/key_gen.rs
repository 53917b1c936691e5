//! `cms key gen`: keys that OpenSSH takes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::desk::Desk;
use crate::keys::memories;
use crate::terminal::Terminal;

/// The public half that `ssh-keygen` finds in a private one; `None` where there is no such program.
fn public_half(file: &Path, passphrase: &str) -> Option<String> {
    let asked = Command::new("ssh-keygen").args(["-y", "-P", passphrase, "-f"]).arg(file).output().ok()?;
    assert!(asked.status.success(), "{asked:?}");
    Some(String::from_utf8(asked.stdout).unwrap())
}

/// The first two words of a line: what the key is, without its comment.
fn key_of(line: &str) -> Vec<&str> {
    line.split_whitespace().take(2).collect()
}

fn desk() -> Desk {
    let mut desk = memories();
    desk.set("USER", "albert");
    desk
}

#[test]
fn a_key_is_made_for_its_owner_alone_and_kept_under_its_name() {
    let desk = desk();
    desk.cms("key gen laptop --dry-run").exits(0);
    assert!(!desk.folder.path().join(".ssh").exists());
    let made = desk.cms("key gen laptop -o json").exits(0);
    assert!(!made.out.contains("PRIVATE") && !made.err.contains("PRIVATE"), "{made:?}");
    let private = desk.folder.path().join(".ssh/laptop");
    assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
    let line = fs::read_to_string(private.with_extension("pub")).unwrap();
    assert!(line.starts_with("ssh-ed25519 ") && line.contains(" albert@"), "{line}");
    if let Some(public) = public_half(&private, "") {
        assert_eq!(key_of(&public), key_of(&line));
    }
    let kept = desk.cms("key list --local -o json").json();
    assert_eq!(kept["keys"][0]["public_key"], line.trim());
    let held = fs::read_to_string(desk.folder.path().join("keys.yaml")).unwrap();
    assert!(!held.contains("PRIVATE"), "{held}");
}

#[test]
fn a_pass_phrase_locks_the_private_half() {
    let desk = desk();
    desk.write("phrase", "correct horse\r\nbattery\n");
    let said = desk.cms("key gen lab --file lab --passphrase-file phrase").exits(0);
    let private = desk.folder.path().join("lab");
    if let Some(public) = public_half(&private, "correct horse") {
        assert_eq!(key_of(&public), key_of(&fs::read_to_string(desk.folder.path().join("lab.pub")).unwrap()));
        let refused = Command::new("ssh-keygen").args(["-y", "-P", "wrong", "-f"]).arg(&private).output().unwrap();
        assert!(!refused.status.success());
    }
    assert!(!format!("{said:?}").contains("horse"));
    desk.write("nothing", "\n");
    desk.cms("key gen x --passphrase-file nothing").exits(2).complains("is empty");
    desk.cms("key gen x --passphrase-file gone").exits(2).complains("cannot read the pass phrase");
    desk.cms("key gen x --passphrase-prompt").exits(2).complains("--passphrase-file");
}

#[test]
fn a_pass_phrase_is_typed_unseen_and_ctrl_c_makes_no_key() {
    let desk = desk();
    let words = ["key", "gen", "lab", "--passphrase-prompt"];
    let mut terminal = Terminal::open(&desk, 80, &words);
    terminal.until("pass phrase:");
    terminal.press("\u{3}");
    terminal.until("interrupted; no key was made");
    assert_eq!(terminal.end().0, Some(130));
    assert!(!desk.folder.path().join(".ssh").exists());
    let mut terminal = Terminal::open(&desk, 80, &words);
    terminal.until("pass phrase:");
    terminal.press("correct horse\r");
    terminal.until("the same again:");
    terminal.press("correct horse\r");
    let (code, screen) = terminal.end();
    assert!(code == Some(0) && !screen.contains("horse"), "{screen}");
    public_half(&desk.folder.path().join(".ssh/lab"), "correct horse");
}

#[test]
fn an_rsa_key_has_the_size_that_was_asked_for() {
    let desk = desk();
    desk.cms("key gen old --type rsa --bits 2048").exits(0);
    assert_eq!(desk.cms("key list --local -o json").json()["keys"][0]["bits"], 2048);
    if let Some(public) = public_half(&desk.folder.path().join(".ssh/old"), "") {
        assert!(public.starts_with("ssh-rsa "), "{public}");
    }
    for bits in ["1024", "8192", "2047"] {
        desk.cms(&format!("key gen x --type rsa --bits {bits}")).exits(2).complains("from 2048 to 4096");
    }
    desk.cms("key gen x --bits 2048").exits(2).complains("--type rsa");
    desk.cms("key gen x --type dsa").exits(2);
}

#[test]
fn nothing_that_exists_is_overwritten_unless_it_is_wanted() {
    let desk = desk();
    desk.cms("key gen laptop").exits(0);
    let private = desk.folder.path().join(".ssh/laptop");
    let before = fs::read_to_string(&private).unwrap();
    desk.cms("key gen laptop").exits(1).complains("is there already");
    desk.cms("key gen laptop --file other").exits(1).complains("is kept already");
    desk.cms("key gen ../laptop").exits(2).complains("--file");
    assert_eq!(fs::read_to_string(&private).unwrap(), before);
    assert!(!desk.folder.path().join("other").exists());
    fs::set_permissions(&private, fs::Permissions::from_mode(0o644)).unwrap();
    desk.cms("key gen laptop --force").exits(0);
    let after = fs::read_to_string(&private).unwrap();
    assert_ne!(after, before);
    assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
    desk.write("keys.yaml", "a: [");
    desk.cms("key gen laptop --force").exits(2).complains("keys.yaml");
    assert_eq!(fs::read_to_string(&private).unwrap(), after, "what could not be kept afterwards is not made");
}
