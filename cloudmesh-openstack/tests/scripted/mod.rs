//! A cloud of scripted answers: Keystone, and behind path prefixes the services that it names.

use std::time::Duration;

use cloudmesh_abstract::{Connect, Context, PollPolicy, RetryPolicy, Settings};
use cloudmesh_openstack::OpenStack;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// What [`cloud`] is made of.
#[derive(Debug, Default)]
pub(crate) struct Setup {
    /// What Nova says about its versions; without it, that it has none.
    pub(crate) versions: Option<Value>,
    /// Types of services beside compute, image and network; each answers below `/TYPE/v3/7`.
    pub(crate) services: Vec<&'static str>,
    /// The service of the usual ones that the catalogue lacks.
    pub(crate) lacks: Option<&'static str>,
    /// Whether what fails is repeated.
    pub(crate) retry: bool,
    /// Keys of the cloud's entry in the configuration beside its credentials.
    pub(crate) keys: Vec<(&'static str, Value)>,
}

/// Credentials for a Keystone.
pub(crate) fn settings(keystone: &str) -> Settings {
    let auth = json!({"auth_url": keystone, "username": "u", "password": "hunter2", "project_name": "p"});
    Settings::default().with("credentials.auth", auth)
}

/// A provider that repeats nothing and waits for little.
pub(crate) fn connect(settings: &Settings) -> OpenStack {
    connect_with(settings, RetryPolicy::none())
}

fn connect_with(settings: &Settings, retry: RetryPolicy) -> OpenStack {
    let context = Context::builder("lab").retry(retry).poll(PollPolicy::quick());
    let context = context.attempt_timeout(Duration::from_secs(2)).build();
    OpenStack::connect(settings.parse().unwrap(), context).unwrap()
}

/// What Keystone grants.
fn token(catalog: &Value) -> ResponseTemplate {
    let body = json!({"token": {"expires_at": "2999-01-01T00:00:00.000000Z", "user": {"id": "1", "name": "u"},
        "project": {"id": "2", "name": "p"}, "catalog": catalog}});
    ResponseTemplate::new(201).insert_header("X-Subject-Token", "the-token").set_body_json(body)
}

fn catalog(server: &MockServer, setup: &Setup) -> Value {
    let entry = |kind: &str, path: &str| {
        let url = format!("{}{path}", server.uri());
        json!({"type": kind, "endpoints": [{"interface": "public", "region": "One", "url": url}]})
    };
    let usual = [("compute", "/compute/v2.1/7"), ("image", "/image"), ("network", "/network/")];
    let usual = usual.iter().filter(|(kind, _)| setup.lacks != Some(*kind)).map(|(kind, path)| entry(kind, path));
    usual.chain(setup.services.iter().map(|kind| entry(kind, &format!("/{kind}/v3/7")))).collect()
}

/// The cloud, and a provider for it.
pub(crate) async fn cloud(setup: Setup) -> (MockServer, OpenStack) {
    let server = MockServer::start().await;
    let keystone = Mock::given(method("POST")).and(path("/identity/v3/auth/tokens"));
    keystone.respond_with(token(&catalog(&server, &setup))).mount(&server).await;
    // Who deletes a server looks for its addresses.
    let addresses = Mock::given(method("GET")).and(path("/network/v2.0/floatingips"));
    let none = ResponseTemplate::new(200).set_body_json(json!({"floatingips": []}));
    addresses.respond_with(none).mount(&server).await;
    if let Some(versions) = setup.versions {
        let nova = Mock::given(method("GET")).and(path("/compute/v2.1/")).and(header("X-Auth-Token", "the-token"));
        nova.respond_with(ResponseTemplate::new(200).set_body_json(json!({"version": versions}))).mount(&server).await;
    }
    let own = settings(&format!("{}/identity", server.uri()));
    let retry = if setup.retry { RetryPolicy::quick() } else { RetryPolicy::none() };
    let provider = connect_with(&setup.keys.into_iter().fold(own, |all, (key, value)| all.with(key, value)), retry);
    (server, provider)
}
