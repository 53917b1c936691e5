//! Quotas of the compute service, and key pairs.

use std::time::Duration;

use cloudmesh_emulator::{Builder, Emulator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Client;

const SERVERS: &str = "/compute/v2.1/servers";
const KEYS: &str = "/compute/v2.1/os-keypairs";
const PUBLIC: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKNkPpg0pPUi4yqWTbYdWhbHuUs5yS1bSaqbbxGHCsfN a@b";

async fn within(builder: Builder) -> Client {
    Client::of(builder.build_time(Duration::ZERO).start().await.unwrap()).await
}

async fn many(client: &Client, least: usize, most: usize) -> (u16, String) {
    let mut wish = client.wish("many").await;
    (wish["server"]["min_count"], wish["server"]["max_count"]) = (json!(least), json!(most));
    let answer = client.post(SERVERS, wish).await;
    (answer.status, answer.message())
}

#[tokio::test]
async fn as_many_are_made_as_there_is_room_for() {
    let client = within(Emulator::builder().nodes(3).compute_quota("cores", 5)).await;
    assert_eq!(many(&client, 2, 9).await.0, 202);
    assert_eq!(client.emulator.world().node_names().len(), 8);
    let told = "Quota exceeded for cores: Requested 2, but already used 8 of 8 cores";
    assert_eq!(many(&client, 1, 2).await, (403, told.to_owned()));
}

#[tokio::test]
async fn several_quotas_are_told_at_once() {
    let client = within(Emulator::builder().quota(2).compute_quota("cores", 2).compute_quota("ram", 4096)).await;
    let told = "Quota exceeded for cores, instances, ram: Requested 3, 3-4, 8192, but already used 0, 0, 0 of 2, 2, \
                4096 cores, instances, ram";
    let told = told.replace("Requested 3,", "Requested 4,");
    assert_eq!(many(&client, 3, 4).await, (403, told));
    assert!(client.emulator.world().node_names().is_empty());
    assert_eq!(many(&client, 1, 2).await.0, 202);
}

#[tokio::test]
async fn a_resize_needs_room_too() {
    let client = within(Emulator::builder().compute_quota("cores", 1)).await;
    let server = client.create("web").await;
    let answer = client.act(&server, json!({"resize": {"flavorRef": "4"}})).await;
    let told = "Quota exceeded for cores: Requested 1, but already used 1 of 1 cores";
    assert_eq!((answer.status, answer.message().as_str()), (403, told));
}

#[tokio::test]
async fn what_is_used_is_told() {
    let client = within(Emulator::builder().nodes(2).quota(5).compute_quota("cores", 10)).await;
    client.create("web").await;
    let limits = client.get("/compute/v2.1/limits").await.json();
    let absolute = &limits["limits"]["absolute"];
    let table = [
        ("maxTotalInstances", 7),
        ("totalInstancesUsed", 3),
        ("maxTotalCores", 12),
        ("totalCoresUsed", 3),
        ("totalRAMUsed", 6144),
        ("maxTotalKeypairs", 100),
    ];
    for (name, wanted) in table {
        assert_eq!(absolute[name], wanted, "{name}");
    }
    let refused = Emulator::builder().compute_quota("beauty", 1).start().await.unwrap_err();
    assert!(refused.to_string().contains("`beauty` has no quota; name one of `instances`, `cores`"), "{refused}");
}

#[tokio::test]
async fn metadata_has_a_limit() {
    let client = within(Emulator::builder().compute_quota("metadata_items", 2)).await;
    let server = client.create("web").await;
    let metadata = format!("{server}/metadata");
    assert_eq!(client.post(&metadata, json!({"metadata": {"a": "1", "b": "2"}})).await.status, 200);
    let answer = client.ask(Method::PUT, &format!("{metadata}/c"), Some(json!({"meta": {"c": "3"}}))).await;
    assert_eq!((answer.status, answer.message().as_str()), (403, "Maximum number of metadata items exceeds 2"));
    assert_eq!(client.post(&metadata, json!({"metadata": {"a": "9".repeat(255)}})).await.status, 200);
    assert_eq!(client.post(&metadata, json!({"metadata": {"a": "9".repeat(256)}})).await.status, 400);
}

async fn import(client: &Client, name: &str, public: &str) -> (u16, String) {
    let answer = client.post(KEYS, json!({"keypair": {"name": name, "public_key": public}})).await;
    (answer.status, answer.message())
}

#[tokio::test]
async fn keys_are_unique_whole_and_counted() {
    let client = within(Emulator::builder().compute_quota("key_pairs", 2)).await;
    let no_key = "Keypair data is invalid: failed to generate fingerprint".to_owned();
    for text in ["", "not a key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", &format!(" {PUBLIC}"), &PUBLIC[..60]] {
        assert_eq!(import(&client, "mine", text).await, (400, no_key.clone()), "{text}");
    }
    assert_eq!(import(&client, "mine", &format!("{PUBLIC}\r\n")).await.0, 200);
    assert_eq!(import(&client, "demo-key", PUBLIC).await, (403, "Quota exceeded, too many key pairs.".to_owned()));
    client.ask(Method::DELETE, &format!("{KEYS}/demo-key"), None).await;
    assert_eq!(import(&client, "mine", PUBLIC).await, (409, "Key pair 'mine' already exists.".to_owned()));
}

#[tokio::test]
async fn names_of_keys_have_rules() {
    let client = within(Emulator::builder()).await;
    for (version, name, status) in [("2.2", "a.b", 400), ("2.92", "a.b", 201), ("2.92", "a/b", 400), ("2.2", " a", 400)]
    {
        let request = client.request(Method::POST, KEYS).header("x-auth-token", &client.token);
        let request = request.header("openstack-api-version", format!("compute {version}"));
        let body: Value = json!({"keypair": {"name": name, "public_key": PUBLIC}});
        assert_eq!(client.send(request.json(&body)).await.unwrap().status, status, "{name} in {version}");
    }
}
