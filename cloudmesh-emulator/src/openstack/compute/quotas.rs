//! Quotas: what they are, and what is said when one is reached.

use serde_json::{Map, Value, json};

use super::call::{Call, Reply};
use super::fault::Fault;
use super::page::strange;
use super::version::Version;
use crate::exchange::Answer;
use crate::world::catalogue::Flavor;

/// A quota: its name, its limit, and how much of it is in use.
type Quota = (&'static str, i64, i64);

/// Networks went to another service with 2.36.
const NETWORKS: [&str; 4] = ["fixed_ips", "floating_ips", "security_group_rules", "security_groups"];
/// Files were no longer put into servers with 2.57.
const FILES: [&str; 3] = ["injected_files", "injected_file_content_bytes", "injected_file_path_bytes"];

/// The quotas that the spoken version knows.
fn quotas(call: &Call<'_>) -> Vec<Quota> {
    let (nodes, cores, ram) = used(call);
    let limits = &call.state.limits;
    let all = [
        ("instances", instances(call), nodes),
        ("cores", limits.cores, cores),
        ("ram", limits.ram, ram),
        ("fixed_ips", -1, 0),
        ("floating_ips", -1, 0),
        ("metadata_items", limits.metadata_items, 0),
        ("injected_files", limits.injected_files, 0),
        ("injected_file_content_bytes", 10_240, 0),
        ("injected_file_path_bytes", 255, 0),
        ("security_groups", -1, 0),
        ("security_group_rules", -1, 0),
        ("key_pairs", limits.key_pairs, 0),
        ("server_groups", 10, 0),
        ("server_group_members", 10, 0),
    ];
    let gone = |name: &str| {
        (NETWORKS.contains(&name) && call.version >= Version(36))
            || (FILES.contains(&name) && call.version >= Version(57))
    };
    all.into_iter().filter(|(name, ..)| !gone(name)).collect()
}

fn instances(call: &Call<'_>) -> i64 {
    i64::try_from(call.state.quota).unwrap_or(-1)
}

/// How many servers, cores and how much memory there are.
fn used(call: &Call<'_>) -> (i64, i64, i64) {
    let (nodes, cores, ram) = call.state.used();
    (i64::try_from(nodes).unwrap_or(i64::MAX), cores, ram)
}

/// `/limits`
pub(super) fn limits(call: &Call<'_>) -> Reply {
    strange(call, &["tenant_id", "reserved"])?;
    let other = |(key, value): &(String, String)| key == "tenant_id" && *value != call.caller.project;
    if call.parameters().iter().any(other) {
        return Err(Fault::policy("os_compute_api:limits:other_project"));
    }
    let mut absolute = Map::new();
    for (name, limit, in_use) in quotas(call) {
        let (limited, using) = shown_as(name);
        absolute.extend(limited.iter().map(|name| ((*name).to_owned(), json!(limit))));
        absolute.extend(using.map(|name| (name.to_owned(), json!(in_use))));
    }
    if call.version >= Version(39) {
        absolute.remove("maxImageMeta");
    }
    Ok(Answer::json(200, &json!({"limits": {"rate": [], "absolute": absolute}})))
}

/// The names of a quota among the limits: of what there may be, and of what there is.
fn shown_as(quota: &str) -> (&'static [&'static str], Option<&'static str>) {
    match quota {
        "instances" => (&["maxTotalInstances"], Some("totalInstancesUsed")),
        "cores" => (&["maxTotalCores"], Some("totalCoresUsed")),
        "ram" => (&["maxTotalRAMSize"], Some("totalRAMUsed")),
        "floating_ips" => (&["maxTotalFloatingIps"], Some("totalFloatingIpsUsed")),
        "metadata_items" => (&["maxServerMeta", "maxImageMeta"], None),
        "injected_files" => (&["maxPersonality"], None),
        "injected_file_content_bytes" => (&["maxPersonalitySize"], None),
        "security_groups" => (&["maxSecurityGroups"], Some("totalSecurityGroupsUsed")),
        "security_group_rules" => (&["maxSecurityGroupRules"], None),
        "key_pairs" => (&["maxTotalKeypairs"], None),
        "server_groups" => (&["maxServerGroups"], Some("totalServerGroupsUsed")),
        "server_group_members" => (&["maxServerGroupMembers"], None),
        _ => (&[], None),
    }
}

