//! Public addresses: from which network, to which port, and what becomes of a node that gets none.

use cloudmesh_abstract::{ComputeNodeABC, ErrorKind, NodeSpec, PublicIps};
use cloudmesh_openstack::OpenStack;
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use super::{ADDRESSES, InTurn, PORTS, SERVER, answer, asked, cloud, instead, listing, neutron, ok};

const NETWORKS: &str = "/network/v2.0/networks";
const ROUTERS: &str = "/network/v2.0/routers";
const SERVERS: &str = "/compute/v2.1/7/servers";
const UUID: &str = "8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6";

fn external(id: &str, name: &str, default: bool) -> Value {
    json!({"id": id, "name": name, "router:external": true, "is_default": default})
}

fn made() -> ResponseTemplate {
    ResponseTemplate::new(201).set_body_json(json!({"floatingip": {"id": "f", "floating_ip_address": "203.0.113.7"}}))
}

/// The networks that were asked for addresses.
async fn asked_for(cloud: &MockServer) -> Vec<Value> {
    let sent = cloud.received_requests().await.unwrap();
    let posts = sent.iter().filter(|request| request.method == "POST" && request.url.path() == ADDRESSES);
    posts.map(|request| request.body_json::<Value>().unwrap()["floatingip"]["floating_network_id"].clone()).collect()
}

#[tokio::test]
async fn of_several_external_networks_one_is_taken_only_when_it_is_clear_which() {
    use ErrorKind::{Ambiguous, InvalidInput, Unsupported};
    let two = json!([external("1", "a", false), external("2", "b", false)]);
    let default = json!([external("1", "a", true), external("2", "b", false)]);
    let twins = json!([external("1", "a", false), external("2", "a", false)]);
    let (nowhere, to_2) = (json!([{"id": "r"}]), json!([{"id": "r", "external_gateway_info": {"network_id": "2"}}]));
    let table = [
        (&two, &nowhere, None, Err((Ambiguous, "this cloud has several external networks; name one of `a`, `b`"))),
        (&two, &to_2, None, Ok("2")),
        (&default, &nowhere, None, Ok("1")),
        (&default, &to_2, None, Ok("2")),
        (&two, &to_2, Some("a"), Ok("1")),
        (&two, &to_2, Some("1"), Ok("1")),
        (&two, &to_2, Some("c"), Err((InvalidInput, "there is no external network `c`; there is `a`, `b`"))),
        (
            &twins,
            &to_2,
            Some("a"),
            Err((Ambiguous, "`a` is the name of several external networks; give the id: `1`, `2`")),
        ),
        (&json!([]), &to_2, None, Err((Unsupported, "this cloud has no external network for us"))),
    ];
    for (networks, routers, pool, expected) in table {
        let (cloud, node) = cloud().await;
        answer(&cloud, "GET", NETWORKS, listing("networks", networks)).await;
        answer(&cloud, "GET", ROUTERS, listing("routers", routers)).await;
        answer(&cloud, "POST", ADDRESSES, made()).await;
        match (node.create_public_ip(pool).await, expected) {
            (Ok(_), Ok(network)) => assert_eq!(asked_for(&cloud).await, [network]),
            (Err(error), Err((kind, message))) => {
                assert_eq!(error.kind(), kind, "{error}");
                assert!(error.message().starts_with(message), "{error}");
                assert!(asked_for(&cloud).await.is_empty());
            }
            (found, expected) => assert_eq!(format!("{found:?}"), format!("{expected:?}")),
        }
    }
}

#[tokio::test]
async fn an_address_leads_to_the_port_that_a_router_connects() {
    let (cloud, node) = cloud().await;
    let free = json!([{"id": "f", "floating_ip_address": "203.0.113.7", "revision_number": 1}]);
    instead(&cloud, "GET", ADDRESSES, listing("floatingips", &free)).await;
    let port = |id: &str, ips: &[&str]| {
        let ips: Vec<Value> = ips.iter().map(|ip| json!({"ip_address": ip})).collect();
        json!({"id": id, "device_id": "7", "fixed_ips": ips})
    };
    let ports = json!([port("p1", &["fd00::1", "10.0.0.5"]), port("p2", &["192.168.0.5"])]);
    answer(&cloud, "GET", PORTS, listing("ports", &ports)).await;
    let answers = [neutron(404, "ExternalGatewayForFloatingIPNotFound"), ok(json!({"floatingip": {}}))];
    answer(&cloud, "PUT", &format!("{ADDRESSES}/f"), InTurn::new(answers)).await;
    node.attach_public_ip(&"7".into(), "203.0.113.7").await.unwrap();
    let sent = cloud.received_requests().await.unwrap();
    let led: Vec<Value> =
        sent.iter().filter(|sent| sent.method == "PUT").map(|sent| sent.body_json().unwrap()).collect();
    let to = |port: &str, ip: &str| json!({"floatingip": {"port_id": port, "fixed_ip_address": ip}});
    assert_eq!(led, [to("p1", "10.0.0.5"), to("p2", "192.168.0.5")]);
}

/// A cloud that makes servers and gives no addresses.
async fn without_addresses() -> (MockServer, OpenStack) {
    let (cloud, node) = cloud().await;
    answer(&cloud, "GET", NETWORKS, listing("networks", &json!([external("1", "a", false)]))).await;
    let it = json!({"id": "7", "name": "web", "status": "ACTIVE", "addresses": {}});
    answer(&cloud, "GET", SERVER, ok(json!({"server": it}))).await;
    answer(&cloud, "DELETE", SERVER, ResponseTemplate::new(204)).await;
    let port = json!([{"id": "p", "device_id": "7", "fixed_ips": [{"ip_address": "10.0.0.5"}]}]);
    answer(&cloud, "GET", PORTS, listing("ports", &port)).await;
    answer(&cloud, "POST", ADDRESSES, neutron(409, "OverQuota")).await;
    answer(&cloud, "POST", SERVERS, ResponseTemplate::new(202).set_body_json(json!({"server": {"id": "7"}}))).await;
    (cloud, node)
}

async fn is_deleted(cloud: &MockServer) -> bool {
    asked(cloud).await.contains(&"DELETE /servers/7".to_owned())
}

#[tokio::test]
async fn a_new_node_that_gets_no_address_is_removed_again() {
    let (cloud, node) = without_addresses().await;
    let error = node.create(&NodeSpec::new("web", UUID, UUID).with_public(true)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded);
    let message = "the node got no public address, so node `7` was removed again: neutron says no";
    assert_eq!(error.message(), message);
    assert!(is_deleted(&cloud).await);
}

#[tokio::test]
async fn a_node_that_was_made_before_is_kept_when_it_gets_no_address() {
    let (cloud, node) = without_addresses().await;
    let spec = NodeSpec::new("web", UUID, UUID).with_public(true);
    let there = json!({"id": "7", "name": "web", "status": "ACTIVE", "metadata": spec.tags()});
    answer(&cloud, "GET", &format!("{SERVERS}/detail"), ok(json!({"servers": [there]}))).await;
    assert!(spec.token.take_first_use());
    let error = node.create(&spec).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded);
    let message = "node `7` is there, but not its public address: neutron says no; create it once more";
    assert_eq!(error.message(), message);
    assert!(!is_deleted(&cloud).await);
}
