//! From the records of the wire to the model. Pure functions.

pub(crate) mod address;
pub(crate) mod group;
pub(crate) mod key;
pub(crate) mod rule;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cloudmesh_abstract::{ErrorKind, Fault, Flavor, Image, Node, NodeState};
use serde_json::Value;

use crate::wire;

/// The state that Nova's `status` and `OS-EXT-STS:task_state` mean together:
/// <https://docs.openstack.org/api-guide/compute/server_concepts.html#server-status>.
pub(crate) fn state(status: &str, task: Option<&str>) -> NodeState {
    use NodeState as S;
    // The oldest clouds write `BUILD(scheduling)`.
    let (status, told) = status.trim_end_matches(')').split_once('(').unwrap_or((status, ""));
    match (status, task.unwrap_or(told)) {
        ("DELETED" | "SOFT_DELETED", _) => S::Deleted,
        (_, "deleting" | "soft-deleting") => S::Deleting,
        ("ACTIVE", "powering-off" | "shelving" | "shelving_image_pending_upload" | "shelving_image_uploading") => {
            S::Stopping
        }
        ("ACTIVE", "suspending" | "pausing") => S::Suspending,
        ("SHUTOFF", "powering-on")
        | ("SHELVED" | "SHELVED_OFFLOADED", "spawning" | "unshelving")
        | ("SUSPENDED", "resuming")
        | ("PAUSED", "unpausing")
        | ("BUILD" | "REBUILD" | "MIGRATING" | "RESIZE" | "VERIFY_RESIZE" | "REVERT_RESIZE", _) => S::Pending,
        ("ACTIVE" | "PASSWORD" | "RESCUE", _) => S::Running,
        ("SHUTOFF" | "SHELVED" | "SHELVED_OFFLOADED", _) => S::Stopped,
        ("SUSPENDED" | "PAUSED", _) => S::Suspended,
        ("REBOOT" | "HARD_REBOOT", _) => S::Rebooting,
        ("ERROR", _) => S::Error,
        _ => S::Unknown,
    }
}

/// A server as a node.
pub(crate) fn node(server: wire::Server, region: Option<&str>) -> Node {
    let state = state(&server.status, server.task_state.as_deref());
    let (public_ips, private_ips) = addresses(&server);
    let mut node = Node::new(server.id, server.name, state);
    node.vendor_status = server.status;
    node.image = server.image.map(|image| image.id).filter(|id| !id.is_empty());
    node.flavor =
        server.flavor.map(|flavor| flavor.original_name.unwrap_or(flavor.id)).filter(|flavor| !flavor.is_empty());
    (node.public_ips, node.private_ips) = (public_ips, private_ips);
    node.key = server.key_name.filter(|key| !key.is_empty());
    node.secgroups = groups(server.security_groups);
    node.zone = server.availability_zone.filter(|zone| !zone.is_empty());
    node.region = region.map(str::to_owned);
    node.created = server.created.and_then(|time| time.parse().ok());
    node.metadata = metadata(server.metadata);
    node.fault = server.fault.map(|fault| self::fault(&fault));
    node
}

/// Why a server is broken.
fn fault(fault: &wire::Fault) -> Fault {
    let mut told = reason(&fault.message);
    told.code = fault.code.map(|code| code.to_string());
    told
}

fn reason(message: &str) -> Fault {
    let mut told = Fault::new(message.trim().trim_end_matches('.'));
    // Nova's scheduler found no room: https://docs.openstack.org/nova/latest/admin/troubleshooting/
    told.kind = message.contains("No valid host").then_some(ErrorKind::QuotaExceeded);
    told
}

/// Why an action failed, as far as one may see it. Where no host has begun with it, there was none that could.
pub(crate) fn action_fault(action: wire::Action) -> Option<Fault> {
    let failed: Vec<_> = action.events.into_iter().filter(|event| event.result.as_deref() == Some("Error")).collect();
    if let Some(details) = failed.iter().find_map(|event| event.details.as_ref()) {
        return Some(reason(details));
    }
    let step = &failed.first()?.event;
    let hidden = format!("its step `{step}` failed, and only the cloud's operator may see why");
    if failed.iter().any(|event| event.event.starts_with("compute_")) {
        return Some(Fault::new(hidden));
    }
    let mut told = Fault::new(format!("no host has room for it, it seems; {hidden}"));
    told.kind = Some(ErrorKind::QuotaExceeded);
    Some(told)
}

