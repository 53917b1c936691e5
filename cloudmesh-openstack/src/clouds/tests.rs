//! Machines that are pretended.

use super::{Surroundings, account};
use crate::account::Account;
use crate::config::Config;
use cloudmesh_abstract::{Error, ErrorKind, Settings};
use openstack::InterfaceType;
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

    fn home(&self) -> Option<PathBuf> {
        Some("/home/albert".into())
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

/// The account of a cloud in `clouds.yaml`, for a region where one is named.
fn of(entry: &str, region: Option<&str>, files: &[(&'static str, &'static str)]) -> Result<Account, Error> {
    let text: &'static str = Box::leak(format!("clouds: {{lab: {entry}}}").into_boxed_str());
    let mut pretended = machine(&[], files);
    pretended.files.insert("clouds.yaml", text);
    let told = region.map_or_else(|| json!({"cloud": "lab"}), |region| json!({"cloud": "lab", "region_name": region}));
    account(&config(&told), &pretended)
}

const USER: &str = "username: u, password: p, project_name: n";

#[test]
fn files_are_looked_for_here_then_at_the_user_then_at_the_machine() {
    let places = [
        "clouds.yaml",
        "clouds.yml",
        "clouds.json",
        "/xdg/openstack/clouds.yaml",
        "/home/albert/.config/openstack/clouds.yaml",
        "/site/openstack/clouds.yaml",
        "/other/openstack/clouds.yml",
        "/etc/openstack/clouds.yaml",
    ];
    let variables = [("XDG_CONFIG_HOME", "/xdg"), ("XDG_CONFIG_DIRS", "/site:/other")];
    for first in 0..places.len() {
        let files: Vec<_> = places[first..].iter().map(|place| (*place, ONE)).collect();
        let found = account(&config(&json!({})), &machine(&variables, &files)).unwrap();
        assert_eq!(found.source, format!("cloud `only` of `{}`", places[first]));
    }
    let snap = [("SNAP_REAL_HOME", "/home/real")];
    let found = account(&config(&json!({})), &machine(&snap, &[("/home/real/.config/openstack/clouds.yaml", ONE)]));
    assert!(found.is_ok());
}

#[test]
fn secrets_alone_are_enough_and_both_files_can_be_named() {
    let found = account(&config(&json!({})), &machine(&[], &[("secure.yaml", ONE)])).unwrap();
    assert_eq!(found.source, "cloud `only` of `secure.yaml`");
    let variables = [("OS_CLIENT_CONFIG_FILE", "/a.yaml"), ("OS_CLIENT_SECURE_FILE", "/b.json")];
    let files = [
        ("/a.yaml", "clouds: {x: {auth: {auth_url: 'http://k', username: u}}}"),
        ("/b.json", r#"{"clouds": {"x": {"auth": {"password": "p"}}}}"#),
    ];
    assert!(account(&config(&json!({})), &machine(&variables, &files)).is_ok());
}

#[test]
fn a_region_is_the_one_wanted_or_the_first_with_what_is_different_in_it() {
    let regions = "regions: [{name: A, values: {interface: internal, auth: {project_name: of-a}}}, B]";
    let entry = format!("{{auth: {{auth_url: 'https://{{region_name}}.k/v3', {USER}}}, {regions}}}");
    let first = of(&entry, None, &[]).unwrap();
    assert_eq!((first.region(), first.auth_url.as_str()), (Some("A"), "https://a.k/v3"));
    assert_eq!(first.what_for(), " for project `of-a` (domain id `default`)");
    assert_eq!(&first.filters.interfaces[..], [InterfaceType::Internal]);
    let second = of(&entry, Some("B"), &[]).unwrap();
    assert_eq!((second.region(), second.what_for().as_str()), (Some("B"), " for project `n` (domain id `default`)"));
    let error = of(&entry, Some("b"), &[]).unwrap_err();
    let message = "there is no region `b` in cloud `lab` of `clouds.yaml`, only `A`, `B`; case matters";
    assert_eq!((error.key(), error.message()), (Some("credentials.region_name"), message));
    for odd in ["regions: A", "regions: [7]", "regions: [{values: {}}]", "regions: [{name: A, values: 7}]"] {
        let error = of(&format!("{{auth: {{auth_url: 'http://k', {USER}}}, {odd}}}"), None, &[]).unwrap_err();
        assert!(error.message().starts_with("`regions` in cloud `lab` of `clouds.yaml` must be a list"), "{error}");
    }
}

#[test]
fn keys_may_stand_beside_auth_and_be_written_with_hyphens() {
    let entry = "{auth: {auth-url: 'http://k', user-name: u, password: p, project-name: inner}, project_name: outer,
        user_domain_name: D, region-name: R, endpoint-type: internalURL, username: other}";
    let account = of(entry, None, &[]).unwrap();
    assert_eq!(account.what_for(), " for project `outer` (domain id `default`)");
    assert_eq!((account.region(), &account.filters.interfaces[..]), (Some("R"), &[InterfaceType::Internal][..]));
}

#[test]
fn a_vendors_profile_is_what_clouds_public_says() {
    let profiles = "public-clouds: {acme: {auth: {auth_url: 'https://{region_name}.acme/v3'}, regions: [x1, x2]}}";
    for key in ["profile", "cloud"] {
        let entry = format!("{{{key}: acme, auth: {{{USER}}}}}");
        let account = of(&entry, Some("x2"), &[("clouds-public.yaml", profiles)]).unwrap();
        assert_eq!((account.auth_url.as_str(), account.region()), ("https://x2.acme/v3", Some("x2")));
        let error = of(&entry, None, &[]).unwrap_err();
        assert!(
            error.message().starts_with("no profile `acme` is known, which cloud `lab` of `clouds.yaml` builds upon")
        );
        let complete = format!("{{{key}: acme, auth: {{auth_url: 'http://own', {USER}}}}}");
        assert_eq!(of(&complete, None, &[]).unwrap().auth_url.as_str(), "http://own/v3");
    }
}

#[test]
fn the_environment_has_a_name_and_may_name_a_profile() {
    let profiles = ("/etc/openstack/clouds-public.yaml", "public-clouds: {acme: {auth: {auth_url: 'https://acme'}}}");
    let variables = [("OS_PROFILE", "acme"), ("OS_USERNAME", "u"), ("OS_PASSWORD", "p"), ("OS_SYSTEM_SCOPE", "all")];
    for more in [vec![], vec![("OS_CLOUD", "envvars")], vec![("OS_CLOUD", "mine"), ("OS_CLOUD_NAME", "mine")]] {
        let all: Vec<_> = variables.into_iter().chain(more).collect();
        let account = account(&config(&json!({})), &machine(&all, &[profiles, ("clouds.yaml", TWO)])).unwrap();
        assert_eq!(
            (account.auth_url.as_str(), account.what_for().as_str()),
            ("https://acme/v3", " for the whole system")
        );
    }
}

#[test]
fn what_is_written_takes_the_whole_place_of_what_is_found() {
    let found =
        ("clouds.yaml", "clouds: {lab: {auth: {auth_url: 'http://k', user_id: '7', password: p, project_id: '8'}}}");
    let written = json!({"credentials": {"cloud": "lab", "auth": {"project_name": "own"}}});
    let account = account(&config(&written), &machine(&[], &[found])).unwrap();
    assert_eq!(account.what_for(), " for project `own` (domain id `default`)");
    assert_eq!(account.who(), "user id `7`");
}

#[test]
fn files_of_certificates_are_found_at_home_and_addresses_are_taken() {
    let entry = format!(
        "{{auth: {{auth_url: 'http://k', {USER}}}, cacert: ~/ca.pem, cert: ~/me.pem, key: /k.pem,
        compute_endpoint_override: 'https://n/v2.1/%(project_id)s', volumev3_endpoint_override: 'https://v'}}"
    );
    let account = of(&entry, None, &[]).unwrap();
    assert_eq!(account.ca_file.as_deref(), Some(Path::new("/home/albert/ca.pem")));
    assert_eq!(account.own, Some(("/home/albert/me.pem".into(), Some("/k.pem".into()))));
    let kinds: Vec<_> = account.overrides.iter().map(|(kind, url)| format!("{kind} {url}")).collect();
    let nova = "compute https://n/v2.1/%(project_id)s";
    assert_eq!(kinds, [nova, "volumev3 https://v/", "block-storage https://v/"]);
    let bad = format!("{{auth: {{auth_url: 'http://k', {USER}}}, image_endpoint_override: here}}");
    assert_eq!(of(&bad, None, &[]).unwrap_err().key(), Some("credentials.image_endpoint_override"));
}
