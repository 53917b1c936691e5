//! Addresses that the account keeps.

use std::borrow::Cow;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::land::address::Address;
use super::land::interface::Interface;
use super::land::{Land, ids};
use super::listing::{chosen, maybe, one};
use super::tagging;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "AllocateAddress", run: allocate },
    Action { name: "AssociateAddress", run: associate },
    Action { name: "DescribeAddresses", run: describe },
    Action { name: "DisassociateAddress", run: disassociate },
    Action { name: "ReleaseAddress", run: release },
];

const FILTERS: &[&str] = &[
    "allocation-id",
    "association-id",
    "domain",
    "instance-id",
    "network-border-group",
    "network-interface-id",
    "network-interface-owner-id",
    "private-ip-address",
    "public-ip",
    "tag-key",
];

fn allocate(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    if params.choice("Domain", &["vpc", "standard"])? == Some("standard") {
        let told = "EC2-Classic addresses are not available to this account";
        return Err(Fault::new("InvalidParameterValue", told));
    }
    let border = params.text("NetworkBorderGroup");
    let tags = tagging::specified_for(&params, ids::ALLOCATION)?;
    let quota = call.twist().quota;
    let land = call.change()?;
    if let Some(border) = border.filter(|border| *border != land.region) {
        return Err(Fault::new("InvalidParameterValue", format!("Invalid network border group: '{border}'")));
    }
    if quota {
        return Err(Fault::new("AddressLimitExceeded", "The maximum number of addresses has been reached."));
    }
    let address = land.allocate()?.clone();
    land.tags.set(&address.id, &tags);
    let mut xml = Xml::new();
    xml.text("publicIp", address.ip);
    xml.text("domain", "vpc");
    xml.text("allocationId", &address.id);
    xml.text("publicIpv4Pool", "amazon");
    xml.text("networkBorderGroup", &land.region);
    Ok(xml)
}

/// The id of the allocation that a request names by it or by the address.
fn named(land: &Land, id: Option<&str>, address: Option<&str>) -> Result<String, Fault> {
    match (id, address) {
        (Some(_), Some(_)) => {
            Err(Fault::combination("You may specify public IP or allocation id, but not both in the same call"))
        }
        (Some(id), None) => land.addresses.get(id).map(|one| one.id.clone()).ok_or_else(|| ids::ALLOCATION.missing(id)),
        (None, Some(address)) => land.allocation_of(address),
        (None, None) => Err(Fault::new("MissingParameter", "Either public IP or allocation id must be specified")),
    }
}

fn associate(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (id, address) = (params.text("AllocationId"), params.text("PublicIp"));
    let (instance, interface) = (params.text("InstanceId"), params.text("NetworkInterfaceId"));
    let private = params.text("PrivateIpAddress");
    let again = params.flag("AllowReassociation")?;
    let land = call.change()?;
    let id = named(land, id, address)?;
    let interface = target(land, instance, interface)?;
    let own = land.interfaces.get(&interface).map(|one| one.private.to_string());
    if private.is_some_and(|private| own.as_deref() != Some(private)) {
        let told = "The private IP address is not assigned to the network interface";
        return Err(Fault::new("InvalidParameterValue", told));
    }
    let association = land.associate(&id, &interface, again.unwrap_or(true))?;
    let mut xml = Xml::new();
    xml.text("associationId", association);
    Ok(xml)
}

/// The interface that an address shall lead to.
fn target(land: &Land, instance: Option<&str>, interface: Option<&str>) -> Result<String, Fault> {
    match (instance, interface) {
        (Some(_), Some(_)) => {
            Err(Fault::combination("You may specify an instance or a network interface, but not both"))
        }
        (None, None) => {
            Err(Fault::new("MissingParameter", "Either instance ID or network interface id must be specified"))
        }
        (None, Some(id)) => land.interfaces.get(id).map(|one| one.id.clone()).ok_or_else(|| ids::INTERFACE.missing(id)),
        (Some(id), None) if !land.has_instance(id) => Err(ids::INSTANCE.missing(id)),
        (Some(id), None) => {
            let own = land.interfaces_of(id);
            if own.len() > 1 {
                let told = format!(
                    "There are multiple interfaces attached to instance '{id}'. Please specify an interface ID for the operation instead."
                );
                return Err(Fault::new("InvalidInstanceID", told));
            }
            let told = || {
                Fault::new(
                    "InvalidInstanceID",
                    format!("The instance '{id}' is not in a valid state for this operation."),
                )
            };
            own.first().map(|one| one.id.clone()).ok_or_else(told)
        }
    }
}

fn disassociate(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (association, address) = (params.text("AssociationId"), params.text("PublicIp"));
    let land = call.change()?;
    let id = match (association, address) {
        (Some(association), _) => land.associated(association)?,
        (None, Some(address)) => land.allocation_of(address)?,
        (None, None) => return Err(Fault::missing("AssociationId")),
    };
    land.dissociate(&id);
    Ok(Xml::done())
}

fn release(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (id, address) = (params.text("AllocationId"), params.text("PublicIp"));
    let _ = params.text("NetworkBorderGroup");
    let land = call.change()?;
    let id = named(land, id, address)?;
    land.release(&id)?;
    Ok(Xml::done())
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (wanted, addresses) = (params.list("AllocationId"), params.list("PublicIp"));
    let filters = Filters::read(&params, FILTERS)?;
    let land = call.look()?;
    for address in &addresses {
        land.allocation_of(address)?;
    }
    let mut found = chosen(&land.addresses, ids::ALLOCATION, &wanted)?;
    found.retain(|(_, address)| {
        let shown = address.ip.to_string();
        let is_named = addresses.is_empty() || addresses.contains(&shown.as_str());
        is_named && filters.pass(|filter| values(land, address, filter))
    });
    let mut xml = Xml::new();
    xml.set("addressesSet", found, |xml, (_, address)| write(xml, land, address));
    Ok(xml)
}

fn interface<'a>(land: &'a Land, address: &Address) -> Option<&'a Interface> {
    land.interfaces.get(address.interface.as_deref()?)
}

fn instance(interface: &Interface) -> Option<&str> {
    Some(interface.attachment.as_ref()?.instance.as_str())
}

fn write(xml: &mut Xml, land: &Land, address: &Address) {
    xml.text("publicIp", address.ip);
    xml.text("allocationId", &address.id);
    xml.text("domain", "vpc");
    if let Some(one) = interface(land, address) {
        xml.maybe("instanceId", instance(one));
        xml.maybe("associationId", address.association.as_deref());
        xml.text("networkInterfaceId", &one.id);
        xml.text("networkInterfaceOwnerId", &land.account);
        xml.text("privateIpAddress", one.private);
    }
    xml.text("publicIpv4Pool", "amazon");
    xml.text("networkBorderGroup", &land.region);
    tagging::write(xml, land.tags.of(&address.id));
}

fn values<'a>(land: &'a Land, address: &'a Address, filter: &str) -> Vec<Cow<'a, str>> {
    let interface = interface(land, address);
    match filter {
        "allocation-id" => one(&address.id),
        "association-id" => maybe(address.association.as_deref()),
        "domain" => one("vpc"),
        "instance-id" => maybe(interface.and_then(instance)),
        "network-border-group" => one(&land.region),
        "network-interface-id" => maybe(interface.map(|one| &one.id)),
        "network-interface-owner-id" => maybe(interface.map(|_| &land.account)),
        "private-ip-address" => maybe(interface.map(|one| one.private.to_string())),
        "public-ip" => one(address.ip.to_string()),
        _ => tagging::values(land.tags.of(&address.id), filter),
    }
}
