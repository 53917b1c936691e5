//! Rules of security groups, as EC2 says them and as the model does. Pure functions.
//!
//! A rule of EC2 has one other end: a network of either family, a group, or a prefix list. What is about a group or a
//! prefix list is of no family, unless its protocol is the ICMP of one.

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroupRule, UserIdGroupPair};
use cloudmesh_abstract::{Direction, Error, ErrorKind, Ethertype, Protocol, Result, SecurityRule};

/// The ports that EC2 tells for all of a protocol.
const ALL: (i32, i32) = (0, 65_535);
/// EC2's word for every protocol, every type or every code.
const ANY: i32 = -1;

/// What EC2 says of a rule, in either of its listings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    protocol: String,
    first: Option<i32>,
    last: Option<i32>,
    end: End,
}

/// The other end of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    V4(String),
    V6(String),
    /// A group by its id, and the account that owns it where that is another one.
    Group(String, Option<String>),
    PrefixList(String),
}

/// A rule; `label` says what a group is called.
pub(crate) fn rule(record: &SecurityGroupRule, label: impl Fn(&str) -> String) -> Option<SecurityRule> {
    let other = |group: &aws_sdk_ec2::types::ReferencedSecurityGroup| {
        let owner = group.user_id().filter(|owner| record.group_owner_id().is_some_and(|own| own != *owner));
        Some(End::Group(group.group_id()?.to_owned(), owner.map(str::to_owned)))
    };
    let end = (record.cidr_ipv4().map(|cidr| End::V4(cidr.to_owned())))
        .or_else(|| record.cidr_ipv6().map(|cidr| End::V6(cidr.to_owned())))
        .or_else(|| record.referenced_group_info().and_then(other))
        .or_else(|| record.prefix_list_id().map(|id| End::PrefixList(id.to_owned())))?;
    let (first, last) = (record.from_port(), record.to_port());
    let words = Words { protocol: record.ip_protocol()?.to_owned(), first, last, end };
    let egress = record.is_egress().unwrap_or_default();
    let mut rule = words.rule(if egress { Direction::Egress } else { Direction::Ingress }, label);
    rule.id = record.security_group_rule_id().map(str::to_owned);
    Some(rule)
}

/// The rules of one record of a group, whose own account is `owner`; groups are called by their ids.
pub(crate) fn rules(record: &IpPermission, direction: Direction, owner: Option<&str>) -> Vec<SecurityRule> {
    let group = |pair: &UserIdGroupPair| {
        let foreign = pair.user_id().filter(|of| owner.is_some_and(|own| own != *of));
        Some(End::Group(pair.group_id()?.to_owned(), foreign.map(str::to_owned)))
    };
    let v4 = record.ip_ranges().iter().filter_map(|range| Some(End::V4(range.cidr_ip()?.to_owned())));
    let v6 = record.ipv6_ranges().iter().filter_map(|range| Some(End::V6(range.cidr_ipv6()?.to_owned())));
    let lists = record.prefix_list_ids().iter().filter_map(|list| list.prefix_list_id());
    let lists = lists.map(|id| End::PrefixList(id.to_owned()));
    let ends = v4.chain(v6).chain(record.user_id_group_pairs().iter().filter_map(group)).chain(lists);
    let protocol = record.ip_protocol().unwrap_or_default();
    let words =
        ends.map(|end| Words { protocol: protocol.to_owned(), first: record.from_port(), last: record.to_port(), end });
    words.map(|words| words.rule(direction, str::to_owned)).collect()
}

impl Words {
    fn rule(&self, direction: Direction, label: impl Fn(&str) -> String) -> SecurityRule {
        let of_six = matches!(self.protocol.as_str(), "icmpv6" | "58");
        let family = match &self.end {
            End::V4(_) => Ethertype::IPv4,
            End::V6(_) => Ethertype::IPv6,
            _ if of_six => Ethertype::IPv6,
            _ => Ethertype::IPv4,
        };
        let rule = SecurityRule::new(direction, family, self.model(family));
        let rule = match &self.end {
            End::V4(cidr) | End::V6(cidr) => rule.with_cidr(cidr),
            End::Group(id, None) => rule.with_remote_group(label(id)),
            End::Group(id, Some(owner)) => rule.with_remote_group(format!("{owner}/{id}")),
            End::PrefixList(id) => rule.with_remote_group(id),
        };
        rule.normalized()
    }

    /// The protocol with its ports, or type and code. What makes no sense stays visible, and is never told wider.
    fn model(&self, family: Ethertype) -> Protocol {
        let (first, last) = (self.first.filter(|first| *first != ANY), self.last.filter(|last| *last != ANY));
        let odd = |name: &str| {
            let told = |part: Option<i32>| part.map(|part| part.to_string()).unwrap_or_default();
            let whole = first.is_none() && last.is_none();
            Protocol::Other(if whole { name.to_owned() } else { format!("{name}/{}-{}", told(first), told(last)) })
        };
        match (self.protocol.as_str(), family) {
            ("-1", _) => Protocol::Any,
            ("tcp" | "6", _) => {
                ports(first, last).map_or_else(|| odd("tcp"), |(first, last)| Protocol::Tcp(first, last))
            }
            ("udp" | "17", _) => {
                ports(first, last).map_or_else(|| odd("udp"), |(first, last)| Protocol::Udp(first, last))
            }
            ("icmp" | "1", Ethertype::IPv4) | ("icmpv6" | "58", Ethertype::IPv6) => {
                icmp(first, last).unwrap_or_else(|| odd("icmp"))
            }
            ("icmp" | "1", Ethertype::IPv6) => odd("icmpv4"),
            ("icmpv6" | "58", Ethertype::IPv4) => odd("icmpv6"),
            // EC2 admits all ports of every other protocol, whatever the ports in its rule.
            (other, _) => Protocol::other(other, None),
        }
    }

