//! The rules of security groups, by permissions and by their ids.

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::form::Params;
use super::groups::Named;
use super::land::group::{Group, Rule};
use super::land::traffic::{Peer, Protocol, Traffic};
use super::land::{Land, ids};
use super::listing::one;
use super::permissions::{self, Permission};
use super::xml::Xml;
use super::{rule_changes, tagging};

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "AuthorizeSecurityGroupEgress", run: |call| authorize(call, true) },
    Action { name: "AuthorizeSecurityGroupIngress", run: |call| authorize(call, false) },
    Action { name: "DescribeSecurityGroupRules", run: describe },
    Action { name: "ModifySecurityGroupRules", run: rule_changes::modify },
    Action { name: "RevokeSecurityGroupEgress", run: |call| revoke(call, true) },
    Action { name: "RevokeSecurityGroupIngress", run: |call| revoke(call, false) },
    Action { name: "UpdateSecurityGroupRuleDescriptionsEgress", run: |call| rule_changes::describe(call, true) },
    Action { name: "UpdateSecurityGroupRuleDescriptionsIngress", run: |call| rule_changes::describe(call, false) },
];

fn authorize(call: &mut Call<'_>, egress: bool) -> Reply {
    let params = call.params();
    let named = Named::read(&params)?;
    let asked = permissions::read(&params)?;
    let tags = tagging::specified_for(&params, ids::RULE)?;
    let quota = call.twist().quota;
    let land = call.change()?;
    let (id, vpc) = named.find(land).map(|group| (group.id.clone(), group.vpc.clone()))?;
    if asked.is_empty() {
        return Err(Fault::missing("ipPermissions"));
    }
    if quota {
        let told = "The maximum number of rules per security group has been reached.";
        return Err(Fault::new("RulesPerSecurityGroupLimitExceeded", told));
    }
    let rules: Vec<Rule> =
        permissions::resolve(asked, land, &vpc)?.into_iter().map(|one| one.into_rule(egress)).collect();
    land.groups.get_mut(&id).ok_or_else(|| ids::GROUP.missing(&id))?.add(&rules)?;
    for rule in &rules {
        land.tags.set(&rule.id, &tags);
    }
    let mut xml = Xml::done();
    xml.set("securityGroupRuleSet", &rules, |xml, rule| write(xml, land, &id, rule));
    Ok(xml)
}

impl Permission {
    fn into_rule(self, egress: bool) -> Rule {
        Rule::new(egress, self.traffic, self.description.as_deref())
    }
}

fn revoke(call: &mut Call<'_>, egress: bool) -> Reply {
    let params = call.params();
    let named = Named::read(&params)?;
    let wanted = params.list("SecurityGroupRuleId");
    let asked = permissions::read(&params)?;
    let land = call.change()?;
    let (id, vpc) = named.find(land).map(|group| (group.id.clone(), group.vpc.clone()))?;
    if !wanted.is_empty() && !asked.is_empty() {
        return Err(Fault::combination(
            "The parameters securityGroupRuleIds and ipPermissions cannot be used together",
        ));
    }
    if wanted.is_empty() && asked.is_empty() {
        return Err(Fault::missing("ipPermissions"));
    }
    let asked = permissions::resolve(asked, land, &vpc)?;
    let lenient = land.default_vpc().is_some_and(|default| default.id == vpc);
    let group = land.groups.get_mut(&id).ok_or_else(|| ids::GROUP.missing(&id))?;
    let (gone, unknown) = if wanted.is_empty() {
        take(group, egress, asked, lenient)?
    } else {
        (group.remove(egress, &wanted)?, Vec::new())
    };
    for rule in &gone {
        land.tags.forget(&rule.id);
    }
    let mut xml = Xml::done();
    if !unknown.is_empty() {
        let traffic = unknown.iter().map(|one| (&one.traffic, one.description.as_deref()));
        permissions::write_traffic(&mut xml, "unknownIpPermissionSet", traffic);
    }
    xml.set("revokedSecurityGroupRuleSet", &gone, |xml, rule| write_revoked(xml, &id, rule));
    Ok(xml)
}

