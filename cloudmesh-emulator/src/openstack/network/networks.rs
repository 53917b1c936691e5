//! Networks.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::body::{flag, text_or_empty};
use super::core_tables::NETWORKS;
use super::faults::no_network;
use super::query::{list, one};
use super::shown::about;
use super::{Call, Fault, Reply};
use crate::exchange::Answer;
use crate::world::State;
use crate::world::network::{About, Network};

/// Answers below `/networks`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => {
            let seen = call.state.networks.iter().filter(|one| one.external || one.project == call.caller.project);
            list(call, &NETWORKS, seen.map(|one| shown(call.state, one)).collect())
        }
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|network| one(call, &NETWORKS, shown(call.state, network))),
        ("DELETE", [id]) => delete(call, id),
        _ => return None,
    })
}

/// A network that the caller may see.
pub(super) fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Network, Fault> {
    let found = call.state.network(id).filter(|one| one.external || one.project == call.caller.project);
    found.ok_or_else(|| no_network(id))
}

fn create(call: &mut Call<'_>) -> Reply {
    let given = call.made_one(&NETWORKS)?;
    call.quota("network", 1)?;
    let made = Network {
        id: Uuid::new_v4().to_string(),
        name: text_or_empty(&given, "name"),
        project: call.caller.project.clone(),
        external: false,
        up: flag(&given, "admin_state_up").unwrap_or(true),
        mtu: given.get("mtu").and_then(Value::as_u64).filter(|mtu| *mtu > 0).unwrap_or(1450),
        guarded: flag(&given, "port_security_enabled").unwrap_or(true),
        about: About { revision: 1, ..About::new(&text_or_empty(&given, "description"), call.state.now) },
    };
    let mut shown = shown(call.state, &made);
    shown.insert("is_default".to_owned(), json!(false));
    call.state.networks.push(made);
    Ok(Answer::json(201, &json!({"network": shown})))
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    if found(call, id)?.project != call.caller.project {
        return Err(Fault::policy("rule:delete_network"));
    }
    if call.state.all_ports().any(|port| port.network == id) {
        let told = format!("Unable to complete operation on network {id}. There are one or more ports still in use");
        return Err(Fault::new(409, "NetworkInUse", format!("{told} on the network.")));
    }
    call.state.networks.retain(|one| one.id != id);
    call.state.subnets.retain(|one| one.network != id);
    Ok(Answer::empty(204))
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-network-details>
fn shown(state: &State, one: &Network) -> Map<String, Value> {
    let subnets = state.subnets.iter().filter(|subnet| subnet.network == one.id);
    let subnets: Vec<&str> = subnets.map(|subnet| subnet.id.as_str()).collect();
    let mut shown = about(
        &one.about,
        json!({
            "id": one.id, "name": one.name, "tenant_id": one.project, "project_id": one.project,
            "admin_state_up": one.up, "mtu": one.mtu, "status": "ACTIVE", "subnets": subnets, "shared": false,
            "availability_zone_hints": [], "availability_zones": [], "ipv4_address_scope": null,
            "ipv6_address_scope": null, "router:external": one.external, "port_security_enabled": one.guarded,
        }),
    );
    if one.external {
        shown.insert("is_default".to_owned(), json!(false));
    }
    shown
}
