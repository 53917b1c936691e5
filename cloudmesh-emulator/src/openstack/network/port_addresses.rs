//! The addresses that a port gets.

use std::net::Ipv4Addr;

use serde_json::{Map, Value};

use super::faults::{no_address, no_subnet};
use super::{Call, Fault};
use crate::world::network::Subnet;
use crate::world::port::{Fixed, Port};

/// The addresses that a request wishes for.
#[derive(Debug)]
pub(super) enum Wish {
    /// One, whichever.
    Any,
    /// These, each of a subnet or a certain one or both.
    These(Vec<(Option<String>, Option<String>)>),
}

impl Wish {
    pub(super) fn read(given: &Map<String, Value>) -> Result<Self, Fault> {
        let Some(entries) = given.get("fixed_ips").and_then(Value::as_array) else { return Ok(Self::Any) };
        let text = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let each = entries.iter().map(|entry| match (text(entry, "subnet_id"), text(entry, "ip_address")) {
            (None, None) => Err(Fault::input("IP allocation requires subnet_id or ip_address")),
            wish => Ok(wish),
        });
        each.collect::<Result<_, _>>().map(Self::These)
    }
}

/// Takes the addresses of a network that are wished for, all or none.
pub(super) fn take(call: &mut Call<'_>, network: &str, wish: &Wish) -> Result<Vec<Fixed>, Fault> {
    let Wish::These(wishes) = wish else {
        if !call.state.subnets.iter().any(|subnet| subnet.network == network) {
            return Ok(Vec::new());
        }
        return Ok(vec![call.state.take_address(network).ok_or_else(|| no_address(network))?]);
    };
    let mut taken: Vec<Fixed> = Vec::new();
    for (subnet, address) in wishes {
        match take_one(call, network, subnet.as_deref(), address.as_deref()) {
            Ok(fixed) => taken.push(fixed),
            Err(fault) => {
                for fixed in taken {
                    call.state.free(&fixed.subnet, fixed.address);
                }
                return Err(fault);
            }
        }
    }
    Ok(taken)
}

fn take_one(call: &mut Call<'_>, network: &str, id: Option<&str>, address: Option<&str>) -> Result<Fixed, Fault> {
    let project = call.caller.project.clone();
    let mut own = call.state.subnets.iter_mut().filter(|subnet| subnet.project == project);
    let wanted = address.map(|address| address.parse::<Ipv4Addr>().map_err(|_| outside(address))).transpose()?;
    let holds = |subnet: &Subnet| wanted.is_none_or(|address| subnet.range.holds(address));
    let subnet = match (id, address) {
        (Some(id), _) => {
            let subnet = own.find(|subnet| subnet.id == id).ok_or_else(|| no_subnet(id))?;
            belongs(subnet, network)?;
            if !holds(subnet) {
                let told =
                    format!("IP address {} is not a valid IP for the specified subnet.", address.unwrap_or_default());
                return Err(Fault::new(400, "InvalidIpForSubnet", told));
            }
            subnet
        }
        (None, address) => {
            let found = own.find(|subnet| subnet.network == network && holds(subnet));
            found.ok_or_else(|| outside(address.unwrap_or_default()))?
        }
    };
    let got = match wanted {
        None => subnet.take().ok_or_else(|| no_address(network))?,
        Some(address) if subnet.claim(address) => address,
        Some(address) => {
            let told = format!("IP address {address} already allocated in subnet {}", subnet.id);
            return Err(Fault::new(409, "IpAddressAlreadyAllocated", told));
        }
    };
    Ok(Fixed::new(&subnet.id, got))
}

fn outside(address: &str) -> Fault {
    let told = format!("IP address {address} is not a valid IP for any of the subnets on the specified network.");
    Fault::new(400, "InvalidIpForNetwork", told)
}

fn belongs(subnet: &Subnet, network: &str) -> Result<(), Fault> {
    if subnet.network == network {
        return Ok(());
    }
    let told = format!("Failed to create port on network {network}, because fixed_ips included invalid subnet");
    Err(Fault::input(format!("{told} {}", subnet.id)))
}

/// Lets a port have the addresses that are wished for instead of its own; it keeps those that are in both.
pub(super) fn replace(call: &mut Call<'_>, port: &Port, wish: &Wish) -> Result<(), Fault> {
    let Wish::These(wishes) = wish else { return Ok(()) };
    let mut left = wishes.clone();
    let mut kept: Vec<Fixed> = Vec::new();
    for fixed in &port.fixed {
        let same = |(subnet, address): &(Option<String>, Option<String>)| {
            address.as_ref().is_none_or(|one| *one == fixed.address.to_string())
                && subnet.as_ref().is_none_or(|one| *one == fixed.subnet)
        };
        if let Some(place) = left.iter().position(same) {
            left.remove(place);
            kept.push(fixed.clone());
        }
    }
    let new = take(call, &port.network, &Wish::These(left))?;
    let gone = |fixed: &&Fixed| !kept.iter().any(|one| one.address == fixed.address);
    for fixed in port.fixed.iter().filter(gone) {
        call.state.detach(&port.id, fixed.address);
        call.state.free(&fixed.subnet, fixed.address);
    }
    kept.extend(new);
    if let Some(port) = call.state.port_mut(&port.id) {
        port.fixed = kept;
    }
    Ok(())
}
