//! Ports: what connects servers and routers to networks.

use serde_json::{Map, Value, json};

use super::body::{Sent, flag, text};
use super::core_tables::PORTS;
use super::faults::no_port;
use super::port_addresses::{self, Wish};
use super::query::{list, one};
use super::shown::about;
use super::{Call, Fault, Reply, networks};
use crate::exchange::Answer;
use crate::world::State;
use crate::world::port::Port;

/// What only operators may say about a port, in the order in which policy looks.
const OPERATORS: [&str; 4] = ["allowed_address_pairs", "binding:host_id", "binding:profile", "mac_address"];

/// Answers below `/ports`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => list(call, &PORTS, mine(call).into_iter().map(|port| shown(call.state, port)).collect()),
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|port| one(call, &PORTS, shown(call.state, port))),
        ("PUT", [id]) => update(call, id),
        ("DELETE", [id]) => delete(call, id),
        _ => return None,
    })
}

/// A port of the caller.
pub(super) fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Port, Fault> {
    call.state.port(id).filter(|port| port.project == call.caller.project).ok_or_else(|| no_port(id))
}

/// The caller's ports; of certain devices only when the query names them, since there may be many.
fn mine<'a>(call: &'a Call<'_>) -> Vec<&'a Port> {
    let parameters = call.ask.parameters();
    let devices: Vec<&str> =
        parameters.iter().filter(|(key, _)| key == "device_id").map(|(_, value)| value.as_str()).collect();
    let ports: Box<dyn Iterator<Item = &'a Port> + '_> = if devices.is_empty() {
        Box::new(call.state.all_ports())
    } else {
        let nodes = devices.iter().filter_map(|id| call.state.nodes.get(id));
        let others = call.state.ports.iter().filter(|port| devices.contains(&port.device.as_str()));
        Box::new(nodes.flat_map(|node| &node.ports).chain(others))
    };
    ports.filter(|port| port.project == call.caller.project).collect()
}

fn create(call: &mut Call<'_>) -> Reply {
    let (several, bulk) = match call.made(&PORTS)? {
        Sent::One(given) => (vec![given], false),
        Sent::Many(several) => (several, true),
    };
    for given in &several {
        let network = networks::found(call, text(given, "network_id").unwrap_or_default())?;
        if network.project != call.caller.project {
            let told = format!("Tenant {} not allowed to create port on this network", call.caller.project);
            return Err(Fault::new(403, "HTTPForbidden", told));
        }
    }
    call.quota("port", several.len())?;
    several.iter().try_for_each(|given| allowed("create", given, &OPERATORS[1..3]))?;
    let mut made: Vec<Port> = Vec::new();
    for given in &several {
        match build(call, given) {
            Ok(port) => made.push(port),
            Err(fault) => {
                // All or none.
                for port in &made {
                    call.state.give_back(port);
                }
                return Err(fault);
            }
        }
    }
    let shown: Vec<_> = made.iter().map(|port| shown(call.state, port)).collect();
    call.state.ports.extend(made);
    let body = if bulk { json!({"ports": shown}) } else { json!({"port": shown.first()}) };
    Ok(Answer::json(201, &body))
}

/// Refuses what only operators may say.
fn allowed(verb: &str, given: &Map<String, Value>, operators: &[&str]) -> Result<(), Fault> {
    match operators.iter().find(|name| given.contains_key(**name)) {
        None => Ok(()),
        Some(name) => Err(Fault::policy(&format!("(rule:{verb}_port and rule:{verb}_port:{name})"))),
    }
}

/// A port as it is wished for, which is not there yet.
fn build(call: &mut Call<'_>, given: &Map<String, Value>) -> Result<Port, Fault> {
    let network = networks::found(call, text(given, "network_id").unwrap_or_default())?;
    let (network, guarded) = (network.id.clone(), network.guarded);
    let groups = groups(call, given)?;
    let taken = text(given, "mac_address")
        .filter(|mac| call.state.all_ports().any(|port| port.network == network && port.mac == *mac));
    if let Some(mac) = taken {
        let told = format!("Unable to complete operation for network {network}. The mac address {mac} is in use.");
        return Err(Fault::new(409, "MacAddressInUse", told));
    }
    let fixed = port_addresses::take(call, &network, &Wish::read(given)?)?;
    let mut port = call.state.new_port(&call.caller.project, &network, fixed);
    port.about.revision = 1;
    if let Some(mac) = text(given, "mac_address") {
        mac.clone_into(&mut port.mac);
    }
    text(given, "device_owner").unwrap_or_default().clone_into(&mut port.owner);
    let trusted = port.owner.starts_with("network:");
    port.guarded = !trusted && flag(given, "port_security_enabled").unwrap_or(guarded);
    port.groups = match groups {
        Some(groups) => groups,
        None if port.guarded => default_group(call),
        None => Vec::new(),
    };
    describe(&mut port, given);
    Ok(port)
}