/// Takes rules away by what they let through. In the default network those that are not there are told only.
fn take(
    group: &mut Group,
    egress: bool,
    asked: Vec<Permission>,
    lenient: bool,
) -> Result<(Vec<Rule>, Vec<Permission>), Fault> {
    let is_there = |one: &Permission| group.rules(egress).any(|rule| rule.traffic == one.traffic);
    if !lenient && !asked.iter().all(is_there) {
        let told = "The specified rule does not exist in this security group.";
        return Err(Fault::new("InvalidPermission.NotFound", told));
    }
    let (mut gone, mut unknown) = (Vec::new(), Vec::new());
    for one in asked {
        match group.remove_traffic(egress, &one.traffic) {
            Some(rule) => gone.push(rule),
            None => unknown.push(one),
        }
    }
    Ok((gone, unknown))
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("SecurityGroupRuleId");
    let filters = Filters::read(&params, &["group-id", "security-group-rule-id", "tag-key"])?;
    let page = call.page(5..=1000)?;
    let land = call.look()?;
    let all = || land.groups.iter().flat_map(|group| group.rules.iter().map(move |rule| (group, rule)));
    if let Some(id) = wanted.iter().find(|id| all().all(|(_, rule)| rule.id != **id)) {
        return Err(ids::RULE.missing(id));
    }
    let passes = |(group, rule): &(&Group, &Rule)| {
        let named = wanted.is_empty() || wanted.contains(&rule.id.as_str());
        named
            && filters.pass(|filter| match filter {
                "group-id" => one(&group.id),
                "security-group-rule-id" => one(&rule.id),
                _ => tagging::values(land.tags.of(&rule.id), filter),
            })
    };
    let mut found: Vec<_> = all().filter(passes).collect();
    found.sort_by(|(_, one), (_, other)| one.id.cmp(&other.id));
    let (found, token) = page.cut(found, |(_, rule)| rule.id.clone());
    let mut xml = Xml::new();
    xml.set("securityGroupRuleSet", found, |xml, (group, rule)| write(xml, land, &group.id, rule));
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn write(xml: &mut Xml, land: &Land, group: &str, rule: &Rule) {
    write_traffic(xml, group, rule);
    if let Peer::Group { id, user } = &rule.traffic.peer {
        xml.group("referencedGroupInfo", |xml| {
            xml.text("groupId", id);
            xml.text("userId", user);
        });
    }
    xml.text("groupOwnerId", &land.account);
    xml.text("securityGroupRuleArn", land.arn(&format!("security-group-rule/{}", rule.id)));
    tagging::write(xml, land.tags.of(&rule.id));
}

fn write_revoked(xml: &mut Xml, group: &str, rule: &Rule) {
    write_traffic(xml, group, rule);
    if let Peer::Group { id, .. } = &rule.traffic.peer {
        xml.text("referencedGroupId", id);
    }
}

fn write_traffic(xml: &mut Xml, group: &str, rule: &Rule) {
    let traffic = &rule.traffic;
    xml.text("securityGroupRuleId", &rule.id);
    xml.text("groupId", group);
    xml.text("isEgress", rule.egress);
    xml.text("ipProtocol", traffic.protocol);
    xml.text("fromPort", traffic.from);
    xml.text("toPort", traffic.to);
    match &traffic.peer {
        Peer::Block(block) if block.first.is_ipv4() => xml.text("cidrIpv4", block),
        Peer::Block(block) => xml.text("cidrIpv6", block),
        Peer::PrefixList(id) => xml.text("prefixListId", id),
        Peer::Group { .. } => {}
    }
    xml.maybe("description", rule.description.as_deref());
}

/// A rule as a request writes it that changes one by its id.
pub(super) struct Wanted<'a> {
    traffic: (Protocol, (i32, i32)),
    peer: Option<Peer>,
    group: Option<&'a str>,
    pub(super) description: Option<String>,
}

impl<'a> Wanted<'a> {
    pub(super) fn read(part: &Params<'a>) -> Result<Self, Fault> {
        let protocol = Protocol::parse(part.required("IpProtocol")?)?;
        let ports = protocol.ports(part.number("FromPort")?, part.number("ToPort")?)?;
        let peers = [
            part.text("CidrIpv4").map(Peer::v4),
            part.text("CidrIpv6").map(Peer::v6),
            part.text("PrefixListId").map(Peer::prefix_list),
        ];
        let group = part.text("ReferencedGroupId");
        let mut peers: Vec<Peer> = peers.into_iter().flatten().collect::<Result<_, _>>()?;
        if peers.len() + usize::from(group.is_some()) != 1 {
            let told = "Specify exactly one of cidrIpv4, cidrIpv6, prefixListId and referencedGroupId";
            return Err(Fault::combination(told));
        }
        let description = permissions::described(part.text("Description"))?;
        Ok(Self { traffic: (protocol, ports), peer: peers.pop(), group, description })
    }

    /// What it lets through, once its group is looked up.
    pub(super) fn traffic(&self, land: &Land) -> Result<Traffic, Fault> {
        let (protocol, (from, to)) = self.traffic;
        let peer = match (&self.peer, self.group) {
            (Some(peer), _) => peer.clone(),
            (None, group) => {
                let id = land.group(group.unwrap_or_default())?.id.clone();
                Peer::Group { id, user: land.account.clone() }
            }
        };
        Ok(Traffic { protocol, from, to, peer })
    }
}
