//! Signing in: where, as whom, for what, and what is said when it does not work.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::sync::Arc;

use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Context, Error, ErrorKind, ImageQuery, NodeQuery, NodeSpec, Recorder, RetryPolicy,
    Settings,
};
use cloudmesh_emulator::{Builder, Emulator};
use cloudmesh_openstack::OpenStack;
use futures::future::join_all;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn connect(settings: &Settings) -> (OpenStack, Arc<Recorder>) {
    let trace = Arc::new(Recorder::default());
    let context = Context::builder("lab").retry(RetryPolicy::none()).trace(trace.clone()).build();
    (OpenStack::connect(settings.parse().unwrap(), context).unwrap(), trace)
}

async fn list(settings: &Settings) -> Result<usize, Error> {
    connect(settings).0.list(&NodeQuery::new()).await.map(|nodes| nodes.len())
}

async fn started(builder: Builder) -> (Emulator, Settings) {
    let emulator = builder.start().await.unwrap();
    let settings = emulator.settings("openstack").unwrap();
    (emulator, settings)
}

/// A cloud of the emulator's `clouds.yaml`.
fn of_clouds_yaml(emulator: &Emulator, name: &str) -> Value {
    let all: Value = serde_yaml::from_str(&emulator.clouds_yaml()).unwrap();
    all["clouds"][name].clone()
}

fn as_cloud(entry: &Value) -> Settings {
    let auth = Settings::default().with("credentials.auth", entry["auth"].clone());
    auth.with("credentials.auth_type", entry["auth_type"].clone())
}

#[tokio::test]
async fn keystone_behind_a_path_is_found_however_it_is_written() {
    let (emulator, settings) = started(Emulator::builder().prefix("/cloud/").nodes(1)).await;
    for path in ["identity", "identity/", "identity/v3", "identity/v3/", "identity/v2.0", "identity/v3/auth/tokens"] {
        let url = format!("{}/{path}", emulator.url());
        assert!(url.contains("/cloud/identity"));
        assert_eq!(list(&settings.clone().with("credentials.auth.auth_url", url)).await.unwrap(), 1, "{path}");
    }
    for path in ["", "/elsewhere", "/identity/deeper"] {
        let url = format!("{}{path}", emulator.url());
        let error = list(&settings.clone().with("credentials.auth.auth_url", url)).await.unwrap_err();
        assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.auth.auth_url")), "{path}");
        assert!(error.message().starts_with("there is no Keystone v3 at `"), "{error}");
    }
}

