//! Security groups.

use std::borrow::Cow;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::form::Params;
use super::land::group::{Group, Rule};
use super::land::traffic::Peer;
use super::land::{Land, ids};
use super::listing::{chosen, one, page};
use super::xml::Xml;
use super::{permissions, tagging};

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "CreateSecurityGroup", run: create },
    Action { name: "DeleteSecurityGroup", run: delete },
    Action { name: "DescribeSecurityGroups", run: describe },
];

const FILTERS: &[&str] = &[
    "description",
    "egress.ip-permission.cidr",
    "egress.ip-permission.from-port",
    "egress.ip-permission.group-id",
    "egress.ip-permission.group-name",
    "egress.ip-permission.ipv6-cidr",
    "egress.ip-permission.prefix-list-id",
    "egress.ip-permission.protocol",
    "egress.ip-permission.to-port",
    "egress.ip-permission.user-id",
    "group-id",
    "group-name",
    "ip-permission.cidr",
    "ip-permission.from-port",
    "ip-permission.group-id",
    "ip-permission.group-name",
    "ip-permission.ipv6-cidr",
    "ip-permission.prefix-list-id",
    "ip-permission.protocol",
    "ip-permission.to-port",
    "ip-permission.user-id",
    "owner-id",
    "tag-key",
    "vpc-id",
];

fn create(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let name = params.required("GroupName")?;
    let description = params.required("GroupDescription")?;
    let vpc = params.text("VpcId");
    let tags = tagging::specified_for(&params, ids::GROUP)?;
    let quota = call.twist().quota;
    let land = call.change()?;
    if quota {
        return Err(Fault::new(
            "SecurityGroupLimitExceeded",
            "The maximum number of security groups has been reached.",
        ));
    }
    let vpc = match vpc {
        Some(vpc) => vpc.to_owned(),
        None => land.default_vpc().map(|vpc| vpc.id.clone()).ok_or_else(super::land::vpc::no_default)?,
    };
    let id = land.add_group(&vpc, name, description)?;
    land.tags.set(&id, &tags);
    let mut xml = Xml::new();
    xml.text("groupId", &id);
    tagging::write(&mut xml, &tags);
    xml.text("securityGroupArn", land.arn(&format!("security-group/{id}")));
    Ok(xml)
}

fn delete(call: &mut Call<'_>) -> Reply {
    let named = Named::read(&call.params())?;
    let land = call.change()?;
    let id = named.find(land)?.id.clone();
    land.remove_group(&id)?;
    let mut xml = Xml::done();
    xml.text("groupId", id);
    Ok(xml)
}

/// The group that a request names: by its id, or by its name in the default network.
#[derive(Debug, Clone, Copy)]
pub(super) enum Named<'a> {
    Id(&'a str),
    Name(&'a str),
}

impl<'a> Named<'a> {
    pub(super) fn read(params: &Params<'a>) -> Result<Self, Fault> {
        match (params.text("GroupId"), params.text("GroupName")) {
            (Some(_), Some(_)) => {
                Err(Fault::combination("The parameters groupName and groupId cannot be used with each other"))
            }
            (Some(id), None) => Ok(Self::Id(id)),
            (None, Some(name)) => Ok(Self::Name(name)),
            (None, None) => Err(Fault::missing("groupName or groupId")),
        }
    }

    pub(super) fn find(self, land: &Land) -> Result<&Group, Fault> {
        match self {
            Self::Id(id) => land.group(id),
            Self::Name(name) => land.group_by_name(name),
        }
    }
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (wanted, names) = (params.list("GroupId"), params.list("GroupName"));
    let filters = Filters::read(&params, FILTERS)?;
    let asked = call.page(5..=1000)?;
    let land = call.look()?;
    for name in &names {
        land.group_by_name(name)?;
    }
    let default = land.default_vpc().map(|vpc| vpc.id.clone()).unwrap_or_default();
    let is_named = |group: &Group| names.is_empty() || (group.vpc == default && names.contains(&group.name.as_str()));
    let mut found = chosen(&land.groups, ids::GROUP, &wanted)?;
    found.retain(|(_, group)| is_named(group) && filters.pass(|filter| values(land, group, filter)));
    let (found, token) = page(&asked, found);
    let mut xml = Xml::new();
    xml.set("securityGroupInfo", found, |xml, group| write(xml, land, group));
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn write(xml: &mut Xml, land: &Land, group: &Group) {
    xml.text("ownerId", &land.account);
    xml.text("groupId", &group.id);
    xml.text("groupName", &group.name);
    xml.text("groupDescription", &group.description);
    xml.text("vpcId", &group.vpc);
    xml.text("securityGroupArn", land.arn(&format!("security-group/{}", group.id)));
    permissions::write(xml, "ipPermissions", group.rules(false));
    permissions::write(xml, "ipPermissionsEgress", group.rules(true));
    tagging::write(xml, land.tags.of(&group.id));
}

fn values<'a>(land: &'a Land, group: &'a Group, filter: &str) -> Vec<Cow<'a, str>> {
    match filter {
        "description" => one(&group.description),
        "group-id" => one(&group.id),
        "group-name" => one(&group.name),
        "owner-id" => one(&land.account),
        "vpc-id" => one(&group.vpc),
        _ => match filter.split_once("ip-permission.") {
            Some((direction, what)) => {
                group.rules(direction == "egress.").flat_map(|rule| of_rule(land, rule, what)).collect()
            }
            None => tagging::values(land.tags.of(&group.id), filter),
        },
    }
}

/// What a rule has under the last part of a filter's name.
fn of_rule<'a>(land: &'a Land, rule: &'a Rule, what: &str) -> Vec<Cow<'a, str>> {
    let traffic = &rule.traffic;
    match (what, &traffic.peer) {
        ("protocol", _) => one(traffic.protocol.to_string()),
        ("from-port", _) if traffic.protocol.has_ports() => one(traffic.from.to_string()),
        ("to-port", _) if traffic.protocol.has_ports() => one(traffic.to.to_string()),
        ("cidr", Peer::Block(block)) if block.first.is_ipv4() => one(block.to_string()),
        ("ipv6-cidr", Peer::Block(block)) if block.first.is_ipv6() => one(block.to_string()),
        ("prefix-list-id", Peer::PrefixList(id)) | ("group-id", Peer::Group { id, .. }) => one(id),
        ("group-name", Peer::Group { id, .. }) => land.groups.get(id).map(|group| one(&group.name)).unwrap_or_default(),
        ("user-id", Peer::Group { user, .. }) => one(user),
        _ => Vec::new(),
    }
}
