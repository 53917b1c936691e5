//! Entries, files and variables that openstacksdk and we are asked about.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// One machine with files and variables, and what is asked there.
#[derive(Debug, Clone, Default)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) files: Vec<(String, Value)>,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) cloud: Option<&'static str>,
    pub(super) region: Option<&'static str>,
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
pub(super) fn entries() -> Vec<Case> {
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
pub(super) fn places() -> Vec<Case> {
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
