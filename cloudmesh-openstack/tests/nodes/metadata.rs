//! Metadata.

use std::collections::BTreeMap;

use cloudmesh_abstract::{ErrorKind, Metadata};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{SERVER, answer, asked, cloud, ok, refused, server};

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn pairs_are_added_by_one_request_that_names_them_alone() {
    let (nova, node) = cloud().await;
    answer(&nova, "POST", &format!("{SERVER}/metadata"), ok(json!({"metadata": {}}))).await;
    node.set_server_metadata(&"7".into(), &pairs(&[("a", "1"), ("b", "2")])).await.unwrap();
    assert_eq!(asked(&nova).await, ["POST /servers/7/metadata"]);
    let sent: Value = nova.received_requests().await.unwrap().last().unwrap().body_json().unwrap();
    assert_eq!(sent, json!({"metadata": {"a": "1", "b": "2"}}));
}

#[tokio::test]
async fn what_nova_would_refuse_is_not_sent() {
    let (nova, node) = cloud().await;
    let long = "x".repeat(256);
    for (key, value) in [("a/b", "x"), ("", "x"), ("k", long.as_str()), (&long, "x"), ("ä", "x")] {
        let error = node.set_server_metadata(&"7".into(), &pairs(&[(key, value)])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{key}");
    }
    assert!(asked(&nova).await.is_empty());
}

#[tokio::test]
async fn too_many_pairs_are_no_matter_of_quota() {
    let (nova, node) = cloud().await;
    let full = refused(403, "Maximum number of metadata items exceeds 128");
    answer(&nova, "POST", &format!("{SERVER}/metadata"), full).await;
    let error = node.set_server_metadata(&"7".into(), &pairs(&[("a", "1")])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(asked(&nova).await.len(), 1);
}

#[tokio::test]
async fn keys_are_removed_by_one_request_each() {
    let (nova, node) = cloud().await;
    for key in ["a", "b%20c"] {
        answer(&nova, "DELETE", &format!("{SERVER}/metadata/{key}"), ResponseTemplate::new(204)).await;
    }
    node.delete_server_metadata(&"7".into(), &["a".into(), "b c".into()]).await.unwrap();
    let mut lines = asked(&nova).await;
    lines.sort();
    assert_eq!(lines, ["DELETE /servers/7/metadata/a", "DELETE /servers/7/metadata/b%20c"]);
}

#[tokio::test]
async fn a_missing_key_is_fine_and_a_missing_server_is_not() {
    for (look, kind) in [(ok(json!({"metadata": {}})), None), (refused(404, "no server"), Some(ErrorKind::NotFound))] {
        let (nova, node) = cloud().await;
        answer(&nova, "DELETE", &format!("{SERVER}/metadata/a"), refused(404, "no item")).await;
        answer(&nova, "GET", &format!("{SERVER}/metadata"), look).await;
        // Nova would take the last two for something else.
        let keys = ["a".to_owned(), "..".to_owned(), "x/y".to_owned()];
        let deleted = node.delete_server_metadata(&"7".into(), &keys).await;
        assert_eq!(deleted.err().map(|error| error.kind()), kind);
        assert_eq!(asked(&nova).await, ["DELETE /servers/7/metadata/a", "GET /servers/7/metadata"]);
    }
}

#[tokio::test]
async fn a_server_on_its_way_takes_none_and_it_is_said_what_to_do() {
    let (nova, node) = cloud().await;
    answer(&nova, "POST", &format!("{SERVER}/metadata"), refused(409, "no")).await;
    answer(&nova, "DELETE", &format!("{SERVER}/metadata/a"), refused(409, "no")).await;
    answer(&nova, "GET", SERVER, server("BUILD", Some("spawning"))).await;
    let set = node.set_server_metadata(&"7".into(), &pairs(&[("a", "1")])).await.unwrap_err();
    let deleted = node.delete_server_metadata(&"7".into(), &["a".into()]).await.unwrap_err();
    for error in [set, deleted] {
        assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, "no: wait until it has settled"));
    }
}

#[tokio::test]
async fn values_are_read_as_texts() {
    let (nova, node) = cloud().await;
    answer(&nova, "GET", &format!("{SERVER}/metadata"), ok(json!({"metadata": {"a": "1", "b": 2}}))).await;
    let held = node.get_server_metadata(&"7".into()).await.unwrap();
    assert_eq!(held, pairs(&[("a", "1"), ("b", "2")]));
}
