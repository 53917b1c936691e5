//! What clients ask for around servers: limits, quotas, zones, extensions.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::fault::Fault;
use crate::exchange::Answer;
use crate::world::node::Node;

/// Answers what is asked around servers; `None` for what is no route.
pub(super) fn route(call: &Call<'_>, parts: &[&str]) -> Option<Reply> {
    Some(match parts {
        ["limits"] => Ok(Answer::json(200, &limits(call))),
        ["os-availability-zone"] => Ok(Answer::json(200, &zones())),
        ["os-quota-sets", project] => Ok(Answer::json(200, &quota(call, project))),
        ["extensions"] => Ok(Answer::json(200, &extensions())),
        ["os-server-groups"] => Ok(Answer::json(200, &json!({"server_groups": []}))),
        ["os-services"] => Err(Fault::policy("os_compute_api:os-services:list")),
        ["os-hypervisors", ..] => Err(Fault::policy("os_compute_api:os-hypervisors:list")),
        ["os-simple-tenant-usage"] => Err(Fault::policy("os_compute_api:os-simple-tenant-usage:list")),
        _ => return None,
    })
}

/// Cores, memory and addresses are not limited.
fn limits(call: &Call<'_>) -> Value {
    let mine = || call.state.nodes.alive().filter(|node| node.project == call.caller.project);
    let flavor = |node: &Node| call.state.flavor(&node.flavor).map_or((0, 0), |flavor| (flavor.cores, flavor.memory));
    let (cores, memory): (Vec<u32>, Vec<u64>) = mine().map(flavor).unzip();
    json!({"limits": {"rate": [], "absolute": {
        "maxTotalInstances": call.state.quota, "maxTotalCores": -1, "maxTotalRAMSize": -1, "maxServerMeta": 128,
        "maxImageMeta": 128, "maxPersonality": 5, "maxPersonalitySize": 10240, "maxTotalKeypairs": 100,
        "maxServerGroups": 10, "maxServerGroupMembers": 10, "maxTotalFloatingIps": -1, "maxSecurityGroups": -1,
        "maxSecurityGroupRules": -1, "totalRAMUsed": memory.iter().sum::<u64>(),
        "totalCoresUsed": cores.iter().sum::<u32>(), "totalInstancesUsed": mine().count(),
        "totalFloatingIpsUsed": 0, "totalSecurityGroupsUsed": 0, "totalServerGroupsUsed": 0,
    }}})
}

fn zones() -> Value {
    json!({"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": true}, "hosts": null}]})
}

fn quota(call: &Call<'_>, project: &str) -> Value {
    json!({"quota_set": {
        "id": project, "cores": -1, "fixed_ips": -1, "floating_ips": -1, "injected_file_content_bytes": 10240,
        "injected_file_path_bytes": 255, "injected_files": 5, "instances": call.state.quota, "key_pairs": 100,
        "metadata_items": 128, "ram": -1, "security_group_rules": -1, "security_groups": -1,
        "server_group_members": 10, "server_groups": 10,
    }})
}

/// The extensions, which have all been part of the API itself for long.
fn extensions() -> Value {
    let known = [
        ("OS-EXT-STS", "ExtendedStatus", "Extended Status support."),
        ("OS-SRV-USG", "ServerUsage", "Adds launched_at and terminated_at on Servers."),
        ("os-availability-zone", "AvailabilityZone", "Availability zones."),
        ("os-keypairs", "Keypairs", "Keypair Support."),
        ("os-security-groups", "SecurityGroups", "Security group support."),
        ("os-server-start-stop", "ServerStartStop", "Start/Stop instance compute API support."),
        ("os-suspend-server", "SuspendServer", "Enable suspend/resume server actions."),
    ];
    let extension = |(alias, name, description): (&str, &str, &str)| {
        json!({
            "alias": alias, "name": name, "description": description, "links": [],
            "namespace": "http://docs.openstack.org/compute/ext/fake_xml", "updated": "2014-12-03T00:00:00Z",
        })
    };
    json!({"extensions": known.map(extension)})
}
