//! What we find beside what openstacksdk finds. `CLOUDMESH_OPENSTACKSDK` names a Python that has it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cloudmesh_abstract::Settings;
use openstack::IdOrName;
use serde_json::{Value, json};

use super::{Surroundings, account};
use crate::account::{Account, Method, Scope, Within};

/// One machine with files and variables, and what is asked there.
#[derive(Debug, Clone, Default)]
struct Case {
    name: String,
    files: Vec<(String, Value)>,
    variables: BTreeMap<String, String>,
    cloud: Option<&'static str>,
    region: Option<&'static str>,
}

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

/// Ways to say who signs in for what.
fn auths() -> Vec<(&'static str, Value)> {
    let url = "https://cloud.example.org:5000/v3";
    vec![
        (
            "names",
            json!({"auth": {"auth_url": url, "username": "u", "password": "p", "project_name": "n",
            "user_domain_name": "U", "project_domain_name": "P"}}),
        ),
        ("ids", json!({"auth": {"auth_url": url, "user_id": "7", "password": "p", "project_id": "8"}})),
        (
            "tenant",
            json!({"auth": {"auth_url": url, "username": "u", "password": "p", "tenant_name": "n",
            "domain_id": "d"}}),
        ),
        (
            "both",
            json!({"auth": {"auth_url": url, "username": "u", "password": "p", "tenant_name": "old",
            "project_name": "new", "domain_name": "D", "user_domain_name": "U"}}),
        ),
        (
            "credential",
            json!({"auth_type": "v3applicationcredential", "auth": {"auth_url": url,
            "application_credential_id": "a", "application_credential_secret": "s"}}),
        ),
        (
            "system",
            json!({"auth_type": "v3password", "auth": {"auth_url": url, "username": "u", "password": "p",
            "user_domain_id": "d", "system_scope": "all"}}),
        ),
        (
            "domain",
            json!({"auth": {"auth_url": url, "username": "u", "password": "p", "user_domain_id": "d",
            "domain_name": "D"}}),
        ),
        ("token", json!({"auth_type": "v3token", "auth": {"auth_url": url, "token": "t", "project_id": "8"}})),
        (
            "beside",
            json!({"auth": {"auth_url": url, "username": "u", "password": "p", "project_name": "inner"},
            "project_name": "outer", "user_domain_name": "U", "project_domain_id": "P", "username": "other"}),
        ),
        (
            "hyphens",
            json!({"auth": {"auth_url": url, "username": "u", "password": "p", "project-name": "n",
            "user-domain-name": "U", "project-domain-name": "P"}}),
        ),
        ("number", json!({"auth": {"auth_url": url, "username": "u", "password": 7, "project_id": 12345}})),
        (
            "template",
            json!({"auth": {"auth_url": "https://{region_name}.example.org/v3", "username": "u",
            "password": "p", "project_id": "8"}, "region_name": "A"}),
        ),
    ]
}

fn regions() -> Vec<(&'static str, Value)> {
    vec![
        ("no region", json!({})),
        ("one", json!({"region_name": "A"})),
        ("list", json!({"regions": ["A", "B"]})),
        ("commas", json!({"region_name": "A,B"})),
        (
            "values",
            json!({"regions": [{"name": "A", "values": {"interface": "internal"}},
            {"name": "B", "values": {"auth": {"auth_url": "https://b.example.org/v3"}, "verify": false}}]}),
        ),
    ]
}

fn trust() -> Vec<(&'static str, Value)> {
    vec![
        ("plain", json!({})),
        ("verify no", json!({"verify": false})),
        ("cacert", json!({"cacert": "/some/ca.pem"})),
        ("cacert at home", json!({"cacert": "~/ca.pem", "verify": true})),
        ("insecure", json!({"insecure": true})),
        ("insecure word", json!({"insecure": "True"})),
        ("insecure no", json!({"insecure": "false", "cacert": "/some/ca.pem"})),
        ("insecure wins", json!({"insecure": true, "verify": true, "cacert": "/some/ca.pem"})),
        ("certificate", json!({"cert": "/my/cert.pem", "key": "~/key.pem"})),
        ("certificate alone", json!({"cert": "~/both.pem"})),
        ("internal", json!({"interface": "internal"})),
        ("admin", json!({"endpoint_type": "admin"})),
        ("old word", json!({"endpoint_type": "internalURL"})),
    ]
}

