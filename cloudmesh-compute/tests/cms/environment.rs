//! `CLOUDMESH_*` variables, and what wins over what.

use crate::desk::Desk;
use crate::terminal::Terminal;

#[test]
fn variables_stand_for_options() {
    let mut desk = Desk::with_clouds(&["a", "b"]);
    desk.set("CLOUDMESH_CLOUD", "b").set("CLOUDMESH_OUTPUT", "json").set("CLOUDMESH_SIZE", "m1.medium");
    desk.set("CLOUDMESH_IMAGE", "debian-13").set("CLOUDMESH_KEY", "demo-key").set("CLOUDMESH_GROUP", "physics");
    desk.set("CLOUDMESH_SECGROUP", "default,ssh").set("CLOUDMESH_NETWORK", "private");
    let said = desk.cms("vm boot web-1 --no-wait").exits(0);
    let node = &said.json()["nodes"][0];
    assert_eq!((&node["cloud"], &node["flavor"], &node["key"]), (&"b".into(), &"m1.medium".into(), &"demo-key".into()));
    assert_eq!(node["metadata"]["cm-group"], "physics");
    assert_eq!(desk.cloud(1).world().node_names(), ["web-1"]);
}

#[test]
fn an_option_wins_over_a_variable_and_a_variable_over_the_file() {
    let mut desk = Desk::new();
    desk.edit(&[("size: m1.small", "size: m1.medium")]);
    let flavor = |desk: &Desk, line: &str| {
        desk.cms(&format!("{line} --no-wait")).exits(0);
        desk.cms("vm list -o json").json()["nodes"].as_array().unwrap().last().unwrap()["flavor"].clone()
    };
    assert_eq!(flavor(&desk, "vm boot a"), "m1.medium");
    desk.set("CLOUDMESH_SIZE", "m1.large");
    assert_eq!(flavor(&desk, "vm boot b"), "m1.large");
    assert_eq!(flavor(&desk, "vm boot c --size m1.small"), "m1.small");
    assert_eq!(flavor(&desk, "vm boot d --flavor m1.small"), "m1.small");
}

#[test]
fn the_group_of_the_file_is_for_all_clouds_and_that_of_the_cloud_wins() {
    let desk = Desk::new();
    let group = |name: &str| {
        let node = desk.cms(&format!("vm boot {name} --no-wait -o json")).exits(0).json()["nodes"][0].clone();
        node["metadata"]["cm-group"].clone()
    };
    assert!(group("a").is_null());
    desk.edit(&[("default:\n    cloud: lab", "default:\n    cloud: lab\n    group: everybody")]);
    assert_eq!(group("b"), "everybody");
    desk.edit(&[("size: m1.small", "size: m1.small\n        group: physics")]);
    assert_eq!(group("c"), "physics");
}

#[test]
fn what_the_file_says_for_all_clouds_comes_last() {
    let desk = Desk::new();
    let wanted = "{image: debian-13, flavor: m1.medium, key: demo-key, network: [private], public: false}";
    let told = |line: &str| {
        let node = desk.cms(&format!("{line} --no-wait -o json")).exits(0).json()["nodes"][0].clone();
        (node["flavor"].as_str().unwrap().to_owned(), node["key"].clone())
    };
    desk.edit(&[("default:\n    cloud: lab\n", &format!("default: {wanted}\n"))]);
    assert_eq!(told("vm boot a"), ("m1.small".to_owned(), "demo-key".into()), "the cloud's own default wins");
    desk.edit(&[("        size: m1.small\n", ""), ("        network: private\n", "")]);
    assert_eq!(told("vm boot b"), ("m1.medium".to_owned(), "demo-key".into()));
    assert_eq!(told("vm boot c --size m1.large").0, "m1.large");
    desk.edit(&[("public: false", "public: perhaps")]);
    desk.cms("vm boot d").exits(2).complains("`public` under `default`");
}

#[test]
fn the_file_says_how_to_print_unless_told_otherwise() {
    let desk = Desk::new();
    desk.edit(&[("cloud: lab\n", "cloud: lab\n    output: json\n")]);
    assert!(desk.cms("vm list").exits(0).json()["nodes"].is_array());
    assert!(desk.cms("vm info none").exits(4).json()["errors"].is_array());
    assert!(desk.cms("image info tinyboot --raw").exits(0).json()["images"][0]["raw"].is_object());
    assert!(desk.cms("vm list -o table").exits(0).out.is_empty());
    desk.edit(&[("output: json", "output: xml")]);
    desk.cms("vm list").exits(2).complains("must be one of `table`, `wide`, `json`, `yaml`, `csv`, `name`");
}

#[test]
fn a_variable_that_is_set_to_nothing_is_not_set() {
    let mut desk = Desk::new();
    for name in ["CLOUD", "CONFIG", "OUTPUT", "TIMEOUT", "IMAGE", "SIZE", "KEY", "SECGROUP", "NETWORK", "ZONE"] {
        desk.set(&format!("CLOUDMESH_{name}"), "");
    }
    desk.cms("vm list").exits(0);
    desk.cms("vm boot web-1").exits(0);
    desk.cms("vm list --output=").exits(2);
}

