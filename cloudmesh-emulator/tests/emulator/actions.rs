//! What can be done with a server, and what cannot.

use std::time::Duration;

use cloudmesh_abstract::Operation;
use cloudmesh_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Got};

const SERVERS: &str = "/compute/v2.1/servers";
const STEP: Duration = Duration::from_millis(30);

fn is(status: &str, task: Option<&str>) -> (String, Option<String>) {
    (status.to_owned(), task.map(str::to_owned))
}

async fn at_once() -> (Client, String) {
    let client = Client::of(Emulator::builder().build_time(Duration::ZERO).start().await.unwrap()).await;
    let server = client.create("web").await;
    (client, server)
}

async fn in_version(client: &Client, version: &str, method: Method, path: &str, body: Value) -> Got {
    let request = client.request(method, path).header("x-auth-token", &client.token);
    let request = request.header("openstack-api-version", format!("compute {version}"));
    client.send(if body.is_null() { request } else { request.json(&body) }).await.unwrap()
}

#[tokio::test]
async fn a_shelved_server_is_kept_as_an_image_until_it_comes_back() {
    let (client, clock) = Client::still().await;
    let server = client.create("web").await;
    clock.advance(STEP);
    assert_eq!(client.act(&server, json!({"shelve": null})).await.status, 202);
    assert_eq!(client.state(&server).await, is("ACTIVE", Some("shelving")));
    clock.advance(STEP);
    assert_eq!(client.state(&server).await, is("SHELVED", Some("shelving_offloading")));
    clock.advance(STEP);
    assert_eq!(client.state(&server).await, is("SHELVED_OFFLOADED", None));
    let images = "/image/v2/images?name=web-shelved";
    assert_eq!(client.get(images).await.json()["images"][0]["visibility"], "private");
    let refused = client.act(&server, json!({"os-start": null})).await;
    assert_eq!((refused.status, refused.message().ends_with(" is not ready")), (409, true), "{}", refused.text);
    assert_eq!(client.act(&server, json!({"unshelve": null})).await.status, 202);
    assert_eq!(client.state(&server).await, is("SHELVED_OFFLOADED", Some("unshelving")));
    clock.advance(STEP);
    assert_eq!(client.state(&server).await, is("ACTIVE", None));
    assert_eq!(client.get(images).await.json()["images"], json!([]));
}

#[tokio::test]
async fn deleting_a_shelved_server_takes_its_image_too() {
    let (client, server) = at_once().await;
    client.act(&server, json!({"shelve": null})).await;
    assert_eq!(client.get("/image/v2/images?visibility=private").await.json()["images"][0]["name"], "web-shelved");
    client.ask(Method::DELETE, &server, None).await;
    assert_eq!(client.get("/image/v2/images?visibility=private").await.json()["images"], json!([]));
}

#[tokio::test]
async fn metadata_and_screens_ask_for_a_state() {
    let (client, server) = at_once().await;
    client.act(&server, json!({"shelve": null})).await;
    let id = server.rsplit('/').next().unwrap();
    let answer = client.post(&format!("{server}/metadata"), json!({"metadata": {"a": "b"}})).await;
    let told = format!("Cannot 'update metadata' instance {id} while it is in vm_state shelved_offloaded");
    assert_eq!((answer.status, answer.message()), (409, told));
    let answer = client.act(&server, json!({"os-getConsoleOutput": {}})).await;
    assert_eq!((answer.status, answer.message()), (409, format!("Instance {id} is not ready")));
}

#[tokio::test]
async fn a_lock_holds_everything_but_the_name() {
    let (client, server) = at_once().await;
    in_version(&client, "2.73", Method::POST, &format!("{server}/action"), json!({"lock": {"locked_reason": "mine"}}))
        .await;
    let shown = in_version(&client, "2.73", Method::GET, &server, Value::Null).await.json();
    assert_eq!((&shown["server"]["locked"], &shown["server"]["locked_reason"]), (&json!(true), &json!("mine")));
    for action in [json!({"os-stop": null}), json!({"shelve": null}), json!({"resize": {"flavorRef": "none"}})] {
        let answer = client.act(&server, action).await;
        assert_eq!((answer.status, answer.message().ends_with(" is locked")), (409, true), "{}", answer.text);
    }
    assert_eq!(client.ask(Method::DELETE, &server, None).await.status, 409);
    let renamed = client.ask(Method::PUT, &server, Some(json!({"server": {"name": "other"}}))).await;
    assert_eq!((renamed.status, &renamed.json()["server"]["name"]), (200, &json!("other")));
    client.act(&server, json!({"unlock": null})).await;
    assert_eq!(client.act(&server, json!({"os-stop": null})).await.status, 202);
}

