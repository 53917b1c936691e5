//! Deleting one rule wiped the rule library.

use crate::desk::Desk;
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

#[test]
fn a_rule_opens_what_it_says_and_nothing_else() {
    let desk = Desk::new();
    desk.cms("sec group add web tcp/22@192.0.2.0/24 tcp/443@2001:db8::/32 udp/53").exits(0);
    let rules = desk.cms("sec rule list web --filter direction=ingress --sort rule -o json").exits(0).json();
    let facts = |rule: &serde_json::Value| {
        let text = |key: &str| rule[key].as_str().unwrap_or("-").to_owned();
        ["family", "protocol", "ports", "remote"].map(text).join(" ")
    };
    let facts: Vec<String> = rules["rules"].as_array().unwrap().iter().map(facts).collect();
    assert_eq!(facts, ["IPv4 tcp 22 192.0.2.0/24", "IPv6 tcp 443 2001:db8::/32", "IPv4 udp 53 0.0.0.0/0"]);
}

#[test]
fn a_group_has_its_rules_from_the_beginning() {
    let desk = Desk::new();
    desk.cms("sec group load flask").exits(0);
    let rules = desk.cms("sec rule list flask --filter direction=ingress --columns rule -o csv").exits(0).out;
    let mut rules: Vec<&str> = rules.lines().skip(1).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["icmp", "tcp/22", "tcp/8000"]);
}
