//! What a value of an attribute may be, and Neutron's words when it is not.

use std::collections::HashSet;
use std::net::IpAddr;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Fault;
use super::python::{repr, text};
use super::traffic;

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Check {
    /// Anything.
    Any,
    /// A text of at most so many characters.
    Text(usize),
    /// A text that is not the name of the default security group.
    GroupName,
    Mac,
    Uuid,
    UuidOrNull,
    AddressOrNull,
    Flag,
    Number,
    Mtu,
    /// One of these words.
    Word(&'static [&'static str]),
    /// 4 or 6.
    IpVersion,
    Family,
    Protocol,
    PortNumber,
    Prefix,
    /// A range of addresses as a subnet has it.
    Cidr,
    /// Ids; null for none.
    Uuids,
    /// Different texts.
    Texts,
    /// Addresses of a port.
    FixedIps,
    /// Addresses of servers that know names.
    NameServers,
    /// The first and the last addresses of blocks.
    Pools,
    /// A router's way out; null for none.
    Gateway,
    /// Destinations and next hops.
    Routes,
}

impl Check {
    /// The value as Neutron goes on with it.
    pub(super) fn convert(self, name: &str, value: &Value) -> Result<Value, Fault> {
        match self {
            Self::Flag => flag(value),
            Self::Number => number(value),
            Self::Family => traffic::family(value),
            Self::Protocol => traffic::protocol(value),
            Self::PortNumber => traffic::port(value),
            Self::Prefix => traffic::prefix(value),
            Self::Uuids | Self::Texts | Self::NameServers | Self::Routes if value.is_null() => Ok(json!([])),
            Self::GroupName if value.as_str().is_some_and(|name| name.eq_ignore_ascii_case("default")) => {
                let told = "Default security group already exists.";
                Err(Fault::new(409, "SecurityGroupDefaultAlreadyExists", told))
            }
            Self::Mtu => number(value).and_then(|value| self.verified(name, value)),
            Self::IpVersion => number(value).and_then(|value| self.verified(name, value)),
            Self::Cidr => cidr(value).and_then(|value| self.verified(name, value)),
            _ => self.verified(name, value.clone()),
        }
    }

    fn verified(self, name: &str, value: Value) -> Result<Value, Fault> {
        match self.wrong(&value) {
            None => Ok(value),
            Some(why) => Err(Fault::bad(format!("Invalid input for {name}. Reason: {why}."))),
        }
    }

    /// What is wrong with a value.
    pub(super) fn wrong(self, value: &Value) -> Option<String> {
        match self {
            Self::Text(most) => not_text(value, most),
            Self::GroupName => not_text(value, 255),
            Self::Mac => not_mac(value),
            Self::Uuid => not_uuid(value),
            Self::UuidOrNull if !value.is_null() => not_uuid(value),
            Self::AddressOrNull if !value.is_null() => not_address(value),
            Self::Word(words) => {
                let known = value.as_str().is_some_and(|word| words.contains(&word));
                (!known).then(|| format!("{} is not in valid_values", text(value)))
            }
            Self::IpVersion => (*value != 4 && *value != 6).then(|| format!("{value} is not in valid_values")),
            Self::Mtu => value.as_i64().is_some_and(|mtu| mtu < 0).then(|| format!("'{value}' should be non-negative")),
            Self::Cidr if !value.is_null() => not_subnet(value),
            Self::Uuids => not_list(value, not_uuid),
            Self::Texts => not_list(value, |one| not_text(one, 255)),
            Self::FixedIps => not_fixed(value),
            Self::NameServers => not_list(value, |one| {
                not_address(one).map(|why| format!("'{}' is not a valid nameserver. {why}", text(one)))
            }),
            Self::Pools => not_records(value, "IP pool", &["start", "end"]),
            Self::Routes => not_records(value, "hostroute", &["destination", "nexthop"]),
            Self::Gateway => not_gateway(value),
            _ => None,
        }
    }
}

/// Reads what Neutron takes for a yes or a no.
pub(super) fn flag(value: &Value) -> Result<Value, Fault> {
    match text(value).trim().to_lowercase().as_str() {
        "1" | "t" | "true" | "on" | "y" | "yes" => Ok(json!(true)),
        "0" | "f" | "false" | "off" | "n" | "no" => Ok(json!(false)),
        _ => Err(Fault::input(format!("'{}' cannot be converted to boolean", text(value)))),
    }
}

fn number(value: &Value) -> Result<Value, Fault> {
    let told = || Fault::input(format!("'{}' is not an integer", text(value)));
    match value {
        Value::Bool(flag) => Ok(json!(i64::from(*flag))),
        _ => text(value).trim().parse::<i64>().map(|number| json!(number)).map_err(|_| told()),
    }
}

fn cidr(value: &Value) -> Result<Value, Fault> {
    let given = value.as_str().and_then(traffic::network);
    let told = || Fault::input(format!("{} is not in a CIDR format", text(value)));
    given.map(|(address, bits)| json!(format!("{address}/{bits}"))).ok_or_else(told)
}

