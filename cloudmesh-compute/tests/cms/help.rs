//! Help, versions and slips of the keyboard.

use crate::desk::Desk;

/// The words that follow `Commands:` in a help text.
fn verbs(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).filter(|name| name != "help").collect()
}

#[test]
fn every_level_helps_with_examples_that_fit_the_screen() {
    let desk = Desk::empty();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    let mut levels = 0;
    while let Some(words) = open.pop() {
        let help = [words.clone(), vec!["--help".to_owned()]].concat();
        let said = desk.run(&help).exits(0);
        assert!(said.err.is_empty(), "{words:?}: {}", said.err);
        assert!(said.out.contains("Examples:\n  cms "), "{words:?}: {}", said.out);
        assert!(said.out.lines().all(|line| line.chars().count() <= 100), "{words:?}: {}", said.out);
        let indented = said.out.split_once("Examples:").unwrap().1.lines().filter(|line| line.starts_with("  "));
        indented.for_each(|line| assert!(line.chars().count() <= 80, "{words:?}: {line}"));
        open.extend(verbs(&said.out).into_iter().map(|verb| [words.clone(), vec![verb]].concat()));
        levels += 1;
    }
    assert!(levels > 15, "{levels} levels");
    desk.cms("help vm boot").exits(0);
    desk.cms("vm help boot").exits(0);
}

#[test]
fn short_help_leaves_out_what_all_commands_share() {
    let desk = Desk::empty();
    for words in ["", "vm", "vm list", "vm boot", "config set"] {
        let short = desk.cms(&format!("{words} -h")).exits(0).out;
        let long = desk.cms(&format!("{words} --help")).exits(0).out;
        assert!(!short.contains("Shared options:") && !short.contains("  --timeout"), "{words}: {short}");
        assert!(short.contains("`--help`") && short.contains("Examples:\n  cms "), "{words}: {short}");
        assert!(long.contains("Shared options:") && long.contains("  --timeout"), "{words}: {long}");
        assert!(desk.cms(&format!("help {words}")).exits(0).out.contains("Shared options:"), "{words}");
    }
    insta::assert_snapshot!(desk.cms("vm list -h").exits(0).out);
    // What is hidden in the short help is an option as before.
    desk.cms("vm list --timeout 1m --cloud a -o json").exits(2);
}

#[test]
fn the_version_touches_no_file() {
    let mut desk = Desk::empty();
    desk.set("CLOUDMESH_CONFIG", "/nowhere/cloudmesh.yaml").unset("HOME");
    let said = desk.cms("--version").exits(0);
    assert_eq!(said.out, format!("cms {}\n", env!("CARGO_PKG_VERSION")));
    assert!(std::fs::read_dir(desk.folder.path()).unwrap().next().is_none());
}

#[test]
fn slips_are_recognised() {
    let desk = Desk::empty();
    for line in [
        "",
        "vmm list",
        "vm lst",
        "vm list --otuput json",
        "vm list -o jsn",
        "vm boot web-1 --imgae x",
        "vm delete",
        "vm list --timeout soon",
        "vm list --timeout 0",
        "vm list --parallel 0",
        "vm wait web-1 --for login",
        "vm list --quiet --verbose",
        "provider info openstak",
        "provider info vsphere",
    ] {
        let said = desk.cms(line).exits(2);
        assert!(said.out.is_empty(), "{line}: {}", said.out);
    }
    let session = desk.session();
    let without_help = session.split_once("$ cms vmm").unwrap().1;
    insta::assert_snapshot!(without_help);
}
