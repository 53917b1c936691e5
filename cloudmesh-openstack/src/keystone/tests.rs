//! What is sent to Keystone, in the words of its documentation.

use cloudmesh_abstract::Settings;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{body, end};
use crate::account::Account;
use crate::wire::{Person, Token};

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
fn a_domain_or_the_system_in_place_of_a_project() {
    let sent = |scope: &Value| {
        let mut all = json!({"auth_url": "http://k", "username": "u", "password": "p"});
        all.as_object_mut().unwrap().extend(scope.as_object().unwrap().clone());
        sent(&all)["scope"].clone()
    };
    assert_eq!(sent(&json!({"system_scope": "all"})), json!({"system": {"all": true}}));
    assert_eq!(sent(&json!({"domain_name": "D"})), json!({"domain": {"name": "D"}}));
    assert_eq!(sent(&json!({"domain_id": "d"})), json!({"domain": {"id": "d"}}));
    assert_eq!(sent(&json!({})), Value::Null);
}

#[test]
fn a_token_lasts_as_long_as_the_cloud_says_whatever_its_clock_says() {
    let token = |issued: Option<&str>| Token {
        expires_at: "2001-01-01T02:00:00.000000Z".to_owned(),
        issued_at: issued.map(str::to_owned),
        user: Person::default(),
        project: None,
        catalog: Vec::new(),
    };
    let now: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    let told = end(&token(Some("2001-01-01T01:00:00.000000Z")), now).unwrap();
    assert_eq!(told.to_string(), "2026-06-01T13:00:00Z");
    assert_eq!(end(&token(None), now).unwrap().to_string(), "2001-01-01T02:00:00Z");
    let odd = Token { expires_at: "soon".to_owned(), ..token(None) };
    assert_eq!(end(&odd, now).unwrap_err().message(), "the token ends at `soon`, which is no time");
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
