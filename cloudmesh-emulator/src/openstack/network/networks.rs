//! Networks and subnets.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::query::{Kind, list};
use super::{Call, Fault, Reply, only, text};
use crate::exchange::Answer;
use crate::openstack::times::seconds;
use crate::world::State;
use crate::world::network::{Network, Range, Subnet};

const NETWORKS: Kind = Kind { plural: "networks", path: "networks", missing: no_network };
const SUBNETS: Kind = Kind { plural: "subnets", path: "subnets", missing: no_subnet };

fn no_network(id: &str) -> Fault {
    Fault::new(404, "NetworkNotFound", format!("Network {id} could not be found."))
}

fn no_subnet(id: &str) -> Fault {
    Fault::new(404, "SubnetNotFound", format!("Subnet {id} could not be found."))
}

/// Answers below `/networks`; `None` for what is no route.
pub(super) fn networks(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => {
            let seen = call.state.networks.iter().filter(|one| one.external || one.project == call.caller.project);
            list(call, NETWORKS, seen.map(|one| network(call.state, one)).collect())
        }
        ("POST", []) => create_network(call),
        ("GET", [id]) => found(call, id).map(|one| Answer::json(200, &json!({"network": network(call.state, one)}))),
        ("DELETE", [id]) => delete_network(call, id),
        _ => return None,
    })
}

/// Answers below `/subnets`; `None` for what is no route.
pub(super) fn subnets(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    let mine = call.state.subnets.iter().filter(|one| one.project == call.caller.project);
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => list(call, SUBNETS, mine.map(subnet).collect()),
        ("POST", []) => create_subnet(call),
        ("GET", [id]) => {
            let found = mine.into_iter().find(|one| one.id == *id).ok_or_else(|| no_subnet(id));
            found.map(|one| Answer::json(200, &json!({"subnet": subnet(one)})))
        }
        _ => return None,
    })
}

fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Network, Fault> {
    let found = call.state.network(id).filter(|one| one.external || one.project == call.caller.project);
    found.ok_or_else(|| no_network(id))
}

fn create_network(call: &mut Call<'_>) -> Reply {
    let given = call.body("network")?;
    only(&given, &["name", "description", "admin_state_up", "shared", "tenant_id", "project_id", "mtu"])?;
    let made = Network {
        id: Uuid::new_v4().to_string(),
        name: text(&given, "name")?,
        project: call.caller.project.clone(),
        external: false,
        description: text(&given, "description")?,
        created: call.state.now,
        updated: call.state.now,
    };
    let mut shown = network(call.state, &made);
    shown.insert("is_default".to_owned(), json!(false));
    call.state.networks.push(made);
    Ok(Answer::json(201, &json!({"network": shown})))
}

fn delete_network(call: &mut Call<'_>, id: &str) -> Reply {
    if found(call, id)?.project != call.caller.project {
        return Err(Fault::new(403, "PolicyNotAuthorized", "rule:delete_network is disallowed by policy"));
    }
    let used = call.state.nodes.alive().any(|node| node.ports.iter().any(|port| port.network == id));
    if used {
        let told = format!("Unable to complete operation on network {id}. There are one or more ports still in use");
        return Err(Fault::new(409, "NetworkInUse", format!("{told} on the network.")));
    }
    call.state.networks.retain(|one| one.id != id);
    call.state.subnets.retain(|one| one.network != id);
    Ok(Answer::empty(204))
}

fn create_subnet(call: &mut Call<'_>) -> Reply {
    let given = call.body("subnet")?;
    let lacking = |key: &str| Fault::bad(format!("Failed to parse request. Required attribute '{key}' not specified"));
    let network = given.get("network_id").and_then(Value::as_str).ok_or_else(|| lacking("network_id"))?;
    let network = found(call, network)?.clone();
    let cidr = given.get("cidr").and_then(Value::as_str).ok_or_else(|| lacking("cidr"))?;
    let range = Range::parse(cidr);
    let range = range
        .ok_or_else(|| Fault::bad(format!("Invalid input for cidr. Reason: '{cidr}' is not a valid IP subnet.")))?;
    let id = Uuid::new_v4().to_string();
    let made = Subnet::new(id, &text(&given, "name")?, &network, range, call.state.now);
    let answer = Answer::json(201, &json!({"subnet": subnet(&made)}));
    call.state.subnets.push(made);
    Ok(answer)
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-network-details>
fn network(state: &State, one: &Network) -> Map<String, Value> {
    let subnets = state.subnets.iter().filter(|subnet| subnet.network == one.id);
    let subnets: Vec<&str> = subnets.map(|subnet| subnet.id.as_str()).collect();
    let shown = json!({
        "id": one.id, "name": one.name, "tenant_id": one.project, "project_id": one.project,
        "admin_state_up": true, "mtu": if one.external { 1500 } else { 1450 }, "status": "ACTIVE",
        "subnets": subnets, "shared": false, "availability_zone_hints": [], "availability_zones": [],
        "ipv4_address_scope": null, "ipv6_address_scope": null, "router:external": one.external,
        "description": one.description, "port_security_enabled": true, "tags": [],
        "created_at": seconds(one.created), "updated_at": seconds(one.updated), "revision_number": 2,
    });
    let mut shown = shown.as_object().cloned().unwrap_or_default();
    if one.external {
        shown.insert("is_default".to_owned(), json!(false));
    }
    shown
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-subnet-details>
fn subnet(one: &Subnet) -> Map<String, Value> {
    let shown = json!({
        "id": one.id, "name": one.name, "tenant_id": one.project, "project_id": one.project,
        "network_id": one.network, "ip_version": 4, "subnetpool_id": null, "enable_dhcp": true,
        "ipv6_ra_mode": null, "ipv6_address_mode": null, "gateway_ip": one.range.gateway(),
        "cidr": one.range.to_string(), "host_routes": [], "description": "", "service_types": [], "tags": [],
        "allocation_pools": [{"start": one.range.first(), "end": one.range.last()}],
        "dns_nameservers": if one.name.is_empty() { json!([]) } else { json!(["203.0.113.1"]) },
        "created_at": seconds(one.created), "updated_at": seconds(one.created), "revision_number": 0,
    });
    shown.as_object().cloned().unwrap_or_default()
}
