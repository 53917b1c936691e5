//! What clients ask for around servers: zones, extensions.

use serde_json::{Value, json};

use super::call::Reply;
use super::fault::Fault;
use crate::exchange::Answer;

/// Answers what is asked around servers; `None` for what is no route.
pub(super) fn route(parts: &[&str]) -> Option<Reply> {
    Some(match parts {
        ["os-availability-zone"] => Ok(Answer::json(200, &zones())),
        ["extensions"] => Ok(Answer::json(200, &extensions())),
        ["os-server-groups"] => Ok(Answer::json(200, &json!({"server_groups": []}))),
        ["os-services"] => Err(Fault::policy("os_compute_api:os-services:list")),
        ["os-hypervisors", ..] => Err(Fault::policy("os_compute_api:os-hypervisors:list")),
        ["os-simple-tenant-usage"] => Err(Fault::policy("os_compute_api:os-simple-tenant-usage:list")),
        _ => return None,
    })
}

fn zones() -> Value {
    json!({"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": true}, "hosts": null}]})
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
