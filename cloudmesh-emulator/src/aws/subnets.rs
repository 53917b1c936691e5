//! Subnets.

use std::borrow::Cow;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::land::vpc::Subnet;
use super::land::{Land, ids};
use super::listing::{chosen, flag, one, page};
use super::tagging;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "CreateSubnet", run: create },
    Action { name: "DeleteSubnet", run: delete },
    Action { name: "DescribeSubnets", run: describe },
    Action { name: "ModifySubnetAttribute", run: modify },
];

const FILTERS: &[&str] = &[
    "availability-zone",
    "availabilityZone",
    "availability-zone-id",
    "availabilityZoneId",
    "available-ip-address-count",
    "cidr",
    "cidr-block",
    "cidrBlock",
    "default-for-az",
    "defaultForAz",
    "ipv6-native",
    "map-public-ip-on-launch",
    "owner-id",
    "state",
    "subnet-arn",
    "subnet-id",
    "tag-key",
    "vpc-id",
];

fn create(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (vpc, block) = (params.required("VpcId")?, params.required("CidrBlock")?);
    let (zone, zone_id) = (params.text("AvailabilityZone"), params.text("AvailabilityZoneId"));
    let tags = tagging::specified_for(&params, ids::SUBNET)?;
    let land = call.change()?;
    let named = zone_id.map(|id| zone_of(land, id)).transpose()?;
    let id = land.add_subnet(vpc, block, zone.or(named.as_deref()))?;
    land.tags.set(&id, &tags);
    let mut xml = Xml::new();
    if let Some(subnet) = land.subnets.get(&id) {
        xml.group("subnet", |xml| write(xml, land, subnet));
    }
    Ok(xml)
}

/// The name of the zone that has an id.
pub(super) fn zone_of(land: &Land, id: &str) -> Result<String, Fault> {
    let told = || Fault::new("InvalidParameterValue", format!("Invalid availability zone-id: [{id}]"));
    land.zones().into_iter().find(|zone| zone.id == id).map(|zone| zone.name).ok_or_else(told)
}

fn delete(call: &mut Call<'_>) -> Reply {
    let id = call.params().required("SubnetId")?;
    call.change()?.remove_subnet(id)?;
    Ok(Xml::done())
}

fn modify(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let id = params.required("SubnetId")?;
    let public = params.part("MapPublicIpOnLaunch").map(|part| part.flag("Value")).transpose()?.flatten();
    let land = call.change()?;
    let subnet = land.subnets.get_mut(id).ok_or_else(|| ids::SUBNET.missing(id))?;
    subnet.public = public.unwrap_or(subnet.public);
    Ok(Xml::done())
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("SubnetId");
    let filters = Filters::read(&params, FILTERS)?;
    let asked = call.page(5..=1000)?;
    let land = call.look()?;
    let mut found = chosen(&land.subnets, ids::SUBNET, &wanted)?;
    found.retain(|(_, subnet)| filters.pass(|filter| values(land, subnet, filter)));
    let (found, token) = page(&asked, found);
    let mut xml = Xml::new();
    xml.set("subnetSet", found, |xml, subnet| write(xml, land, subnet));
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn write(xml: &mut Xml, land: &Land, subnet: &Subnet) {
    xml.text("subnetId", &subnet.id);
    xml.text("subnetArn", land.arn(&format!("subnet/{}", subnet.id)));
    xml.text("state", "available");
    xml.text("ownerId", &land.account);
    xml.text("vpcId", &subnet.vpc);
    xml.text("cidrBlock", subnet.block);
    xml.group("ipv6CidrBlockAssociationSet", |_| ());
    xml.text("availableIpAddressCount", subnet.free());
    xml.text("availabilityZone", &subnet.zone);
    xml.text("availabilityZoneId", land.zone_id(&subnet.zone));
    xml.text("defaultForAz", subnet.default);
    xml.text("mapPublicIpOnLaunch", subnet.public);
    xml.text("mapCustomerOwnedIpOnLaunch", false);
    xml.text("assignIpv6AddressOnCreation", false);
    xml.text("enableDns64", false);
    xml.text("ipv6Native", false);
    xml.group("privateDnsNameOptionsOnLaunch", |xml| {
        xml.text("hostnameType", "ip-name");
        xml.text("enableResourceNameDnsARecord", false);
        xml.text("enableResourceNameDnsAAAARecord", false);
    });
    tagging::write(xml, land.tags.of(&subnet.id));
}

fn values<'a>(land: &'a Land, subnet: &'a Subnet, filter: &str) -> Vec<Cow<'a, str>> {
    match filter {
        "availability-zone" | "availabilityZone" => one(&subnet.zone),
        "availability-zone-id" | "availabilityZoneId" => one(land.zone_id(&subnet.zone)),
        "available-ip-address-count" => one(subnet.free().to_string()),
        "cidr" | "cidr-block" | "cidrBlock" => one(subnet.block.to_string()),
        "default-for-az" | "defaultForAz" => flag(subnet.default),
        "ipv6-native" => flag(false),
        "map-public-ip-on-launch" => flag(subnet.public),
        "owner-id" => one(&land.account),
        "state" => one("available"),
        "subnet-arn" => one(land.arn(&format!("subnet/{}", subnet.id))),
        "subnet-id" => one(&subnet.id),
        "vpc-id" => one(&subnet.vpc),
        _ => tagging::values(land.tags.of(&subnet.id), filter),
    }
}
