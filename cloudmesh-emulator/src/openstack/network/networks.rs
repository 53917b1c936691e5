//! Networks.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::body::{Sent, flag, text, text_or_empty};
use super::core_tables::NETWORKS;
use super::faults::no_network;
use super::query::{list, one};
use super::shown::about;
use super::{Call, Fault, Reply};
use crate::exchange::Answer;
use crate::world::State;
use crate::world::network::{About, Network};

/// What only operators may say about a network, in the order in which policy looks.
const OPERATORS: [&str; 6] = [
    "router:external",
    "is_default",
    "shared",
    "provider:network_type",
    "provider:physical_network",
    "provider:segmentation_id",
];

/// Answers below `/networks`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => {
            let seen = call.state.networks.iter().filter(|one| one.external || one.project == call.caller.project);
            list(call, &NETWORKS, seen.map(|one| shown(call.state, one)).collect())
        }
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|network| one(call, &NETWORKS, shown(call.state, network))),
        ("PUT", [id]) => update(call, id),
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
    let (several, bulk) = match call.made(&NETWORKS)? {
        Sent::One(given) => (vec![given], false),
        Sent::Many(several) => (several, true),
    };
    call.quota("network", several.len())?;
    several.iter().try_for_each(|given| allowed("create", given))?;
    let made: Vec<_> = several.iter().map(|given| add(call, given)).collect();
    let body = if bulk { json!({"networks": made}) } else { json!({"network": made.first()}) };
    Ok(Answer::json(201, &body))
}

/// Refuses what only operators may say.
fn allowed(verb: &str, given: &Map<String, Value>) -> Result<(), Fault> {
    let wishes = |name: &&&str| given.get(**name).is_some_and(|value| *value != false);
    let found = OPERATORS.iter().find(wishes);
    found.map_or(Ok(()), |name| Err(Fault::policy(&format!("(rule:{verb}_network and rule:{verb}_network:{name})"))))
}

fn add(call: &mut Call<'_>, given: &Map<String, Value>) -> Map<String, Value> {
    let made = Network {
        id: Uuid::new_v4().to_string(),
        name: text_or_empty(given, "name"),
        project: call.caller.project.clone(),
        external: false,
        up: flag(given, "admin_state_up").unwrap_or(true),
        mtu: given.get("mtu").and_then(Value::as_u64).filter(|mtu| *mtu > 0).unwrap_or(1450),
        guarded: flag(given, "port_security_enabled").unwrap_or(true),
        about: About { revision: 1, ..About::new(&text_or_empty(given, "description"), call.state.now) },
    };
    let mut shown = shown(call.state, &made);
    shown.insert("is_default".to_owned(), json!(false));
    call.state.networks.push(made);
    shown
}

fn update(call: &mut Call<'_>, id: &str) -> Reply {
    let given = call.changed(&NETWORKS)?;
    let network = found(call, id)?;
    if network.project != call.caller.project {
        return Err(Fault::policy("rule:update_network"));
    }
    allowed("update", &given)?;
    call.unchanged(network.about.revision)?;
    let mut network = network.clone();
    for (name, place) in [("name", &mut network.name), ("description", &mut network.about.description)] {
        if let Some(text) = text(&given, name) {
            text.clone_into(place);
        }
    }
    network.up = flag(&given, "admin_state_up").unwrap_or(network.up);
    network.guarded = flag(&given, "port_security_enabled").unwrap_or(network.guarded);
    network.mtu = given.get("mtu").and_then(Value::as_u64).unwrap_or(network.mtu);
    network.about.touch(call.state.now);
    let answer = Answer::json(200, &json!({"network": shown(call.state, &network)}));
    if let Some(place) = call.state.networks.iter_mut().find(|one| one.id == id) {
        *place = network;
    }
    Ok(answer)
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    if found(call, id)?.project != call.caller.project {
        return Err(Fault::policy("rule:delete_network"));
    }
    let ports: Vec<&str> =
        call.state.all_ports().filter(|port| port.network == id).map(|port| port.id.as_str()).collect();
    if !ports.is_empty() {
        let told = format!("Unable to complete operation on network {id}. There are one or more ports still in use");
        let told = format!("{told} on the network, id for these ports is: {}.", ports.join(","));
        return Err(Fault::new(409, "NetworkInUse", told));
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