/// Answers below `/os-quota-sets`; `None` for what is no route.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Option<Reply> {
    let (action, project) = match (call.ask.method.as_str(), rest) {
        ("GET", [project]) => ("show", project),
        ("GET", [project, "detail"]) => ("detail", project),
        ("GET", [project, "defaults"]) => ("defaults", project),
        ("PUT", [_]) => return Some(Err(Fault::policy("os_compute_api:os-quota-sets:update"))),
        ("DELETE", [_]) => return Some(Err(Fault::policy("os_compute_api:os-quota-sets:delete"))),
        _ => return None,
    };
    if *project != call.caller.project && action != "defaults" {
        return Some(Err(Fault::policy(&format!("os_compute_api:os-quota-sets:{action}"))));
    }
    Some(Ok(Answer::json(200, &json!({"quota_set": set(call, project, action == "detail")}))))
}

fn set(call: &Call<'_>, project: &str, detail: bool) -> Map<String, Value> {
    let mut set: Map<String, Value> = quotas(call)
        .into_iter()
        .map(|(name, limit, in_use)| {
            let shown = if detail { json!({"in_use": in_use, "limit": limit, "reserved": 0}) } else { json!(limit) };
            (name.to_owned(), shown)
        })
        .collect();
    set.insert("id".to_owned(), json!(project));
    set
}

/// What is asked for of a quota.
struct Demand {
    name: &'static str,
    each: i64,
    used: i64,
    limit: i64,
}

impl Demand {
    /// For how many servers there is room.
    fn room(&self) -> i64 {
        match (self.limit, self.each) {
            (limit, _) if limit < 0 => i64::MAX,
            (_, 0) => i64::MAX,
            (limit, each) => (limit - self.used).max(0) / each,
        }
    }
}

/// How many of the servers that are wanted there may be.
pub(super) fn allowed(call: &Call<'_>, flavor: &Flavor, (least, most): (usize, usize)) -> Result<usize, Fault> {
    let unlimited = call.state.limits.cores < 0 && call.state.limits.ram < 0;
    // Counting cores takes its time where there are many servers.
    let (nodes, cores, ram) = if unlimited { (call.state.nodes.alive().count(), 0, 0) } else { call.state.used() };
    let nodes = i64::try_from(nodes).unwrap_or(i64::MAX);
    let (each_cores, each_ram) = call.state.size(&flavor.id);
    let limit = if call.ask.twist.quota { nodes } else { instances(call) };
    // In the order in which they are told.
    let demands = [
        Demand { name: "cores", each: each_cores, used: cores, limit: call.state.limits.cores },
        Demand { name: "instances", each: 1, used: nodes, limit },
        Demand { name: "ram", each: each_ram, used: ram, limit: call.state.limits.ram },
    ];
    let room = demands.iter().map(Demand::room).min().unwrap_or(i64::MAX);
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    if room >= least {
        return Ok(most.min(room));
    }
    let wanted = i64::try_from(most).unwrap_or(i64::MAX);
    let over: Vec<&Demand> = demands.iter().filter(|one| one.room() < wanted).collect();
    let range = if least == most { most.to_string() } else { format!("{least}-{most}") };
    let asked = |one: &Demand| if one.name == "instances" { range.clone() } else { (wanted * one.each).to_string() };
    Err(exceeded(&over.iter().map(|one| (one.name, asked(one), one.used, one.limit)).collect::<Vec<_>>()))
}

/// Whether there is room for a server to become another size.
pub(super) fn larger(call: &Call<'_>, old: &str, new: &str) -> Result<(), Fault> {
    let (_, cores, ram) = used(call);
    let ((old_cores, old_ram), (new_cores, new_ram)) = (call.state.size(old), call.state.size(new));
    let demands = [
        ("cores", new_cores - old_cores, cores, call.state.limits.cores),
        ("ram", new_ram - old_ram, ram, call.state.limits.ram),
    ];
    let over = demands.into_iter().filter(|(_, more, used, limit)| *more > 0 && *limit >= 0 && used + more > *limit);
    let over: Vec<_> = over.map(|(name, more, used, limit)| (name, more.to_string(), used, limit)).collect();
    if over.is_empty() { Ok(()) } else { Err(exceeded(&over)) }
}

/// The error about quotas: name, what was asked, what is used, what is allowed.
fn exceeded(over: &[(&str, String, i64, i64)]) -> Fault {
    let names: Vec<&str> = over.iter().map(|one| one.0).collect();
    let asked: Vec<&str> = over.iter().map(|one| one.1.as_str()).collect();
    let used: Vec<String> = over.iter().map(|one| one.2.to_string()).collect();
    let limits: Vec<String> = over.iter().map(|one| one.3.to_string()).collect();
    let (names, asked, used, limits) = (names.join(", "), asked.join(", "), used.join(", "), limits.join(", "));
    let told = format!("Requested {asked}, but already used {used} of {limits} {names}");
    Fault::forbidden(format!("Quota exceeded for {names}: {told}"))
}
