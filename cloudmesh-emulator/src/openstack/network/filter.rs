//! Which resources a query asks for.

use serde_json::{Map, Value, json};

use super::Fault;
use super::attributes::{OWNER, Resource};
use super::checks::Check;
use super::python::{list, quoted};
use crate::exchange::values;

/// Parameters that filter nothing.
const OTHERS: [&str; 6] = ["limit", "marker", "page_reverse", "fields", "sort_key", "sort_dir"];

/// Keeps what the query asks for.
pub(super) fn filter(
    all: &mut Vec<Map<String, Value>>,
    resource: &Resource,
    parameters: &[(String, String)],
) -> Result<(), Fault> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in parameters {
        if !OTHERS.contains(&name.as_str()) && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let strange: Vec<String> = names.iter().filter(|name| !resource.filters(name)).map(|name| quoted(name)).collect();
    if !strange.is_empty() {
        return Err(Fault::bad(format!("{} is invalid attribute for filtering", list(strange))));
    }
    for name in names {
        let wanted = values(parameters, name).map(|value| wanted(resource, name, value));
        let wanted = wanted.collect::<Result<Vec<Value>, Fault>>()?;
        all.retain(|one| fits(one, name, &wanted));
    }
    Ok(())
}

/// The value as the attribute is kept.
fn wanted(resource: &Resource, name: &str, value: &str) -> Result<Value, Fault> {
    let check = resource.attribute(name).map_or(Check::Any, |attribute| attribute.2);
    match check {
        Check::Flag
        | Check::Number
        | Check::Mtu
        | Check::IpVersion
        | Check::Family
        | Check::Protocol
        | Check::PortNumber
        | Check::Prefix => check.convert(name, &json!(value)),
        Check::FixedIps if !value.contains('=') => {
            Err(Fault::input(format!("'{value}' is not of the form <key>=[value]")))
        }
        _ => Ok(json!(value)),
    }
}

fn fits(one: &Map<String, Value>, name: &str, wanted: &[Value]) -> bool {
    let words = || wanted.iter().filter_map(Value::as_str).flat_map(|words| words.split(','));
    let tagged = |tag: &str| one.get("tags").and_then(Value::as_array).is_some_and(|tags| tags.contains(&json!(tag)));
    match name {
        "tags" => words().all(tagged),
        "tags-any" => words().any(tagged),
        "not-tags" => !words().all(tagged),
        "not-tags-any" => !words().any(tagged),
        "fixed_ips" => on_addresses(one, wanted),
        "security_groups" => wanted.iter().any(|wanted| listed(one.get(name), wanted)),
        _ if OWNER.contains(&name) => wanted.contains(&one["tenant_id"]),
        _ => one.get(name).is_some_and(|found| wanted.iter().any(|wanted| same(found, wanted))),
    }
}

fn listed(found: Option<&Value>, wanted: &Value) -> bool {
    found.and_then(Value::as_array).is_some_and(|found| found.contains(wanted))
}

/// A number in a query is a text.
fn same(found: &Value, wanted: &Value) -> bool {
    found == wanted || found.is_number() && wanted.as_str() == Some(found.to_string().as_str())
}

/// `ip_address=10.0.0.3`, `ip_address_substr=0.3`, `subnet_id=…`: those of one kind are alternatives.
fn on_addresses(port: &Map<String, Value>, wanted: &[Value]) -> bool {
    let pairs: Vec<(&str, &str)> =
        wanted.iter().filter_map(Value::as_str).filter_map(|pair| pair.split_once('=')).collect();
    let fixed = port.get("fixed_ips").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let kind = |kind: &str, fits: &dyn Fn(&Value, &str) -> bool| {
        let mut given = pairs.iter().filter(|(key, _)| *key == kind).map(|(_, value)| *value).peekable();
        given.peek().is_none() || given.any(|value| fixed.iter().any(|fixed| fits(fixed, value)))
    };
    kind("ip_address", &|fixed, value| fixed["ip_address"] == value)
        && kind("subnet_id", &|fixed, value| fixed["subnet_id"] == value)
        && kind("ip_address_substr", &|fixed, part| {
            fixed["ip_address"].as_str().is_some_and(|address| address.contains(part))
        })
}
