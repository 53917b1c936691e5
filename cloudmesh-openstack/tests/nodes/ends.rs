//! Deleting a server: what goes with it, what stays, and what it is told when Neutron is in trouble.

use cloudmesh_abstract::{ComputeNodeABC, ErrorKind, Leftovers, PublicIps, SecurityGroups};
use cloudmesh_openstack::OpenStack;
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use super::scripted::{self, Setup};
use super::{ADDRESSES, InTurn, PORTS, SERVER, answer, asked, cloud, instead, listing, neutron};

const IT: &str = "/network/v2.0/floatingips/f";

/// The address that was allocated for node 7, as a Neutron tells it that has neither revisions nor descriptions of
/// ports.
fn address(port: &str) -> Value {
    json!({"id": "f", "floating_ip_address": "203.0.113.7", "port_id": port, "description": "cm-node=7 cm-name=web"})
}

/// The same, as newer ones tell it.
fn told(device: &str, revision: u64) -> Value {
    let mut told = address("p");
    told["port_details"] = json!({"device_id": device});
    told["revision_number"] = json!(revision);
    told
}

fn no_content() -> ResponseTemplate {
    ResponseTemplate::new(204)
}

/// A cloud whose Nova deletes the server.
async fn lab() -> (MockServer, OpenStack) {
    let (cloud, node) = cloud().await;
    answer(&cloud, "DELETE", SERVER, no_content()).await;
    (cloud, node)
}

async fn releases(cloud: &MockServer) -> usize {
    asked(cloud).await.iter().filter(|line| line.starts_with("DELETE /network/v2.0/floatingips")).count()
}

#[tokio::test]
async fn an_address_goes_with_its_node_and_with_no_other() {
    let port = |device: &str| json!([{"id": "p", "device_id": device}]);
    let table = [
        ("its own", told("7", 3), json!([]), 1),
        ("of another by now", told("8", 3), json!([]), 0),
        ("its own, by an old Neutron", address("p"), port("7"), 1),
        ("of another by now, by an old Neutron", address("p"), port("8"), 0),
        ("on a port of nobody, by an old Neutron", address("p"), port(""), 0),
        ("free by now", address(""), json!([]), 1),
    ];
    for (what, address, ports, released) in table {
        let (cloud, node) = lab().await;
        instead(&cloud, "GET", ADDRESSES, listing("floatingips", &json!([address]))).await;
        answer(&cloud, "GET", PORTS, listing("ports", &ports)).await;
        answer(&cloud, "DELETE", IT, no_content()).await;
        node.destroy(&"7".into()).await.unwrap();
        assert_eq!(releases(&cloud).await, released, "{what}");
    }
}

#[tokio::test]
async fn an_address_whose_port_is_not_shown_is_kept_and_told() {
    let (cloud, node) = lab().await;
    instead(&cloud, "GET", ADDRESSES, listing("floatingips", &json!([address("p")]))).await;
    answer(&cloud, "GET", PORTS, listing("ports", &json!([]))).await;
    let error = node.destroy(&"7".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().starts_with("the node is deleted, but its address `203.0.113.7` leads to"), "{error}");
    assert_eq!(releases(&cloud).await, 0);
}

#[tokio::test]
async fn an_address_that_changes_meanwhile_is_looked_at_again() {
    let table = [("free", address(""), 2), ("of another", told("8", 4), 1), ("gone", json!(null), 1)];
    for (what, then, released) in table {
        let (cloud, node) = lab().await;
        let then: Vec<Value> = then.is_object().then_some(then).into_iter().collect();
        let looks = [json!([told("7", 3)]), json!(then)].map(|found| listing("floatingips", &found));
        instead(&cloud, "GET", ADDRESSES, InTurn::new(looks)).await;
        let answers = [neutron(412, "RevisionNumberConstraintFailed"), no_content()];
        answer(&cloud, "DELETE", IT, InTurn::new(answers)).await;
        node.destroy(&"7".into()).await.unwrap();
        assert_eq!(releases(&cloud).await, released, "{what}");
        let sent = cloud.received_requests().await.unwrap();
        let first = sent.iter().find(|request| request.url.path() == IT).unwrap();
        assert_eq!(first.headers["If-Match"], "revision_number=3");
    }
}

#[tokio::test]
async fn a_server_is_deleted_whatever_is_wrong_with_neutron() {
    let html = ResponseTemplate::new(404).set_body_raw("<h1>Not Found</h1>", "text/html");
    let table = [
        (ResponseTemplate::new(503), ErrorKind::Unavailable),
        (ResponseTemplate::new(500), ErrorKind::Unavailable),
        (ResponseTemplate::new(403), ErrorKind::PermissionDenied),
        (html, ErrorKind::Unexpected),
    ];
    for (reply, kind) in table {
        let (cloud, node) = lab().await;
        instead(&cloud, "GET", ADDRESSES, reply).await;
        let error = node.destroy(&"7".into()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().starts_with("the node is deleted, but whether an address is left"), "{error}");
        assert!(asked(&cloud).await.contains(&"DELETE /servers/7".to_owned()));
    }
}

#[tokio::test]
async fn a_proxy_that_knows_no_address_has_released_none() {
    let (cloud, node) = lab().await;
    instead(&cloud, "GET", ADDRESSES, listing("floatingips", &json!([address("")]))).await;
    let html = ResponseTemplate::new(404).set_body_raw("<h1>Not Found</h1>", "text/html");
    answer(&cloud, "DELETE", IT, InTurn::new([html, neutron(404, "FloatingIPNotFound")])).await;
    let error = node.delete_public_ip("203.0.113.7").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected, "{error}");
    node.delete_public_ip("203.0.113.7").await.unwrap();
}

#[tokio::test]
async fn a_cloud_without_neutron_deletes_its_servers_and_says_what_it_lacks() {
    let (cloud, node) = scripted::cloud(Setup { lacks: Some("network"), ..Setup::default() }).await;
    answer(&cloud, "DELETE", SERVER, no_content()).await;
    node.destroy(&"7".into()).await.unwrap();
    assert!(node.leftovers().await.unwrap().is_empty());
    let lacking = [
        node.list_public_ips().await.unwrap_err(),
        node.create_public_ip(None).await.unwrap_err(),
        node.list_secgroups().await.unwrap_err(),
        node.remove_secgroup("web").await.unwrap_err(),
    ];
    for error in lacking {
        let message = "this cloud has no network service for us, only `compute`, `image`";
        assert_eq!((error.kind(), error.message()), (ErrorKind::Config, message));
    }
}
