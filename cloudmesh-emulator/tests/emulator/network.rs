//! Groups, rules, ports and routers as Neutron has them.

use std::time::Duration;

use cloudmesh_abstract::Operation;
use cloudmesh_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Got};

const ROOT: &str = "/network/v2.0";
const RULES: &str = "/network/v2.0/security-group-rules";

async fn start() -> Client {
    Client::of(Emulator::builder().build_time(Duration::ZERO).start().await.unwrap()).await
}

fn id(one: &Value) -> &str {
    one["id"].as_str().unwrap()
}

/// Makes one thing on the network.
async fn make(client: &Client, kind: &str, fields: Value) -> Value {
    let path = format!("{ROOT}/{}s", kind.replace('_', "-"));
    let made = client.post(&path, json!({kind: fields})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()[kind].clone()
}

fn kind(got: &Got) -> String {
    got.json()["NeutronError"]["type"].as_str().unwrap_or_default().to_owned()
}

fn rule(group: &Value, port: u16) -> Value {
    json!({
        "security_group_id": group["id"], "direction": "ingress", "protocol": "tcp", "port_range_min": port,
        "port_range_max": port,
    })
}

#[tokio::test]
async fn many_rules_come_at_once_or_not_at_all() {
    let client = start().await;
    let group = make(&client, "security_group", json!({"name": "g"})).await;
    let all = |rules: Vec<Value>| json!({"security_group_rules": rules});
    let made = client.post(RULES, all((1..=50).map(|port| rule(&group, port)).collect())).await;
    assert_eq!((made.status, made.json()["security_group_rules"].as_array().unwrap().len()), (201, 50));
    let mut bad = rule(&group, 61);
    bad["protocol"] = json!("carrier-pigeon");
    let table = [
        (vec![rule(&group, 60), rule(&group, 60)], 409, "DuplicateSecurityGroupRuleInPost"),
        (vec![rule(&group, 60), rule(&group, 50)], 409, "SecurityGroupRuleExists"),
        (vec![rule(&group, 60), bad], 400, "SecurityGroupRuleInvalidProtocol"),
        ((1000..1100).map(|port| rule(&group, port)).collect(), 409, "OverQuota"),
    ];
    for (rules, status, wanted) in table {
        let refused = client.post(RULES, all(rules)).await;
        assert_eq!((refused.status, kind(&refused).as_str()), (status, wanted));
    }
    let left = client.get(&format!("{RULES}?security_group_id={}&direction=ingress", id(&group))).await.json();
    assert_eq!(left["security_group_rules"].as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn what_a_rule_cannot_be_is_refused() {
    let client = start().await;
    let group = make(&client, "security_group", json!({"name": "g"})).await;
    let table = [
        (json!({"port_range_min": 90, "port_range_max": 80}), "SecurityGroupInvalidPortRange"),
        (json!({"protocol": null}), "SecurityGroupProtocolRequiredWithPorts"),
        (json!({"protocol": "gre"}), "SecurityGroupInvalidProtocolForPort"),
        (json!({"protocol": "icmp", "port_range_min": null}), "SecurityGroupMissingIcmpType"),
        (json!({"protocol": "icmp", "port_range_max": 256}), "SecurityGroupInvalidIcmpValue"),
        (json!({"remote_ip_prefix": "::/0"}), "SecurityGroupRuleParameterConflict"),
        (json!({"remote_ip_prefix": "everywhere"}), "InvalidCIDR"),
        (
            json!({"remote_ip_prefix": "10.0.0.0/8", "remote_group_id": group["id"]}),
            "SecurityGroupMultipleRemoteEntites",
        ),
        (json!({"protocol": "ipv6-icmp", "port_range_max": 0}), "SecurityGroupEthertypeConflictWithProtocol"),
        (json!({"ethertype": "IPv5"}), "SecurityGroupRuleInvalidEtherType"),
    ];
    for (change, wanted) in table {
        let mut wish = rule(&group, 22);
        wish.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = client.post(RULES, json!({"security_group_rule": wish})).await;
        assert_eq!((refused.status, kind(&refused).as_str()), (400, wanted), "{change}");
    }
}

#[tokio::test]
async fn a_port_that_a_user_made_outlives_its_server() {
    let client = start().await;
    let network = client.get(&format!("{ROOT}/networks?name=private")).await.json()["networks"][0]["id"].clone();
    let port = make(&client, "port", json!({"network_id": network, "name": "mine"})).await;
    let mut wish = client.wish("web").await;
    wish["server"]["networks"] = json!([{"port": port["id"]}]);
    let server = client.post("/compute/v2.1/servers", wish.clone()).await.json()["server"].clone();
    let path = format!("{ROOT}/ports/{}", id(&port));
    assert_eq!(client.get(&path).await.json()["port"]["device_id"], server["id"]);
    assert_eq!(client.post("/compute/v2.1/servers", wish).await.status, 409);
    client.ask(Method::DELETE, &format!("/compute/v2.1/servers/{}", id(&server)), None).await;
    let left = client.get(&path).await.json()["port"].clone();
    assert_eq!((&left["device_id"], &left["fixed_ips"]), (&json!(""), &port["fixed_ips"]));
    assert_eq!(client.ask(Method::DELETE, &path, None).await.status, 204);
}

#[tokio::test]
async fn a_change_for_another_revision_is_refused() {
    let client = start().await;
    let group = make(&client, "security_group", json!({"name": "g"})).await;
    let path = format!("{ROOT}/security-groups/{}", id(&group));
    for (revision, wanted) in [("7", 412), ("x", 400), ("1", 200)] {
        let request = client.request(Method::PUT, &path).header("x-auth-token", &client.token);
        let request = request.header("if-match", format!("revision_number={revision}"));
        let got = client.send(request.json(&json!({"security_group": {"name": "h"}}))).await.unwrap();
        assert_eq!(got.status, wanted, "{}", got.text);
    }
}

#[tokio::test]
async fn tags_are_put_on_and_found_by() {
    let client = start().await;
    let group = make(&client, "security_group", json!({"name": "g"})).await;
    let path = format!("{ROOT}/security-groups/{}/tags", id(&group));
    assert_eq!(client.ask(Method::PUT, &path, Some(json!({"tags": ["a", "b"]}))).await.status, 200);
    for (query, wanted) in [("tags=a,b", 1), ("tags=a,c", 0), ("tags-any=a,c", 1), ("not-tags-any=a,c&name=g", 0)] {
        let found = client.get(&format!("{ROOT}/security-groups?{query}")).await.json();
        assert_eq!(found["security_groups"].as_array().unwrap().len(), wanted, "{query}");
    }
    assert_eq!(client.ask(Method::DELETE, &format!("{path}/c"), None).await.status, 404);
}

#[tokio::test]
async fn requests_about_addresses_are_known_by_what_they_do() {
    let client = start().await;
    let public = client.get(&format!("{ROOT}/networks?name=public")).await.json()["networks"][0]["id"].clone();
    let address = make(&client, "floatingip", json!({"floating_network_id": public})).await;
    let path = format!("{ROOT}/floatingips/{}", id(&address));
    client.ask(Method::PUT, &path, Some(json!({"floatingip": {"port_id": null}}))).await;
    client.ask(Method::PUT, &path, Some(json!({"floatingip": {"description": "d"}}))).await;
    client.ask(Method::DELETE, &path, None).await;
    let seen: Vec<Option<Operation>> =
        client.emulator.troubles().seen().iter().rev().take(4).map(|seen| seen.operation).collect();
    let wanted =
        [Operation::DeletePublicIp, Operation::AttachPublicIp, Operation::DetachPublicIp, Operation::CreatePublicIp];
    assert_eq!(seen, wanted.map(Some));
}
