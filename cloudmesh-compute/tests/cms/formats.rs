//! table, wide, json, yaml, csv, name.

use crate::desk::Desk;

/// Names that a careless format breaks.
const WILD: [&str; 7] = ["a,b", "say \"hi\"", "two\r\nlines", "tab\there", "=1+1", "no", "名前 🚀"];

#[test]
fn one_machine_in_every_format() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --key demo-key --secgroup default,ssh --meta course=e516").exits(0);
    for format in ["table", "wide", "json", "yaml", "csv", "name"] {
        desk.cms(&format!("vm list -o {format}")).exits(0);
        desk.cms(&format!("vm delete web-1 --dry-run -o {format}")).exits(0);
        desk.cms(&format!("vm info web-1,web-9 -o {format}")).exits(3);
    }
    desk.cms("vm delete web-1 --yes").exits(0);
    for format in ["wide", "yaml", "csv", "name"] {
        desk.cms(&format!("vm list -o {format}")).exits(0);
        desk.cms(&format!("vm list --cloud none -o {format}")).exits(2);
    }
    let session = desk.session();
    // Whether yaml needs quotes round an id depends on its first sign.
    let session = session.replace("\"<id>\"", "<id>");
    insta::assert_snapshot!(session.split_once("$ cms vm list -o table").unwrap().1);
}

#[test]
fn csv_has_its_columns_in_one_order() {
    let desk = Desk::new();
    let header = |line: &str| desk.cms(line).exits(0).out.lines().next().unwrap().to_owned();
    let boot = header("vm boot web-1 -o csv");
    assert_eq!(boot, header("vm list -o csv"));
    assert_eq!(boot, header("vm status -o csv"));
    assert_eq!(boot, header("vm stop web-1 -o csv"));
    assert_eq!(header("vm status -o csv --columns id,name"), "id,name");
}

#[test]
fn names_come_out_right_in_csv_json_and_yaml() {
    let desk = Desk::new();
    for name in WILD {
        desk.cloud(0).world().plant(name);
    }
    let mut wanted: Vec<String> = WILD.map(str::to_owned).into();
    wanted.sort();
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("name"), wanted);
    let yaml: serde_yaml::Value = serde_yaml::from_str(&desk.cms("vm list -o yaml").exits(0).out).unwrap();
    let names = yaml["nodes"].as_sequence().unwrap().iter().map(|node| node["name"].as_str().unwrap().to_owned());
    assert_eq!(names.collect::<Vec<_>>(), wanted);
    let csv = desk.cms("vm list -o csv").exits(0).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(&reader.headers().unwrap()[0], "name");
    assert_eq!(reader.records().map(|record| record.unwrap()[0].to_owned()).collect::<Vec<_>>(), wanted);
    assert!(csv.lines().count() > wanted.len() + 1 && csv.ends_with("\r\n"), "{csv}");
    let table = desk.cms("vm list").exits(0).out;
    assert_eq!(table.lines().count(), wanted.len() + 1, "{table}");
}

#[test]
fn a_listing_of_names_is_what_another_command_takes() {
    let desk = Desk::new();
    for name in WILD.into_iter().chain(["*", "-y", "web[1-3]", "", "web-1"]) {
        desk.cloud(0).world().plant(name);
    }
    let names = desk.cms("vm list -o name").exits(0).out;
    assert_eq!(names.lines().count(), WILD.len() + 5, "{names}");
    for name in names.lines() {
        let found = desk.run(&["vm", "list", name, "-o", "json"]).exits(0);
        assert_eq!(found.nodes("id").len(), 1, "{name}");
    }
    let lines = names.lines().filter(|line| desk.plain(line) == "<id>").count();
    assert_eq!(lines, WILD.len() - 2 + 4, "{names}");
    let mut words = vec!["vm", "delete", "--yes"];
    words.extend(names.lines());
    desk.run(&words).exits(0);
    assert!(desk.cloud(0).world().node_names().is_empty());
}

#[test]
fn yaml_and_json_are_the_same_tree() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 --meta no=yes --meta when=2026-01-01 --meta at=12:30 --meta n=1e3").exits(0);
    for line in
        ["vm list", "vm list --raw", "vm info web-1,web-2", "provider info openstack", "image list", "flavor list"]
    {
        let json = desk.cms(&format!("{line} -o json")).json();
        let yaml = desk.cms(&format!("{line} -o yaml")).out;
        assert_eq!(serde_yaml::from_str::<serde_json::Value>(&yaml).unwrap(), json, "{line}");
    }
}