/// The groups that are named, if any are.
fn groups(call: &Call<'_>, given: &Map<String, Value>) -> Result<Option<Vec<String>>, Fault> {
    let Some(given) = given.get("security_groups").and_then(Value::as_array) else { return Ok(None) };
    let ids: Vec<String> = given.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let known = |id: &String| call.state.group(id).is_some_and(|group| group.project == call.caller.project);
    let missing: Vec<&str> = ids.iter().filter(|id| !known(id)).map(String::as_str).collect();
    if missing.is_empty() { Ok(Some(ids)) } else { Err(super::faults::no_group(&missing.join(", "))) }
}

fn default_group(call: &Call<'_>) -> Vec<String> {
    let project = &call.caller.project;
    let groups = call.state.groups.iter().filter(|group| group.project == *project && group.name == "default");
    groups.map(|group| group.id.clone()).collect()
}

fn describe(port: &mut Port, given: &Map<String, Value>) {
    let texts =
        [("name", &mut port.name), ("description", &mut port.about.description), ("device_id", &mut port.device)];
    for (name, place) in texts {
        if let Some(text) = text(given, name) {
            text.clone_into(place);
        }
    }
    port.up = flag(given, "admin_state_up").unwrap_or(port.up);
}

fn update(call: &mut Call<'_>, id: &str) -> Reply {
    let given = call.changed(&PORTS)?;
    let before = found(call, id)?.clone();
    allowed("update", &given, &OPERATORS[1..])?;
    call.unchanged(before.about.revision)?;
    let groups = groups(call, &given)?;
    let wish = Wish::read(&given)?;
    if !matches!(wish, Wish::Any) {
        port_addresses::replace(call, &before, &wish)?;
    }
    let (now, given_owner) = (call.state.now, text(&given, "device_owner"));
    let port = call.state.port_mut(id).ok_or_else(|| no_port(id))?;
    describe(port, &given);
    if let Some(owner) = given_owner {
        owner.clone_into(&mut port.owner);
    }
    port.groups = groups.unwrap_or_else(|| port.groups.clone());
    port.guarded = flag(&given, "port_security_enabled").unwrap_or(port.guarded);
    // What comes up again is told once more.
    let changes = u64::from(*port != before) + u64::from(port.up && !before.up);
    for _ in 0..changes {
        port.about.touch(now);
    }
    let port = port.clone();
    Ok(Answer::json(200, &json!({"port": shown(call.state, &port)})))
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    let port = found(call, id)?;
    call.unchanged(port.about.revision)?;
    if port.owner == crate::world::port::ROUTER {
        let told = format!("Port {id} cannot be deleted directly via the port API: has device owner {}.", port.owner);
        return Err(Fault::new(409, "ServicePortInUse", told));
    }
    call.state.remove_port(id);
    Ok(Answer::empty(204))
}

/// Whether somebody hears at the other end.
pub(super) fn status(state: &State, port: &Port) -> &'static str {
    let launched = state.nodes.get(&port.device).is_some_and(|node| node.launched.is_some());
    if launched { "ACTIVE" } else { "DOWN" }
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-port-details>
fn shown(state: &State, port: &Port) -> Map<String, Value> {
    let fixed = port.fixed.iter().map(|one| json!({"subnet_id": one.subnet, "ip_address": one.address}));
    about(
        &port.about,
        json!({
            "id": port.id, "name": port.name, "network_id": port.network, "tenant_id": port.project,
            "project_id": port.project, "mac_address": port.mac, "admin_state_up": port.up,
            "status": status(state, port), "device_id": port.device, "device_owner": port.owner,
            "allowed_address_pairs": [], "extra_dhcp_opts": [], "fixed_ips": fixed.collect::<Vec<_>>(),
            "security_groups": port.groups, "binding:vnic_type": "normal", "port_security_enabled": port.guarded,
        }),
    )
}