    /// The words for a rule whose other end is named by id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for what EC2 could only say wider.
    pub(crate) fn of(rule: &SecurityRule) -> Result<Self> {
        let (protocol, first, last) = match &rule.protocol {
            Protocol::Any => (ANY.to_string(), None, None),
            Protocol::Tcp(first, last) => ("tcp".to_owned(), Some(i32::from(*first)), Some(i32::from(*last))),
            Protocol::Udp(first, last) => ("udp".to_owned(), Some(i32::from(*first)), Some(i32::from(*last))),
            Protocol::Icmp(kind, code) => {
                let name = if rule.ethertype == Ethertype::IPv6 { "icmpv6" } else { "icmp" };
                let number = |part: Option<u8>| Some(part.map_or(ANY, i32::from));
                (name.to_owned(), number(*kind), number(*code))
            }
            other => (other_number(other, rule)?.to_string(), None, None),
        };
        Ok(Self { protocol, first, last, end: end(rule)? })
    }

    /// The record of EC2's request.
    pub(crate) fn permission(&self) -> IpPermission {
        let base = IpPermission::builder().ip_protocol(&self.protocol).set_from_port(self.first).set_to_port(self.last);
        match &self.end {
            End::V4(cidr) => base.ip_ranges(IpRange::builder().cidr_ip(cidr).build()),
            End::V6(cidr) => base.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(cidr).build()),
            End::Group(id, owner) => {
                base.user_id_group_pairs(UserIdGroupPair::builder().group_id(id).set_user_id(owner.clone()).build())
            }
            End::PrefixList(id) => base.prefix_list_ids(PrefixListId::builder().prefix_list_id(id).build()),
        }
        .build()
    }
}

/// All ports where none are told, and where the first is 0, which is none.
fn ports(first: Option<i32>, last: Option<i32>) -> Option<(u16, u16)> {
    let (first, last) = (first.unwrap_or(ALL.0), last.or(first).unwrap_or(ALL.1));
    let first = if first == 0 && last > 0 { 1 } else { first };
    Some((u16::try_from(first).ok()?, u16::try_from(last).ok()?))
}

fn icmp(kind: Option<i32>, code: Option<i32>) -> Option<Protocol> {
    let number = |part: Option<i32>| part.map(u8::try_from).transpose().ok();
    Some(Protocol::Icmp(number(kind)?, number(code)?))
}

/// The number of another protocol. EC2 would admit all its ports.
fn other_number(protocol: &Protocol, rule: &SecurityRule) -> Result<u8> {
    let refusal = |why: String| Err(Error::new(ErrorKind::InvalidInput, format!("AWS cannot say `{rule}`: {why}")));
    match (protocol.as_other(), protocol.number()) {
        (Some((name, Some(_))), Some(_)) => {
            refusal(format!("its rules tell ports of TCP and UDP alone; write `{name}` to admit all of its ports"))
        }
        (_, Some(number)) => Ok(number),
        _ => refusal("it has no such protocol; write `any`, `tcp/22`, `udp/53`, `icmp` or a number".to_owned()),
    }
}

fn end(rule: &SecurityRule) -> Result<End> {
    let six = rule.ethertype == Ethertype::IPv6;
    let Some(group) = &rule.remote_group else {
        return Ok(match (&rule.cidr, six) {
            (Some(cidr), false) => End::V4(cidr.clone()),
            (Some(cidr), true) => End::V6(cidr.clone()),
            (None, false) => End::V4("0.0.0.0/0".to_owned()),
            (None, true) => End::V6("::/0".to_owned()),
        });
    };
    if six && !matches!(rule.protocol, Protocol::Icmp(..)) {
        let mut same = rule.clone();
        same.ethertype = Ethertype::IPv4;
        let message = format!(
            "AWS cannot say `{rule}`: its rules about a group or prefix list are for both families; write `{same}`"
        );
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(match group.split_once('/') {
        _ if is_prefix_list(group) => End::PrefixList(group.clone()),
        Some((owner, id)) if is_group_id(id) => End::Group(id.to_owned(), Some(owner.to_owned())),
        _ => End::Group(group.clone(), None),
    })
}

/// Whether a text is the id of a group.
pub(crate) fn is_group_id(text: &str) -> bool {
    is_id(text, "sg-")
}

/// Whether the other end of a rule needs no look into our groups: a prefix list, or a group of another account.
pub(crate) fn is_elsewhere(end: &str) -> bool {
    is_prefix_list(end) || end.split_once('/').is_some_and(|(_, id)| is_group_id(id))
}

fn is_prefix_list(text: &str) -> bool {
    is_id(text, "pl-")
}

/// Whether a text is an id of EC2's: a word for its kind and hexadecimal digits, 8 or, since 2016, 17.
pub(crate) fn is_id(text: &str, kind: &str) -> bool {
    let digits = text.strip_prefix(kind).unwrap_or_default();
    matches!(digits.len(), 8 | 17) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
