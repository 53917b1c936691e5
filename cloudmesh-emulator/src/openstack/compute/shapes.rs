//! The bodies that Nova takes, by version.

use super::consoles::ACTIONS;
use super::schema::{Rule, Shape};
use super::version::Version;

fn shape(keys: Vec<(&'static str, Rule)>, required: &[&'static str]) -> Shape {
    Shape { keys, required: required.to_vec() }
}

fn text(least: usize, most: usize) -> Rule {
    Rule::Text { least, most }
}

/// A body of one group under a key.
fn under(key: &'static str, inner: Shape) -> Shape {
    shape(vec![(key, Rule::Group(inner))], &[key])
}

const DISK_CONFIG: (&str, Rule) = ("OS-DCF:diskConfig", Rule::Words(&["AUTO", "MANUAL"]));

/// The body that makes servers.
pub(super) fn create(version: Version) -> Shape {
    let mut body = under("server", server(version));
    body.keys.extend([("os:scheduler_hints", Rule::Any), ("OS-SCH-HNT:scheduler_hints", Rule::Any)]);
    body
}

fn server(version: Version) -> Shape {
    let mut keys = vec![
        ("name", Rule::Name),
        ("imageRef", Rule::ImageReference),
        ("flavorRef", Rule::Reference),
        ("adminPass", text(0, 255)),
        ("metadata", Rule::Metadata),
        ("networks", networks(version)),
        DISK_CONFIG,
        ("accessIPv4", Rule::V4),
        ("accessIPv6", Rule::V6),
        ("availability_zone", Rule::Name),
        ("block_device_mapping", Rule::List(Box::new(Rule::Group(shape(older_disk(), &[]))))),
        ("block_device_mapping_v2", Rule::List(Box::new(Rule::Group(disk(version))))),
        ("config_drive", Rule::Flag),
        ("key_name", text(1, 255)),
        ("min_count", Rule::Count),
        ("max_count", Rule::Count),
        ("return_reservation_id", Rule::Flag),
        ("security_groups", groups()),
        ("user_data", Rule::Base64 { most: 65_535 }),
    ];
    keys.extend(later(version));
    let required: &[&str] =
        if version >= Version(37) { &["name", "flavorRef", "networks"] } else { &["name", "flavorRef"] };
    shape(keys, required)
}

/// The keys that came with later versions.
fn later(version: Version) -> Vec<(&'static str, Rule)> {
    let all = [
        (19, ("description", Rule::TextOrNull { most: 255 })),
        (52, ("tags", Rule::Set(Box::new(tag()), 50))),
        (63, ("trusted_image_certificates", Rule::Any)),
        (74, ("host", text(1, 255))),
        (74, ("hypervisor_hostname", text(1, 255))),
        (90, ("hostname", Rule::HostName)),
    ];
    let personality = (version < Version(57)).then_some(("personality", Rule::List(Box::new(Rule::Any))));
    let known = all.into_iter().filter(|(since, _)| version >= Version(*since)).map(|(_, key)| key);
    known.chain(personality).collect()
}

fn tag() -> Rule {
    Rule::Pattern { least: 1, most: 60, pattern: "^[^,/]*$" }
}

/// Tags of devices came with 2.32, went away by mistake, and came back with 2.42.
fn are_devices_tagged(version: Version, disks: bool) -> bool {
    version >= Version(42) || version == Version(32) || (!disks && version > Version(32) && version < Version(37))
}

/// A disk as the first version of the API describes it.
fn older_disk() -> Vec<(&'static str, Rule)> {
    vec![
        ("virtual_name", text(0, 255)),
        ("volume_id", Rule::Uuid),
        ("snapshot_id", Rule::Uuid),
        ("volume_size", Rule::Size),
        ("device_name", Rule::Pattern { least: 1, most: 255, pattern: "^[a-zA-Z0-9._-r/]*$" }),
        ("delete_on_termination", Rule::Flag),
        ("no_device", Rule::Any),
        ("connection_info", text(0, usize::MAX)),
    ]
}

fn disk(version: Version) -> Shape {
    let mut keys = older_disk();
    keys.extend([
        ("source_type", Rule::Words(&["volume", "image", "snapshot", "blank"])),
        ("uuid", Rule::Pattern { least: 1, most: 255, pattern: "^[a-zA-Z0-9._-]*$" }),
        ("image_id", Rule::Uuid),
        ("destination_type", Rule::Words(&["local", "volume"])),
        ("guest_format", text(0, 255)),
        ("device_type", text(0, 255)),
        ("disk_bus", text(0, 255)),
        ("boot_index", Rule::Index),
    ]);
    if are_devices_tagged(version, true) {
        keys.push(("tag", tag()));
    }
    if version >= Version(67) {
        keys.push(("volume_type", Rule::TextOrNull { most: 255 }));
    }
    shape(keys, &[])
}

