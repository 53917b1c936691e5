//! The rules of security groups.

use std::net::Ipv6Addr;

use serde_json::{Map, Value, json};

use super::groups::no_group;
use super::query::{Kind, list};
use super::{Call, Fault, Reply};
use crate::exchange::Answer;
use crate::openstack::times::seconds;
use crate::world::State;
use crate::world::group::{Rule, SecurityGroup, Traffic};

const RULES: Kind = Kind { plural: "security_group_rules", path: "security-group-rules", missing: no_rule };

/// The protocols that have names.
const PROTOCOLS: [&str; 25] = [
    "ah",
    "dccp",
    "egp",
    "esp",
    "gre",
    "hopopt",
    "icmp",
    "igmp",
    "ip",
    "ipip",
    "ipv6-encap",
    "ipv6-frag",
    "ipv6-icmp",
    "icmpv6",
    "ipv6-nonxt",
    "ipv6-opts",
    "ipv6-route",
    "ospf",
    "pgm",
    "rsvp",
    "sctp",
    "tcp",
    "udp",
    "udplite",
    "vrrp",
];

fn no_rule(id: &str) -> Fault {
    Fault::new(404, "SecurityGroupRuleNotFound", format!("Security group rule {id} does not exist"))
}

/// Answers below `/security-group-rules`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => list(call, RULES, mine(call).map(|(group, rule)| alone(group, rule)).collect()),
        ("POST", []) => create(call),
        ("GET", [id]) => {
            let found = mine(call).find(|(_, rule)| rule.id == *id).ok_or_else(|| no_rule(id));
            found.map(|(group, rule)| Answer::json(200, &json!({"security_group_rule": alone(group, rule)})))
        }
        ("DELETE", [id]) => delete(call, id),
        _ => return None,
    })
}

/// The rules of the caller's groups.
fn mine<'a>(call: &'a Call<'_>) -> impl Iterator<Item = (&'a SecurityGroup, &'a Rule)> {
    let groups = call.state.groups.iter().filter(|group| group.project == call.caller.project);
    groups.flat_map(|group| group.rules.iter().map(move |rule| (group, rule)))
}

fn create(call: &mut Call<'_>) -> Reply {
    let given = call.body("security_group_rule")?;
    let group = given.get("security_group_id").and_then(Value::as_str).map(str::to_owned);
    let group = group.ok_or_else(|| lacking("security_group_id"))?;
    let what = traffic(&given)?;
    let found = call.state.group(&group).filter(|one| one.project == call.caller.project);
    let found = found.ok_or_else(|| no_group(&group))?;
    if let Some(twin) = found.rules.iter().find(|rule| rule.what.same(&what)) {
        let told = format!("Security group rule already exists. Rule id is {}.", twin.id);
        return Err(Fault::new(409, "SecurityGroupRuleExists", told));
    }
    let rule = call.state.rule(what);
    let found = call.state.groups.iter_mut().find(|one| one.id == group).ok_or_else(|| no_group(&group))?;
    let answer = Answer::json(201, &json!({"security_group_rule": alone(found, &rule)}));
    found.rules.push(rule);
    found.revision += 1;
    Ok(answer)
}

fn lacking(key: &str) -> Fault {
    Fault::bad(format!("Failed to parse request. Required attribute '{key}' not specified"))
}

/// Reads what a rule shall let through.
fn traffic(given: &Value) -> Result<Traffic, Fault> {
    let text = |key: &str| given.get(key).and_then(Value::as_str).map(str::to_owned);
    let direction = text("direction").ok_or_else(|| lacking("direction"))?;
    let family = text("ethertype").unwrap_or_else(|| "IPv4".to_owned());
    word("direction", &direction, &["ingress", "egress"])?;
    word("ethertype", &family, &["IPv4", "IPv6"])?;
    let protocol = protocol(given.get("protocol"))?;
    let (from_port, to_port) = (port(given, "port_range_min")?, port(given, "port_range_max")?);
    let what = Traffic {
        inward: direction == "ingress",
        v6: family == "IPv6",
        protocol,
        from_port,
        to_port,
        prefix: text("remote_ip_prefix").as_deref().map(prefix).transpose()?,
        from_group: text("remote_group_id"),
        description: Some(text("description").unwrap_or_default()),
    };
    sensible(what)
}

fn word(key: &str, given: &str, known: &[&str]) -> Result<(), Fault> {
    if known.contains(&given) {
        return Ok(());
    }
    Err(Fault::bad(format!("Invalid input for {key}. Reason: {given} is not in valid_values.")))
}

fn protocol(given: Option<&Value>) -> Result<Option<String>, Fault> {
    let text = match given {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.to_lowercase(),
        Some(other) => other.to_string(),
    };
    if text == "any" || text == "0" {
        return Ok(None);
    }
    if PROTOCOLS.contains(&text.as_str()) || text.parse::<u8>().is_ok() {
        return Ok(Some(text));
    }
    let names: Vec<String> = PROTOCOLS.iter().map(|name| format!("'{name}'")).collect();
    let told =
        format!("Security group rule protocol {text} not supported. Only protocol values [None, {}]", names.join(", "));
    let told = format!("{told} and integer representations [0 to 255] are supported.");
    Err(Fault::new(400, "SecurityGroupRuleInvalidProtocol", told))
}