#[tokio::test]
async fn a_resize_keeps_to_the_rules() {
    let (client, server) = at_once().await;
    let table = [
        ("3", "When resizing, instances must change flavor!"),
        ("none", "Flavor none could not be found."),
        ("1", "Flavor's memory is too small for requested image."),
    ];
    for (flavor, message) in table {
        let answer = client.act(&server, json!({"resize": {"flavorRef": flavor}})).await;
        assert_eq!((answer.status, answer.message().as_str()), (400, message));
    }
    client.act(&server, json!({"os-stop": null})).await;
    client.act(&server, json!({"resize": {"flavorRef": "4"}})).await;
    let resized = client.get(&server).await.json();
    assert_eq!(
        (&resized["server"]["status"], &resized["server"]["flavor"]["id"]),
        (&json!("VERIFY_RESIZE"), &json!("4"))
    );
    assert_eq!(client.act(&server, json!({"revertResize": null})).await.status, 202);
    let reverted = client.get(&server).await.json();
    assert_eq!((&reverted["server"]["status"], &reverted["server"]["flavor"]["id"]), (&json!("SHUTOFF"), &json!("3")));
    client.act(&server, json!({"resize": {"flavorRef": "4"}})).await;
    assert_eq!(client.act(&server, json!({"confirmResize": null})).await.status, 204);
    assert_eq!(client.state(&server).await, is("SHUTOFF", None));
    assert_eq!(client.act(&server, json!({"confirmResize": null})).await.status, 409);
}

#[tokio::test]
async fn what_a_server_printed_is_shown_from_its_end() {
    let (client, server) = at_once().await;
    let output = |argument: Value| client.act(&server, json!({"os-getConsoleOutput": argument}));
    let all = output(json!({})).await.json()["output"].as_str().unwrap().to_owned();
    assert!(all.lines().count() > 4 && all.ends_with("web login: "), "{all}");
    for (length, lines) in [(json!(2), 2), (json!("3"), 3), (json!(1000), all.split('\n').count())] {
        let shown = output(json!({"length": length})).await.json();
        let shown = shown["output"].as_str().unwrap();
        assert_eq!((shown.split('\n').count(), all.ends_with(shown)), (lines, true));
    }
    assert_eq!(output(json!({"length": 0})).await.json()["output"], "");
    assert_eq!(output(json!({"length": -2})).await.status, 400);
}

#[tokio::test]
async fn screens_are_closed_unless_they_are_opened() {
    let (client, server) = at_once().await;
    let path = format!("{server}/remote-consoles");
    let novnc = json!({"remote_console": {"protocol": "vnc", "type": "novnc"}});
    let answer = in_version(&client, "2.6", Method::POST, &path, novnc.clone()).await;
    assert_eq!((answer.status, answer.message().as_str()), (400, "Unavailable console type novnc."));
    assert_eq!(in_version(&client, "2.5", Method::POST, &path, novnc.clone()).await.status, 404);
    let older = client.act(&server, json!({"os-getVNCConsole": {"type": "novnc"}})).await;
    assert_eq!(older.status, 400);
    let screens: Vec<_> = client
        .emulator
        .troubles()
        .seen()
        .into_iter()
        .filter(|seen| seen.operation == Some(Operation::Console))
        .collect();
    assert_eq!(screens.len(), 3);

    client.emulator.world().set_consoles(true);
    let opened = in_version(&client, "2.6", Method::POST, &path, novnc).await.json();
    let url = opened["remote_console"]["url"].as_str().unwrap().to_owned();
    let page = client.get(url.strip_prefix(&client.emulator.url()).unwrap()).await;
    assert_eq!(page.status, 200, "{url}");
    let older = client.act(&server, json!({"os-getSerialConsole": {"type": "serial"}})).await.json();
    assert!(older["console"]["url"].as_str().unwrap().starts_with("ws://127.0.0.1:"), "{older}");
    assert_eq!(client.act(&server, json!({"os-getSPICEConsole": {"type": "spice-html5"}})).await.status, 400);
}

#[tokio::test]
async fn lists_that_were_given_before_follow_every_action() {
    let (client, server) = at_once().await;
    let list = format!("{SERVERS}/detail");
    let larger = json!({"resize": {"flavorRef": "4"}});
    let table = [
        (json!({"pause": null}), "PAUSED"),
        (json!({"unpause": null}), "ACTIVE"),
        (json!({"shelve": null}), "SHELVED_OFFLOADED"),
        (json!({"unshelve": null}), "ACTIVE"),
        (larger, "VERIFY_RESIZE"),
        (json!({"confirmResize": null}), "ACTIVE"),
    ];
    for (action, status) in table {
        client.act(&server, action).await;
        assert_eq!(client.get(&list).await.json()["servers"][0]["status"], status);
        assert_eq!(client.get(&list).await.json()["servers"][0]["status"], status);
    }
}
