//! Subnets: the addresses of networks.

use std::net::Ipv4Addr;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::body::{Sent, flag, text, text_or_empty};
use super::core_tables::SUBNETS;
use super::faults::no_subnet;
use super::python::repr;
use super::query::{list, one};
use super::shown::about;
use super::{Call, Fault, Reply, networks};
use crate::exchange::Answer;
use crate::world::network::{Range, Subnet};

/// Answers below `/subnets`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => list(call, &SUBNETS, mine(call).map(shown).collect()),
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|subnet| one(call, &SUBNETS, shown(subnet))),
        ("PUT", [id]) => update(call, id),
        ("DELETE", [id]) => delete(call, id),
        _ => return None,
    })
}

fn mine<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Subnet> {
    call.state.subnets.iter().filter(|one| one.project == call.caller.project)
}

fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Subnet, Fault> {
    mine(call).find(|one| one.id == id).ok_or_else(|| no_subnet(id))
}

fn create(call: &mut Call<'_>) -> Reply {
    let (several, bulk) = match call.made(&SUBNETS)? {
        Sent::One(given) => (vec![given], false),
        Sent::Many(several) => (several, true),
    };
    for given in &several {
        let network = networks::found(call, text(given, "network_id").unwrap_or_default())?;
        if network.project != call.caller.project {
            let told = format!("Tenant {} not allowed to create subnet on this network", call.caller.project);
            return Err(Fault::new(403, "HTTPForbidden", told));
        }
    }
    call.quota("subnet", several.len())?;
    let before = call.state.subnets.len();
    for given in &several {
        match build(call, given) {
            Ok(subnet) => call.state.subnets.push(subnet),
            Err(fault) => {
                // All or none.
                call.state.subnets.truncate(before);
                return Err(fault);
            }
        }
    }
    let made: Vec<_> = call.state.subnets.iter().skip(before).map(shown).collect();
    let body = if bulk { json!({"subnets": made}) } else { json!({"subnet": made.first()}) };
    Ok(Answer::json(201, &body))
}

/// A subnet as it is wished for, which is not there yet.
fn build(call: &Call<'_>, given: &Map<String, Value>) -> Result<Subnet, Fault> {
    let network = networks::found(call, text(given, "network_id").unwrap_or_default())?;
    let range = range(given)?;
    let others = call.state.subnets.iter().filter(|one| one.network == network.id);
    if others.into_iter().any(|one| one.range.overlaps(range)) {
        let told =
            format!("Requested subnet with cidr: {range} for network: {} overlaps with another subnet", network.id);
        return Err(Fault::input(told));
    }
    let id = Uuid::new_v4().to_string();
    let mut made = Subnet::new(id, &text_or_empty(given, "name"), network, range, call.state.now);
    if let Some((first, last)) = pool(given, range)? {
        made.set_pool(first, last);
    }
    describe(&mut made, given)?;
    Ok(made)
}

fn range(given: &Map<String, Value>) -> Result<Range, Fault> {
    let Some(cidr) = text(given, "cidr") else {
        return Err(Fault::request("subnets", "a subnetpool must be specified in the absence of a cidr"));
    };
    let six = given.get("ip_version").is_some_and(|version| *version == 6);
    if six != cidr.contains(':') {
        let version = if six { "6" } else { "4" };
        return Err(Fault::input(format!("cidr '{cidr}' does not match the ip_version '{version}'")));
    }
    let told = if six {
        "IPv6 subnets are not emulated"
    } else {
        "Subnet has a prefix length that is incompatible with DHCP service enabled"
    };
    Range::parse(cidr).ok_or_else(|| Fault::input(told))
}

/// The block of addresses that can be had; there can be one.
fn pool(given: &Map<String, Value>, range: Range) -> Result<Option<(Ipv4Addr, Ipv4Addr)>, Fault> {
    let Some(pool) = given.get("allocation_pools").and_then(Value::as_array).and_then(|pools| pools.first()) else {
        return Ok(None);
    };
    let end = |key: &str| pool[key].as_str().and_then(|text| text.parse::<Ipv4Addr>().ok());
    match (end("start"), end("end")) {
        (Some(first), Some(last)) if first <= last => {
            if range.holds(first) && range.holds(last) {
                return Ok(Some((first, last)));
            }
            let told = format!("The allocation pool {first}-{last} spans beyond the subnet cidr {range}.");
            Err(Fault::new(400, "OutOfBoundsAllocationPool", told))
        }
        _ => {
            let told = format!("The allocation pool {} is not valid.", repr(pool));
            Err(Fault::new(400, "InvalidAllocationPool", told))
        }
    }
}

fn describe(subnet: &mut Subnet, given: &Map<String, Value>) -> Result<(), Fault> {
    for (name, place) in [("name", &mut subnet.name), ("description", &mut subnet.about.description)] {
        if let Some(text) = text(given, name) {
            text.clone_into(place);
        }
    }
    subnet.dhcp = flag(given, "enable_dhcp").unwrap_or(subnet.dhcp);
    if let Some(servers) = given.get("dns_nameservers").and_then(Value::as_array) {
        subnet.name_servers = servers.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    if let Some(gateway) = given.get("gateway_ip") {
        subnet.gateway = gateway.as_str().and_then(|text| text.parse().ok());
    }
    let (first, last) = subnet.pool();
    match subnet.gateway.filter(|gateway| (first..=last).contains(gateway)) {
        None => Ok(()),
        Some(gateway) => {
            let told = format!("Gateway ip {gateway} conflicts with allocation pool {first}-{last}.");
            Err(Fault::new(409, "GatewayConflictWithAllocationPools", told))
        }
    }
}

fn update(call: &mut Call<'_>, id: &str) -> Reply {
    let given = call.changed(&SUBNETS)?;
    let mut changed = found(call, id)?.clone();
    call.unchanged(changed.about.revision)?;
    describe(&mut changed, &given)?;
    changed.about.touch(call.state.now);
    let answer = Answer::json(200, &json!({"subnet": shown(&changed)}));
    if let Some(subnet) = call.state.subnets.iter_mut().find(|subnet| subnet.id == id) {
        *subnet = changed;
    }
    Ok(answer)
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    let subnet = found(call, id)?;
    call.unchanged(subnet.about.revision)?;
    if call.state.all_ports().any(|port| port.fixed.iter().any(|fixed| fixed.subnet == id)) {
        let told = format!("Unable to complete operation on subnet {id}: One or more ports have an IP allocation");
        return Err(Fault::new(409, "SubnetInUse", format!("{told} from this subnet.")));
    }
    call.state.subnets.retain(|subnet| subnet.id != id);
    Ok(Answer::empty(204))
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-subnet-details>
fn shown(one: &Subnet) -> Map<String, Value> {
    let (first, last) = one.pool();
    about(
        &one.about,
        json!({
            "id": one.id, "name": one.name, "tenant_id": one.project, "project_id": one.project,
            "network_id": one.network, "ip_version": 4, "subnetpool_id": null, "enable_dhcp": one.dhcp,
            "ipv6_ra_mode": null, "ipv6_address_mode": null, "gateway_ip": one.gateway,
            "cidr": one.range.to_string(), "host_routes": [], "service_types": [],
            "allocation_pools": [{"start": first, "end": last}], "dns_nameservers": one.name_servers,
        }),
    )
}
