//! The rules of security groups.

use serde_json::{Map, Value, json};

use super::body::{Sent, text};
use super::faults::{no_group, no_rule};
use super::query::{list, one};
use super::tables::RULES;
use super::traffic::{self, WITH_PORTS};
use super::{Call, Fault, NO_BODY, Reply};
use crate::exchange::Answer;
use crate::openstack::times::seconds;
use crate::world::State;
use crate::world::group::{Rule, SecurityGroup, Traffic};

/// The highest port.
const LAST: u16 = u16::MAX;

/// Answers below `/security-group-rules`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => list(call, &RULES, mine(call).map(|(group, rule)| alone(group, rule)).collect()),
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|(group, rule)| one(call, &RULES, alone(group, rule))),
        ("DELETE", [_]) if call.has_body() => Err(Fault::bad(NO_BODY)),
        ("DELETE", [id]) => delete(call, id),
        _ => return None,
    })
}

/// The rules of the caller's groups.
fn mine<'a>(call: &'a Call<'_>) -> impl Iterator<Item = (&'a SecurityGroup, &'a Rule)> {
    let groups = call.state.groups.iter().filter(|group| group.project == call.caller.project);
    groups.flat_map(|group| group.rules.iter().map(move |rule| (group, rule)))
}

fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<(&'a SecurityGroup, &'a Rule), Fault> {
    mine(call).find(|(_, rule)| rule.id == id).ok_or_else(|| no_rule(id))
}

fn create(call: &mut Call<'_>) -> Reply {
    match call.made(&RULES)? {
        Sent::One(given) => {
            call.quota("security_group_rule", 1)?;
            let what = traffic(call, &given)?;
            let made = add(call, &group_of(&given), vec![what])?;
            Ok(Answer::json(201, &json!({"security_group_rule": made.first()})))
        }
        Sent::Many(several) => {
            call.quota("security_group_rule", several.len())?;
            let group = only_group(&several)?;
            let whats = several.iter().map(|given| traffic(call, given)).collect::<Result<_, _>>()?;
            Ok(Answer::json(201, &json!({"security_group_rules": add(call, &group, whats)?})))
        }
    }
}

fn group_of(given: &Map<String, Value>) -> String {
    text(given, "security_group_id").unwrap_or_default().to_owned()
}

/// The group of all rules that are sent at once.
fn only_group(several: &[Map<String, Value>]) -> Result<String, Fault> {
    let group = several.first().map(group_of).unwrap_or_default();
    if several.iter().all(|given| group_of(given) == group) {
        return Ok(group);
    }
    let told = "Only allowed to update rules for one security profile at a time";
    Err(Fault::new(400, "SecurityGroupNotSingleGroupRules", told))
}

/// Adds all of these, or none when the group has one of them or one is there twice.
fn add(call: &mut Call<'_>, group: &str, whats: Vec<Traffic>) -> Result<Vec<Map<String, Value>>, Fault> {
    let found = call.state.group(group).ok_or_else(|| no_group(group))?;
    let keys: Vec<String> = whats.iter().map(key).collect();
    let mut seen = std::collections::HashSet::new();
    if !keys.iter().all(|key| seen.insert(key)) {
        let told = "Duplicate Security Group Rule in POST.";
        return Err(Fault::new(409, "DuplicateSecurityGroupRuleInPost", told));
    }
    if let Some(twin) = found.rules.iter().find(|rule| seen.contains(&key(&rule.what))) {
        let told = format!("Security group rule already exists. Rule id is {}.", twin.id);
        return Err(Fault::new(409, "SecurityGroupRuleExists", told));
    }
    let rules: Vec<Rule> = whats.into_iter().map(|what| call.state.rule(what)).collect();
    let now = call.state.now;
    let group = call.state.groups.iter_mut().find(|one| one.id == group).ok_or_else(|| no_group(group))?;
    let shown = rules.iter().map(|rule| alone(group, rule)).collect();
    for rule in rules {
        group.about.touch(now);
        group.rules.push(rule);
    }
    Ok(shown)
}

/// By what Neutron tells whether two rules are the same.
fn key(what: &Traffic) -> String {
    let anywhere = matches!(what.prefix.as_deref(), None | Some("0.0.0.0/0" | "::/0"));
    let protocol = what.protocol.as_deref().map(traffic::protocol_pair);
    let prefix = what.prefix.as_deref().filter(|_| !anywhere);
    format!("{:?}", (what.inward, what.v6, what.from_port, what.to_port, protocol, &what.from_group, prefix))
}

/// What a rule shall let through, as Neutron keeps it.
fn traffic(call: &Call<'_>, given: &Map<String, Value>) -> Result<Traffic, Fault> {
    let word = |name: &str| text(given, name).map(str::to_owned);
    let port = |name: &str| given.get(name).and_then(Value::as_u64).and_then(|port| u16::try_from(port).ok());
    let mut what = Traffic {
        inward: text(given, "direction") == Some("ingress"),
        v6: text(given, "ethertype") == Some("IPv6"),
        protocol: word("protocol"),
        from_port: port("port_range_min"),
        to_port: port("port_range_max"),
        prefix: word("remote_ip_prefix"),
        from_group: word("remote_group_id").filter(|id| !id.is_empty()),
        description: Some(word("description").unwrap_or_default()),
    };
    canonical(&mut what);
    ports(&what)?;
    families(&what)?;
    let address_group = text(given, "remote_address_group_id").filter(|id| !id.is_empty());
    if [what.prefix.is_some(), what.from_group.is_some(), address_group.is_some()].iter().filter(|is| **is).count() > 1
    {
        let told = "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.";
        return Err(Fault::new(400, "SecurityGroupMultipleRemoteEntites", told));
    }
    if let Some(id) = address_group {
        let told = format!("Address group {id} could not be found.");
        return Err(Fault::new(404, "AddressGroupNotFound", told));
    }
    for id in what.from_group.iter().chain([&group_of(given)]) {
        let known = call.state.group(id).is_some_and(|group| group.project == call.caller.project);
        if !known {
            return Err(no_group(id));
        }
    }
    Ok(what)
}

