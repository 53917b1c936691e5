//! Floating IPs: allocated, led to servers, seen on them, released.

use std::time::Duration;

use cloudmesh_emulator::{Builder, Emulator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Got};

const ALL: &str = "/network/v2.0/floatingips";

async fn start(builder: Builder) -> Client {
    Client::of(builder.build_time(Duration::ZERO).start().await.unwrap()).await
}

/// The id of a network.
async fn network(client: &Client, name: &str) -> Value {
    client.get(&format!("/network/v2.0/networks?name={name}")).await.json()["networks"][0]["id"].clone()
}

/// The only port of a server.
async fn port(client: &Client, server: &str) -> Value {
    let id = server.rsplit('/').next().unwrap();
    client.get(&format!("/network/v2.0/ports?device_id={id}")).await.json()["ports"][0].clone()
}

async fn allocate(client: &Client, more: Value) -> Got {
    let mut wish = json!({"floating_network_id": network(client, "public").await});
    wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.post(ALL, json!({"floatingip": wish})).await
}

async fn change(client: &Client, id: &Value, what: Value) -> Got {
    let path = format!("{ALL}/{}", id.as_str().unwrap());
    client.ask(Method::PUT, &path, Some(json!({"floatingip": what}))).await
}

/// The addresses of a server, each with its kind.
async fn addresses(client: &Client, server: &str) -> Vec<(String, String)> {
    let server = client.get(server).await.json();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let shown = server["server"]["addresses"]["private"].as_array().unwrap();
    shown.iter().map(|one| (text(one, "OS-EXT-IPS:type"), text(one, "addr"))).collect()
}

#[tokio::test]
async fn an_address_is_seen_on_the_server_that_it_leads_to() {
    let client = start(Emulator::builder()).await;
    let server = client.create("web").await;
    let port = port(&client, &server).await;
    let made = allocate(&client, json!({"port_id": port["id"], "description": "of web"})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json()["floatingip"].clone();
    assert_eq!(made["fixed_ip_address"], port["fixed_ips"][0]["ip_address"]);
    assert_eq!(made["port_details"]["device_id"], port["device_id"]);
    let seen = addresses(&client, &server).await;
    let wanted = made["floating_ip_address"].as_str().unwrap().to_owned();
    assert_eq!(seen.last(), Some(&("floating".to_owned(), wanted)));
    let let_go = change(&client, &made["id"], json!({"port_id": null})).await.json();
    assert_eq!(let_go["floatingip"]["fixed_ip_address"], Value::Null);
    assert_eq!(addresses(&client, &server).await.len(), 1);
}

#[tokio::test]
async fn a_new_description_keeps_where_an_address_leads() {
    let client = start(Emulator::builder()).await;
    let port = port(&client, &client.create("web").await).await;
    let made = allocate(&client, json!({"port_id": port["id"]})).await.json()["floatingip"].clone();
    let changed = change(&client, &made["id"], json!({"description": "new"})).await.json();
    assert_eq!(
        (&changed["floatingip"]["port_id"], &changed["floatingip"]["description"]),
        (&port["id"], &json!("new"))
    );
}

#[tokio::test]
async fn an_address_outlives_its_server() {
    let client = start(Emulator::builder()).await;
    let server = client.create("web").await;
    let port = port(&client, &server).await;
    let made = allocate(&client, json!({"port_id": port["id"]})).await.json()["floatingip"].clone();
    client.ask(Method::DELETE, &server, None).await;
    let left =
        client.get(&format!("{ALL}?floating_ip_address={}", made["floating_ip_address"].as_str().unwrap())).await;
    let left = left.json()["floatingips"][0].clone();
    assert_eq!((&left["id"], &left["port_id"], &left["router_id"]), (&made["id"], &Value::Null, &Value::Null));
    let path = format!("{ALL}/{}", made["id"].as_str().unwrap());
    assert_eq!(client.ask(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_neutrons_words() {
    let client = start(Emulator::builder()).await;
    let port = port(&client, &client.create("web").await).await;
    let fresh = allocate(&client, json!({})).await.json()["floatingip"]["id"].clone();
    assert_eq!(allocate(&client, json!({"port_id": port["id"]})).await.status, 201);
    let private = network(&client, "private").await;
    let none = "00000000-0000-0000-0000-000000000000";
    let table = [
        (json!({"floating_network_id": private}), 400, "BadRequest"),
        (json!({"floating_network_id": none}), 404, "NetworkNotFound"),
        (json!({"port_id": none}), 404, "PortNotFound"),
        (json!({"port_id": "web"}), 400, "HTTPBadRequest"),
        (json!({"port_id": port["id"]}), 409, "FloatingIPPortAlreadyAssociated"),
        (json!({"fixed_ip_address": "10.0.0.2"}), 400, "BadRequest"),
        (json!({"floating_ip_address": "203.0.113.77"}), 403, "PolicyNotAuthorized"),
        (json!({"colour": "blue"}), 400, "HTTPBadRequest"),
    ];
    for (wish, status, kind) in table {
        let refused = allocate(&client, wish.clone()).await;
        assert_eq!((refused.status, refused.json()["NeutronError"]["type"].as_str()), (status, Some(kind)), "{wish}");
    }
    let refused = change(&client, &fresh, json!({"port_id": port["id"]})).await;
    assert_eq!(refused.status, 409);
    assert_eq!(client.get(ALL).await.json()["floatingips"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_network_without_a_router_is_not_reached_from_outside() {
    let client = start(Emulator::builder()).await;
    let network = client.post("/network/v2.0/networks", json!({"network": {"name": "alone"}})).await.json();
    let network = &network["network"]["id"];
    let subnet = json!({"subnet": {"network_id": network, "ip_version": 4, "cidr": "10.7.0.0/24"}});
    client.post("/network/v2.0/subnets", subnet).await;
    let port = client.post("/network/v2.0/ports", json!({"port": {"network_id": network}})).await.json();
    let refused = allocate(&client, json!({"port_id": port["port"]["id"]})).await;
    assert_eq!(refused.status, 404);
    assert_eq!(refused.json()["NeutronError"]["type"], "ExternalGatewayForFloatingIPNotFound");
}

#[tokio::test]
async fn addresses_and_quota_run_out() {
    let client = start(Emulator::builder().network_quota("floatingip", 1)).await;
    assert_eq!(allocate(&client, json!({})).await.status, 201);
    let refused = allocate(&client, json!({})).await;
    assert_eq!((refused.status, refused.message().as_str()), (409, "Quota exceeded for resources: ['floatingip']."));
    client.emulator.world().set_network_quota("floatingip", -1).unwrap();
    let mut last = allocate(&client, json!({})).await;
    while last.status == 201 {
        last = allocate(&client, json!({})).await;
    }
    assert_eq!((last.status, last.json()["NeutronError"]["type"].as_str()), (409, Some("IpAddressGenerationFailure")));
}
