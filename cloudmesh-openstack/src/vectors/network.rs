//! Recorded answers of Neutron, and Nova's key pairs.

use std::collections::HashMap;

use cloudmesh_abstract::{ErrorKind, Protocol};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::ensure;
use crate::map::address::address;
use crate::map::group::{Names, group as to_group};
use crate::map::key::key;
use crate::map::rule::rule as to_rule;
use crate::pages::record;
use crate::ports::ends_of;
use crate::refusal::{Answer, refusal};
use crate::wire;

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

pub(super) fn keypair(value: &Value) -> Result<(), String> {
    let inner = value.get("keypair").unwrap_or(value);
    let key = key(record(inner.clone()).ok_or("no record")?);
    ensure(!key.name.is_empty() && key.name == text(inner, "name"), "no name")?;
    ensure(inner["fingerprint"].is_null() || key.fingerprint.is_some(), "no fingerprint")?;
    ensure(text(inner, "public_key").is_empty() || key.public_key.is_some(), "no public key")
}

pub(super) fn group(value: &Value) -> Result<(), String> {
    let record: wire::SecurityGroup = record(value.clone()).ok_or("no record")?;
    let rules = value["security_group_rules"].as_array().map_or(0, Vec::len);
    let names = Names::of(std::slice::from_ref(&record));
    let group = to_group(record, &names);
    ensure(!group.id.is_empty() && group.name == text(value, "name"), "no id or name")?;
    ensure(group.rules.len() == rules, "other rules")
}

pub(super) fn rule(value: &Value) -> Result<(), String> {
    let rule = to_rule(&record(value.clone()).ok_or("no record")?, str::to_owned);
    let narrow = |name: &str| !value[name].is_null();
    ensure(rule.direction.to_string() == text(value, "direction"), "another direction")?;
    ensure(!narrow("ethertype") || rule.ethertype.to_string() == text(value, "ethertype"), "another family")?;
    ensure(!narrow("protocol") || rule.protocol != Protocol::Any, "wider than it is: every protocol")?;
    let everywhere = ["0.0.0.0/0", "::/0"].contains(&text(value, "remote_ip_prefix"));
    ensure(!narrow("remote_ip_prefix") || everywhere || rule.cidr.is_some(), "wider than it is: every network")?;
    ensure(!narrow("remote_group_id") || rule.remote_group.is_some(), "wider than it is: every group")
}

pub(super) fn floating_ip(value: &Value) -> Result<(), String> {
    let found: wire::FloatingIp = record(value.clone()).ok_or("no record")?;
    let ip = address(&found, &HashMap::new(), &[]).ok_or("no address")?;
    ensure(
        !ip.id.is_empty() && ip.address.to_string() == text(value, "floating_ip_address"),
        "no id, another address",
    )?;
    ensure(ip.node.is_some() == value["port_id"].is_string(), "free or not, which it is not")?;
    ensure(text(value, "floating_network_id").is_empty() || ip.pool.is_some(), "no pool")
}

pub(super) fn port(value: &Value) -> Result<(), String> {
    let port: wire::Port = record(value.clone()).ok_or("no record")?;
    let addresses = value["fixed_ips"].as_array().into_iter().flatten();
    let of_four = addresses.filter(|ip| text(ip, "ip_address").contains('.')).count();
    ensure(!port.id.is_empty() && port.device_id == text(value, "device_id"), "no id, another device")?;
    ensure(ends_of(&[port]).len() == of_four, "other addresses")
}

pub(super) fn router(value: &Value) -> Result<(), String> {
    let router: wire::Router = record(value.clone()).ok_or("no record")?;
    let leads = text(&value["external_gateway_info"], "network_id");
    ensure(
        router.external_gateway_info.map(|gateway| gateway.network_id).unwrap_or_default() == leads,
        "another network",
    )
}

pub(super) fn error(value: &Value) -> Result<(), String> {
    let body = json!({"NeutronError": value}).to_string().into_bytes();
    for status in [400, 404, 409] {
        let answer = Answer { status, body: body.clone(), ..Answer::default() };
        let error = refusal(&answer, "GET /", Timestamp::UNIX_EPOCH);
        ensure(error.code().is_some() && !error.message().is_empty(), "no code or message")?;
        ensure(error.kind() != ErrorKind::Unexpected, "an unexpected kind")?;
    }
    Ok(())
}
