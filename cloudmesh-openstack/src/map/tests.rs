//! Tables for the mapping.

use cloudmesh_abstract::{ErrorKind, NodeState};
use serde_json::{Value, json};

use super::{action_fault, flavor, image, node, state, without_secrets};

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

#[test]
fn states() {
    use NodeState as S;
    let table = [
        ("BUILD", Some("scheduling"), S::Pending),
        ("BUILD", None, S::Pending),
        ("BUILD(scheduling)", None, S::Pending),
        ("REBUILD", Some("rebuilding"), S::Pending),
        ("MIGRATING", None, S::Pending),
        ("RESIZE", Some("resize_prep"), S::Pending),
        ("VERIFY_RESIZE", None, S::Pending),
        ("REVERT_RESIZE", None, S::Pending),
        ("SHUTOFF", Some("powering-on"), S::Pending),
        ("SHELVED_OFFLOADED", Some("spawning"), S::Pending),
        ("SUSPENDED", Some("resuming"), S::Pending),
        ("ACTIVE", None, S::Running),
        ("ACTIVE", Some("image_snapshot"), S::Running),
        ("PASSWORD", None, S::Running),
        ("RESCUE", None, S::Running),
        ("ACTIVE", Some("powering-off"), S::Stopping),
        ("ACTIVE", Some("shelving"), S::Stopping),
        ("SHUTOFF", None, S::Stopped),
        ("SHUTOFF", Some("image_snapshot"), S::Stopped),
        ("SHELVED", None, S::Stopped),
        ("SHELVED_OFFLOADED", None, S::Stopped),
        ("ACTIVE", Some("suspending"), S::Suspending),
        ("SUSPENDED", None, S::Suspended),
        ("PAUSED", None, S::Suspended),
        ("REBOOT", Some("rebooting"), S::Rebooting),
        ("HARD_REBOOT", Some("rebooting_hard"), S::Rebooting),
        ("ACTIVE", Some("deleting"), S::Deleting),
        ("SHUTOFF", Some("soft-deleting"), S::Deleting),
        ("ERROR", Some("deleting"), S::Deleting),
        ("DELETED", Some("deleting"), S::Deleted),
        ("SOFT_DELETED", None, S::Deleted),
        ("ERROR", None, S::Error),
        ("UNKNOWN", None, S::Unknown),
        ("TELEPORTING", None, S::Unknown),
        ("", None, S::Unknown),
    ];
    for (status, task, expected) in table {
        assert_eq!(state(status, task), expected, "{status} {task:?}");
    }
}

#[test]
fn a_server_becomes_a_node() {
    let server = json!({
        "id": "7", "name": "web-1", "status": "ACTIVE", "OS-EXT-STS:task_state": null, "OS-EXT-STS:power_state": null,
        "image": {"id": "i"}, "flavor": {"original_name": "m1.nano", "vcpus": 1},
        "addresses": {
            "private": [{"version": 4, "addr": "10.0.0.5", "OS-EXT-IPS:type": "fixed"},
                {"version": 4, "addr": "172.24.4.9", "OS-EXT-IPS:type": "floating"}],
            "provider": [{"version": 6, "addr": "2001:db8::5", "OS-EXT-IPS:type": "fixed"},
                {"version": 4, "addr": "192.5.87.1", "OS-EXT-IPS:type": "fixed"},
                {"version": 6, "addr": "fd00::5"}]},
        "accessIPv4": "", "accessIPv6": "", "key_name": "laptop", "OS-EXT-AZ:availability_zone": "nova",
        "security_groups": [{"name": "default"}, {"name": "default"}, {"name": "ssh"}],
        "created": "2026-11-22T12:24:13Z", "metadata": {"cm-name": "web-1"}
    });
    let node = node(read(server), Some("RegionOne"));
    assert_eq!((node.id.as_str(), node.name.as_str(), node.status), ("7", "web-1", NodeState::Running));
    assert_eq!((node.image.as_deref(), node.flavor.as_deref()), (Some("i"), Some("m1.nano")));
    let ips = |ips: &[std::net::IpAddr]| ips.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(ips(&node.public_ips), ["172.24.4.9", "2001:db8::5", "192.5.87.1"]);
    assert_eq!(ips(&node.private_ips), ["10.0.0.5", "fd00::5"]);
    assert_eq!((node.key.as_deref(), node.zone.as_deref()), (Some("laptop"), Some("nova")));
    assert_eq!((node.secgroups, node.region.as_deref()), (vec!["default".into(), "ssh".into()], Some("RegionOne")));
    assert_eq!(node.created.unwrap().to_string(), "2026-11-22T12:24:13Z");
    assert_eq!(node.metadata["cm-name"], "web-1");
}