fn networks(version: Version) -> Rule {
    let mut keys = vec![("uuid", text(0, usize::MAX)), ("fixed_ip", Rule::Address), ("port", Rule::UuidOrNull)];
    if are_devices_tagged(version, false) {
        keys.push(("tag", tag()));
    }
    let entry = Box::new(Rule::Group(shape(keys, &[])));
    if version >= Version(37) { Rule::ListOrWord(entry) } else { Rule::List(entry) }
}

fn groups() -> Rule {
    Rule::List(Box::new(Rule::Group(shape(vec![("name", text(1, 255))], &[]))))
}

/// The body that changes a server.
pub(super) fn update(version: Version) -> Shape {
    let mut keys = vec![("name", Rule::Name), DISK_CONFIG, ("accessIPv4", Rule::V4), ("accessIPv6", Rule::V6)];
    keys.extend(later(version).into_iter().filter(|(key, _)| matches!(*key, "description" | "hostname")));
    under("server", shape(keys, &[]))
}

/// The body of an action; `None` for one that takes anything.
pub(super) fn action(name: &'static str, version: Version) -> Option<Shape> {
    const REBOOTS: &[&str] = &["HARD", "Hard", "hard", "SOFT", "Soft", "soft"];
    let inner = match name {
        "reboot" => shape(vec![("type", Rule::Words(REBOOTS))], &["type"]),
        "resize" => shape(vec![("flavorRef", Rule::Reference), DISK_CONFIG], &["flavorRef"]),
        "os-getConsoleOutput" => shape(vec![("length", Rule::Length)], &[]),
        "addSecurityGroup" | "removeSecurityGroup" => shape(vec![("name", Rule::Any)], &[]),
        "lock" if version >= Version(73) => return Some(optional(name, lock())),
        "unshelve" if version >= Version(77) => return Some(optional(name, unshelve(version))),
        name => {
            let (_, _, kinds) = ACTIONS.iter().find(|(action, ..)| *action == name)?;
            shape(vec![("type", Rule::Words(kinds))], &["type"])
        }
    };
    Some(under(name, inner))
}

/// A body of one group under a key, or nothing there.
fn optional(key: &'static str, inner: Shape) -> Shape {
    shape(vec![(key, Rule::GroupOrNull(inner))], &[key])
}

fn lock() -> Shape {
    shape(vec![("locked_reason", text(1, 255))], &[])
}

fn unshelve(version: Version) -> Shape {
    if version >= Version(91) {
        return shape(vec![("availability_zone", Rule::Any), ("host", text(0, usize::MAX))], &[]);
    }
    shape(vec![("availability_zone", Rule::Name)], &["availability_zone"])
}

/// The body that opens a screen.
pub(super) fn remote_console(version: Version) -> Shape {
    const PROTOCOLS: &[&str] = &["vnc", "spice", "rdp", "serial", "mks"];
    const KINDS: &[&str] = &["novnc", "xvpvnc", "rdp-html5", "spice-html5", "serial", "webmks"];
    let (protocols, kinds) = if version < Version(8) { (&PROTOCOLS[..4], &KINDS[..5]) } else { (PROTOCOLS, KINDS) };
    let keys = vec![("protocol", Rule::Words(protocols)), ("type", Rule::Words(kinds))];
    under("remote_console", shape(keys, &["protocol", "type"]))
}

/// The body that sets metadata.
pub(super) fn metadata() -> Shape {
    shape(vec![("metadata", Rule::Metadata)], &["metadata"])
}

/// The body that sets one item of metadata.
pub(super) fn metadata_item() -> Shape {
    shape(vec![("meta", Rule::Metadata)], &["meta"])
}

/// The body that brings a key pair.
pub(super) fn keypair(version: Version) -> Shape {
    let mut keys = vec![("name", Rule::Name), ("public_key", text(0, usize::MAX))];
    if version >= Version(2) {
        keys.push(("type", Rule::Words(&["ssh", "x509"])));
    }
    if version >= Version(10) {
        keys.push(("user_id", text(1, 255)));
    }
    let required: &[&str] = if version >= Version(92) { &["name", "public_key"] } else { &["name"] };
    under("keypair", shape(keys, required))
}