/// Old names for ICMP of IPv6 become the right one; all ports are no ports.
fn canonical(what: &mut Traffic) {
    if what.v6 {
        match what.protocol.as_deref() {
            Some("icmp" | "icmpv6") => what.protocol = Some("ipv6-icmp".to_owned()),
            Some("1") => what.protocol = Some("58".to_owned()),
            _ => {}
        }
    }
    if (what.from_port, what.to_port) == (Some(1), Some(LAST)) {
        (what.from_port, what.to_port) = (None, None);
    }
}

/// Whether the protocol has such ports, or such types and codes.
fn ports(what: &Traffic) -> Result<(), Fault> {
    if what.from_port.is_none() && what.to_port.is_none() {
        return Ok(());
    }
    let Some(protocol) = what.protocol.as_deref() else {
        let told = "Must also specify protocol if port range is given.";
        return Err(Fault::new(400, "SecurityGroupProtocolRequiredWithPorts", told));
    };
    let number = traffic::protocol_number(protocol);
    if WITH_PORTS.iter().any(|name| traffic::protocol_number(name) == number) {
        return range(what);
    }
    if matches!(number, Some(1 | 58)) {
        return icmp(what);
    }
    let number = number.map_or_else(|| protocol.to_owned(), |number| number.to_string());
    let known = WITH_PORTS.map(str::to_uppercase).join(", ");
    let told = format!("Ports cannot be specified for protocol {number}. Ports are only supported for {known}.");
    Err(Fault::new(400, "SecurityGroupInvalidProtocolForPort", told))
}

fn range(what: &Traffic) -> Result<(), Fault> {
    if what.from_port == Some(0) || what.to_port == Some(0) {
        return Err(traffic::invalid_port("0"));
    }
    match (what.from_port, what.to_port) {
        (Some(from), Some(to)) if from <= to => Ok(()),
        _ => {
            let told = "For TCP/UDP protocols, port_range_min must be <= port_range_max";
            Err(Fault::new(400, "SecurityGroupInvalidPortRange", told))
        }
    }
}

fn icmp(what: &Traffic) -> Result<(), Fault> {
    let parts = [("type", "port_range_min", what.from_port), ("code", "port_range_max", what.to_port)];
    for (field, name, value) in parts {
        if let Some(value) = value.filter(|value| *value > 255) {
            let told = format!("Invalid value for ICMP {field} ({name}) {value}. It must be 0 to 255.");
            return Err(Fault::new(400, "SecurityGroupInvalidIcmpValue", told));
        }
    }
    match (what.from_port, what.to_port) {
        (None, Some(code)) => {
            let told =
                format!("ICMP code (port-range-max) {code} is provided but ICMP type (port-range-min) is missing.");
            Err(Fault::new(400, "SecurityGroupMissingIcmpType", told))
        }
        _ => Ok(()),
    }
}

/// Whether addresses and protocol are of the rule's family.
fn families(what: &Traffic) -> Result<(), Fault> {
    const V6_ONLY: [u8; 6] = [41, 44, 58, 59, 60, 43];
    let family = family(what);
    if let Some(prefix) = what.prefix.as_ref().filter(|prefix| prefix.contains(':') != what.v6) {
        let told = format!("Conflicting value ethertype {family} for CIDR {prefix}");
        return Err(Fault::new(400, "SecurityGroupRuleParameterConflict", told));
    }
    let protocol = what.protocol.as_deref();
    let six = protocol.filter(|one| traffic::protocol_number(one).is_some_and(|number| V6_ONLY.contains(&number)));
    match six {
        Some(protocol) if !what.v6 => {
            let told = format!("Invalid ethertype {family} for protocol {protocol}.");
            Err(Fault::new(400, "SecurityGroupEthertypeConflictWithProtocol", told))
        }
        _ => Ok(()),
    }
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    found(call, id)?;
    call.unchanged(0)?;
    let now = call.state.now;
    for group in &mut call.state.groups {
        if let Some(place) = group.rules.iter().position(|rule| rule.id == id) {
            group.rules.remove(place);
            group.about.touch(now);
        }
    }
    Ok(Answer::empty(204))
}

fn family(what: &Traffic) -> &'static str {
    if what.v6 { "IPv6" } else { "IPv4" }
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-security-group-rule>
fn alone(group: &SecurityGroup, rule: &Rule) -> Map<String, Value> {
    let what = &rule.what;
    let normal = what.prefix.as_deref().and_then(traffic::network);
    let normal = normal.map(|(address, bits)| format!("{}/{bits}", traffic::base(address, bits)));
    let shown = json!({
        "id": rule.id, "tenant_id": group.project, "project_id": group.project, "security_group_id": group.id,
        "ethertype": family(what), "direction": if what.inward { "ingress" } else { "egress" },
        "protocol": what.protocol, "port_range_min": what.from_port, "port_range_max": what.to_port,
        "remote_ip_prefix": what.prefix, "normalized_cidr": normal, "remote_address_group_id": null,
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
