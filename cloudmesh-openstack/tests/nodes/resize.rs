//! Resizing.

use std::time::Duration;

use cloudmesh_abstract::{Connect, Context, ErrorKind, PollPolicy, Resize};
use cloudmesh_openstack::OpenStack;
use serde_json::json;
use wiremock::matchers::{header, header_exists, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{InTurn, SERVER, answer, asked, cloud, ok, on_action, refused, server, sized};

/// Nova's flavors: `small` is 1, which the server has, `large` is 2.
async fn flavors(nova: &MockServer) {
    let all = json!({"flavors": [{"id": "1", "name": "small"}, {"id": "2", "name": "large"}]});
    answer(nova, "GET", "/compute/v2.1/7/flavors/detail", ok(all)).await;
}

/// A cloud with these answers to looks at the server, one after the other, that takes a resize to `large`.
async fn taking(looks: Vec<ResponseTemplate>) -> (MockServer, OpenStack) {
    let (nova, node) = cloud().await;
    flavors(&nova).await;
    answer(&nova, "GET", SERVER, InTurn::new(looks)).await;
    let accepted = ResponseTemplate::new(202).insert_header("x-openstack-request-id", "req-7");
    on_action(&nova, json!({"resize": {"flavorRef": "2"}}), accepted).await;
    (nova, node)
}

async fn confirmed(nova: &MockServer) {
    on_action(nova, json!({"confirmResize": null}), ResponseTemplate::new(204)).await;
}

#[tokio::test]
async fn a_server_is_moved_and_its_new_size_confirmed() {
    let moving = || server("RESIZE", Some("resize_migrating"));
    let looks = vec![server("ACTIVE", None), moving(), moving(), sized("VERIFY_RESIZE", None, "2")];
    let (nova, node) = taking(looks).await;
    confirmed(&nova).await;
    node.resize(&"7".into(), "large").await.unwrap();
    let mut lines = asked(&nova).await;
    lines[..2].sort();
    let expected = [
        "GET /flavors/detail",
        "GET /servers/7",
        "POST /servers/7/action resize",
        "GET /servers/7",
        "GET /servers/7",
        "GET /servers/7",
        "POST /servers/7/action confirmResize",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn the_same_flavor_changes_nothing() {
    for status in ["ACTIVE", "SHUTOFF", "SUSPENDED"] {
        let (nova, node) = taking(vec![server(status, None)]).await;
        node.resize(&"7".into(), "small").await.unwrap();
        assert_eq!(asked(&nova).await.len(), 2);
    }
}

#[tokio::test]
async fn a_cloud_that_confirms_by_itself_needs_no_more() {
    let looks = vec![server("SHUTOFF", None), server("RESIZE", None), sized("SHUTOFF", None, "2")];
    let (nova, node) = taking(looks).await;
    node.resize(&"7".into(), "large").await.unwrap();
    assert!(!asked(&nova).await.iter().any(|line| line.contains("confirm")));
}

#[tokio::test]
async fn a_confirmation_that_came_too_late_is_one() {
    let settled = [sized("VERIFY_RESIZE", None, "2"), sized("ACTIVE", None, "2")];
    for (status, after) in [(409, settled[1].clone()), (400, settled[0].clone())] {
        let (nova, node) = taking(vec![settled[0].clone(), after]).await;
        on_action(&nova, json!({"confirmResize": null}), refused(status, "no")).await;
        node.resize(&"7".into(), "large").await.unwrap();
    }
    let (nova, node) = taking(vec![settled[0].clone()]).await;
    on_action(&nova, json!({"confirmResize": null}), refused(409, "Instance 7 is locked")).await;
    assert_eq!(node.resize(&"7".into(), "large").await.unwrap_err().kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn a_resize_that_nobody_followed_is_finished_by_the_next() {
    // Dropped before the answer to the resize.
    let (nova, node) = cloud().await;
    flavors(&nova).await;
    let looks = [server("ACTIVE", None), server("RESIZE", None), sized("VERIFY_RESIZE", None, "2")];
    answer(&nova, "GET", SERVER, InTurn::new(looks)).await;
    let slow = ResponseTemplate::new(202).set_delay(Duration::from_mins(1));
    on_action(&nova, json!({"resize": {"flavorRef": "2"}}), slow).await;
    confirmed(&nova).await;
    let dropped = tokio::time::timeout(Duration::from_millis(300), node.resize(&"7".into(), "large")).await;
    assert!(dropped.is_err());
    node.resize(&"7".into(), "large").await.unwrap();
    let lines = asked(&nova).await;
    assert_eq!(lines.iter().filter(|line| line.ends_with(" resize")).count(), 1, "{lines:?}");
    assert_eq!(lines.last().unwrap(), "POST /servers/7/action confirmResize");
}

#[tokio::test]
async fn another_size_that_waits_is_a_conflict_that_says_what_to_do() {
    let (nova, node) = taking(vec![sized("VERIFY_RESIZE", None, "3")]).await;
    let error = node.resize(&"7".into(), "large").await.unwrap_err();
    let message = "the node has been resized to flavor `3`, which is not confirmed yet; resize it to `3` to confirm it, \
                   and then to `large`";
    assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, message));
    assert_eq!(asked(&nova).await.len(), 2);
}

#[tokio::test]
async fn what_the_state_forbids_is_a_conflict() {
    let table = [
        ("SUSPENDED", "no: it is suspended; resume it"),
        ("SHELVED_OFFLOADED", "no: it is shelved; start it first"),
        ("ERROR", "no: it is broken; reboot it hard, or delete it"),
    ];
    for (status, message) in table {
        let (nova, node) = cloud().await;
        flavors(&nova).await;
        answer(&nova, "GET", SERVER, server(status, None)).await;
        on_action(&nova, json!({"resize": {"flavorRef": "2"}}), refused(409, "no")).await;
        let error = node.resize(&"7".into(), "large").await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, message));
    }
}

#[tokio::test]
async fn a_resize_that_nova_gives_up_says_why() {
    let looks = vec![server("ACTIVE", None), server("RESIZE", None), server("ACTIVE", None)];
    let (nova, node) = taking(looks).await;
    let events = json!([{"event": "cold_migrate", "result": "Error", "details": "No valid host was found."}]);
    let action = Mock::given(method("GET")).and(path(format!("{SERVER}/os-instance-actions/req-7")));
    let action = action.and(header("OpenStack-API-Version", "compute 2.84"));
    action.respond_with(ok(json!({"instanceAction": {"message": "Error", "events": events}}))).mount(&nova).await;
    let error = node.resize(&"7".into(), "large").await.unwrap_err();
    let message = "the cloud gave the resize up: No valid host was found; try another flavor";
    assert_eq!((error.kind(), error.message()), (ErrorKind::QuotaExceeded, message));
}

#[tokio::test]
async fn a_resize_that_is_given_up_without_a_word_is_an_error_too() {
    let (_nova, node) = taking(vec![server("ACTIVE", None), server("ACTIVE", None)]).await;
    let error = node.resize(&"7".into(), "large").await.unwrap_err();
    let message = "the cloud gave the resize up and does not say why; try again, or another flavor";
    assert_eq!((error.kind(), error.message()), (ErrorKind::Unexpected, message));
}

#[tokio::test]
async fn a_server_that_broke_on_the_way_tells_its_fault() {
    let fault = json!({"code": 500, "message": "Unable to resize disk down."});
    let broken = ok(json!({"server": {"id": "7", "status": "ERROR", "flavor": {"id": "1"}, "fault": fault}}));
    let (_nova, node) = taking(vec![server("ACTIVE", None), server("RESIZE", None), broken]).await;
    let error = node.resize(&"7".into(), "large").await.unwrap_err();
    let message = "the cloud gave the resize up: Unable to resize disk down; try another flavor";
    assert_eq!((error.code(), error.message()), (Some("500"), message));
}

#[tokio::test]
async fn a_resize_that_does_not_end_says_how_to_follow_it() {
    let (nova, _) = cloud().await;
    flavors(&nova).await;
    answer(&nova, "GET", SERVER, server("RESIZE", None)).await;
    let context = Context::builder("lab").poll(PollPolicy::quick().with_limit(Duration::from_millis(20))).build();
    let settings = super::scripted::settings(&format!("{}/identity", nova.uri()));
    let node = OpenStack::connect(settings.parse().unwrap(), context).unwrap();
    let error = node.resize(&"7".into(), "large").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.message().ends_with("resize it to the same flavor once more to finish it"), "{error}");
}

#[tokio::test]
async fn an_unknown_flavor_is_an_invalid_input() {
    let (nova, node) = taking(vec![server("ACTIVE", None)]).await;
    assert_eq!(node.resize(&"7".into(), "huge").await.unwrap_err().kind(), ErrorKind::InvalidInput);
    let uuid = "8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6";
    let unknown = refused(400, "Flavor could not be found.");
    on_action(&nova, json!({"resize": {"flavorRef": uuid}}), unknown).await;
    assert_eq!(node.resize(&"7".into(), uuid).await.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn the_flavor_is_asked_for_in_a_version_that_tells_its_id() {
    let (nova, node) = cloud().await;
    flavors(&nova).await;
    let old = Mock::given(method("GET")).and(path(SERVER)).and(header_exists("X-Auth-Token"));
    let old = old.and(header("OpenStack-API-Version", "compute 2.46"));
    old.respond_with(server("ACTIVE", None)).mount(&nova).await;
    node.resize(&"7".into(), "small").await.unwrap();
}
