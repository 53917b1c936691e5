//! What is written, and what it means.

use super::{Account, Method};
use crate::account::places::versioned;
use cloudmesh_abstract::{Result, Settings};
use serde_json::{Value, json};

fn account(value: &Value) -> Result<Account> {
    Account::new(Settings::new(value.as_object().unwrap().clone()).parse()?, "the configuration")
}

#[test]
fn keystone_is_found_however_it_is_written() {
    let table = [
        ("http://k:5000", "http://k:5000/v3"),
        ("http://k:5000/", "http://k:5000/v3"),
        ("http://k:5000/v3", "http://k:5000/v3"),
        ("http://k:5000/v3/", "http://k:5000/v3"),
        ("https://k/identity", "https://k/identity/v3"),
        ("https://k/identity/v3/", "https://k/identity/v3"),
        ("https://k:5000/v2.0", "https://k:5000/v3"),
        ("https://k:5000/v3/auth/tokens", "https://k:5000/v3"),
        (" https://k/identity/v3/?next=1#top ", "https://k/identity/v3"),
    ];
    for (written, meant) in table {
        assert_eq!(versioned(written).unwrap().as_str(), meant, "{written}");
    }
    for bad in ["https://{region_name}.k/v3", "", "k:5000", "ftp://k", "/v3", "http://user:hunter2@k/v3"] {
        let error = versioned(bad).unwrap_err();
        assert_eq!(error.key(), Some("credentials.auth.auth_url"), "{bad}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[test]
fn tokens_are_kept_apart_by_who_and_for_what_and_show_no_secret() {
    let url = "http://k";
    let all = [
        json!({"auth_url": url, "token": "hunter2"}),
        json!({"auth_url": url, "token": "hunter3"}),
        json!({"auth_url": url, "token": "hunter3", "project_id": "8"}),
        json!({"auth_url": url, "username": "u", "password": "hunter2"}),
        json!({"auth_url": url, "username": "v", "password": "hunter2"}),
        json!({"auth_url": url, "username": "u", "password": "hunter2", "project_id": "8"}),
        json!({"auth_url": url, "username": "u", "password": "hunter2", "region_name": "A"}),
        json!({"auth_url": url, "application_credential_id": "a", "application_credential_secret": "hunter2"}),
    ];
    let names: std::collections::BTreeSet<_> = all.iter().map(|each| account(each).unwrap().identity()).collect();
    assert_eq!(names.len(), all.len());
    assert!(!names.iter().any(|name| name.contains("hunter")), "{names:?}");
}

#[test]
fn the_way_to_sign_in_is_found_by_itself_or_told() {
    let url = "http://k";
    let table = [
        (json!({"auth_url": url, "username": "u", "password": "p"}), "user `u` (domain id `default`)"),
        (
            json!({"auth_url": url, "username": "u", "password": "p", "auth_type": "v3password",
            "user_domain_name": "D"}),
            "user `u` (domain `D`)",
        ),
        (json!({"auth_url": url, "user_id": "7", "password": "p"}), "user id `7`"),
        (
            json!({"auth_url": url, "application_credential_id": "a", "application_credential_secret": "s",
            "auth_type": "v3applicationcredential"}),
            "application credential id `a`",
        ),
        (
            json!({"auth_url": url, "application_credential_name": "a", "application_credential_secret": "s",
            "username": "u", "domain_name": "D"}),
            "application credential `a` of user `u` (domain `D`)",
        ),
        (json!({"auth_url": url, "token": "t"}), "the given token"),
    ];
    for (written, who) in table {
        assert_eq!(account(&written).unwrap().who(), who);
    }
}

#[test]
fn an_application_credential_has_no_scope_of_its_own() {
    let written = json!({"auth_url": "http://k", "application_credential_id": "a",
        "application_credential_secret": "s", "project_name": "p"});
    let account = account(&written).unwrap();
    assert!(account.scope.is_none());
    assert!(matches!(account.method, Method::ApplicationCredential(..)));
}

#[test]
fn what_is_missing_is_named() {
    let table = [
        (json!({"username": "u", "password": "p"}), "credentials.auth.auth_url"),
        (json!({"auth_url": "http://k", "password": "p"}), "credentials.auth.username"),
        (json!({"auth_url": "http://k", "username": "u"}), "credentials.auth.password"),
        (
            json!({"auth_url": "http://k", "auth_type": "v3applicationcredential"}),
            "credentials.auth.application_credential_secret",
        ),
        (json!({"auth_url": "http://k", "auth_type": "v3oidcpassword"}), "credentials.auth_type"),
        (
            json!({"auth_url": "http://k", "username": "u", "password": "p", "interface": "outside"}),
            "credentials.interface",
        ),
    ];
    for (written, key) in table {
        assert_eq!(account(&written).unwrap_err().key(), Some(key));
    }
}

#[test]
fn a_token_is_kept_under_a_name_without_secrets() {
    let written = json!({"auth_url": "http://k", "username": "u", "password": "hunter2", "project_id": "7"});
    let account = account(&written).unwrap();
    assert!(!account.identity().contains("hunter2"));
    assert!(!format!("{account:?}").contains("hunter2"));
    assert!(account.identity().contains("project id `7`"));
}

#[test]
fn what_is_signed_in_for_is_a_project_a_domain_or_the_system() {
    let table = [
        (json!({"project_name": "p"}), " for project `p` (domain id `default`)"),
        (json!({"project_name": "p", "project_domain_name": "D"}), " for project `p` (domain `D`)"),
        (json!({"project_id": "7", "project_domain_name": "D"}), " for project id `7`"),
        (json!({"tenant_name": "p", "domain_name": "D"}), " for project `p` (domain `D`)"),
        (json!({"project_name": "p", "default_domain": "d"}), " for project `p` (domain id `d`)"),
        (json!({"domain_name": "D"}), " for domain `D`"),
        (json!({"domain_id": "d"}), " for domain id `d`"),
        (json!({"system_scope": "all"}), " for the whole system"),
        (json!({}), ""),
    ];
    for (written, meant) in table {
        let mut all = json!({"auth_url": "http://k", "username": "u", "password": "p"});
        all.as_object_mut().unwrap().extend(written.as_object().unwrap().clone());
        let account = account(&all).unwrap();
        assert_eq!(account.what_for(), meant, "{written}");
    }
}

#[test]
fn what_contradicts_itself_is_refused_with_advice() {
    let table = [
        (json!({"system_scope": "all", "project_id": "7"}), "system_scope", "take one of them out"),
        (json!({"system_scope": "some"}), "system_scope", "it must be `all`"),
        (json!({"trust_id": "7"}), "trust_id", "use an application credential"),
    ];
    for (written, key, advice) in table {
        let mut all = json!({"auth_url": "http://k", "username": "u", "password": "p"});
        all.as_object_mut().unwrap().extend(written.as_object().unwrap().clone());
        let error = account(&all).unwrap_err();
        assert_eq!(error.key(), Some(format!("credentials.auth.{key}").as_str()));
        assert!(error.message().contains(advice), "{error}");
    }
    let lonely = json!({"auth_url": "http://k", "username": "u", "password": "p", "key": "k.pem"});
    assert!(account(&lonely).unwrap_err().message().contains("name the file with that with `cert`"));
}