/// The host part of a subnet's address must be zero.
fn not_subnet(value: &Value) -> Option<String> {
    let (address, bits) = value.as_str().and_then(traffic::network)?;
    let base = traffic::base(address, bits);
    let told = || format!("'{}' isn't a recognized IP subnet cidr, '{base}/{bits}' is recommended", text(value));
    (base != address).then(told)
}

fn not_text(value: &Value, most: usize) -> Option<String> {
    match value.as_str() {
        None => Some(format!("'{}' is not a valid string", text(value))),
        Some(text) if text.chars().count() > most => Some(format!("'{text}' exceeds maximum length of {most}")),
        Some(_) => None,
    }
}

/// Whether it reads as an id.
pub(super) fn is_uuid(text: &str) -> bool {
    Uuid::try_parse(text).is_ok()
}

fn not_uuid(value: &Value) -> Option<String> {
    let valid = value.as_str().is_some_and(is_uuid);
    (!valid).then(|| format!("'{}' is not a valid UUID", text(value)))
}

fn not_mac(value: &Value) -> Option<String> {
    let pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
    let valid = value.as_str().is_some_and(|text| text.split(':').count() == 6 && text.split(':').all(pair));
    (!valid).then(|| format!("'{}' is not a valid MAC address", text(value)))
}

fn not_address(value: &Value) -> Option<String> {
    let valid = value.as_str().is_some_and(|text| text.parse::<IpAddr>().is_ok());
    (!valid).then(|| format!("'{}' is not a valid IP address", text(value)))
}

fn not_list(value: &Value, of: impl Fn(&Value) -> Option<String>) -> Option<String> {
    let Some(entries) = value.as_array() else { return Some(format!("'{}' is not a list", text(value))) };
    let mut seen = HashSet::new();
    let twice: HashSet<String> = entries.iter().map(text).filter(|one| !seen.insert(one.clone())).collect();
    if !twice.is_empty() {
        return Some(format!("Duplicate items in the list: '{}'", twice.into_iter().collect::<Vec<_>>().join(", ")));
    }
    entries.iter().find_map(of)
}

fn not_fixed(value: &Value) -> Option<String> {
    let strange = |value: &Value| Some(format!("Invalid data format for fixed IP: '{}'", text(value)));
    let Some(entries) = value.as_array() else { return strange(value) };
    let mut seen = HashSet::new();
    entries.iter().find_map(|entry| {
        let Some(entry) = entry.as_object() else { return strange(entry) };
        let address = entry.get("ip_address").and_then(|address| {
            let again = !seen.insert(text(address));
            if again { Some(format!("Duplicate IP address '{}'", text(address))) } else { not_address(address) }
        });
        address.or_else(|| entry.get("subnet_id").and_then(not_uuid))
    })
}

fn not_records(value: &Value, what: &str, keys: &[&str]) -> Option<String> {
    let Some(entries) = value.as_array() else {
        return Some(format!("Invalid data format for {what}: '{}'", text(value)));
    };
    entries.iter().find_map(|entry| {
        let Some(entry) = entry.as_object() else { return Some(format!("'{}' is not a dictionary", repr(entry))) };
        let same = entry.len() == keys.len() && keys.iter().all(|key| entry.contains_key(*key));
        if !same {
            return Some(unexpected(entry, keys));
        }
        let addresses = entry.iter().filter(|(key, _)| *key != "destination");
        addresses.map(|(_, address)| address).find_map(not_address)
    })
}

fn unexpected(entry: &Map<String, Value>, keys: &[&str]) -> String {
    let sorted = |keys: Vec<&str>| keys.into_iter().map(|key| format!("'{key}'")).collect::<Vec<_>>().join(", ");
    let given = sorted(entry.keys().map(String::as_str).collect());
    format!(
        "Validation of dictionary's keys failed. Expected keys: {{{}}} Provided keys: {{{given}}}",
        sorted(keys.to_vec())
    )
}

fn not_gateway(value: &Value) -> Option<String> {
    const KEYS: [&str; 4] = ["network_id", "enable_snat", "external_fixed_ips", "qos_policy_id"];
    if value.is_null() || value.as_object().is_some_and(Map::is_empty) {
        return None;
    }
    let Some(given) = value.as_object() else { return Some(format!("'{}' is not a dictionary", text(value))) };
    let Some(network) = given.get("network_id") else {
        return Some(unexpected(given, &KEYS[..1]));
    };
    let strange: Vec<&str> = given.keys().map(String::as_str).filter(|key| !KEYS.contains(key)).collect();
    if !strange.is_empty() {
        return Some(format!("Unexpected keys supplied: {}", strange.join(", ")));
    }
    not_uuid(network).or_else(|| given.get("external_fixed_ips").and_then(not_fixed))
}
