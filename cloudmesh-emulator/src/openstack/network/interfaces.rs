//! The interfaces of routers.

use serde_json::{Map, Value, json};

use super::checks::is_uuid;
use super::faults::{no_port, no_subnet};
use super::{Call, Fault, Reply, ports, routers};
use crate::exchange::Answer;
use crate::world::port::{Fixed, Port, ROUTER};

/// What is to be connected, or no longer.
enum Place {
    Subnet(String),
    Port(String),
}

/// Connects a router to a subnet or to a port.
pub(super) fn add(call: &mut Call<'_>, id: &str) -> Reply {
    routers::found(call, id)?;
    let given = sent(call)?;
    if given.contains_key("subnet_id") && given.contains_key("port_id") {
        return Err(Fault::request("router", "Cannot specify both subnet-id and port-id"));
    }
    let port = match place(&given)? {
        Place::Subnet(subnet) => on_subnet(call, id, &subnet)?,
        Place::Port(port) => on_port(call, id, &port)?,
    };
    touch(call, id);
    Ok(told(call, id, &port))
}

fn sent(call: &Call<'_>) -> Result<Map<String, Value>, Fault> {
    let told = "Malformed request body: Cannot understand JSON.";
    if call.ask.body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(&call.ask.body).map_err(|_| Fault::new(400, "MalformedRequestBody", told))
}

fn place(given: &Map<String, Value>) -> Result<Place, Fault> {
    let read = |key: &str| match given.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) if is_uuid(id) => Ok(Some(id.clone())),
        Some(other) => {
            let told = format!("'{}' is not a valid UUID", super::python::text(other));
            Err(Fault::request("router", told))
        }
    };
    match (read("port_id")?, read("subnet_id")?) {
        (Some(port), _) => Ok(Place::Port(port)),
        (None, Some(subnet)) => Ok(Place::Subnet(subnet)),
        (None, None) => Err(Fault::request("router", "Either subnet_id or port_id must be specified")),
    }
}

fn touch(call: &mut Call<'_>, id: &str) {
    let now = call.state.now;
    call.state.routers.iter_mut().filter(|router| router.id == id).for_each(|router| router.about.touch(now));
}

/// A new port of a subnet, at its gateway's address.
fn on_subnet(call: &mut Call<'_>, router: &str, id: &str) -> Result<Port, Fault> {
    let has = |port: &Port| port.fixed.iter().any(|fixed| fixed.subnet == id);
    let connected = call.state.interfaces(router).any(has);
    let project = call.caller.project.clone();
    let mut own = call.state.subnets.iter_mut().filter(|subnet| subnet.project == project);
    let subnet = own.find(|subnet| subnet.id == id).ok_or_else(|| no_subnet(id))?;
    let Some(gateway) = subnet.gateway else {
        return Err(Fault::request("router", "Subnet for router interface must have a gateway IP"));
    };
    if connected {
        return Err(Fault::request("router", format!("Router already has a port on subnet {id}")));
    }
    if !subnet.claim(gateway) {
        let told = format!("IP address {gateway} already allocated in subnet {id}");
        return Err(Fault::new(409, "IpAddressAlreadyAllocated", told));
    }
    let (network, fixed) = (subnet.network.clone(), vec![Fixed::new(id, gateway)]);
    let mut port = call.state.new_port(&project, &network, fixed);
    (port.device, port.owner, port.guarded) = (router.to_owned(), ROUTER.to_owned(), false);
    port.about.revision = 2;
    call.state.ports.push(port.clone());
    Ok(port)
}

fn on_port(call: &mut Call<'_>, router: &str, id: &str) -> Result<Port, Fault> {
    let port = ports::found(call, id)?;
    if !port.device.is_empty() {
        let told = format!("Unable to complete operation on port {id} for network {}.", port.network);
        let told = format!("{told} Port already has an attached device {}.", port.device);
        return Err(Fault::new(409, "PortInUse", told));
    }
    let now = call.state.now;
    let port = call.state.port_mut(id).ok_or_else(|| no_port(id))?;
    (port.device, port.owner) = (router.to_owned(), ROUTER.to_owned());
    // The device and its kind are two changes.
    port.about.touch(now);
    port.about.touch(now);
    Ok(port.clone())
}

/// Disconnects a router from a subnet or a port.
pub(super) fn remove(call: &mut Call<'_>, id: &str) -> Reply {
    routers::found(call, id)?;
    let port = match place(&sent(call)?)? {
        Place::Port(port) => {
            let found = call.state.interfaces(id).find(|one| one.id == port);
            let told = format!("Router {id} does not have an interface with id {port}");
            found.ok_or_else(|| Fault::new(404, "RouterInterfaceNotFound", told))?
        }
        Place::Subnet(subnet) => {
            let has = |port: &&Port| port.fixed.iter().any(|fixed| fixed.subnet == subnet);
            let told = format!("Router {id} has no interface on subnet {subnet}");
            let found = call.state.interfaces(id).find(has);
            found.ok_or_else(|| Fault::new(404, "RouterInterfaceNotFoundForSubnet", told))?
        }
    };
    let port = port.clone();
    unused(call, id, &port)?;
    call.state.remove_port(&port.id);
    touch(call, id);
    Ok(told(call, id, &port))
}

/// Refuses to take an interface away that addresses need.
fn unused(call: &Call<'_>, router: &str, port: &Port) -> Result<(), Fault> {
    let targets = call.state.floating_ips.iter().filter_map(|one| one.to.as_ref());
    for to in targets.filter(|to| to.router == router) {
        let target = call.state.port(&to.port).into_iter().flat_map(|port| &port.fixed);
        let subnets = target.filter(|fixed| fixed.address == to.address).map(|fixed| &fixed.subnet);
        if let Some(subnet) = subnets.into_iter().find(|subnet| port.fixed.iter().any(|one| one.subnet == **subnet)) {
            let told = format!("Router interface for subnet {subnet} on router {router} cannot be deleted,");
            let told = format!("{told} as it is required by one or more floating IPs.");
            return Err(Fault::new(409, "RouterInterfaceInUseByFloatingIP", told));
        }
    }
    Ok(())
}

fn told(call: &Call<'_>, router: &str, port: &Port) -> Answer {
    let subnets: Vec<&str> = port.fixed.iter().map(|fixed| fixed.subnet.as_str()).collect();
    let body = json!({
        "id": router, "tenant_id": call.caller.project, "port_id": port.id, "network_id": port.network,
        "subnet_id": subnets.first(), "subnet_ids": subnets,
    });
    Answer::json(200, &body)
}
