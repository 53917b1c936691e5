//! What rules of security groups say about traffic, read as Neutron reads it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::{Value, json};

use super::Fault;
use super::python::{list, quoted, text};

/// The protocols that have names, with their numbers.
const PROTOCOLS: [(&str, u8); 25] = [
    ("ah", 51),
    ("dccp", 33),
    ("egp", 8),
    ("esp", 50),
    ("gre", 47),
    ("hopopt", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ip", 0),
    ("ipip", 4),
    ("ipv6-encap", 41),
    ("ipv6-frag", 44),
    ("ipv6-icmp", 58),
    ("icmpv6", 58),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("ipv6-route", 43),
    ("ospf", 89),
    ("pgm", 113),
    ("rsvp", 46),
    ("sctp", 132),
    ("tcp", 6),
    ("udp", 17),
    ("udplite", 136),
    ("vrrp", 112),
];

/// Those that have ports.
pub(super) const WITH_PORTS: [&str; 5] = ["dccp", "sctp", "tcp", "udp", "udplite"];

/// The number of a protocol that is named or numbered.
pub(super) fn protocol_number(protocol: &str) -> Option<u8> {
    let named = PROTOCOLS.iter().find(|(name, _)| *name == protocol).map(|(_, number)| *number);
    named.or_else(|| protocol.parse().ok())
}

/// The name and the number, by which Neutron finds rules that are the same.
pub(super) fn protocol_pair(protocol: &str) -> String {
    let number = protocol_number(protocol).map_or_else(|| protocol.to_owned(), |number| number.to_string());
    let named = PROTOCOLS.iter().any(|(name, _)| *name == protocol);
    let name = match number.as_str() {
        _ if named => protocol,
        "0" => "ip",
        "58" => "ipv6-icmp",
        number => PROTOCOLS.iter().find(|(_, one)| one.to_string() == number).map_or(protocol, |(name, _)| name),
    };
    list([quoted(name), quoted(&number)])
}

pub(super) fn protocol(value: &Value) -> Result<Value, Fault> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let given = text(value);
    let numbered = given.parse::<i64>().ok();
    if numbered.is_some_and(|number| (0..=255).contains(&number)) {
        return Ok(json!(given));
    }
    let name = value.as_str().map(str::to_lowercase);
    if let Some(name) = name.filter(|name| PROTOCOLS.iter().any(|(known, _)| known == name)) {
        return Ok(json!(name));
    }
    let known = list(["None".to_owned()].into_iter().chain(PROTOCOLS.map(|(name, _)| quoted(name))));
    let told = format!("Security group rule protocol {given} not supported. Only protocol values {known}");
    let told = format!("{told} and integer representations [0 to 255] are supported.");
    Err(Fault::new(400, "SecurityGroupRuleInvalidProtocol", told))
}

pub(super) fn family(value: &Value) -> Result<Value, Fault> {
    let known =
        ["IPv4", "IPv6"].into_iter().find(|one| value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(one)));
    let told = format!(
        "Security group rule for ethertype '{}' not supported. Allowed values are ['IPv4', 'IPv6'].",
        text(value)
    );
    known.map(|known| json!(known)).ok_or_else(|| Fault::new(400, "SecurityGroupRuleInvalidEtherType", told))
}

pub(super) fn port(value: &Value) -> Result<Value, Fault> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let number = match value {
        Value::Bool(flag) => Some(u16::from(*flag)),
        Value::String(text) => text.trim().parse().ok(),
        // What comes behind the point is cut off.
        _ => text(value).split('.').next().and_then(|whole| whole.parse().ok()),
    };
    number.map(|number| json!(number)).ok_or_else(|| invalid_port(&text(value)))
}

pub(super) fn invalid_port(port: &str) -> Fault {
    Fault::new(400, "SecurityGroupInvalidPortValue", format!("Invalid value for port {port}"))
}

/// A range of addresses; nothing at all means none.
pub(super) fn prefix(value: &Value) -> Result<Value, Fault> {
    let nothing = matches!(value, Value::Null | Value::Bool(false)) || *value == "" || *value == 0;
    if nothing {
        return Ok(Value::Null);
    }
    let told = || Fault::new(400, "InvalidCIDR", format!("Invalid CIDR {} given as IP prefix.", text(value)));
    let (address, bits) = value.as_str().and_then(network).ok_or_else(told)?;
    Ok(json!(format!("{address}/{bits}")))
}

/// Reads an address with the number of its network's bits, or with a mask; without either it is alone.
pub(super) fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address = address.trim();
    let address: IpAddr = address.parse().ok().or_else(|| short(address).map(IpAddr::V4))?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => most,
        Some(bits) => bits.parse().ok().or_else(|| mask(bits))?,
    };
    (bits <= most).then_some((address, bits))
}

/// `10.1` is `10.1.0.0` where a network is meant.
fn short(text: &str) -> Option<Ipv4Addr> {
    let parts = text.split('.').map(|part| part.parse::<u8>().ok()).collect::<Option<Vec<u8>>>()?;
    let mut octets = [0; 4];
    octets.get_mut(..parts.len())?.copy_from_slice(&parts);
    Some(Ipv4Addr::from(octets))
}

/// The number of bits of `255.255.0.0`, or of its opposite `0.0.255.255`.
fn mask(text: &str) -> Option<u8> {
    let mask = u32::from(text.parse::<Ipv4Addr>().ok()?);
    let bits = [mask, !mask].into_iter().find(|mask| mask.leading_ones() + mask.trailing_zeros().min(32) == 32)?;
    u8::try_from(bits.leading_ones()).ok()
}

/// The address with its host part zero.
pub(super) fn base(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let kept = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(address) & kept))
        }
        IpAddr::V6(address) => {
            let kept = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(address) & kept))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{base, network, protocol, protocol_pair};
    use serde_json::json;

    #[test]
    fn ranges_are_read_in_each_form() {
        let table = [
            ("10.0.0.0/8", Some("10.0.0.0/8")),
            ("10.0.0.1", Some("10.0.0.1/32")),
            ("10.0.0.0/255.0.0.0", Some("10.0.0.0/8")),
            ("10.1/16", Some("10.1.0.0/16")),
            ("2001:DB8::/32", Some("2001:db8::/32")),
            ("::1", Some("::1/128")),
            ("10.0.0.0/33", None),
            ("everywhere", None),
            ("10.0.0.0/", None),
            ("10.0.0.0/255.0.255.0", None),
        ];
        for (text, wanted) in table {
            let found = network(text).map(|(address, bits)| format!("{address}/{bits}"));
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn host_bits_are_cut_off() {
        for (text, wanted) in [("10.1.2.3/8", "10.0.0.0"), ("10.1.2.3/0", "0.0.0.0"), ("2001:db8::1/32", "2001:db8::")]
        {
            let (address, bits) = network(text).unwrap();
            assert_eq!(base(address, bits).to_string(), wanted);
        }
    }

    #[test]
    fn protocols_are_named_or_numbered() {
        assert_eq!(protocol(&json!("TCP")).unwrap(), "tcp");
        assert_eq!(protocol(&json!(6)).unwrap(), "6");
        assert!(protocol(&json!("256")).is_err() && protocol(&json!("any")).is_err());
        assert_eq!(protocol_pair("6"), protocol_pair("tcp"));
        assert_eq!(protocol_pair("200"), "['200', '200']");
    }
}
