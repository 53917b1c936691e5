//! Floating IPs: addresses of an external network that lead to ports.

use std::net::Ipv4Addr;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::body::{text, text_or_empty};
use super::faults::{no_address, no_floating_ip, no_port, no_subnet};
use super::query::{list, one};
use super::shown::about;
use super::tables::FLOATING_IPS;
use super::{Call, Fault, NO_BODY, Reply, networks};
use crate::exchange::Answer;
use crate::world::State;
use crate::world::floating::{FloatingIp, Target};
use crate::world::network::About;
use crate::world::port::{Fixed, Port};

/// Answers below `/floatingips`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => list(call, &FLOATING_IPS, mine(call).map(|one| shown(call.state, one)).collect()),
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|found| one(call, &FLOATING_IPS, shown(call.state, found))),
        ("PUT", [id]) => update(call, id),
        ("DELETE", [_]) if call.has_body() => Err(Fault::bad(NO_BODY)),
        ("DELETE", [id]) => delete(call, id),
        _ => return None,
    })
}

fn mine<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a FloatingIp> {
    call.state.floating_ips.iter().filter(|one| one.project == call.caller.project)
}

fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a FloatingIp, Fault> {
    mine(call).find(|one| one.id == id).ok_or_else(|| no_floating_ip(id))
}

fn create(call: &mut Call<'_>) -> Reply {
    let given = call.made_one(&FLOATING_IPS)?;
    if !given.get("floating_ip_address").is_none_or(Value::is_null) {
        return Err(Fault::policy("(rule:create_floatingip and rule:create_floatingip:floating_ip_address)"));
    }
    call.quota("floatingip", 1)?;
    let network = external(call, &text_or_empty(&given, "floating_network_id"))?;
    let fixed = address(call, &network, text(&given, "subnet_id"))?;
    let made = FloatingIp {
        id: Uuid::new_v4().to_string(),
        project: call.caller.project.clone(),
        network,
        subnet: fixed.subnet.clone(),
        address: fixed.address,
        to: None,
        active: false,
        about: About::new(&text_or_empty(&given, "description"), call.state.now),
    };
    // The address is taken before it is known whether it can lead there, as Neutron does.
    let to = target(call, &given, &made).inspect_err(|_| call.state.free(&fixed.subnet, fixed.address))?;
    let id = made.id.clone();
    call.state.floating_ips.push(made);
    call.state.lead(&id, to);
    told(call, &id, 201)
}

/// The answer, before the router has heard of the change.
fn told(call: &mut Call<'_>, id: &str, status: u16) -> Reply {
    let answer = Answer::json(status, &json!({"floatingip": shown(call.state, found(call, id)?)}));
    call.state.notice(id);
    Ok(answer)
}

/// The id of an external network.
fn external(call: &Call<'_>, id: &str) -> Result<String, Fault> {
    let network = networks::found(call, id)?;
    if !network.external {
        return Err(Fault::request("floatingip", format!("Network {id} is not a valid external network")));
    }
    if !call.state.subnets.iter().any(|subnet| subnet.network == id) {
        return Err(Fault::request("floatingip", format!("Network {id} does not contain any IPv4 subnet")));
    }
    Ok(network.id.clone())
}

/// A free address of the network.
fn address(call: &mut Call<'_>, network: &str, subnet: Option<&str>) -> Result<Fixed, Fault> {
    let Some(id) = subnet else {
        return call.state.take_address(network).ok_or_else(|| no_address(network));
    };
    let subnet = call.state.subnets.iter_mut().find(|one| one.id == id).ok_or_else(|| no_subnet(id))?;
    if subnet.network != network {
        let told =
            format!("Failed to create port on network {network}, because fixed_ips included invalid subnet {id}");
        return Err(Fault::input(told));
    }
    subnet.take().map(|address| Fixed::new(id, address)).ok_or_else(|| no_address(network))
}

