//! Servers from their creation to their end.

use std::time::Duration;

use cloudmesh_emulator::Emulator;
use reqwest::Method;
use serde_json::json;

use crate::support::Client;

const SERVERS: &str = "/compute/v2.1/servers";
const STEP: Duration = Duration::from_millis(30);

fn is(status: &str, task: Option<&str>) -> (String, Option<String>) {
    (status.to_owned(), task.map(str::to_owned))
}

#[tokio::test]
async fn a_server_lives_and_dies_on_the_clock() {
    let (client, clock) = Client::still().await;
    let server = client.create("web").await;
    assert_eq!(client.state(&server).await, is("BUILD", Some("scheduling")));
    clock.advance(STEP / 2);
    assert_eq!(client.state(&server).await, is("BUILD", Some("spawning")));
    clock.advance(STEP);
    assert_eq!(client.state(&server).await, is("ACTIVE", None));
    assert_eq!(client.ask(Method::DELETE, &server, None).await.status, 204);
    assert_eq!(client.state(&server).await, is("ACTIVE", Some("deleting")));
    clock.advance(STEP);
    assert_eq!(client.get(&server).await.status, 404);
    assert_eq!(client.ask(Method::DELETE, &server, None).await.status, 404);
}

#[tokio::test]
async fn each_action_takes_its_time() {
    let (client, clock) = Client::still().await;
    let server = client.create("web").await;
    clock.advance(STEP);
    let table = [
        (json!({"os-stop": null}), ("ACTIVE", "powering-off"), "SHUTOFF"),
        (json!({"os-start": null}), ("SHUTOFF", "powering-on"), "ACTIVE"),
        (json!({"reboot": {"type": "SOFT"}}), ("REBOOT", "rebooting"), "ACTIVE"),
        (json!({"reboot": {"type": "HARD"}}), ("HARD_REBOOT", "rebooting_hard"), "ACTIVE"),
        (json!({"suspend": null}), ("ACTIVE", "suspending"), "SUSPENDED"),
        (json!({"resume": null}), ("SUSPENDED", "resuming"), "ACTIVE"),
        (json!({"pause": null}), ("ACTIVE", "pausing"), "PAUSED"),
        (json!({"unpause": null}), ("PAUSED", "unpausing"), "ACTIVE"),
        (json!({"resize": {"flavorRef": "4"}}), ("RESIZE", "resize_migrating"), "VERIFY_RESIZE"),
    ];
    for (action, (status, task), end) in table {
        assert_eq!(client.act(&server, action.clone()).await.status, 202, "{action}");
        assert_eq!(client.state(&server).await, is(status, Some(task)), "{action}");
        clock.advance(STEP);
        assert_eq!(client.state(&server).await, is(end, None), "{action}");
    }
}

#[tokio::test]
async fn with_no_build_time_all_is_done_at_once() {
    let client = Client::of(Emulator::builder().build_time(Duration::ZERO).start().await.unwrap()).await;
    let server = client.create("web").await;
    assert_eq!(client.state(&server).await, is("ACTIVE", None));
    client.act(&server, json!({"os-stop": null})).await;
    assert_eq!(client.state(&server).await, is("SHUTOFF", None));
}

#[tokio::test]
async fn a_flavor_that_no_host_holds_ends_in_error() {
    let (client, clock) = Client::still().await;
    let images = client.get("/image/v2/images?name=tinyboot").await.json();
    let body = json!({"server": {"name": "huge", "imageRef": images["images"][0]["id"], "flavorRef": "6"}});
    let made = client.post(SERVERS, body).await.json();
    clock.advance(STEP);
    let server = client.get(&format!("{SERVERS}/{}", made["server"]["id"].as_str().unwrap())).await.json();
    assert_eq!(server["server"]["status"], "ERROR");
    assert_eq!(server["server"]["fault"]["code"], 500);
    assert_eq!(server["server"]["fault"]["message"], "No valid host was found. ");
    let listed = client.get(&format!("{SERVERS}/detail?status=ERROR")).await.json();
    assert_eq!(listed["servers"][0]["status"], "ERROR");
    assert!(listed["servers"][0].get("fault").is_none(), "{listed}");
}

