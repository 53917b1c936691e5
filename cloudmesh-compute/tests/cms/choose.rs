//! Which machines a pattern means.

use crate::desk::Desk;

#[test]
fn ranges_globs_and_lists() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-3],db-[01-02] --no-wait").exits(0);
    let table: [(&str, &[&str]); 7] = [
        ("web-1", &["web-1"]),
        ("web-[1-2]", &["web-1", "web-2"]),
        ("web-[3,1]", &["web-3", "web-1"]),
        ("*", &["db-01", "db-02", "web-1", "web-2", "web-3"]),
        ("db-?? web-3", &["db-01", "db-02", "web-3"]),
        ("web-*,web-1,db-[01-02]", &["web-1", "web-2", "web-3", "db-01", "db-02"]),
        ("web-[1-1]", &["web-1"]),
    ];
    for (pattern, wanted) in table {
        assert_eq!(desk.cms(&format!("vm list {pattern} -o json")).exits(0).nodes("name"), wanted, "{pattern}");
    }
}

#[test]
fn broken_patterns_are_mistakes_of_the_user_for_every_verb() {
    let desk = Desk::new();
    for verb in ["list", "info", "status", "start", "stop", "reboot", "wait", "delete --yes"] {
        let said = desk.cms(&format!("vm {verb} web-[1-")).exits(2);
        assert!(said.out.is_empty(), "{verb}: {}", said.out);
    }
    for list in ["image list web-[1-", "flavor list web-[2-1]"] {
        desk.cms(list).exits(2);
    }
}

#[test]
fn what_is_there_is_done_and_what_is_missing_is_said() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 web-3").exits(0);
    for line in
        ["vm stop web-[1-3]", "vm stop web-[1-3] -o json", "vm stop web-2", "vm wait web-2", "vm info web-[2,4]"]
    {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}