/// Where an address shall lead; nowhere unless the request says it.
fn target(call: &Call<'_>, given: &Map<String, Value>, one: &FloatingIp) -> Result<Option<Target>, Fault> {
    let wish = text(given, "fixed_ip_address");
    let Some(id) = text(given, "port_id") else {
        return match wish {
            None => Ok(None),
            Some(_) => Err(Fault::request("floatingip", "fixed_ip_address cannot be specified without a port_id")),
        };
    };
    let port = call.state.port(id).filter(|port| port.project == call.caller.project).ok_or_else(|| no_port(id))?;
    let fixed = fixed(port, wish)?;
    let router = call.state.way_in(&fixed.subnet, &one.network).ok_or_else(|| {
        let told = format!("External network {} is not reachable from subnet {}.", one.network, fixed.subnet);
        let told = format!("{told}  Therefore, cannot associate Port {id} with a Floating IP.");
        Fault::new(404, "ExternalGatewayForFloatingIPNotFound", told)
    })?;
    let target = Target { port: id.to_owned(), address: fixed.address, router };
    let stays = one.to.as_ref().is_some_and(|to| to.port == target.port);
    if !stays && fixed.floating.is_some() {
        return Err(taken(&target, one));
    }
    Ok(Some(target))
}

fn taken(to: &Target, one: &FloatingIp) -> Fault {
    let told = format!("Cannot associate floating IP {} ({}) with port {}", one.address, one.id, to.port);
    let told = format!("{told} using fixed IP {}, as that fixed IP already has", to.address);
    let told = format!("{told} a floating IP on external network {}.", one.network);
    Fault::new(409, "FloatingIPPortAlreadyAssociated", told)
}

/// The address of a port that is meant: its only one, unless the request names one.
fn fixed<'a>(port: &'a Port, wish: Option<&str>) -> Result<&'a Fixed, Fault> {
    let refuse = |told: String| Err(Fault::request("floatingip", told));
    let Some(wish) = wish else {
        return match &port.fixed[..] {
            [] => refuse(format!("Cannot add floating IP to port {} that has no fixed IPv4 addresses", port.id)),
            [only] => Ok(only),
            _ => refuse(format!(
                "Port {} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a \
                 floating IP",
                port.id
            )),
        };
    };
    let Ok(address) = wish.parse::<Ipv4Addr>() else {
        let told = format!("Cannot process floating IP association with {wish}, since that is not an IPv4 address");
        return refuse(told);
    };
    let found = port.fixed.iter().find(|fixed| fixed.address == address);
    found.map_or_else(|| refuse(format!("Port {} does not have fixed ip {wish}", port.id)), Ok)
}

fn update(call: &mut Call<'_>, id: &str) -> Reply {
    let mut given = call.changed(&FLOATING_IPS)?;
    let one = found(call, id)?.clone();
    call.unchanged(one.about.revision)?;
    // What says nothing about the port keeps it; an empty change lets go of it, as Neutron does.
    let keeps = !given.is_empty() && !given.contains_key("port_id") && !given.contains_key("fixed_ip_address");
    if let Some(to) = one.to.as_ref().filter(|_| keeps) {
        given.insert("port_id".to_owned(), json!(to.port));
        given.insert("fixed_ip_address".to_owned(), json!(to.address));
    }
    let to = target(call, &given, &one)?;
    call.state.lead(id, to);
    let now = call.state.now;
    if let Some(one) = call.state.floating_ips.iter_mut().find(|one| one.id == id) {
        one.about.touch(now);
        if let Some(description) = text(&given, "description") {
            description.clone_into(&mut one.about.description);
        }
    }
    told(call, id, 200)
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    let one = found(call, id)?.clone();
    call.unchanged(one.about.revision)?;
    call.state.lead(id, None);
    call.state.free(&one.subnet, one.address);
    call.state.floating_ips.retain(|one| one.id != id);
    Ok(Answer::empty(204))
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-floating-ip-details>
fn shown(state: &State, one: &FloatingIp) -> Map<String, Value> {
    let to = one.to.as_ref();
    let port = to.and_then(|to| state.port(&to.port));
    about(
        &one.about,
        json!({
            "id": one.id, "tenant_id": one.project, "project_id": one.project, "floating_ip_address": one.address,
            "floating_network_id": one.network, "router_id": to.map(|to| &to.router), "port_id": to.map(|to| &to.port),
            "fixed_ip_address": to.map(|to| to.address), "status": if one.active { "ACTIVE" } else { "DOWN" },
            "port_details": port.map(|port| json!({
                "name": port.name, "network_id": port.network, "mac_address": port.mac, "admin_state_up": port.up,
                "status": super::ports::status(state, port), "device_id": port.device, "device_owner": port.owner,
            })),
        }),
    )
}
