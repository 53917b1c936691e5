//! AWS and OpenStack at once.

use std::collections::BTreeSet;

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use super::plain;
use crate::desk::Desk;

#[test]
fn both_are_one_table_and_one_schema() {
    let desk = Desk::both();
    for line in [
        "cloud list",
        "vm boot web-1 --cloud all",
        "vm list --cloud all",
        "vm status --cloud all",
        "vm stop web-1 --cloud all",
        "vm list --cached --cloud all --columns name,status,cloud,kind",
        "vm list --cloud l*,work --columns name,status,vendor_status,flavor,cloud",
        "vm delete web-1 --cloud all --yes",
        "vm list --cloud all",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(plain(&desk));
}

#[test]
fn every_kind_has_the_same_fields() {
    let desk = Desk::both();
    desk.cms("vm boot web-1 --cloud all --key demo-key --secgroup ssh").exits(0);
    desk.cms("ip create --cloud all").exits(0);
    for (line, what) in [
        ("vm list", "nodes"),
        ("vm info web-1", "nodes"),
        ("image list", "images"),
        ("flavor list", "flavors"),
        ("key list", "keys"),
        ("sec group list", "secgroups"),
        ("sec rule list ssh", "rules"),
        ("ip list", "addresses"),
        ("cloud check", "clouds"),
    ] {
        let json = desk.cms(&format!("{line} --cloud all -o json")).exits(0).json();
        let of_cloud = |cloud: &str| -> BTreeSet<BTreeSet<String>> {
            let rows = json[what].as_array().unwrap().iter().filter(|row| row["cloud"] == cloud);
            rows.map(|row| row.as_object().unwrap().keys().cloned().collect()).collect()
        };
        let (lab, work) = (of_cloud("lab"), of_cloud("work"));
        assert!(!lab.is_empty() && lab == work, "{line}: {lab:?} {work:?}");
    }
}

#[test]
fn one_that_is_down_stands_beside_the_other() {
    let desk = Desk::both();
    desk.cms("vm boot web-1 --cloud all").exits(0);
    desk.cms("vm list --cloud all").exits(0);
    desk.cloud(1).troubles().disturb(Disturbance::new(Trouble::Unavailable).on(On::Any));
    let said = desk.cms("vm list --cloud all --timeout 2 -o json").exits(3);
    assert_eq!(said.nodes("cloud"), ["lab"]);
    assert_eq!(said.json()["errors"][0]["cloud"], "work");
    assert_eq!(desk.cms("vm list --cached --cloud all -o json").exits(0).nodes("cloud"), ["lab", "work"]);
}
