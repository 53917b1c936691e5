//! Deleting one rule wiped the rule library.

use crate::keys::memories;

#[test]
fn deleting_one_rule_deletes_that_rule_alone() {
    let desk = memories();
    let rules = || desk.cms("sec rule list --local -o name").exits(0).out;
    assert_eq!(rules(), "flask\nhttp\nhttps\nicmp\nssh\n");
    desk.cms("sec rule delete http --local --yes").exits(0);
    assert_eq!(rules(), "flask\nhttps\nicmp\nssh\n");
    desk.cms("sec rule delete http --local --yes").exits(4);
    desk.cms("sec rule delete https --local").exits(2).complains("--yes");
    desk.cms("sec rule delete https --local --dry-run").exits(0);
    assert_eq!(rules(), "flask\nhttps\nicmp\nssh\n");
    assert_eq!(desk.cms("sec group list --local -o name").exits(0).out, "default\nflask\n");
}
