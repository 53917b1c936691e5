//! From a name in the configuration to a provider.

use std::sync::Arc;

use cloudmesh_abstract::conformance::Troubles as _;
use cloudmesh_compute::config::{Config, Variables};
use cloudmesh_compute::{ComputeNodeABC, Error, ErrorKind, NodeQuery, Provider};

use crate::lab::{Lab, boot, names};

fn refused(lab: &Lab, name: &str) -> (ErrorKind, String) {
    let error: Error = Provider::with_config(name, lab.file()).unwrap_err();
    (error.kind(), error.to_string().replace(&lab.folder.path().display().to_string(), "~"))
}

/// The complaint about the cloud `lab` whose entry is this.
fn complaint(entry: &str) -> String {
    let lab = Lab::new();
    lab.write(&format!("cloudmesh:\n  compute:\n    lab:\n{entry}"));
    let (kind, told) = refused(&lab, "lab");
    assert_eq!(kind, ErrorKind::Config, "{told}");
    told
}

#[tokio::test]
async fn a_file_and_a_name_are_enough() {
    let lab = Lab::new();
    let cloud = Provider::with_config("lab", lab.file()).unwrap();
    assert_eq!((cloud.name(), cloud.cloud().kind.as_str()), ("lab", "memory"));
    assert!(cloud.list(&NodeQuery::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn building_sends_nothing() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    assert!(lab.world.seen().is_empty());
    cloud.whoami().await.unwrap();
    assert!(!lab.world.seen().is_empty());
}

#[tokio::test]
async fn a_configuration_that_was_read_serves_many_clouds() {
    let lab = Lab::new();
    let config = Arc::new(Config::load(Some(&lab.file())).unwrap());
    let build = || Provider::builder("lab").config(Arc::clone(&config)).build().unwrap();
    boot(&build(), &["web-1"]).await;
    assert_eq!(names(&build()).await, ["web-1"]);
}

#[test]
fn an_unknown_cloud_is_told_with_those_there_are() {
    let lab = Lab::new();
    let table = [
        ("lap", "no cloud `lap` in `~/cloudmesh.yaml`, did you mean `lab`? it has `lab`"),
        ("chameleon", "no cloud `chameleon` in `~/cloudmesh.yaml`; it has `lab`"),
        ("", "no cloud `` in `~/cloudmesh.yaml`; it has `lab`"),
    ];
    for (name, wanted) in table {
        assert_eq!(refused(&lab, name), (ErrorKind::Config, wanted.to_owned()));
    }
}

#[test]
fn an_unknown_kind_is_told_with_what_to_add() {
    let told = complaint("      cm: {kind: vsphere}\n");
    assert!(told.starts_with("~/cloudmesh.yaml:4:12: no provider of kind `vsphere` is linked (linked: "), "{told}");
    assert!(told.contains("`use cloudmesh_vsphere as _;`"), "{told}");
}

#[test]
fn mistakes_are_told_with_their_place_and_the_nearest_spelling() {
    let table = [
        ("      cm: {kind: memry}\n", ":4:12: unknown kind `memry`, did you mean `memory`?"),
        ("      cm: {kind: memory}\n      credentials: {user: a}\n", ":5:7: `password` is missing"),
        (
            "      cm: {kind: memory}\n      credentials: {user: a, pasword: b}\n",
            ":5:30: unknown key `pasword`, did you mean `password`?",
        ),
        (
            "      cm: {kind: memory}\n      credentials: {user: a, password: b}\n      defaults: {imaeg: b}\n",
            ":6:18: unknown key `imaeg`, did you mean `image`?",
        ),
        (
            "      cm: {kind: memory}\n      credentials: {user: a, password: b}\n      defaults: {colour: b}\n",
            ":6:18: unknown key `colour`, allowed are `image`, `size`, ",
        ),
        (
            "      cm: {kind: memory}\n      credentials: {user: a, password: b}\n      pace_ms: soon\n",
            ":6:7: `pace_ms` must be",
        ),
    ];
    for (entry, wanted) in table {
        let told = complaint(entry);
        let wanted = format!("~/cloudmesh.yaml{wanted}");
        assert!(told.contains(&wanted), "{wanted}\nis not in\n{told}");
    }
}

#[tokio::test]
async fn a_mistake_in_one_cloud_does_not_stop_another() {
    let lab = Lab::new();
    let entry = lab.entry("");
    lab.write(&format!(
        "cloudmesh:\n  compute:\n    lab:\n{entry}    broken:\n      cm: {{kind: TBD}}\n      credentials: 7\n"
    ));
    assert!(lab.cloud().list(&NodeQuery::new()).await.is_ok());
    assert!(Provider::with_config("broken", lab.file()).is_err());
}

#[test]
fn the_usual_file_is_looked_for_in_the_configuration_folder() {
    let lab = Lab::new();
    let environment = Variables::new([("CLOUDMESH_CONFIG_DIR", lab.folder.path())]);
    let config = Config::load_with(None, environment).unwrap();
    assert_eq!(config.folder(), Some(lab.folder.path()));
    assert!(Provider::builder("lab").config(Arc::new(config)).build().is_ok());
}

#[test]
fn several_clouds_of_one_file_are_told_apart() {
    let lab = Lab::new();
    let entry = lab.entry("");
    lab.write(&format!("cloudmesh:\n  compute:\n    one:\n{entry}    two:\n{entry}"));
    let names = ["one", "two"].map(|name| lab.builder(name).build().unwrap().name().to_owned());
    assert_eq!(names, ["one", "two"]);
}
