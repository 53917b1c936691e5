//! Networks, and what leads out of them.

use std::borrow::Cow;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::land::vpc::Vpc;
use super::land::{Land, ids};
use super::listing::{chosen, flag, one, page};
use super::tagging;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "AttachInternetGateway", run: attach_gateway },
    Action { name: "CreateInternetGateway", run: create_gateway },
    Action { name: "CreateVpc", run: create },
    Action { name: "DeleteVpc", run: delete },
    Action { name: "DescribeInternetGateways", run: describe_gateways },
    Action { name: "DescribeRouteTables", run: describe_tables },
    Action { name: "DescribeVpcAttribute", run: describe_attribute },
    Action { name: "DescribeVpcs", run: describe },
];

const FILTERS: &[&str] = &[
    "cidr",
    "cidr-block",
    "cidr-block-association.association-id",
    "cidr-block-association.cidr-block",
    "cidr-block-association.state",
    "dhcp-options-id",
    "is-default",
    "isDefault",
    "owner-id",
    "state",
    "tag-key",
    "vpc-id",
];

fn create(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let block = params.required("CidrBlock")?;
    let _ = (params.text("InstanceTenancy"), params.flag("AmazonProvidedIpv6CidrBlock")?);
    let tags = tagging::specified_for(&params, ids::VPC)?;
    let land = call.change()?;
    let id = land.add_vpc(block)?;
    land.tags.set(&id, &tags);
    let mut xml = Xml::new();
    if let Some(vpc) = land.vpcs.get(&id) {
        xml.group("vpc", |xml| write(xml, land, vpc));
    }
    Ok(xml)
}