#[tokio::test]
async fn every_page_is_listed_once() {
    let client = Client::of(Emulator::builder().nodes(2500).start().await.unwrap()).await;
    let mut next = Some(format!("{SERVERS}/detail?limit=700"));
    let (mut names, mut pages) = (Vec::new(), 0);
    while let Some(path) = next {
        let page = client.get(&path).await.json();
        let servers = page["servers"].as_array().unwrap();
        names.extend(servers.iter().map(|server| server["name"].as_str().unwrap().to_owned()));
        pages += 1;
        let href = page["servers_links"][0]["href"].as_str();
        next = href.map(|href| href.strip_prefix(&client.emulator.url()).unwrap().to_owned());
    }
    assert_eq!((names.len(), pages), (2500, 4));
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 2500);
}

#[tokio::test]
async fn a_list_given_before_is_given_again_until_something_changes() {
    let (client, clock) = Client::still().await;
    let list = format!("{SERVERS}/detail?limit=2");
    let path = client.create("web").await;
    clock.advance(STEP);
    let fresh = client.get(&list).await.text;
    assert_eq!(client.get(&list).await.text, fresh);
    client.ask(Method::PUT, &path, Some(json!({"server": {"name": "renamed"}}))).await;
    assert_eq!(client.get(&list).await.json()["servers"][0]["name"], "renamed");
    client.act(&path, json!({"os-stop": null})).await;
    assert_eq!(client.get(&list).await.json()["servers"][0]["OS-EXT-STS:task_state"], "powering-off");
    clock.advance(STEP);
    assert_eq!(client.get(&list).await.json()["servers"][0]["status"], "SHUTOFF");
    client.emulator.world().plant("other");
    assert_eq!(client.get(&list).await.json()["servers"][0]["name"], "other");
    let oldest = client.request(Method::GET, &list).header("x-auth-token", &client.token);
    let oldest = client.send(oldest.header("openstack-api-version", "compute 2.1")).await.unwrap().json();
    let newer = client.request(Method::GET, &list).header("x-auth-token", &client.token);
    let newer = client.send(newer.header("openstack-api-version", "compute 2.47")).await.unwrap().json();
    assert!(
        oldest["servers"][0]["flavor"]["id"].is_string() && newer["servers"][0]["flavor"]["original_name"].is_string()
    );
}

#[tokio::test]
async fn one_page_holds_a_thousand_at_most() {
    let client = Client::of(Emulator::builder().nodes(1001).start().await.unwrap()).await;
    let page = client.get(&format!("{SERVERS}/detail")).await.json();
    assert_eq!(page["servers"].as_array().unwrap().len(), 1000);
    assert_eq!(page["servers_links"][0]["rel"], "next");
}

#[tokio::test]
async fn deleted_servers_are_listed_only_as_changes() {
    let (client, clock) = Client::still().await;
    let server = client.create("gone").await;
    client.ask(Method::DELETE, &server, None).await;
    clock.advance(STEP);
    assert_eq!(client.get(SERVERS).await.json()["servers"], json!([]));
    let changes = client.get(&format!("{SERVERS}/detail?changes-since=2020-01-01T00:00:00Z")).await.json();
    assert_eq!(changes["servers"][0]["status"], "DELETED");
}

#[tokio::test]
async fn addresses_of_deleted_servers_are_free_again() {
    let client = Client::of(Emulator::builder().build_time(Duration::ZERO).start().await.unwrap()).await;
    let server = client.create("a").await;
    let all = "/network/v2.0/ports?device_owner=compute:nova";
    assert_eq!(client.get(all).await.json()["ports"].as_array().unwrap().len(), 1);
    client.ask(Method::DELETE, &server, None).await;
    assert_eq!(client.get(all).await.json()["ports"], json!([]));
}

#[tokio::test]
async fn several_servers_are_made_at_once_within_the_quota() {
    let client = Client::of(Emulator::builder().quota(4).start().await.unwrap()).await;
    let mut wish = client.wish("many").await;
    wish["server"]["min_count"] = json!(3);
    assert_eq!(client.post(SERVERS, wish.clone()).await.status, 202);
    assert_eq!(client.emulator.world().node_names(), ["many-1", "many-2", "many-3"]);
    let refused = client.post(SERVERS, wish).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.message(), "Quota exceeded for instances: Requested 3, but already used 3 of 4 instances");
}
