//! Starting, suspending, resuming and renaming.

use cloudmesh_abstract::{ComputeNodeABC, ErrorKind, Rename, Suspend};
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{SERVER, answer, asked, cloud, on_action, refused, server};

#[tokio::test]
async fn an_accepted_action_is_one_request() {
    let (nova, node) = cloud().await;
    on_action(&nova, json!({"suspend": null}), ResponseTemplate::new(202)).await;
    on_action(&nova, json!({"resume": null}), ResponseTemplate::new(202)).await;
    node.suspend(&"7".into()).await.unwrap();
    node.resume(&"7".into()).await.unwrap();
    assert_eq!(asked(&nova).await, ["POST /servers/7/action suspend", "POST /servers/7/action resume"]);
}

#[tokio::test]
async fn what_is_there_already_succeeds() {
    for status in ["SUSPENDED", "PAUSED"] {
        let (nova, node) = cloud().await;
        on_action(&nova, json!({"suspend": null}), refused(409, "no")).await;
        answer(&nova, "GET", SERVER, server(status, None)).await;
        node.suspend(&"7".into()).await.unwrap();
        assert_eq!(asked(&nova).await, ["POST /servers/7/action suspend", "GET /servers/7"]);
    }
    let (nova, node) = cloud().await;
    on_action(&nova, json!({"resume": null}), refused(409, "no")).await;
    answer(&nova, "GET", SERVER, server("ACTIVE", None)).await;
    node.resume(&"7".into()).await.unwrap();
}

#[tokio::test]
async fn a_paused_server_is_unpaused_and_a_shelved_one_unshelved() {
    let (nova, node) = cloud().await;
    on_action(&nova, json!({"resume": null}), refused(409, "no")).await;
    on_action(&nova, json!({"unpause": null}), ResponseTemplate::new(202)).await;
    answer(&nova, "GET", SERVER, server("PAUSED", None)).await;
    node.resume(&"7".into()).await.unwrap();
    assert_eq!(asked(&nova).await.last().unwrap(), "POST /servers/7/action unpause");
    let (nova, node) = cloud().await;
    on_action(&nova, json!({"os-start": null}), refused(409, "no")).await;
    on_action(&nova, json!({"unshelve": null}), ResponseTemplate::new(202)).await;
    answer(&nova, "GET", SERVER, server("SHELVED_OFFLOADED", None)).await;
    node.start(&"7".into()).await.unwrap();
    assert_eq!(asked(&nova).await.last().unwrap(), "POST /servers/7/action unshelve");
}

#[tokio::test]
async fn what_the_state_forbids_is_a_conflict_that_says_what_to_do() {
    let table = [
        ("SHUTOFF", "no: it is stopped; start it", "no: it is stopped; start it first"),
        ("SHELVED", "no: it is shelved; start it first", "no: it is shelved; start it first"),
        ("BUILD", "no: wait until it has settled", "no: wait until it has settled"),
    ];
    for (status, resumed, suspended) in table {
        let (nova, node) = cloud().await;
        answer(&nova, "POST", &format!("{SERVER}/action"), refused(409, "no.")).await;
        answer(&nova, "GET", SERVER, server(status, None)).await;
        let error = node.resume(&"7".into()).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, resumed));
        let error = node.suspend(&"7".into()).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, suspended));
    }
}

#[tokio::test]
async fn a_name_is_changed_by_one_request() {
    let (nova, node) = cloud().await;
    answer(&nova, "PUT", SERVER, server("ACTIVE", None)).await;
    node.rename(&"7".into(), "web-2").await.unwrap();
    assert_eq!(asked(&nova).await, ["PUT /servers/7"]);
    let sent = nova.received_requests().await.unwrap();
    let body: serde_json::Value = sent.last().unwrap().body_json().unwrap();
    assert_eq!(body, json!({"server": {"name": "web-2"}}));
}

#[tokio::test]
async fn a_bad_name_is_not_sent() {
    let (nova, node) = cloud().await;
    for name in ["", " web", "a\nb", &"n".repeat(256)] {
        assert_eq!(node.rename(&"7".into(), name).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert!(asked(&nova).await.is_empty());
}
