//! Rules as permissions: several sources or targets of one protocol and range of ports in one structure.

use super::fault::Fault;
use super::form::Params;
use super::land::group::Rule;
use super::land::traffic::{Peer, Protocol, Traffic, check_description};
use super::land::{Land, ids};
use super::xml::Xml;

/// What a request says about a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Permission {
    pub(super) traffic: Traffic,
    pub(super) description: Option<String>,
}

/// A permission as it is asked for, before its groups are looked up.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    protocol: Protocol,
    ports: (i32, i32),
    peer: Wanted<'a>,
    description: Option<String>,
}

#[derive(Debug)]
enum Wanted<'a> {
    Known(Peer),
    Group { id: Option<&'a str>, name: Option<&'a str>, user: Option<&'a str> },
}

/// The permissions that a request names.
pub(super) fn read<'a>(params: &Params<'a>) -> Result<Vec<Asked<'a>>, Fault> {
    let mut found = Vec::new();
    for part in params.parts("IpPermissions") {
        let protocol = Protocol::parse(part.required("IpProtocol")?)?;
        let ports = protocol.ports(part.number("FromPort")?, part.number("ToPort")?)?;
        let peers = peers(&part)?;
        if peers.is_empty() {
            let told = "The request must specify at least one source or destination for each permission";
            return Err(Fault::new("InvalidParameterValue", told));
        }
        for (peer, description) in peers {
            found.push(Asked { protocol, ports, peer, description: described(description)? });
        }
    }
    let flat = flat(params)?;
    Ok(if found.is_empty() { flat.into_iter().collect() } else { found })
}

fn peers<'a>(part: &Params<'a>) -> Result<Vec<(Wanted<'a>, Option<&'a str>)>, Fault> {
    let mut found = Vec::new();
    for range in part.parts("IpRanges") {
        found.push((Wanted::Known(Peer::v4(range.required("CidrIp")?)?), range.text("Description")));
    }
    for range in part.parts("Ipv6Ranges") {
        found.push((Wanted::Known(Peer::v6(range.required("CidrIpv6")?)?), range.text("Description")));
    }
    for list in part.parts("PrefixListIds") {
        found.push((Wanted::Known(Peer::prefix_list(list.required("PrefixListId")?)?), list.text("Description")));
    }
    for group in part.parts("Groups") {
        // What peered networks have beside the group is told back by the vendor, and has no effect.
        let _ = ["VpcId", "VpcPeeringConnectionId", "PeeringStatus"].map(|name| group.text(name));
        let (id, name, user) = (group.text("GroupId"), group.text("GroupName"), group.text("UserId"));
        if id.is_none() && name.is_none() {
            return Err(Fault::missing(&group.name("GroupId")));
        }
        found.push((Wanted::Group { id, name, user }, group.text("Description")));
    }
    Ok(found)
}

/// The one permission that older clients write without a list.
fn flat<'a>(params: &Params<'a>) -> Result<Option<Asked<'a>>, Fault> {
    let (block, name) = (params.text("CidrIp"), params.text("SourceSecurityGroupName"));
    let user = params.text("SourceSecurityGroupOwnerId");
    let (from, to) = (params.number("FromPort")?, params.number("ToPort")?);
    let Some(protocol) = params.text("IpProtocol") else { return Ok(None) };
    let protocol = Protocol::parse(protocol)?;
    let peer = match (block, name) {
        (Some(block), _) => Wanted::Known(Peer::v4(block)?),
        (None, Some(_)) => Wanted::Group { id: None, name, user },
        (None, None) => return Err(Fault::missing("CidrIp")),
    };
    Ok(Some(Asked { protocol, ports: protocol.ports(from, to)?, peer, description: None }))
}

/// Looks up the groups of permissions that are for a group of that network.
pub(super) fn resolve(asked: Vec<Asked<'_>>, land: &Land, vpc: &str) -> Result<Vec<Permission>, Fault> {
    asked.into_iter().map(|one| one.resolve(land, vpc)).collect()
}

impl Asked<'_> {
    fn resolve(self, land: &Land, vpc: &str) -> Result<Permission, Fault> {
        let (from, to) = self.ports;
        let peer = match self.peer {
            Wanted::Known(peer) => peer,
            Wanted::Group { id, name, user } => {
                let user = user.filter(|user| !user.is_empty()).unwrap_or(&land.account);
                Peer::Group { id: group(id, name, user, land, vpc)?, user: user.to_owned() }
            }
        };
        Ok(Permission { traffic: Traffic { protocol: self.protocol, from, to, peer }, description: self.description })
    }
}

fn group(id: Option<&str>, name: Option<&str>, user: &str, land: &Land, vpc: &str) -> Result<String, Fault> {
    if user != land.account {
        // Another account's group can be named by its id only, and nobody here can look it up.
        let found = id.filter(|id| ids::GROUP.fits(id)).map(str::to_owned);
        return found.ok_or_else(|| ids::GROUP.malformed(id.or(name).unwrap_or_default()));
    }
    let found = match id {
        Some(id) => Some(land.group(id)?),
        None => name.and_then(|name| land.group_named(vpc, name)),
    };
    let told = || {
        let name = id.or(name).unwrap_or_default();
        Fault::new("InvalidGroup.NotFound", format!("The security group '{name}' does not exist in VPC '{vpc}'"))
    };
    found.filter(|group| group.vpc == vpc).map(|group| group.id.clone()).ok_or_else(told)
}

