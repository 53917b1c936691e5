//! Network interfaces.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::land::interface::{Attachment, Interface, Plug, Public};
use super::land::{Land, ids, time};
use super::listing::{chosen, flag, maybe, one, page};
use super::tagging;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "CreateNetworkInterface", run: create },
    Action { name: "DeleteNetworkInterface", run: delete },
    Action { name: "DescribeNetworkInterfaces", run: describe },
];

const FILTERS: &[&str] = &[
    "addresses.association.owner-id",
    "addresses.association.public-ip",
    "addresses.primary",
    "addresses.private-ip-address",
    "association.allocation-id",
    "association.association-id",
    "association.ip-owner-id",
    "association.public-dns-name",
    "association.public-ip",
    "attachment.attach-time",
    "attachment.attachment-id",
    "attachment.delete-on-termination",
    "attachment.device-index",
    "attachment.instance-id",
    "attachment.instance-owner-id",
    "attachment.status",
    "availability-zone",
    "availability-zone-id",
    "description",
    "group-id",
    "group-name",
    "interface-type",
    "mac-address",
    "network-interface-id",
    "owner-id",
    "private-dns-name",
    "private-ip-address",
    "requester-id",
    "requester-managed",
    "source-dest-check",
    "status",
    "subnet-id",
    "tag-key",
    "vpc-id",
];

fn create(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let subnet = params.required("SubnetId")?;
    let address = params.text("PrivateIpAddress");
    let told = |text: &str| Fault::value("privateIpAddress", text, "Expecting an IPv4 address.");
    let private = address.map(|text| text.parse::<Ipv4Addr>().map_err(|_| told(text))).transpose()?;
    let _ = params.text("ClientToken");
    let plug = Plug {
        subnet: Some(subnet.to_owned()),
        groups: params.list("SecurityGroupId").into_iter().map(str::to_owned).collect(),
        public: Some(false),
        private,
        description: params.text("Description").unwrap_or_default().to_owned(),
        tags: tagging::specified_for(&params, ids::INTERFACE)?,
        ..Plug::default()
    };
    let land = call.change()?;
    let id = land.add_interface(&plug)?;
    let mut xml = Xml::new();
    if let Some(interface) = land.interfaces.get(&id) {
        xml.group("networkInterface", |xml| write(xml, land, interface));
    }
    Ok(xml)
}

fn delete(call: &mut Call<'_>) -> Reply {
    let id = call.params().required("NetworkInterfaceId")?;
    call.change()?.remove_interface(id)?;
    Ok(Xml::done())
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("NetworkInterfaceId");
    let filters = Filters::read(&params, FILTERS)?;
    let asked = call.page(5..=1000)?;
    let land = call.look()?;
    let mut found = chosen(&land.interfaces, ids::INTERFACE, &wanted)?;
    found.retain(|(_, interface)| filters.pass(|filter| values(land, interface, filter)));
    let (found, token) = page(&asked, found);
    let mut xml = Xml::new();
    xml.set("networkInterfaceSet", found, |xml, interface| write(xml, land, interface));
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn write(xml: &mut Xml, land: &Land, one: &Interface) {
    if let Some(public) = &one.public {
        xml.group("association", |xml| write_association(xml, land, public));
    }
    if let Some(attachment) = &one.attachment {
        xml.group("attachment", |xml| write_attachment(xml, land, attachment));
    }
    xml.text("availabilityZone", &one.zone);
    xml.text("availabilityZoneId", land.zone_id(&one.zone));
    xml.text("description", &one.description);
    write_groups(xml, land, one);
    xml.text("interfaceType", "interface");
    xml.group("ipv6AddressesSet", |_| ());
    xml.text("macAddress", &one.mac);
    xml.text("networkInterfaceId", &one.id);
    xml.text("ownerId", &land.account);
    xml.text("privateDnsName", land.private_name(one.private));
    xml.text("privateIpAddress", one.private);
    write_privates(xml, land, one);
    xml.text("requesterManaged", false);
    xml.text("sourceDestCheck", true);
    xml.text("status", status(one));
    xml.text("subnetId", &one.subnet);
    xml.text("vpcId", &one.vpc);
    tagging::write(xml, land.tags.of(&one.id));
}

/// Writes the groups that an interface is in.
pub(super) fn write_groups(xml: &mut Xml, land: &Land, one: &Interface) {
    xml.set("groupSet", &one.groups, |xml, id| {
        xml.text("groupId", id);
        xml.maybe("groupName", land.groups.get(id).map(|group| group.name.as_str()));
    });
}

/// Writes the private addresses of an interface.
pub(super) fn write_privates(xml: &mut Xml, land: &Land, one: &Interface) {
    xml.set("privateIpAddressesSet", [one], |xml, one| {
        xml.text("privateIpAddress", one.private);
        xml.text("privateDnsName", land.private_name(one.private));
        xml.text("primary", true);
        if let Some(public) = &one.public {
            xml.group("association", |xml| write_association(xml, land, public));
        }
    });
}

/// Writes the public address that leads to an interface.
fn write_association(xml: &mut Xml, land: &Land, public: &Public) {
    xml.text("publicIp", public.address);
    xml.text("publicDnsName", land.public_name(public.address));
    xml.text("ipOwnerId", owner(land, public));
    if let Some((allocation, association)) = &public.elastic {
        xml.text("allocationId", allocation);
        xml.text("associationId", association);
    }
}

/// Whose a public address is.
pub(super) fn owner<'a>(land: &'a Land, public: &Public) -> &'a str {
    if public.elastic.is_some() { &land.account } else { "amazon" }
}