fn with(value: &Value, more: &Value) -> Value {
    let mut value = value.clone();
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

fn file(name: &str, cloud: &str, entry: &Value) -> (String, Value) {
    (name.to_owned(), json!({"clouds": {cloud: entry}}))
}

/// All ways to say who, in all regions, and whom to trust.
fn entries() -> Vec<Case> {
    let mut cases = Vec::new();
    for (who, auth) in auths() {
        for (place, region) in regions() {
            for wanted in [None, Some("A"), Some("B"), Some("C")] {
                // One that stands alone we take for a habit: another one may be asked for.
                let alone = place == "one" || (who == "template" && place == "no region");
                if wanted.is_some_and(|wanted| wanted != "A") && alone {
                    continue;
                }
                let name = format!("{who}, {place}, {wanted:?}");
                let files = vec![file("work/clouds.yaml", "lab", &with(&auth, &region))];
                cases.push(Case { name, files, cloud: Some("lab"), region: wanted, ..Case::default() });
            }
        }
        for (how, trust) in trust() {
            let files = vec![file("work/clouds.yaml", "lab", &with(&auth, &trust))];
            cases.push(Case { name: format!("{who}, {how}"), files, cloud: Some("lab"), ..Case::default() });
        }
    }
    cases
}

/// Where the files are, and what the environment says.
fn places() -> Vec<Case> {
    let auth = &auths()[0].1;
    let all = [
        "work/clouds.yaml",
        "work/clouds.yml",
        "work/clouds.json",
        "xdg/openstack/clouds.yaml",
        "home/.config/openstack/clouds.yaml",
        "site/openstack/clouds.json",
    ];
    let at = |file: &str| with(auth, &json!({"region_name": file.replace(['/', '.'], "-")}));
    let mut cases: Vec<Case> = (0..all.len())
        .map(|first| Case {
            name: format!("from {}", all[first]),
            files: all[first..].iter().map(|name| file(name, "lab", &at(name))).collect(),
            ..Case::default()
        })
        .collect();
    let open = json!({"auth": {"auth_url": "https://k/v3", "username": "u", "project_name": "n"}});
    let secret = json!({"auth": {"password": "p", "user_domain_name": "S"}, "region_name": "of-secure"});
    for place in ["work", "xdg/openstack", "home/.config/openstack", "site/openstack"] {
        let files = vec![file("work/clouds.yaml", "lab", &open), file(&format!("{place}/secure.yaml"), "lab", &secret)];
        cases.push(Case { name: format!("secrets in {place}"), files, ..Case::default() });
    }
    let files = vec![file("work/secure.yaml", "lab", auth)];
    cases.push(Case { name: "secrets alone".to_owned(), files, ..Case::default() });
    let named = ["a.yaml", "b.yaml"].map(|name| file(&format!("elsewhere/{name}"), "lab", &at(name)));
    let usual = file("work/clouds.yaml", "lab", &at("usual"));
    for told in ["elsewhere/a.yaml", "elsewhere/none.yaml"] {
        let variables = [("OS_CLIENT_CONFIG_FILE".to_owned(), format!("{{root}}/{told}"))].into();
        let files = named.iter().chain([&usual]).cloned().collect();
        cases.push(Case { name: format!("told {told}"), files, variables, ..Case::default() });
    }
    let public = json!({"public-clouds": {"acme": {"auth": {"auth_url": "https://{region_name}.acme/v3"},
        "regions": ["x", "y"], "interface": "internal"}}});
    for key in ["profile", "cloud"] {
        for region in [None, Some("y")] {
            let entry = json!({key: "acme", "auth": {"username": "u", "password": "p", "project_id": "8"}});
            let files = vec![
                ("xdg/openstack/clouds-public.yaml".to_owned(), public.clone()),
                file("work/clouds.yaml", "lab", &entry),
            ];
            cases.push(Case {
                name: format!("{key} {region:?}"),
                files,
                region,
                cloud: Some("lab"),
                ..Case::default()
            });
        }
    }
    cases.extend(environments(&usual));
    cases
}

fn environments(usual: &(String, Value)) -> Vec<Case> {
    let user = [("OS_AUTH_URL", "https://env/v3"), ("OS_USERNAME", "u"), ("OS_PASSWORD", "p")];
    let more: [&[(&str, &str)]; 8] = [
        &[("OS_PROJECT_NAME", "n"), ("OS_USER_DOMAIN_NAME", "U"), ("OS_PROJECT_DOMAIN_ID", "P")],
        &[("OS_TENANT_NAME", "n"), ("OS_REGION_NAME", "R"), ("OS_INTERFACE", "internal")],
        &[("OS_PROJECT_ID", "8"), ("OS_ENDPOINT_TYPE", "admin"), ("OS_CACERT", "/ca.pem")],
        &[("OS_PROJECT_ID", "8"), ("OS_INSECURE", "true")],
        &[("OS_PROJECT_ID", "8"), ("OS_CLOUD", "lab")],
        &[("OS_PROJECT_ID", "8"), ("OS_CLOUD", "envvars")],
        &[("OS_PROJECT_ID", "8"), ("OS_CLOUD_NAME", "own"), ("OS_CLOUD", "own")],
        &[("OS_SYSTEM_SCOPE", "all"), ("OS_USER_DOMAIN_ID", "d"), ("OS_AUTH_TYPE", "v3password")],
    ];
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    more.iter()
        .map(|more| Case {
            name: format!("environment {more:?}"),
            files: vec![usual.clone()],
            variables: pairs(&user).into_iter().chain(pairs(more)).collect(),
            ..Case::default()
        })
        .collect()
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
