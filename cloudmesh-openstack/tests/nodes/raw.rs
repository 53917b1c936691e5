//! Raw calls.

use cloudmesh_abstract::{ErrorKind, Raw, RawCall};
use serde_json::{Value, json};
use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use super::scripted::{self, Setup};
use super::{answer, asked, cloud, newest, ok, refused};

#[tokio::test]
async fn a_call_goes_to_its_service_with_token_and_version() {
    let (nova, node) = cloud().await;
    let listing = Mock::given(method("GET")).and(path("/compute/v2.1/7/servers")).and(query_param("name", "a b"));
    let listing = listing.and(header("X-Auth-Token", "the-token")).and(header("OpenStack-API-Version", "compute 2.73"));
    listing.respond_with(ok(json!({"servers": []}))).mount(&nova).await;
    let told = node.raw(&RawCall::new("GET", "/compute/servers?name=a%20b")).await.unwrap();
    assert_eq!(told, json!({"servers": []}));
    assert_eq!(asked(&nova).await, ["GET /servers?name=a%20b"]);
}

#[tokio::test]
async fn every_service_of_the_catalogue_can_be_called() {
    let setup = Setup { versions: Some(newest()), services: vec!["load-balancer"], ..Setup::default() };
    let (cloud, node) = scripted::cloud(setup).await;
    for at in ["/network/v2.0/routers", "/image/v2/images", "/load-balancer/v3/7/pools", "/identity/v3/projects"] {
        answer(&cloud, "GET", at, ok(json!({"at": at}))).await;
    }
    let table = [
        ("network/routers", "/network/v2.0/routers"),
        ("network/v2.0/routers", "/network/v2.0/routers"),
        ("image/images", "/image/v2/images"),
        ("load-balancer/pools", "/load-balancer/v3/7/pools"),
        ("identity/v3/projects", "/identity/v3/projects"),
        ("identity/projects", "/identity/v3/projects"),
    ];
    for (called, at) in table {
        let told = node.raw(&RawCall::new("GET", called)).await.unwrap();
        assert_eq!(told, json!({"at": at}), "{called}");
    }
}

#[tokio::test]
async fn a_body_is_sent_as_it_is() {
    let (cloud, node) = cloud().await;
    let body = json!({"floatingip": {"floating_network_id": "1"}});
    let made = Mock::given(method("POST")).and(path("/network/v2.0/floatingips")).and(body_json(&body));
    made.respond_with(ResponseTemplate::new(201).set_body_json(json!({"id": "7"}))).mount(&cloud).await;
    let patch = Mock::given(method("PATCH")).and(path("/image/v2/images/1"));
    let patch = patch.and(header("Content-Type", "application/openstack-images-v2.1-json-patch"));
    patch.respond_with(ok(json!({"id": "1"}))).mount(&cloud).await;
    let told = node.raw(&RawCall::new("post", "network/floatingips").with_data(body)).await.unwrap();
    assert_eq!(told, json!({"id": "7"}));
    node.raw(&RawCall::new("PATCH", "image/images/1").with_data(json!([]))).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_a_text() {
    let html = "<html>hello</html>";
    let table = [
        (ResponseTemplate::new(200).set_body_string(html), Ok(json!(html))),
        (ResponseTemplate::new(204), Ok(Value::Null)),
        (ResponseTemplate::new(200).set_body_bytes([0xff, 0xfe, 0x00]), Err(ErrorKind::Unsupported)),
    ];
    for (answered, expected) in table {
        let (cloud, node) = cloud().await;
        answer(&cloud, "GET", "/image/v2/images/1/file", answered).await;
        let told = node.raw(&RawCall::new("GET", "image/images/1/file")).await;
        assert_eq!(told.map_err(|error| error.kind()), expected);
    }
}

#[tokio::test]
async fn a_refusal_keeps_the_services_words_and_code() {
    let (nova, node) = cloud().await;
    let id = "x-openstack-request-id";
    answer(&nova, "GET", "/compute/v2.1/7/os-hosts", refused(404, "No hosts here.").insert_header(id, "req-1")).await;
    let error = node.raw(&RawCall::new("GET", "compute/os-hosts")).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "No hosts here"));
    assert_eq!((error.code(), error.request_id()), (Some("itemNotFound"), Some("req-1")));
    answer(&nova, "GET", "/compute/v2.1/7/old", ResponseTemplate::new(404).set_body_string("<h1>Not Found</h1>")).await;
    let error = node.raw(&RawCall::new("GET", "compute/old")).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "Not Found"));
}

#[tokio::test]
async fn an_unknown_service_is_told_with_those_there_are() {
    let (cloud, node) = cloud().await;
    let error = node.raw(&RawCall::new("GET", "dns/zones")).await.unwrap_err();
    let message = "this cloud has no dns service for us, only `compute`, `image`, `network`; begin the path with one of \
                   them, not with `dns`";
    assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidInput, message));
    assert!(asked(&cloud).await.is_empty());
}

#[tokio::test]
async fn what_leads_out_of_the_service_is_not_sent() {
    let (cloud, node) = cloud().await;
    for path in ["compute/../../identity/v3/users", "compute/%2E%2e/x", "compute\\..\\x", "//", ".."] {
        let error = node.raw(&RawCall::new("GET", path)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{path}");
    }
    assert!(cloud.received_requests().await.unwrap().is_empty());
}