#[tokio::test]
async fn a_region_a_service_and_an_interface_that_are_not_there_are_told() {
    let builder = Emulator::builder().regions(&["North", "South"]).without_service("network").nodes(2);
    let (_emulator, settings) = started(builder).await;
    for region in ["North", "South"] {
        assert_eq!(list(&settings.clone().with("credentials.region", region)).await.unwrap(), 2);
    }
    let error = list(&settings.clone().with("credentials.region", "West")).await.unwrap_err();
    let message = "this cloud has no compute service in region `West`, only in `North`, `South`";
    assert_eq!((error.key(), error.message()), (Some("credentials.region_name"), message));
    let (cloud, _) = connect(&settings);
    let spec = NodeSpec::new("web-1", "ubuntu-24.04", "m1.small").with_network("private");
    let error = cloud.create(&spec).await.unwrap_err();
    let message = "this cloud has no network service for us, only `compute`, `identity`, `image`, `placement`";
    assert_eq!((error.kind(), error.message()), (ErrorKind::Config, message));
    assert!(!cloud.images(&ImageQuery::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_address_is_taken_in_place_of_the_catalogues() {
    let (emulator, settings) = started(Emulator::builder().without_service("compute").nodes(3)).await;
    assert_eq!(list(&settings).await.unwrap_err().kind(), ErrorKind::Config);
    let told = settings.with("credentials.compute_endpoint_override", format!("{}/compute/v2.1", emulator.url()));
    assert_eq!(list(&told).await.unwrap(), 3);
}

#[tokio::test]
async fn who_is_not_let_in_reads_what_to_check_and_is_asked_for_once() {
    let (emulator, settings) = started(Emulator::builder()).await;
    let wrong = |key: &str, value: &str| settings.clone().with(&format!("credentials.auth.{key}"), value);
    let check = "check user name, password, project and domains";
    let at = format!("{}/identity/v3", emulator.url());
    for (key, value) in [
        ("password", "hunter2"),
        ("username", "nobody"),
        ("user_domain_name", "Elsewhere"),
        ("project_name", "none"),
        ("project_domain_name", "Elsewhere"),
    ] {
        let (cloud, trace) = connect(&wrong(key, value));
        let (query, cloud) = (NodeQuery::new(), &cloud);
        for answer in join_all((0..20).map(|_| cloud.list(&query))).await {
            let error = answer.unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("Unauthorized")));
            assert!(error.message().starts_with(&format!("Keystone at `{at}` refuses user `")), "{error}");
            assert!(error.message().ends_with(check), "{error}");
            assert!(!format!("{error:?}").contains("hunter2"));
        }
        assert_eq!(trace.outcomes().len(), 1, "{key}");
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_in_mid_work_is_renewed_once_for_all_who_wait() {
    let (emulator, settings) = started(Emulator::builder().nodes(1)).await;
    let (cloud, trace) = connect(&settings);
    cloud.list(&NodeQuery::new()).await.unwrap();
    emulator.revoke_tokens();
    trace.take();
    let (query, cloud) = (NodeQuery::new(), &cloud);
    for answer in join_all((0..20).map(|_| cloud.list(&query))).await {
        assert_eq!(answer.unwrap().len(), 1);
    }
    let signed_in = trace.outcomes().into_iter().filter(|sent| sent.request.starts_with("POST")).count();
    assert_eq!(signed_in, 1);
}

#[tokio::test]
async fn operators_sign_in_for_the_system_and_for_a_domain() {
    let (emulator, _) = started(Emulator::builder().nodes(1)).await;
    let system = as_cloud(&of_clouds_yaml(&emulator, "emulator-system"));
    let (cloud, _) = connect(&system);
    assert_eq!(cloud.whoami().await.unwrap().user, "admin");
    let mut entry = of_clouds_yaml(&emulator, "emulator-system");
    let auth = entry["auth"].as_object_mut().unwrap();
    auth.remove("system_scope");
    auth.insert("domain_name".to_owned(), json!("Default"));
    assert_eq!(connect(&as_cloud(&entry)).0.whoami().await.unwrap().user, "admin");
    let mut user = emulator.settings("openstack").unwrap().get("credentials.auth").unwrap().clone();
    user.as_object_mut().unwrap().retain(|key, _| !key.starts_with("project"));
    user["system_scope"] = json!("all");
    let error = list(&Settings::default().with("credentials.auth", user)).await.unwrap_err();
    assert!(error.message().contains(" for the whole system: "), "{error}");
}

#[tokio::test]
async fn without_a_project_the_projects_to_choose_from_are_told() {
    let (_emulator, settings) = started(Emulator::builder()).await;
    let mut auth = settings.get("credentials.auth").unwrap().clone();
    auth.as_object_mut().unwrap().retain(|key, _| !key.starts_with("project"));
    let error = list(&Settings::default().with("credentials.auth", auth)).await.unwrap_err();
    let message = "user `demo` (domain `Default`) signed in without a project; set `project_name` or `project_id`, such as `demo`";
    assert_eq!((error.key(), error.message()), (Some("credentials.auth.project_name"), message));
}

#[tokio::test]
async fn application_credentials_by_id_and_by_name() {
    let (emulator, _) = started(Emulator::builder().nodes(1)).await;
    let entry = of_clouds_yaml(&emulator, "emulator-appcred");
    assert_eq!(list(&as_cloud(&entry)).await.unwrap(), 1);
    let secret = entry["auth"]["application_credential_secret"].clone();
    let by_name = |name: &str| {
        let auth = json!({"auth_url": entry["auth"]["auth_url"], "application_credential_name": name,
            "application_credential_secret": secret, "username": "demo", "user_domain_name": "Default"});
        Settings::default().with("credentials.auth", auth)
    };
    assert_eq!(list(&by_name("demo")).await.unwrap(), 1);
    let wrong = as_cloud(&entry).with("credentials.auth.application_credential_secret", "hunter2");
    let unknown = as_cloud(&entry).with("credentials.auth.application_credential_id", "0");
    for settings in [by_name("other"), wrong, unknown] {
        let error = list(&settings).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        let check = "check its id and secret, and whether it has ended or been deleted";
        assert!(error.message().ends_with(check), "{error}");
    }
}

#[tokio::test]
async fn what_answers_in_place_of_keystone_is_told() {
    let page = |status: u16, text: &str| {
        let page = format!("<!DOCTYPE html><html><body><h1>{text}</h1></body></html>");
        ResponseTemplate::new(status).set_body_raw(page, "text/html")
    };
    let moved = |status: u16, to: &str| ResponseTemplate::new(status).insert_header("Location", to);
    let table = [
        (page(403, "CSRF verification failed"), " but a page: `CSRF verification failed`; check `auth_url`"),
        (page(404, "Not Found"), "which is not the address of the dashboard"),
        (page(400, "The plain HTTP request was sent to HTTPS port"), "sent to HTTPS port`; check `auth_url`"),
        (moved(302, "https://other.invalid/auth/login/?next=/v3"), "redirects to `https://other.invalid/auth/login/`"),
        (
            moved(301, "https://other.invalid/v3/auth/tokens"),
            "redirects to `https://other.invalid/v3`; credentials are",
        ),
        (moved(308, "/identity/v3/auth/tokens"), "/identity/v3`; credentials are not sent after that"),
        (ResponseTemplate::new(307), "redirects elsewhere; credentials are not sent after that"),
        (ResponseTemplate::new(300).set_body_json(json!({"versions": {}})), "there is no Keystone v3 at `"),
        (page(407, "Proxy Authentication Required"), "the proxy wants a sign-in of its own"),
    ];
    for (response, words) in table {
        let server = MockServer::start().await;
        Mock::given(method("POST")).respond_with(response).mount(&server).await;
        let auth = json!({"auth_url": server.uri(), "username": "u", "password": "hunter2", "project_name": "p"});
        let error = list(&Settings::default().with("credentials.auth", auth)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.message().contains(words), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"));
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn credentials_follow_no_redirect_to_another_host() {
    let (server, thief) = (MockServer::start().await, MockServer::start().await);
    for status in [301, 302, 303, 307, 308] {
        let moved = ResponseTemplate::new(status).insert_header("Location", format!("{}/v3/auth/tokens", thief.uri()));
        server.reset().await;
        Mock::given(method("POST")).respond_with(moved).mount(&server).await;
        let auth = json!({"auth_url": server.uri(), "username": "u", "password": "hunter2", "project_name": "p"});
        let error = list(&Settings::default().with("credentials.auth", auth)).await.unwrap_err();
        assert!(error.message().contains(&format!("redirects to `{}/v3`", thief.uri())), "{error}");
    }
    assert!(thief.received_requests().await.unwrap().is_empty());
}
