//! Defaults that stay, and what wins over what.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::desk::Desk;

#[test]
fn defaults_are_kept_shown_and_forgotten() {
    let desk = Desk::with_clouds(&["a", "b"]);
    for line in [
        "set",
        "set cloud=b size=m1.medium public=false secgroup=default,ssh",
        "set",
        "set size cloud",
        "set image",
        "set -o json",
        "set --delete size public",
        "set --delete size",
        "set --delete",
        "set cloud",
    ] {
        desk.cms(line);
    }
    desk.run(&["set", "image=Ubuntu 24.04: \"x\" # no"]).exits(0);
    desk.cms("set image");
    insta::assert_snapshot!(desk.session());
    let mode = fs::metadata(desk.folder.path().join("variables.yaml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let desk = Desk::with_clouds(&["abel", "bert"]);
    for line in [
        "set colour=blue",
        "set imgae=x",
        "set size=",
        "set public=perhaps",
        "set disk=large",
        "set output=jsn",
        "set cloud=brt",
        "set cloud=abel,brt",
        "set cloud=[2J",
        "set cloud=x*",
        "set size=x image",
        "set --delete imgae",
        "set imgae",
    ] {
        let said = desk.cms(line).exits(2);
        assert!(said.out.is_empty(), "{line}");
    }
    assert!(!desk.folder.path().join("variables.yaml").exists());
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_file_that_was_spoilt_is_told_and_not_lost() {
    for text in [
        "size: m1.small\nimgae: x\n",
        "cloud: nowhere\n",
        "public: perhaps\n",
        "size: [a, {b: c}]\n",
        "- size\n",
        "size: \"m1\n",
        "size: a\nflavor: b\n",
    ] {
        let desk = Desk::new();
        desk.write("variables.yaml", text);
        let said = desk.cms("vm list").exits(2);
        assert!(said.err.contains("variables.yaml:"), "{text}: {}", said.err);
        if !text.starts_with("cloud") {
            desk.cms("set size=m1.large").exits(2);
            assert_eq!(fs::read_to_string(desk.folder.path().join("variables.yaml")).unwrap(), text);
        }
    }
    let desk = Desk::new();
    for text in ["imgae: x\n", "size: \"m1\n", "cloud: nowhere\n"] {
        desk.write("variables.yaml", text);
        desk.cms("vm list").exits(2);
    }
    desk.cms("set cloud=lab").exits(0);
    insta::assert_snapshot!(desk.session());
}

#[test]
fn each_layer_wins_over_the_next() {
    let mut desk = Desk::new();
    let size = |desk: &Desk, options: &str| {
        let said = desk.cms(&format!("vm default -o json {options}")).exits(0).json();
        let rows = said["defaults"].as_array().unwrap().clone();
        let row = rows.iter().find(|row| row["name"] == "size").unwrap();
        let text = |name: &str| row[name].as_str().map(|text| desk.plain(text)).unwrap_or_default();
        [text("value"), text("source"), text("place")]
    };
    desk.edit(&[("        size: m1.small\n", "")]);
    assert_eq!(size(&desk, ""), ["", "built in", ""]);
    desk.edit(&[("default:\n    cloud: lab\n", "default:\n    cloud: lab\n    flavor: m1.tiny\n")]);
    let [value, source, place] = size(&desk, "");
    assert_eq!((value.as_str(), source.as_str()), ("m1.tiny", "default"));
    assert!(place.starts_with("~/cloudmesh.yaml:") && place.ends_with(":5"), "{place}");
    desk.edit(&[("      defaults:\n", "      defaults:\n        flavor: m1.small\n")]);
    assert_eq!(size(&desk, "")[..2], ["m1.small", "defaults of lab"]);
    desk.cms("set size=m1.medium").exits(0);
    assert_eq!(size(&desk, ""), ["m1.medium", "cms set", "~/variables.yaml:2:1"]);
    desk.set("CLOUDMESH_SIZE", "m1.large");
    assert_eq!(size(&desk, ""), ["m1.large", "CLOUDMESH_SIZE", ""]);
    assert_eq!(size(&desk, "--flavor m1.huge"), ["m1.huge", "--size", ""]);
}

#[test]
fn boot_uses_what_default_shows() {
    let mut desk = Desk::new();
    desk.cms("set size=m1.medium key=demo-key group=physics public=true user=mileva").exits(0);
    desk.set("CLOUDMESH_PUBLIC", "false");
    desk.cms("vm default --meta course=e516 --image debian-13").exits(0);
    insta::assert_snapshot!(desk.session());
    let said = desk.cms("vm boot web-1 --no-wait -o json").exits(0).json();
    let node = &said["nodes"][0];
    assert_eq!((&node["flavor"], &node["key"]), (&"m1.medium".into(), &"demo-key".into()));
    assert_eq!(node["metadata"]["cm-group"], "physics");
    assert_eq!(node["metadata"]["cm-user"], "mileva");
    assert!(node["public_ips"].as_array().unwrap().is_empty());
}

#[test]
fn the_kept_cloud_and_format_are_used() {
    let mut desk = Desk::with_clouds(&["a", "b"]);
    let cloud = |desk: &Desk, line: &str| {
        let said = desk.cms(&format!("vm boot web --dry-run -o json {line}")).exits(0).json();
        said["plan"].as_array().unwrap().iter().map(|step| step["cloud"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(cloud(&desk, ""), ["a"]);
    desk.cms("set cloud=b output=json").exits(0);
    assert_eq!(cloud(&desk, ""), ["b"]);
    assert!(desk.cms("vm list").exits(0).json()["nodes"].is_array());
    assert!(desk.cms("vm list -o table").exits(0).out.is_empty());
    desk.set("CLOUDMESH_CLOUD", "a");
    assert_eq!(cloud(&desk, ""), ["a"]);
    assert_eq!(cloud(&desk, "--cloud a,b"), ["a", "b"]);
}

#[test]
fn generated_names_begin_with_the_kept_user() {
    let desk = Desk::new();
    desk.edit(&[("cloudmesh:\n", "cloudmesh:\n  profile: {user: albert}\n")]);
    let name = |desk: &Desk| desk.cms("vm boot --no-wait -o json").exits(0).nodes("name");
    assert_eq!(name(&desk), ["albert-vm-1"]);
    desk.cms("set user=mileva").exits(0);
    assert!(name(&desk)[0].starts_with("mileva-vm-"));
}

#[test]
fn another_configuration_has_defaults_of_its_own() {
    let desk = Desk::new();
    fs::rename(desk.folder.path().join("cloudmesh.yaml"), desk.folder.path().join("other.yaml")).unwrap();
    desk.cms("set size=m1.large --config other.yaml").exits(0);
    desk.cms("set size").exits(4);
    assert!(desk.cms("set size --config other.yaml").exits(0).out.contains("m1.large"));
    assert!(desk.folder.path().join("other.variables.yaml").exists());
}

#[test]
fn two_at_once_lose_nothing() {
    let desk = Desk::new();
    let names = ["image", "size", "key", "zone", "group", "username", "user", "network"];
    let children = names.map(|name| desk.command(&["set", &format!("{name}=x{name}")]).spawn().unwrap());
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let said = desk.cms("set -o json").exits(0).json();
    assert_eq!(said["variables"].as_array().unwrap().len(), names.len());
}

#[test]
fn beside_a_file_that_was_named_a_folder_for_several_people_is_no_obstacle() {
    let desk = Desk::new();
    let folder = desk.folder.path().join("shared");
    fs::create_dir(&folder).unwrap();
    fs::copy(desk.folder.path().join("cloudmesh.yaml"), folder.join("lab.yaml")).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    desk.cms("set size=m1.large --config shared/lab.yaml").exits(0);
    assert!(desk.cms("vm default --config shared/lab.yaml").exits(0).out.contains("m1.large"));
    let kept = folder.join("lab.variables.yaml");
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o606)).unwrap();
    let said = desk.cms("vm default --config shared/lab.yaml").exits(2).complains("chmod go-w");
    assert!(!said.err.contains("mend the file"), "{}", said.err);
}
