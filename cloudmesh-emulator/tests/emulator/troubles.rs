//! What goes wrong on purpose, as a client sees it.

use std::time::{Duration, Instant};

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};
use reqwest::Method;
use serde_json::json;

use crate::support::Client;

const SERVERS: &str = "/compute/v2.1/servers";

async fn troubled(what: Disturbance) -> Client {
    let client = Client::start().await;
    client.emulator.troubles().disturb(what);
    client
}

#[tokio::test]
async fn throttling_is_told_in_each_services_way() {
    let client = troubled(Disturbance::new(Trouble::Throttled { retry_after: Some(Duration::from_secs(7)) })).await;
    let paths = [
        (SERVERS, "/overLimit/code"),
        ("/image/v2/images", "/message"),
        ("/network/v2.0/networks", "/NeutronError/type"),
        ("/identity/v3/auth/catalog", "/error/code"),
    ];
    for (path, place) in paths {
        let answer = client.get(path).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "7"), "{path}");
        assert!(answer.json().pointer(place).is_some(), "{path}: {}", answer.text);
    }
    client.emulator.troubles().calm();
    client.emulator.troubles().disturb(Disturbance::new(Trouble::Throttled { retry_after: None }));
    assert_eq!(client.get(SERVERS).await.header("retry-after"), "");
}

#[tokio::test]
async fn every_third_request_is_hit() {
    let client = troubled(Disturbance::new(Trouble::Unavailable).on(On::Reads).every(3)).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(client.get(SERVERS).await.status);
    }
    assert_eq!(statuses, [200, 200, 503, 200, 200, 503]);
}

#[tokio::test]
async fn a_connection_cut_before_leaves_nothing_behind() {
    let client = troubled(Disturbance::new(Trouble::CutBefore).on(On::Operation(Operation::Create)).times(1)).await;
    let wish = client.wish("web").await;
    assert!(client.attempt(Method::POST, SERVERS, Some(wish.clone())).await.is_err());
    assert!(client.emulator.world().node_names().is_empty());
    assert_eq!(client.post(SERVERS, wish).await.status, 202);
}

#[tokio::test]
async fn a_connection_cut_after_leaves_the_server_behind() {
    let client = troubled(Disturbance::new(Trouble::CutAfter).on(On::Changes).times(1)).await;
    let wish = client.wish("web").await;
    assert!(client.attempt(Method::POST, SERVERS, Some(wish)).await.is_err());
    assert_eq!(client.emulator.world().node_names(), ["web"]);
    let seen = client.emulator.troubles().seen();
    assert_eq!(seen.last().map(|seen| (seen.operation, seen.status)), Some((Some(Operation::Create), None)));
}

#[tokio::test]
async fn silence_lasts() {
    let client = troubled(Disturbance::new(Trouble::Silence).times(1)).await;
    let patience = Duration::from_millis(50);
    let request = client.request(Method::GET, SERVERS).header("x-auth-token", &client.token).timeout(patience);
    assert!(client.send(request).await.unwrap_err().is_timeout());
    assert_eq!(client.get(SERVERS).await.status, 200);
}

#[tokio::test]
async fn slow_answers_come_late() {
    let late = Duration::from_millis(60);
    let client = troubled(Disturbance::new(Trouble::Slow(late)).times(1)).await;
    let start = Instant::now();
    assert_eq!(client.get(SERVERS).await.status, 200);
    assert!(start.elapsed() >= late);
}

#[tokio::test]
async fn expired_tokens_are_refused_and_new_ones_taken() {
    let mut client = troubled(Disturbance::new(Trouble::TokenExpired).times(1)).await;
    assert_eq!(client.get(SERVERS).await.status, 401);
    client.token = client.sign_in(&client.password()).await.header("x-subject-token").to_owned();
    assert_eq!(client.get(SERVERS).await.status, 200);
}

#[tokio::test]
async fn what_comes_is_not_what_was_announced() {
    let table = [
        (Trouble::Html, "text/html; charset=UTF-8"),
        (Trouble::Garbage, "application/json"),
        (Trouble::Empty, "application/json"),
    ];
    for (trouble, kind) in table {
        let client = troubled(Disturbance::new(trouble.clone())).await;
        let answer = client.get(SERVERS).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{trouble:?}");
        assert!(answer.json().is_null(), "{trouble:?}");
        assert_eq!(answer.text.is_empty(), trouble == Trouble::Empty);
    }
}

#[tokio::test]
async fn quota_and_capacity_concern_creation_only() {
    let client = troubled(Disturbance::new(Trouble::Quota)).await;
    assert_eq!(client.get(SERVERS).await.status, 200);
    let wish = client.wish("web").await;
    assert_eq!(client.post(SERVERS, wish).await.status, 403);
    client.emulator.troubles().calm();
    client.emulator.troubles().disturb(Disturbance::new(Trouble::Capacity).times(1));
    let server = client.create("full").await;
    while client.state(&server).await.0 == "BUILD" {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.get(&server).await.json()["server"]["fault"]["message"], "No valid host was found. ");
}

#[tokio::test]
async fn a_new_server_is_unknown_for_a_while() {
    let client = troubled(Disturbance::new(Trouble::NotYet(2))).await;
    let server = client.create("web").await;
    assert_eq!(client.get(SERVERS).await.json()["servers"], json!([]));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(client.get(&server).await.status);
    }
    assert_eq!(statuses, [404, 404, 200]);
    assert_eq!(client.get(SERVERS).await.json()["servers"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn requests_are_seen_in_order_and_without_secrets() {
    let client = Client::start().await;
    client.get(&format!("{SERVERS}/detail?limit=1")).await;
    client.get(&format!("{SERVERS}?name=web")).await;
    let seen = client.emulator.troubles().seen();
    let lines: Vec<(&str, Option<Operation>)> = seen.iter().map(|one| (one.line.as_str(), one.operation)).collect();
    assert_eq!(
        lines,
        [
            ("POST /identity/v3/auth/tokens", None),
            ("GET /compute/v2.1/servers/detail?limit=1", Some(Operation::List)),
            ("GET /compute/v2.1/servers?name=web", Some(Operation::Find)),
        ]
    );
    assert!(!format!("{:?}", client.emulator).contains(&client.token));
}
