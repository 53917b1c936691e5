//! What we find beside what openstacksdk finds. `CLOUDMESH_OPENSTACKSDK` names a Python that has it.

mod cases;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cloudmesh_abstract::Settings;
use openstack::IdOrName;
use serde_json::{Value, json};

use self::cases::{Case, entries, places};
use super::{Surroundings, account};
use crate::account::{Account, Method, Scope, Within};

#[derive(Debug)]
struct Folder {
    root: PathBuf,
    variables: BTreeMap<String, String>,
}

impl Surroundings for Folder {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        fs::read_to_string(self.root.join("work").join(path))
    }

    fn home(&self) -> Option<PathBuf> {
        Some(self.root.join("home"))
    }
}

/// Puts a case on the disk; its variables follow.
fn lay_out(case: &Case, root: &Path) -> BTreeMap<String, String> {
    for folder in ["work", "home", "xdg", "site", "elsewhere"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    for (name, content) in &case.files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let is_json = path.extension().is_some_and(|end| end == "json");
        let text = if is_json { content.to_string() } else { serde_yaml::to_string(content).unwrap() };
        fs::write(path, text).unwrap();
    }
    let at = |name: &str| root.join(name).display().to_string();
    let usual = [("HOME", at("home")), ("XDG_CONFIG_HOME", at("xdg")), ("XDG_CONFIG_DIRS", at("site"))];
    let usual = usual.into_iter().map(|(name, value)| (name.to_owned(), value));
    let told =
        case.variables.iter().map(|(name, value)| (name.clone(), value.replace("{root}", &root.display().to_string())));
    usual.chain(told).collect()
}

fn ours(case: &Case, root: &Path, variables: BTreeMap<String, String>) -> Value {
    let mut settings = Settings::default();
    for (key, value) in [("cloud", case.cloud), ("region_name", case.region)] {
        if let Some(value) = value {
            settings = settings.with(&format!("credentials.{key}"), value);
        }
    }
    let folder = Folder { root: root.to_owned(), variables };
    match account(&settings.parse().unwrap(), &folder) {
        Ok(account) => facts(&account),
        Err(error) => json!({"error": error.to_string()}),
    }
}

fn facts(account: &Account) -> Value {
    let (who, secret) = match &account.method {
        Method::Password(user, _) => (within(user), Value::Null),
        Method::ApplicationCredential(it, ..) => (Value::Null, json!(word(it))),
        Method::Token(_) => (Value::Null, json!("token")),
    };
    let scope = match &account.scope {
        Some(Scope::Project(project)) => within(project),
        Some(Scope::Domain(domain)) => json!({"domain": word(domain)}),
        Some(Scope::System) => json!("all"),
        None => Value::Null,
    };
    let file = |path: &Path| json!(path.display().to_string());
    let verify = match (&account.ca_file, account.insecure) {
        (_, true) => json!(false),
        (Some(path), false) => file(path),
        (None, false) => json!(true),
    };
    let cert = account.own.as_ref().map(|(cert, key)| match key {
        Some(key) => json!([file(cert), file(key)]),
        None => file(cert),
    });
    json!({"url": account.auth_url.as_str().trim_end_matches("/v3"), "user": who, "credential": secret, "scope": scope,
        "region": account.region(), "interface": account.filters.interfaces[0].to_string(), "verify": verify, "cert": cert})
}

fn within(within: &Within) -> Value {
    json!({"it": word(&within.it), "domain": within.domain.as_ref().map(word)})
}

fn word(it: &IdOrName) -> String {
    match it {
        IdOrName::Id(id) => format!("id {id}"),
        IdOrName::Name(name) => format!("name {name}"),
    }
}

/// The witness's facts in our words. It leaves the domain open where we take the default one.
fn theirs(told: &Value) -> Value {
    if told.get("error").is_some() {
        return told.clone();
    }
    let auth = |key: &str| told["auth"][key].as_str();
    let either = |id: &str, name: &str| {
        auth(id).map(|id| format!("id {id}")).or_else(|| auth(name).map(|name| format!("name {name}")))
    };
    let person = |kind: &str, name: &str| {
        if let Some(id) = auth(&format!("{kind}_id")) {
            return Some(json!({"it": format!("id {id}"), "domain": null}));
        }
        let domain = either(&format!("{kind}_domain_id"), &format!("{kind}_domain_name"));
        let domain = domain.unwrap_or_else(|| "id default".to_owned());
        auth(name).map(|name| json!({"it": format!("name {name}"), "domain": domain}))
    };
    let credential =
        auth("application_credential_id").map(|id| format!("id {id}")).or(auth("token").map(|_| "token".to_owned()));
    let scope = person("project", "project_name")
        .or_else(|| auth("system_scope").map(|all| json!(all)))
        .or_else(|| either("domain_id", "domain_name").map(|domain| json!({"domain": domain})));
    json!({"url": auth("auth_url").unwrap().to_lowercase().trim_end_matches("/v3"), "user": person("user", "username"), "credential": credential,
        "scope": scope, "region": told["region"], "interface": told["interface"].as_str().unwrap().trim_end_matches("URL"),
        "verify": told["verify"], "cert": told["cert"]})
}

#[test]
fn openstacksdk_finds_the_same() {
    let Ok(python) = std::env::var("CLOUDMESH_OPENSTACKSDK") else {
        eprintln!("left out: no openstacksdk; CLOUDMESH_OPENSTACKSDK=python names one that has it");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/openstack/sdk_config.py");
    let mut witness = Command::new(python);
    let mut witness = witness.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let cases: Vec<Case> = entries().into_iter().chain(places()).collect();
    let folders: Vec<_> = cases.iter().map(|_| tempfile::tempdir().unwrap()).collect();
    let (mut asked, mut found) = (String::new(), Vec::new());
    for (case, folder) in cases.iter().zip(&folders) {
        let root = folder.path().canonicalize().unwrap();
        let variables = lay_out(case, &root);
        let line = json!({"env": variables, "folder": root.join("work"), "cloud": case.cloud, "region": case.region});
        asked += &line.to_string();
        asked.push('\n');
        found.push(ours(case, &root, variables));
    }
    let mut input = witness.stdin.take().unwrap();
    let sent = std::thread::spawn(move || input.write_all(asked.as_bytes()));
    let said = witness.wait_with_output().unwrap();
    sent.join().unwrap().unwrap();
    let said: Vec<Value> = said
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(said.len(), cases.len());
    let mut wrong = Vec::new();
    for ((case, ours), said) in cases.iter().zip(&found).zip(&said) {
        let theirs = theirs(said);
        let both_refuse = ours.get("error").is_some() && theirs.get("error").is_some();
        if !both_refuse && *ours != theirs {
            wrong.push(format!("{}:\n  ours   {ours}\n  theirs {theirs}", case.name));
        }
    }
    println!("{} cases", cases.len());
    assert!(wrong.is_empty(), "{} of {} differ\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
