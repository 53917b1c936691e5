//! Where sign-in tokens are kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloudmesh_abstract::conformance::Troubles as _;
use cloudmesh_compute::config::{Config, Variables};
use cloudmesh_compute::{ComputeNodeABC, Provider};

use crate::lab::Lab;

/// Another process with the same configuration folder.
fn process(lab: &Lab) -> Provider {
    let environment = Variables::new([("CLOUDMESH_CONFIG_DIR", lab.folder.path())]);
    let config = Config::load_with(None, environment).unwrap();
    Provider::builder("lab").config(Arc::new(config)).build().unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect());
    entries.unwrap_or_default()
}

fn sign_ins(lab: &Lab) -> usize {
    lab.world.seen().iter().filter(|seen| seen.line == "POST /tickets").count()
}

#[tokio::test]
async fn two_processes_sign_in_once() {
    let lab = Lab::new();
    for _ in 0..2 {
        process(&lab).whoami().await.unwrap();
    }
    assert_eq!(sign_ins(&lab), 1);
    assert_eq!(files(&lab.folder.path().join("tokens")).len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn tokens_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let lab = Lab::new();
    process(&lab).whoami().await.unwrap();
    let token = files(&lab.folder.path().join("tokens")).remove(0);
    assert_eq!(fs::metadata(&token).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!token.to_string_lossy().contains("albert"), "{token:?}");
}

#[tokio::test]
async fn a_file_that_was_named_leaves_nothing_beside_it() {
    let lab = Lab::new();
    for _ in 0..2 {
        Provider::with_config("lab", lab.file()).unwrap().whoami().await.unwrap();
    }
    assert_eq!(sign_ins(&lab), 2);
    assert_eq!(files(lab.folder.path()), [lab.file()]);
}

#[tokio::test]
async fn no_token_is_kept_when_the_file_forbids_it() {
    let lab = Lab::new();
    let entry = lab.entry("");
    lab.write(&format!("cloudmesh:\n  token_cache: false\n  compute:\n    lab:\n{entry}"));
    for _ in 0..2 {
        process(&lab).whoami().await.unwrap();
    }
    assert_eq!(sign_ins(&lab), 2);
    assert_eq!(files(lab.folder.path()), [lab.file()]);
}
