//! Answers that others recorded, fed to our parsers. `CLOUDMESH_VECTORS` names their folder; without it nothing is fed.

mod network;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use cloudmesh_abstract::{ErrorKind, NodeState};
use jiff::Timestamp;
use serde_json::Value;

use crate::pages::record;
use crate::refusal::{Answer, refusal};
use crate::{map, wire};

/// Records that are legitimately different, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("libcloud/_os_security_group_rules_create.json", NOVAS),
    ("jclouds/securitygrouprule_created.json", NOVAS),
    ("jclouds/securitygrouprule_created_group.json", NOVAS),
    ("jclouds/securitygrouprule_created_cidr.json", NOVAS),
];

const NOVAS: &str = "a rule of Nova's own security groups, which it has no more and we never asked for";

/// How many records of each kind were fed.
type Fed = BTreeMap<&'static str, usize>;

#[test]
fn recorded_answers_are_understood() {
    let Ok(folder) = env::var("CLOUDMESH_VECTORS") else {
        eprintln!("left out: no recorded answers; CLOUDMESH_VECTORS=folder names them");
        return;
    };
    let (mut fed, mut wrong) = (Fed::new(), Vec::new());
    for source in fs::read_dir(Path::new(&folder).join("openstack")).unwrap() {
        for file in fs::read_dir(source.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let place = format!("{}/{}", part(path.parent().unwrap()), part(&path));
            let record: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let is_request = place.to_lowercase().contains("request");
            let body = record["body"].as_str().and_then(|body| serde_json::from_str::<Value>(body).ok());
            let Some(Value::Object(body)) = body.filter(|_| !is_request) else { continue };
            for (key, value) in body {
                if let Err(why) = feed(&key, &value, &mut fed) {
                    wrong.push(format!("{place}: {why}"));
                }
            }
        }
    }
    wrong.retain(|wrong| !DIFFERENT.iter().any(|(place, _)| wrong.starts_with(place)));
    println!("fed: {fed:?}; excepted: {}", DIFFERENT.len());
    for (place, why) in DIFFERENT {
        println!("excepted: {place}, since {why}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(fed.values().sum::<usize>() > 100, "{fed:?}");
}

fn part(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn feed(key: &str, value: &Value, fed: &mut Fed) -> Result<(), String> {
    match (key, value) {
        ("server", value @ Value::Object(_)) => one(fed, "server", value, server),
        ("servers", Value::Array(values)) => all(fed, "server", values, server),
        ("flavor", value @ Value::Object(_)) => one(fed, "flavor", value, flavor),
        ("flavors", Value::Array(values)) => all(fed, "flavor", values, flavor),
        ("image", value @ Value::Object(_)) => one(fed, "image", value, image),
        ("images", Value::Array(values)) => all(fed, "image", values, image),
        ("network", value @ Value::Object(_)) => one(fed, "network", value, network),
        ("networks", Value::Array(values)) => all(fed, "network", values, network),
        ("keypair", value @ Value::Object(_)) => one(fed, "key pair", value, network::keypair),
        ("keypairs", Value::Array(values)) => all(fed, "key pair", values, network::keypair),
        ("security_group", value @ Value::Object(_)) => one(fed, "security group", value, network::group),
        ("security_groups", Value::Array(values)) => all(fed, "security group", values, network::group),
        ("security_group_rule", value @ Value::Object(_)) => one(fed, "rule", value, network::rule),
        ("security_group_rules", Value::Array(values)) => all(fed, "rule", values, network::rule),
        ("floatingip", value @ Value::Object(_)) => one(fed, "floating IP", value, network::floating_ip),
        ("floatingips", Value::Array(values)) => all(fed, "floating IP", values, network::floating_ip),
        ("port", value @ Value::Object(_)) => one(fed, "port", value, network::port),
        ("ports", Value::Array(values)) => all(fed, "port", values, network::port),
        ("router", value @ Value::Object(_)) => one(fed, "router", value, network::router),
        ("routers", Value::Array(values)) => all(fed, "router", values, network::router),
        ("NeutronError", value) => one(fed, "error of Neutron", value, network::error),
        ("token", value @ Value::Object(_)) => one(fed, "token", value, token),
        ("catalog", Value::Array(values)) => all(fed, "service", values, service),
        (name, value) if value["message"].is_string() && value["code"].is_number() => {
            one(fed, "error", &serde_json::json!({name: value}), error)
        }
        _ => Ok(()),
    }
}

type Parser = fn(&Value) -> Result<(), String>;

fn all(fed: &mut Fed, kind: &'static str, values: &[Value], parse: Parser) -> Result<(), String> {
    values.iter().try_for_each(|value| one(fed, kind, value, parse))
}

fn one(fed: &mut Fed, kind: &'static str, value: &Value, parse: Parser) -> Result<(), String> {
    let told: String = value.to_string().chars().take(200).collect();
    parse(value).map_err(|why| format!("{kind}: {why} in {told}"))?;
    *fed.entry(kind).or_default() += 1;
    Ok(())
}

fn ensure(holds: bool, why: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}

fn server(value: &Value) -> Result<(), String> {
    let status = value["status"].as_str().unwrap_or_default().to_owned();
    let addresses = value["addresses"].as_object().map_or(0, |networks| {
        networks.values().filter_map(Value::as_array).flatten().filter(|each| each["addr"].is_string()).count()
    });
    let record: wire::Server = record(value.clone()).ok_or("no record")?;
    let node = map::node(record, None);
    ensure(!node.id.as_str().is_empty(), "no id")?;
    ensure(node.name == value["name"].as_str().unwrap_or_default(), "another name")?;
    ensure(node.vendor_status == status, "another status")?;
    ensure(status.is_empty() || node.status != NodeState::Unknown, &format!("the state `{status}` is unknown"))?;
    ensure(addresses == 0 || !(node.public_ips.is_empty() && node.private_ips.is_empty()), "no addresses")?;
    ensure(value["image"]["id"].is_null() || node.image.is_some(), "no image")?;
    ensure(value["flavor"]["id"].is_null() || node.flavor.is_some(), "no flavor")?;
    ensure(value["created"].is_null() || node.created.is_some(), "no time")?;
    ensure(value["fault"]["message"].is_null() || node.fault.is_some(), "no fault")?;
    let pairs = value["metadata"].as_object().map_or(0, serde_json::Map::len);
    ensure(node.metadata.len() == pairs, "other metadata")
}

fn flavor(value: &Value) -> Result<(), String> {
    let flavor = map::flavor(record(value.clone()).ok_or("no record")?);
    ensure(!flavor.id.is_empty() && flavor.name == value["name"].as_str().unwrap_or_default(), "no id or name")?;
    ensure(value["vcpus"].is_null() || flavor.vcpus.is_some(), "no processors")?;
    ensure(value["ram"].is_null() || flavor.memory_mb.is_some(), "no memory")
}

fn image(value: &Value) -> Result<(), String> {
    let image = map::image(record(value.clone()).ok_or("no record")?);
    ensure(!image.id.is_empty() && image.name == value["name"].as_str().unwrap_or_default(), "no id or name")?;
    ensure(value["created_at"].is_null() || image.created.is_some(), "no time")
}

fn network(value: &Value) -> Result<(), String> {
    let network: wire::Network = record(value.clone()).ok_or("no record")?;
    ensure(!network.id.is_empty() && network.name == value["name"].as_str().unwrap_or_default(), "no id or name")
}

fn token(value: &Value) -> Result<(), String> {
    let token: wire::Token = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    ensure(token.expires_at.parse::<Timestamp>().is_ok(), "no end")
}

fn service(value: &Value) -> Result<(), String> {
    serde_json::from_value::<wire::CatalogService>(value.clone()).map(|_| ()).map_err(|error| error.to_string())
}

fn error(value: &Value) -> Result<(), String> {
    let status = value.as_object().and_then(|fields| fields.values().next()?["code"].as_u64()).unwrap_or_default();
    let Ok(status) = u16::try_from(status) else { return Ok(()) };
    let answer = Answer { status, body: value.to_string().into_bytes(), ..Answer::default() };
    let error = refusal(&answer, "GET /", Timestamp::UNIX_EPOCH);
    ensure(error.code().is_some() && !error.message().is_empty(), "no code or message")?;
    ensure(error.kind() != ErrorKind::Unexpected, "an unexpected kind")
}
