//! Rules of security groups, as Neutron says them and as the model does. Pure functions.

use cloudmesh_abstract::{Direction, Error, ErrorKind, Ethertype, Protocol, Result, SecurityRule};
use serde_json::{Map, Value, json};

use crate::wire;

/// What stands before the id of an address group, which the model has no field for: a list of networks that is kept
/// apart from the rules. <https://docs.openstack.org/api-ref/network/v2/index.html#address-groups>.
pub(crate) const ADDRESS_GROUP: &str = "address-group/";

/// The ports that mean all of them: Neutron writes them as none.
const ALL: (u16, u16) = (1, u16::MAX);

/// The protocols of which Neutron takes name and number for the same:
/// <https://docs.openstack.org/api-ref/network/v2/index.html#create-security-group-rule>.
const NUMBERS: [(&str, &str); 22] = [
    ("ah", "51"),
    ("dccp", "33"),
    ("egp", "8"),
    ("esp", "50"),
    ("gre", "47"),
    ("hopopt", "0"),
    ("icmp", "1"),
    ("icmpv6", "58"),
    ("igmp", "2"),
    ("ip", "0"),
    ("ipip", "4"),
    ("ipv6-encap", "41"),
    ("ipv6-frag", "44"),
    ("ipv6-nonxt", "59"),
    ("ipv6-opts", "60"),
    ("ipv6-route", "43"),
    ("ospf", "89"),
    ("pgm", "113"),
    ("rsvp", "46"),
    ("sctp", "132"),
    ("udplite", "136"),
    ("vrrp", "112"),
];

/// A rule; `label` says what a group is called.
pub(crate) fn rule(record: &wire::SecurityGroupRule, label: impl Fn(&str) -> String) -> SecurityRule {
    let direction = if record.direction == "egress" { Direction::Egress } else { Direction::Ingress };
    let v6 = record.ethertype.eq_ignore_ascii_case("IPv6");
    let ethertype = if v6 { Ethertype::IPv6 } else { Ethertype::IPv4 };
    let mut rule = SecurityRule::new(direction, ethertype, protocol(record, ethertype));
    rule.id = Some(record.id.clone()).filter(|id| !id.is_empty());
    rule.cidr = record.normalized_cidr.clone().or_else(|| text(&record.remote_ip_prefix));
    let addresses = text(&record.remote_address_group_id).map(|id| format!("{ADDRESS_GROUP}{id}"));
    rule.remote_group = text(&record.remote_group_id).map(|id| label(&id)).or(addresses);
    rule.normalized()
}

/// The protocol with its ports, or type and code. What makes no sense stays visible, and is never told wider.
fn protocol(record: &wire::SecurityGroupRule, family: Ethertype) -> Protocol {
    let name = text(&record.protocol).unwrap_or_default().to_lowercase();
    let (first, last) = (text(&record.port_range_min), text(&record.port_range_max));
    let odd = || {
        let told = |part: Option<String>| part.unwrap_or_default();
        Protocol::Other(format!("{name}/{}-{}", told(first.clone()), told(last.clone())))
    };
    let known = match (name.as_str(), family) {
        ("" | "any", _) => (first.is_none() && last.is_none()).then_some(Protocol::Any),
        ("icmp" | "1", _) | ("icmpv6" | "ipv6-icmp" | "58", Ethertype::IPv6) => icmp(first.as_deref(), last.as_deref()),
        _ if first.is_none() && last.is_none() => Some(with_ports(&name, None)),
        _ => ports(first.as_deref(), last.as_deref()).map(|ports| with_ports(&name, Some(ports))),
    };
    known.unwrap_or_else(odd)
}

fn with_ports(name: &str, ports: Option<(u16, u16)>) -> Protocol {
    let (first, last) = ports.unwrap_or(ALL);
    match name {
        "tcp" | "6" => Protocol::Tcp(first, last),
        "udp" | "17" => Protocol::Udp(first, last),
        other => Protocol::other(other, ports),
    }
}

/// One port stands for a range of one.
fn ports(first: Option<&str>, last: Option<&str>) -> Option<(u16, u16)> {
    Some((first.or(last)?.parse().ok()?, last.or(first)?.parse().ok()?))
}

fn icmp(kind: Option<&str>, code: Option<&str>) -> Option<Protocol> {
    let number = |text: Option<&str>| text.map(str::parse::<u8>).transpose().ok();
    Some(Protocol::Icmp(number(kind)?, number(code)?))
}

/// A text or a number; `None` for nothing.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}

/// The rule in the spelling that all rules share which Neutron takes for the same: a protocol by its name where it has
/// one, no ports in place of all of them, no network in place of all addresses.
pub(crate) fn canonical(rule: &SecurityRule) -> SecurityRule {
    let mut rule = rule.clone().normalized();
    rule.id = None;
    if let Some((name, ports)) = rule.protocol.as_other() {
        let known = NUMBERS.iter().find(|(_, number)| *number == name).map_or(name, |(known, _)| known);
        let ports = ports.filter(|ports| *ports != ALL);
        rule.protocol = match (known, rule.ethertype) {
            ("icmp", _) | ("icmpv6", Ethertype::IPv6) => Protocol::Icmp(None, None),
            _ => with_ports(known, ports),
        };
    }
    rule
}

/// The body of a rule for a group, whose other end is named by id.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] for a protocol that cannot be said: without one, the rule would be wider.
pub(crate) fn body(rule: &SecurityRule, group: &str) -> Result<Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| _ = body.insert(name.to_owned(), value);
    put("security_group_id", json!(group));
    put("direction", json!(rule.direction.to_string()));
    put("ethertype", json!(rule.ethertype.to_string()));
    if let Some(words) = words(rule)? {
        put("protocol", json!(words.protocol));
        put("port_range_min", json!(words.first));
        put("port_range_max", json!(words.last));
    }
    if let Some(cidr) = &rule.cidr {
        put("remote_ip_prefix", json!(cidr));
    }
    if let Some(end) = &rule.remote_group {
        match end.strip_prefix(ADDRESS_GROUP) {
            Some(id) => put("remote_address_group_id", json!(id)),
            None => put("remote_group_id", json!(end)),
        }
    }
    body.retain(|_, value| !value.is_null());
    Ok(Value::Object(body))
}

/// A protocol in Neutron's words, with its first and last port, or its type and code.
struct Words<'a> {
    protocol: &'a str,
    first: Option<u16>,
    last: Option<u16>,
}

/// `None` for every protocol.
fn words(rule: &SecurityRule) -> Result<Option<Words<'_>>> {
    let words = |protocol, first, last| Ok(Some(Words { protocol, first, last }));
    match &rule.protocol {
        Protocol::Any => Ok(None),
        Protocol::Tcp(first, last) => words("tcp", Some(*first), Some(*last)),
        Protocol::Udp(first, last) => words("udp", Some(*first), Some(*last)),
        Protocol::Icmp(kind, code) => {
            let name = if rule.ethertype == Ethertype::IPv6 { "ipv6-icmp" } else { "icmp" };
            words(name, kind.map(u16::from), code.map(u16::from))
        }
        other => match other.as_other() {
            Some((name, ports)) => words(name, ports.map(|(first, _)| first), ports.map(|(_, last)| last)),
            None => Err(Error::new(ErrorKind::InvalidInput, format!("Neutron has no words for the rule `{rule}`"))),
        },
    }
}

#[cfg(test)]
mod tests;
