//! Consoles.

use cloudmesh_abstract::{Console, ErrorKind};
use serde_json::json;
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::scripted::{self, Setup};
use super::{SERVER, answer, asked, cloud, ok, on_action, refused, server};

async fn text(nova: &MockServer, answer: ResponseTemplate) {
    on_action(nova, json!({"os-getConsoleOutput": {}}), answer).await;
}

async fn remote(nova: &MockServer, protocol: &str, kind: &str, answer: ResponseTemplate) {
    let asked = Mock::given(method("POST")).and(path(format!("{SERVER}/remote-consoles")));
    let asked = asked.and(body_json(json!({"remote_console": {"protocol": protocol, "type": kind}})));
    asked.and(header("OpenStack-API-Version", "compute 2.73")).respond_with(answer).mount(nova).await;
}

fn url(url: &str) -> ResponseTemplate {
    ok(json!({"remote_console": {"protocol": "vnc", "type": "novnc", "url": url}}))
}

#[tokio::test]
async fn the_address_of_the_first_console_there_is() {
    let (nova, node) = cloud().await;
    remote(&nova, "vnc", "novnc", url("http://c/vnc?token=1")).await;
    assert_eq!(node.console(&"7".into()).await.unwrap(), "http://c/vnc?token=1");
    assert_eq!(asked(&nova).await.len(), 1);
    let (nova, node) = cloud().await;
    remote(&nova, "vnc", "novnc", refused(400, "Unavailable console type novnc.")).await;
    remote(&nova, "spice", "spice-html5", url("http://c/spice")).await;
    assert_eq!(node.console(&"7".into()).await.unwrap(), "http://c/spice");
}

#[tokio::test]
async fn a_cloud_without_such_consoles_shows_the_text() {
    let (nova, node) = cloud().await;
    remote(&nova, "vnc", "novnc", refused(400, "Unavailable console type novnc.")).await;
    remote(&nova, "spice", "spice-html5", refused(501, "no")).await;
    text(&nova, ok(json!({"output": "login:"}))).await;
    assert_eq!(node.console(&"7".into()).await.unwrap(), "login:");
    assert_eq!(asked(&nova).await.len(), 3);
}

#[tokio::test]
async fn a_cloud_too_old_for_them_is_not_asked() {
    let (nova, node) = scripted::cloud(Setup::default()).await;
    text(&nova, ok(json!({"output": "login:"}))).await;
    assert_eq!(node.console(&"7".into()).await.unwrap(), "login:");
    assert_eq!(asked(&nova).await, ["POST /servers/7/action os-getConsoleOutput"]);
}

#[tokio::test]
async fn who_may_not_see_a_console_is_told_so() {
    let (nova, node) = cloud().await;
    remote(&nova, "vnc", "novnc", refused(403, "Policy doesn't allow it.")).await;
    assert_eq!(node.console(&"7".into()).await.unwrap_err().kind(), ErrorKind::PermissionDenied);
    assert_eq!(asked(&nova).await.len(), 1);
}

#[tokio::test]
async fn a_server_without_a_console_is_there_all_the_same() {
    let (nova, node) = cloud().await;
    text(&nova, refused(404, "Guest does not have a console available.")).await;
    answer(&nova, "GET", SERVER, server("SHUTOFF", None)).await;
    let error = node.log(&"7".into()).await.unwrap_err();
    let message = "Guest does not have a console available; start the node, or try again in a moment";
    assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, message));
    let (nova, node) = cloud().await;
    text(&nova, refused(404, "Instance 7 could not be found.")).await;
    answer(&nova, "GET", SERVER, refused(404, "Instance 7 could not be found.")).await;
    assert_eq!(node.log(&"7".into()).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn an_answer_of_another_shape_is_not_shown_as_text() {
    let (nova, node) = cloud().await;
    text(&nova, ok(json!({"out": "put"}))).await;
    assert_eq!(node.log(&"7".into()).await.unwrap_err().kind(), ErrorKind::Unexpected);
}