/// A group stands there once for each port of the server.
fn groups(groups: Vec<wire::Named>) -> Vec<String> {
    let mut names = Vec::new();
    for group in groups {
        if !names.contains(&group.name) {
            names.push(group.name);
        }
    }
    names
}

/// Metadata, whose values are texts by rule.
pub(crate) fn metadata(pairs: impl IntoIterator<Item = (String, Value)>) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(key, value)| (key, text(value))).collect()
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The public and the private addresses of a server, each once.
fn addresses(server: &wire::Server) -> (Vec<IpAddr>, Vec<IpAddr>) {
    let (mut public, mut private) = (Vec::new(), Vec::new());
    let mut add = |address: &str, floating: bool| {
        let Ok(address) = address.parse::<IpAddr>() else { return };
        let list = if floating || is_global(address) { &mut public } else { &mut private };
        if !list.contains(&address) {
            list.push(address);
        }
    };
    for address in server.addresses.values().flatten() {
        add(&address.addr, address.kind.as_deref() == Some("floating"));
    }
    add(&server.access_ipv4, true);
    add(&server.access_ipv6, true);
    (public, private)
}

/// Whether the internet can reach an address; a network of the provider gives such ones as `fixed`.
pub(crate) fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_global_v4(v4),
        IpAddr::V6(v6) => is_global_v6(v6),
    }
}

fn is_global_v4(v4: Ipv4Addr) -> bool {
    let carrier_grade = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
    let other = v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || v4.is_multicast();
    !(v4.is_private() || carrier_grade || other)
}

fn is_global_v6(v6: Ipv6Addr) -> bool {
    v6.segments()[0] & 0xe000 == 0x2000
}

/// An image.
pub(crate) fn image(record: wire::Image) -> Image {
    let mut image = Image::new(record.id, record.name);
    image.status = record.status;
    image.os = record.os_distro.or(record.os_type).map(|os| match record.os_version {
        Some(version) => format!("{os} {version}"),
        None => os,
    });
    image.architecture = record.architecture;
    image.size_bytes = record.size;
    image.min_disk_gb = record.min_disk;
    image.min_memory_mb = record.min_ram;
    image.visibility = record.visibility;
    image.owner = record.owner;
    image.created = record.created_at.and_then(|time| time.parse().ok());
    image
}

/// A flavor.
pub(crate) fn flavor(record: wire::Flavor) -> Flavor {
    let mut flavor = Flavor::new(record.id, record.name);
    flavor.vcpus = record.vcpus;
    flavor.memory_mb = record.ram;
    (flavor.disk_gb, flavor.local_disk_gb) = (record.disk, record.ephemeral);
    flavor.gpus = gpus(&record.extra_specs);
    flavor.architecture =
        record.extra_specs.get("hw:architecture").or(record.extra_specs.get("capabilities:cpu_arch")).cloned();
    flavor
}

/// Graphics processors, from <https://docs.openstack.org/nova/latest/configuration/extra-specs.html>: virtual ones are
/// resources, whole ones are devices with an alias whose name only its operator knows.
fn gpus(specs: &BTreeMap<String, String>) -> Option<u32> {
    let virtual_ones = specs.get("resources:VGPU").and_then(|number| number.parse().ok());
    let whole_ones = || {
        let aliases = specs.get("pci_passthrough:alias")?.split(',');
        let counts = aliases.filter_map(|alias| alias.rsplit_once(':'));
        let gpus = counts.filter(|(name, _)| name.to_lowercase().contains("gpu"));
        gpus.filter_map(|(_, number)| number.trim().parse::<u32>().ok()).reduce(u32::saturating_add)
    };
    virtual_ones.or_else(whole_ones)
}

/// Takes passwords and user data out of a record.
pub(crate) fn without_secrets(mut record: Value) -> Value {
    if let Value::Object(fields) = &mut record {
        fields.retain(|name, _| !matches!(name.as_str(), "adminPass" | "user_data" | "OS-EXT-SRV-ATTR:user_data"));
    }
    record
}

#[cfg(test)]
mod tests;