#[test]
fn the_file_can_be_named_and_its_folder_moved() {
    let mut desk = Desk::new();
    let elsewhere = desk.folder.path().join("elsewhere.yaml");
    std::fs::rename(desk.folder.path().join("cloudmesh.yaml"), &elsewhere).unwrap();
    desk.cms("vm list").exits(2).complains("there is no configuration");
    desk.cms("vm list --config elsewhere.yaml").exits(0);
    desk.set("CLOUDMESH_CONFIG", &elsewhere);
    desk.cms("vm list").exits(0);
    desk.unset("CLOUDMESH_CONFIG").unset("CLOUDMESH_CONFIG_DIR");
    std::fs::create_dir(desk.folder.path().join(".cloudmesh")).unwrap();
    std::fs::rename(&elsewhere, desk.folder.path().join(".cloudmesh/cloudmesh.yaml")).unwrap();
    desk.cms("vm list").exits(0);
}

#[test]
fn credentials_can_be_taken_from_variables() {
    let mut desk = Desk::new();
    let file = std::fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap();
    let password = file.lines().find_map(|line| line.trim().strip_prefix("password: ")).unwrap().to_owned();
    desk.edit(&[(&password, "${MY_PASSWORD}")]);
    desk.cms("vm list").exits(2).complains("`MY_PASSWORD`");
    desk.set("MY_PASSWORD", password.trim_matches(['\'', '"']));
    desk.cms("vm list").exits(0);
}

#[test]
fn a_cloud_of_clouds_yaml_needs_a_line() {
    let mut desk = Desk::new();
    let clouds = desk.write("clouds.yaml", &desk.cloud(0).clouds_yaml());
    let entry = "{image: tinyboot, size: m1.tiny, network: private}";
    let text = ["emulator", "emulator-appcred"].map(|name| {
        format!("    {name}:\n      cm: {{kind: openstack}}\n      cloud: {name}\n      defaults: {entry}\n")
    });
    desk.write("cloudmesh.yaml", &format!("cloudmesh:\n  compute:\n{}", text.concat()));
    desk.set("OS_CLIENT_CONFIG_FILE", &clouds);
    for name in ["emulator", "emulator-appcred"] {
        desk.cms(&format!("vm boot web-{name} --cloud {name}")).exits(0);
    }
    assert_eq!(desk.cms("vm list --cloud all -o json").exits(0).nodes("name").len(), 4);
}

#[test]
fn an_option_against_a_public_address_wins_over_the_variable() {
    let mut desk = Desk::new();
    let row = |desk: &Desk, line: &str, name: &str| {
        let rows = desk.cms(&format!("vm default -o json {line}")).exits(0).json();
        let row = rows["defaults"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone();
        (row["value"].clone(), row["source"].clone())
    };
    for said in ["true", "false"] {
        desk.set("CLOUDMESH_PUBLIC", said);
        assert_eq!(row(&desk, "", "public"), (said.into(), "CLOUDMESH_PUBLIC".into()));
        assert_eq!(row(&desk, "--no-public", "public"), ("false".into(), "--no-public".into()));
        assert_eq!(row(&desk, "--public", "public"), ("true".into(), "--public".into()));
    }
    desk.cms("vm default --public --no-public").exits(2).complains("exclude each other");
}

#[test]
fn who_makes_machines_is_looked_up_like_everything_else() {
    let mut desk = Desk::quick();
    let made = |desk: &Desk, line: &str| desk.cms(&format!("vm boot -o json {line}")).exits(0).nodes("name");
    desk.edit(&[("cloudmesh:\n", "cloudmesh:\n  profile: {user: file}\n")]);
    assert_eq!(made(&desk, ""), ["file-vm-1"]);
    desk.cms("set user=kept").exits(0);
    assert_eq!(made(&desk, ""), ["kept-vm-1"]);
    desk.set("CLOUDMESH_USER", "variable");
    assert_eq!(made(&desk, ""), ["variable-vm-1"]);
    let said = desk.cms("vm boot -o json --user option").exits(0);
    assert_eq!(
        (said.nodes("name"), &said.json()["nodes"][0]["metadata"]["cm-user"]),
        (vec!["option-vm-1".to_owned()], &"option".into())
    );
}

#[test]
fn no_terminal_obeys_a_wrong_value() {
    for name in ["CLOUDMESH_OUTPUT", "CLOUDMESH_TIMEOUT", "CLOUDMESH_CLOUD"] {
        let mut desk = Desk::new();
        desk.set(name, "a\u{1b}]0;owned\u{7}");
        let mut terminal = Terminal::open(&desk, 80, &["vm", "list"]);
        assert_eq!(terminal.end().0, Some(2), "{name}");
        let said = String::from_utf8(terminal.raw).unwrap();
        assert!(said.contains("error") && !said.contains("\u{1b}]") && !said.contains('\u{7}'), "{name}: {said:?}");
    }
}