fn write_attachment(xml: &mut Xml, land: &Land, attachment: &Attachment) {
    xml.text("attachmentId", &attachment.id);
    xml.text("instanceId", &attachment.instance);
    xml.text("instanceOwnerId", &land.account);
    xml.text("deviceIndex", attachment.index);
    xml.text("networkCardIndex", 0);
    xml.text("status", "attached");
    xml.text("attachTime", time(attachment.since));
    xml.text("deleteOnTermination", attachment.goes_with);
}

fn status(one: &Interface) -> &'static str {
    if one.attachment.is_some() { "in-use" } else { "available" }
}

fn values<'a>(land: &'a Land, interface: &'a Interface, filter: &str) -> Vec<Cow<'a, str>> {
    if let Some(what) = filter.strip_prefix("attachment.") {
        return interface
            .attachment
            .as_ref()
            .map(|attachment| of_attachment(land, attachment, what))
            .unwrap_or_default();
    }
    let public = interface.public.as_ref();
    let elastic = public.and_then(|public| public.elastic.as_ref());
    match filter {
        "addresses.association.owner-id" | "association.ip-owner-id" => maybe(public.map(|public| owner(land, public))),
        "addresses.association.public-ip" | "association.public-ip" => {
            maybe(public.map(|public| public.address.to_string()))
        }
        "association.public-dns-name" => maybe(public.map(|public| land.public_name(public.address))),
        "association.allocation-id" => maybe(elastic.map(|(allocation, _)| allocation)),
        "association.association-id" => maybe(elastic.map(|(_, association)| association)),
        "addresses.primary" | "source-dest-check" => flag(true),
        "addresses.private-ip-address" | "private-ip-address" => one(interface.private.to_string()),
        "availability-zone" => one(&interface.zone),
        "availability-zone-id" => one(land.zone_id(&interface.zone)),
        "description" => one(&interface.description),
        "group-id" => interface.groups.iter().map(Into::into).collect(),
        "group-name" => {
            interface.groups.iter().filter_map(|id| Some(land.groups.get(id)?.name.as_str().into())).collect()
        }
        "interface-type" => one("interface"),
        "mac-address" => one(&interface.mac),
        "network-interface-id" => one(&interface.id),
        "owner-id" => one(&land.account),
        "private-dns-name" => one(land.private_name(interface.private)),
        "requester-managed" => flag(false),
        "status" => one(status(interface)),
        "subnet-id" => one(&interface.subnet),
        "vpc-id" => one(&interface.vpc),
        _ => tagging::values(land.tags.of(&interface.id), filter),
    }
}

fn of_attachment<'a>(land: &'a Land, attachment: &'a Attachment, what: &str) -> Vec<Cow<'a, str>> {
    match what {
        "attach-time" => one(time(attachment.since)),
        "attachment-id" => one(&attachment.id),
        "delete-on-termination" => flag(attachment.goes_with),
        "device-index" => one(attachment.index.to_string()),
        "instance-id" => one(&attachment.instance),
        "instance-owner-id" => one(&land.account),
        "status" => one("attached"),
        _ => Vec::new(),
    }
}