fn port(given: &Value, key: &str) -> Result<Option<u16>, Fault> {
    let number = match given.get(key) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        Some(_) => None,
    };
    let port = number.and_then(|number| u16::try_from(number).ok());
    let given = given.get(key).map(ToString::to_string).unwrap_or_default();
    port.map(Some).ok_or_else(|| Fault::bad(format!("Invalid input for {key}. Reason: Invalid port '{given}'.")))
}

/// Checks an address range; a single address becomes a range of one.
fn prefix(text: &str) -> Result<String, Fault> {
    let (address, bits) = text.split_once('/').unwrap_or((text, ""));
    let most = match address.parse::<std::net::Ipv4Addr>() {
        Ok(_) => Some(32),
        Err(_) => address.parse::<Ipv6Addr>().ok().map(|_| 128),
    };
    let whole = most.map(|most| if bits.is_empty() { most.to_string() } else { bits.to_owned() });
    let valid = whole.filter(|bits| bits.parse().is_ok_and(|bits: u32| Some(bits) <= most));
    match valid {
        Some(bits) => Ok(format!("{address}/{bits}")),
        None => Err(Fault::new(400, "InvalidCIDR", format!("Invalid CIDR {text} given as IP prefix."))),
    }
}

/// Whether ports, protocol and family fit together.
fn sensible(what: Traffic) -> Result<Traffic, Fault> {
    let has_ports = what.from_port.is_some() || what.to_port.is_some();
    let carries_ports =
        matches!(what.protocol.as_deref(), Some("tcp" | "udp" | "sctp" | "dccp" | "udplite" | "6" | "17"));
    let icmp = matches!(what.protocol.as_deref(), Some("icmp" | "icmpv6" | "ipv6-icmp" | "1" | "58"));
    if has_ports && what.protocol.is_none() {
        let told = "Must also specify protocol if port range is given.";
        return Err(Fault::new(400, "SecurityGroupProtocolRequiredWithPorts", told));
    }
    if carries_ports && what.from_port > what.to_port {
        let told = "For TCP/UDP protocols, port_range_min must be <= port_range_max";
        return Err(Fault::new(400, "SecurityGroupInvalidPortRange", told));
    }
    if has_ports && !carries_ports && !icmp {
        let told = "Port range is not supported by this protocol.";
        return Err(Fault::new(400, "SecurityGroupInvalidProtocolForPort", told));
    }
    if what.prefix.is_some() && what.from_group.is_some() {
        let told = "Only remote_ip_prefix or remote_group_id may be provided.";
        return Err(Fault::new(400, "SecurityGroupMultipleRemoteSourceEntities", told));
    }
    let v6_prefix = what.prefix.as_ref().is_some_and(|prefix| prefix.contains(':'));
    if what.prefix.is_some() && v6_prefix != what.v6 {
        let (family, prefix) = (family(&what), what.prefix.unwrap_or_default());
        let told = format!("Conflicting value ethertype {family} for CIDR {prefix}");
        return Err(Fault::new(400, "SecurityGroupRuleParameterConflict", told));
    }
    Ok(what)
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    let project = &call.caller.project;
    let mut mine = call.state.groups.iter_mut().filter(|group| group.project == *project);
    let group = mine.find(|group| group.rules.iter().any(|rule| rule.id == id)).ok_or_else(|| no_rule(id))?;
    group.rules.retain(|rule| rule.id != id);
    group.revision += 1;
    Ok(Answer::empty(204))
}

fn family(what: &Traffic) -> &'static str {
    if what.v6 { "IPv6" } else { "IPv4" }
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-security-group-rule>
fn alone(group: &SecurityGroup, rule: &Rule) -> Map<String, Value> {
    let what = &rule.what;
    let shown = json!({
        "id": rule.id, "tenant_id": group.project, "project_id": group.project, "security_group_id": group.id,
        "ethertype": family(what), "direction": if what.inward { "ingress" } else { "egress" },
        "protocol": what.protocol, "port_range_min": what.from_port, "port_range_max": what.to_port,
        "remote_ip_prefix": what.prefix, "normalized_cidr": what.prefix, "remote_address_group_id": null,
        "remote_group_id": what.from_group, "description": what.description, "created_at": seconds(rule.created),
        "updated_at": seconds(rule.created), "revision_number": 0,
    });
    shown.as_object().cloned().unwrap_or_default()
}

/// A rule as its group shows it.
pub(super) fn rule_in_group(group: &SecurityGroup, rule: &Rule) -> Value {
    let mut shown = alone(group, rule);
    shown.insert("standard_attr_id".to_owned(), json!(rule.number));
    shown.insert("tags".to_owned(), json!([]));
    Value::Object(shown)
}

/// A rule as Nova shows it.
pub(super) fn traffic_for_nova(state: &State, group: &SecurityGroup, rule: &Rule) -> Value {
    let what = &rule.what;
    let from = what.from_group.as_deref().and_then(|id| state.group(id));
    let everywhere = if what.v6 { "::/0" } else { "0.0.0.0/0" };
    let range = match from {
        Some(_) => json!({}),
        None => json!({"cidr": what.prefix.as_deref().unwrap_or(everywhere)}),
    };
    json!({
        "id": rule.id, "parent_group_id": group.id, "ip_protocol": what.protocol, "from_port": what.from_port,
        "to_port": what.to_port, "ip_range": range,
        "group": from.map_or(json!({}), |from| json!({"name": from.name, "tenant_id": from.project})),
    })
}