#[test]
fn an_odd_server_is_a_node_as_well() {
    let odd = [
        json!({"id": "7"}),
        json!({"id": "7", "name": null, "status": null, "image": "", "flavor": {"id": 1}, "addresses": null}),
        json!({"id": "7", "addresses": {"x": [{"addr": "not an address"}]}, "metadata": [], "created": "long ago",
            "security_groups": null, "fault": "none", "key_name": 7}),
    ];
    for server in odd {
        let node = node(read(server), None);
        assert_eq!((node.id.as_str(), node.status), ("7", NodeState::Unknown));
        assert_eq!((node.image, node.created), (None, None));
        assert!(node.public_ips.is_empty() && node.private_ips.is_empty());
    }
}

#[test]
fn the_word_of_an_unknown_state_stays_visible() {
    let node = node(read(json!({"id": "7", "status": "TELEPORTING"})), None);
    assert_eq!((node.status, node.vendor_status.as_str()), (NodeState::Unknown, "TELEPORTING"));
}

#[test]
fn a_fault_says_why_and_what_it_means() {
    let server = json!({"id": "7", "status": "ERROR",
        "fault": {"code": 500, "created": "2026-11-22T12:24:13Z", "message": "No valid host was found. "}});
    let fault = node(read(server), None).fault.unwrap();
    assert_eq!(fault.message, "No valid host was found");
    assert_eq!((fault.code.as_deref(), fault.kind), (Some("500"), Some(ErrorKind::QuotaExceeded)));
}

#[test]
fn an_action_says_why_it_failed_as_far_as_one_may_see() {
    let action = |events: Value| action_fault(read(json!({"message": "Error", "events": events})));
    let step = |name: &str, result: &str| json!({"event": name, "result": result, "details": null});
    let no_host = action(json!([step("cold_migrate", "Error"), step("conductor_migrate_server", "Error")])).unwrap();
    assert_eq!(no_host.kind, Some(ErrorKind::QuotaExceeded));
    let words =
        "no host has room for it, it seems; its step `cold_migrate` failed, and only the cloud's operator may see why";
    assert_eq!(no_host.message, words);
    let on_a_host = action(json!([step("compute_prep_resize", "Error"), step("cold_migrate", "Success")])).unwrap();
    assert_eq!(on_a_host.kind, None);
    assert_eq!(on_a_host.message, "its step `compute_prep_resize` failed, and only the cloud's operator may see why");
    let told = json!([step("a", "Error"), {"event": "b", "result": "Error", "details": "No valid host was found."}]);
    let told = action(told).unwrap();
    assert_eq!((told.message.as_str(), told.kind), ("No valid host was found", Some(ErrorKind::QuotaExceeded)));
    assert!(action(json!([])).is_none() && action(json!([step("a", "Success")])).is_none());
}

#[test]
fn images_and_flavors() {
    let image = image(read(json!({"id": "i", "name": "Ubuntu", "status": "active", "os_distro": "ubuntu",
        "os_version": "24.04", "size": 7, "min_disk": 1, "min_ram": 0, "visibility": "public",
        "created_at": "2026-11-22T12:14:01Z"})));
    assert_eq!((image.os.as_deref(), image.size_bytes, image.min_disk_gb), (Some("ubuntu 24.04"), Some(7), Some(1)));
    let flavor = flavor(read(json!({"id": "1", "name": "gpu.large", "vcpus": 4, "ram": 8192, "disk": 20, "swap": "",
        "OS-FLV-EXT-DATA:ephemeral": 40,
        "extra_specs": {"pci_passthrough:alias": "a100_gpu:2,nic:1"}})));
    assert_eq!((flavor.vcpus, flavor.memory_mb, flavor.disk_gb, flavor.gpus), (Some(4), Some(8192), Some(20), Some(2)));
    assert_eq!((flavor.local_disk_gb, flavor.network), (Some(40), None));
}

#[test]
fn raw_records_hold_no_secrets() {
    let raw = without_secrets(json!({"id": "7", "adminPass": "x", "OS-EXT-SRV-ATTR:user_data": "y", "user_data": "z"}));
    assert_eq!(raw, json!({"id": "7"}));
}
