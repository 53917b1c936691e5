//! Machines that are pretended.

use super::{Surroundings, account};
use crate::config::Config;
use cloudmesh_abstract::{ErrorKind, Settings};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, Default)]
struct Pretended {
    variables: HashMap<&'static str, &'static str>,
    files: HashMap<&'static str, &'static str>,
}

impl Surroundings for Pretended {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).map(ToString::to_string)
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        match path.to_str().and_then(|path| self.files.get(path)) {
            Some(&"forbidden") => Err(io::ErrorKind::PermissionDenied.into()),
            Some(text) => Ok((*text).to_owned()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn config_folder(&self) -> Option<PathBuf> {
        Some("/home/albert/.config".into())
    }
}

const TWO: &str = "
base: &base {auth_url: 'http://k/v3', username: demo, project_name: demo}
clouds:
  demo: {auth: {<<: *base, password: secret}, region_name: RegionOne, identity_api_version: 3, networks: [], verify: 'False'}
  other: {auth_type: v3applicationcredential, auth: {auth_url: 'http://o', application_credential_id: 7}}
";
const ONE: &str = "clouds: {only: {auth: {auth_url: 'http://k', user_id: u, password: p}}}";

fn machine(variables: &[(&'static str, &'static str)], files: &[(&'static str, &'static str)]) -> Pretended {
    Pretended { variables: variables.iter().copied().collect(), files: files.iter().copied().collect() }
}

fn config(value: &Value) -> Config {
    Settings::new(value.as_object().unwrap().clone()).parse().unwrap()
}

#[test]
fn a_cloud_is_found_by_its_name() {
    let machine = machine(&[], &[("/home/albert/.config/openstack/clouds.yaml", TWO)]);
    let account = account(&config(&json!({"cloud": "demo"})), &machine).unwrap();
    assert_eq!(account.who(), "user `demo` (domain id `default`)");
    assert_eq!((account.region(), account.insecure), (Some("RegionOne"), true));
    assert!(account.source.contains("cloud `demo` of `/home/albert"), "{}", account.source);
}

#[test]
fn secrets_come_from_secure_yaml() {
    let secure = "clouds: {other: {auth: {application_credential_secret: hunter2}}}";
    let files = [("clouds.yaml", TWO), ("/etc/openstack/secure.yaml", secure)];
    let account = account(&config(&json!({})), &machine(&[("OS_CLOUD", "other")], &files)).unwrap();
    assert_eq!(account.who(), "application credential id `7`");
    assert!(!format!("{account:?}").contains("hunter2"));
}

#[test]
fn the_nearest_file_wins() {
    let files = [("clouds.yaml", ONE), ("/etc/openstack/clouds.yaml", TWO)];
    assert_eq!(account(&config(&json!({})), &machine(&[], &files)).unwrap().who(), "user id `u`");
    let told = machine(&[("OS_CLIENT_CONFIG_FILE", "/x.yaml"), ("OS_CLOUD", "demo")], &[files[0], ("/x.yaml", TWO)]);
    assert!(account(&config(&json!({})), &told).unwrap().source.contains("/x.yaml"));
}

#[test]
fn the_environment_alone_is_enough() {
    let variables = [
        ("OS_AUTH_URL", "http://k:5000"),
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", "p"),
        ("OS_PROJECT_NAME", "n"),
        ("OS_USER_DOMAIN_NAME", "D"),
        ("OS_IDENTITY_API_VERSION", "3"),
        ("OS_INSECURE", "true"),
        ("OS_INTERFACE", "internalURL"),
    ];
    let account = account(&config(&json!({})), &machine(&variables, &[])).unwrap();
    assert_eq!(account.who(), "user `u` (domain `D`)");
    assert_eq!((account.insecure, account.source.as_str()), (true, "the `OS_*` environment"));
}

#[test]
fn written_credentials_stand_for_themselves() {
    let written = json!({"credentials": {"auth": {"auth_url": "http://own", "username": "u", "password": "p"}}});
    let machine = machine(&[("OS_CLOUD", "demo"), ("OS_AUTH_URL", "http://env")], &[("clouds.yaml", TWO)]);
    assert_eq!(account(&config(&written), &machine).unwrap().auth_url.as_str(), "http://own/v3");
    let mut moved = config(&written);
    moved.endpoint = Some("http://elsewhere:1".into());
    assert_eq!(account(&moved, &machine).unwrap().auth_url.as_str(), "http://elsewhere:1/v3");
}

#[test]
fn mistakes_are_named_with_their_file() {
    let table: [(&[_], &[_], _); 7] = [
        (&[], &[], "there are no credentials"),
        (&[("OS_CLOUD", "demo")], &[], "no `clouds.yaml` was found for cloud `demo`"),
        (
            &[("OS_CLOUD", "dmeo")],
            &[("clouds.yaml", TWO)],
            "there is no cloud `dmeo` in `clouds.yaml`, only `demo`, `other`",
        ),
        (&[], &[("clouds.yaml", TWO)], "say with `cloud:` which of the clouds in `clouds.yaml` is meant"),
        (&[], &[("clouds.yaml", "clouds: [")], "`clouds.yaml` is not valid YAML"),
        (&[], &[("clouds.yaml", "cluods: {}")], "`clouds.yaml` has no group `clouds`"),
        (&[], &[("clouds.yaml", "forbidden")], "`clouds.yaml` cannot be read"),
    ];
    for (variables, files, message) in table {
        let error = account(&config(&json!({})), &machine(variables, files)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().starts_with(message), "{error}");
    }
}

#[test]
fn what_is_missing_names_where() {
    let files = [("clouds.yaml", "clouds: {only: {auth: {auth_url: 'http://k', username: u}}}")];
    let error = account(&config(&json!({})), &machine(&[], &files)).unwrap_err();
    assert_eq!(error.message(), "`password` is missing in cloud `only` of `clouds.yaml`");
}