pub(super) fn described(text: Option<&str>) -> Result<Option<String>, Fault> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    check_description("rule", text)?;
    Ok(Some(text.to_owned()))
}

/// Writes rules as permissions: those of the same protocol and ports stand together.
pub(super) fn write<'a>(xml: &mut Xml, name: &str, rules: impl Iterator<Item = &'a Rule>) {
    let of_rule = |rule: &'a Rule| (&rule.traffic, rule.description.as_deref());
    write_traffic(xml, name, rules.map(of_rule));
}

/// The same for what is no rule.
pub(super) fn write_traffic<'a>(xml: &mut Xml, name: &str, all: impl Iterator<Item = (&'a Traffic, Option<&'a str>)>) {
    let mut sets: Vec<Vec<(&Traffic, Option<&str>)>> = Vec::new();
    for (traffic, description) in all {
        let key = |one: &Traffic| (one.protocol, one.from, one.to);
        match sets.iter_mut().find(|set| set.iter().all(|(other, _)| key(other) == key(traffic))) {
            Some(set) => set.push((traffic, description)),
            None => sets.push(vec![(traffic, description)]),
        }
    }
    xml.set(name, sets, |xml, set| write_set(xml, &set));
}

fn write_set(xml: &mut Xml, set: &[(&Traffic, Option<&str>)]) {
    let Some((first, _)) = set.first() else { return };
    xml.text("ipProtocol", first.protocol);
    if first.protocol.has_ports() {
        xml.text("fromPort", first.from);
        xml.text("toPort", first.to);
    }
    let peers = || set.iter().map(|(traffic, description)| (&traffic.peer, *description));
    let groups = peers().filter(|(peer, _)| matches!(peer, Peer::Group { .. }));
    xml.set("groups", groups, |xml, (peer, description)| {
        if let Peer::Group { id, user } = peer {
            xml.text("userId", user);
            xml.text("groupId", id);
        }
        xml.maybe("description", description);
    });
    let blocks = |four: bool| {
        peers().filter(move |(peer, _)| matches!(peer, Peer::Block(block) if block.first.is_ipv4() == four))
    };
    let mut each = |set: &str, name: &str, all: Vec<(&Peer, Option<&str>)>| {
        xml.set(set, all, |xml, (peer, description)| {
            xml.text(name, peer);
            xml.maybe("description", description);
        });
    };
    each("ipRanges", "cidrIp", blocks(true).collect());
    each("ipv6Ranges", "cidrIpv6", blocks(false).collect());
    let lists = peers().filter(|(peer, _)| matches!(peer, Peer::PrefixList(_)));
    each("prefixListIds", "prefixListId", lists.collect());
}

#[cfg(test)]
mod tests {
    use super::{Land, read, resolve, write_traffic};
    use crate::aws::form::Form;
    use crate::aws::xml::Xml;

    fn shown(text: &str) -> Result<String, &'static str> {
        let land = Land::example();
        let vpc = land.default_vpc().map(|vpc| vpc.id.clone()).unwrap();
        let form = Form::parse(text.as_bytes());
        let found = read(&form.params()).and_then(|asked| resolve(asked, &land, &vpc)).map_err(|fault| fault.code)?;
        let mut xml = Xml::new();
        write_traffic(&mut xml, "a", found.iter().map(|one| (&one.traffic, one.description.as_deref())));
        Ok(xml.as_str().to_owned())
    }

    const ONE: &str = "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22";

    #[test]
    fn what_is_read_is_written_the_same() {
        let text = format!(
            "{ONE}&IpPermissions.1.IpRanges.1.CidrIp=10.1.2.3/8&IpPermissions.1.IpRanges.1.Description=in\
             &IpPermissions.1.Ipv6Ranges.1.CidrIpv6=::/0"
        );
        let wanted = "<a><item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><groups/><ipRanges><item>\
                      <cidrIp>10.0.0.0/8</cidrIp><description>in</description></item></ipRanges><ipv6Ranges><item>\
                      <cidrIpv6>::/0</cidrIpv6></item></ipv6Ranges><prefixListIds/></item></a>";
        assert_eq!(shown(&text).unwrap(), wanted);
    }

    #[test]
    fn older_clients_write_one_without_a_list() {
        let text = "IpProtocol=icmp&FromPort=-1&ToPort=-1&CidrIp=0.0.0.0/0";
        assert!(shown(text).unwrap().contains("<ipProtocol>icmp</ipProtocol><fromPort>-1</fromPort>"));
        assert_eq!(shown("IpProtocol=tcp&FromPort=1&ToPort=1"), Err("MissingParameter"));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let table = [
            (ONE.to_owned(), "InvalidParameterValue"),
            (format!("{ONE}&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.1"), "InvalidParameterValue"),
            (format!("{ONE}&IpPermissions.1.Groups.1.GroupId=sg-0123456789abcdef0"), "InvalidGroup.NotFound"),
            (format!("{ONE}&IpPermissions.1.Groups.1.GroupId=web"), "InvalidGroupId.Malformed"),
            (format!("{ONE}&IpPermissions.1.Groups.1.GroupName=web"), "InvalidGroup.NotFound"),
            (
                format!(
                    "{ONE}&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0&IpPermissions.1.IpRanges.1.Description=%3Ca%3E"
                ),
                "InvalidParameterValue",
            ),
        ];
        for (text, code) in table {
            assert_eq!(shown(&text), Err(code), "{text}");
        }
    }
}
