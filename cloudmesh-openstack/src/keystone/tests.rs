//! What is sent to Keystone, in the words of its documentation.

use cloudmesh_abstract::Settings;
use serde_json::{Value, json};

use super::body;
use crate::account::Account;

fn sent(credentials: &Value) -> Value {
    let settings = Settings::new(credentials.as_object().unwrap().clone());
    body(&Account::new(settings.parse().unwrap(), "the test").unwrap())["auth"].clone()
}

#[test]
fn a_password_for_a_project() {
    let sent = sent(&json!({"auth_url": "http://k", "username": "u", "password": "p", "user_domain_name": "D",
        "project_name": "n"}));
    assert_eq!(
        sent["identity"],
        json!({"methods": ["password"],
        "password": {"user": {"name": "u", "domain": {"name": "D"}, "password": "p"}}})
    );
    assert_eq!(sent["scope"], json!({"project": {"name": "n", "domain": {"id": "default"}}}));
}

#[test]
fn ids_need_no_domain() {
    let sent = sent(&json!({"auth_url": "http://k", "user_id": "u", "password": "p", "project_id": "n"}));
    assert_eq!(sent["identity"]["password"]["user"], json!({"id": "u", "password": "p"}));
    assert_eq!(sent["scope"], json!({"project": {"id": "n"}}));
}

#[test]
fn an_application_credential() {
    let sent = sent(&json!({"auth_url": "http://k", "application_credential_id": "a",
        "application_credential_secret": "s", "project_name": "n"}));
    assert_eq!(
        sent,
        json!({"identity": {"methods": ["application_credential"],
        "application_credential": {"id": "a", "secret": "s"}}})
    );
}

#[test]
fn a_token() {
    let sent = sent(&json!({"auth_url": "http://k", "token": "t", "project_id": "n"}));
    assert_eq!(
        sent,
        json!({"identity": {"methods": ["token"], "token": {"id": "t"}},
        "scope": {"project": {"id": "n"}}})
    );
}