fn delete(call: &mut Call<'_>) -> Reply {
    let id = call.params().required("VpcId")?;
    call.change()?.remove_vpc(id)?;
    Ok(Xml::done())
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("VpcId");
    let filters = Filters::read(&params, FILTERS)?;
    let asked = call.page(5..=1000)?;
    let land = call.look()?;
    let mut found = chosen(&land.vpcs, ids::VPC, &wanted)?;
    found.retain(|(_, vpc)| filters.pass(|filter| values(land, vpc, filter)));
    let (found, token) = page(&asked, found);
    let mut xml = Xml::new();
    xml.set("vpcSet", found, |xml, vpc| write(xml, land, vpc));
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn write(xml: &mut Xml, land: &Land, vpc: &Vpc) {
    xml.text("vpcId", &vpc.id);
    xml.text("ownerId", &land.account);
    xml.text("state", "available");
    xml.text("cidrBlock", vpc.block);
    xml.set("cidrBlockAssociationSet", [vpc], |xml, vpc| {
        xml.text("cidrBlock", vpc.block);
        xml.text("associationId", &vpc.association);
        xml.group("cidrBlockState", |xml| xml.text("state", "associated"));
    });
    xml.text("dhcpOptionsId", &vpc.dhcp_options);
    xml.text("instanceTenancy", "default");
    xml.text("isDefault", vpc.default);
    xml.group("blockPublicAccessStates", |xml| xml.text("internetGatewayBlockMode", "off"));
    tagging::write(xml, land.tags.of(&vpc.id));
}

fn values<'a>(land: &'a Land, vpc: &'a Vpc, filter: &str) -> Vec<Cow<'a, str>> {
    match filter {
        "cidr" | "cidr-block" | "cidr-block-association.cidr-block" => one(vpc.block.to_string()),
        "cidr-block-association.association-id" => one(&vpc.association),
        "cidr-block-association.state" => one("associated"),
        "dhcp-options-id" => one(&vpc.dhcp_options),
        "is-default" | "isDefault" => flag(vpc.default),
        "owner-id" => one(&land.account),
        "state" => one("available"),
        "vpc-id" => one(&vpc.id),
        _ => tagging::values(land.tags.of(&vpc.id), filter),
    }
}

fn describe_attribute(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let id = params.required("VpcId")?;
    let names = ["enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics"];
    let name = params.choice("Attribute", &names)?.ok_or_else(|| Fault::missing("Attribute"))?;
    let land = call.look()?;
    let vpc = land.vpcs.get(id).ok_or_else(|| ids::VPC.missing(id))?;
    let value = match name {
        "enableDnsHostnames" => vpc.dns_hostnames,
        name => name == "enableDnsSupport",
    };
    let mut xml = Xml::new();
    xml.text("vpcId", id);
    xml.group(name, |xml| xml.text("value", value));
    Ok(xml)
}

fn create_gateway(call: &mut Call<'_>) -> Reply {
    let tags = tagging::specified_for(&call.params(), ids::GATEWAY)?;
    let land = call.change()?;
    let id = ids::GATEWAY.id();
    land.loose_gateways.push(id.clone());
    land.tags.set(&id, &tags);
    let mut xml = Xml::new();
    xml.group("internetGateway", |xml| write_gateway(xml, land, &id, None));
    Ok(xml)
}

fn attach_gateway(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (id, vpc) = (params.required("InternetGatewayId")?, params.required("VpcId")?);
    call.change()?.attach_gateway(id, vpc)?;
    Ok(Xml::done())
}

fn describe_gateways(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("InternetGatewayId");
    let known = ["attachment.state", "attachment.vpc-id", "internet-gateway-id", "owner-id", "tag-key"];
    let filters = Filters::read(&params, &known)?;
    let page = call.page(5..=1000)?;
    let land = call.look()?;
    let mut all: Vec<(&str, Option<&str>)> = land.gateways().map(|(vpc, id)| (id, Some(vpc.id.as_str()))).collect();
    all.extend(land.loose_gateways.iter().map(|id| (id.as_str(), None)));
    if let Some(id) = wanted.iter().find(|id| all.iter().all(|(known, _)| known != *id)) {
        return Err(ids::GATEWAY.missing(id));
    }
    all.retain(|(id, vpc)| {
        let passes = filters.pass(|filter| match filter {
            "attachment.state" => vpc.map(|_| one("available")).unwrap_or_default(),
            "attachment.vpc-id" => vpc.map(one).unwrap_or_default(),
            "internet-gateway-id" => one(*id),
            "owner-id" => one(&land.account),
            _ => tagging::values(land.tags.of(id), filter),
        });
        passes && (wanted.is_empty() || wanted.contains(id))
    });
    all.sort_unstable();
    let (found, token) = page.cut(all, |(id, _)| (*id).to_owned());
    let mut xml = Xml::new();
    xml.set("internetGatewaySet", found, |xml, (id, vpc)| write_gateway(xml, land, id, vpc));
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn write_gateway(xml: &mut Xml, land: &Land, id: &str, vpc: Option<&str>) {
    xml.text("internetGatewayId", id);
    xml.text("ownerId", &land.account);
    xml.set("attachmentSet", vpc, |xml, vpc| {
        xml.text("vpcId", vpc);
        xml.text("state", "available");
    });
    tagging::write(xml, land.tags.of(id));
}

fn describe_tables(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("RouteTableId");
    let known = ["association.main", "association.route-table-id", "owner-id", "route-table-id", "tag-key", "vpc-id"];
    let filters = Filters::read(&params, &known)?;
    let asked = call.page(5..=100)?;
    let land = call.look()?;
    if let Some(id) = wanted.iter().find(|id| land.vpcs.iter().all(|vpc| vpc.route_table != **id)) {
        return Err(ids::ROUTE_TABLE.missing(id));
    }
    let mut found: Vec<_> = land.vpcs.placed().collect();
    found.retain(|(_, vpc)| {
        let passes = filters.pass(|filter| match filter {
            "association.main" => flag(true),
            "association.route-table-id" | "route-table-id" => one(&vpc.route_table),
            "owner-id" => one(&land.account),
            "vpc-id" => one(&vpc.id),
            _ => tagging::values(land.tags.of(&vpc.route_table), filter),
        });
        passes && (wanted.is_empty() || wanted.contains(&vpc.route_table.as_str()))
    });
    let (found, token) = page(&asked, found);
    let mut xml = Xml::new();
    xml.set("routeTableSet", found, |xml, vpc| write_table(xml, land, vpc));
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn write_table(xml: &mut Xml, land: &Land, vpc: &Vpc) {
    xml.text("routeTableId", &vpc.route_table);
    xml.text("vpcId", &vpc.id);
    xml.text("ownerId", &land.account);
    let outward = vpc.gateway.as_ref().map(|gateway| ("0.0.0.0/0".to_owned(), gateway.as_str(), "CreateRoute"));
    let routes = [(vpc.block.to_string(), "local", "CreateRouteTable")].into_iter().chain(outward);
    xml.set("routeSet", routes, |xml, (block, gateway, origin)| {
        xml.text("destinationCidrBlock", block);
        xml.text("gatewayId", gateway);
        xml.text("state", "active");
        xml.text("origin", origin);
    });
    xml.set("associationSet", [vpc], |xml, vpc| {
        xml.text("routeTableAssociationId", &vpc.table_association);
        xml.text("routeTableId", &vpc.route_table);
        xml.text("main", true);
        xml.group("associationState", |xml| xml.text("state", "associated"));
    });
    xml.group("propagatingVgwSet", |_| ());
    tagging::write(xml, land.tags.of(&vpc.route_table));
}
