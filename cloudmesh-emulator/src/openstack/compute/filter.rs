//! Which servers a list shows, and in which order.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use regex::Regex;

use super::fault::Fault;
use super::page::{last, refuse};
use super::version::Version;
use super::words::{settled, words};
use crate::exchange::values;
use crate::world::node::Node;

/// The keys that a list can be sorted by.
const SORT_KEYS: [&str; 50] = [
    "access_ip_v4",
    "access_ip_v6",
    "auto_disk_config",
    "availability_zone",
    "config_drive",
    "created_at",
    "display_description",
    "display_name",
    "host",
    "hostname",
    "image_ref",
    "instance_type_id",
    "kernel_id",
    "key_name",
    "launch_index",
    "launched_at",
    "locked_by",
    "node",
    "power_state",
    "progress",
    "project_id",
    "ramdisk_id",
    "root_device_name",
    "task_state",
    "terminated_at",
    "updated_at",
    "user_id",
    "uuid",
    "vm_state",
    "architecture",
    "cell_name",
    "cleaned",
    "default_ephemeral_device",
    "default_swap_device",
    "deleted",
    "deleted_at",
    "disable_terminate",
    "ephemeral_gb",
    "ephemeral_key_uuid",
    "id",
    "key_data",
    "launched_on",
    "locked",
    "memory_mb",
    "os_type",
    "reservation_id",
    "root_gb",
    "shutdown_terminate",
    "user_data",
    "vcpus",
];
/// One more, last in the list that errors show.
const LAST_SORT_KEY: &str = "vm_mode";

/// Parameters that are no sort keys.
const PARAMETERS: [&str; 30] = [
    "limit",
    "marker",
    "name",
    "status",
    "flavor",
    "image",
    "ip",
    "ip6",
    "changes-since",
    "changes-before",
    "deleted",
    "all_tenants",
    "sort_key",
    "sort_dir",
    "tags",
    "tags-any",
    "not-tags",
    "not-tags-any",
    "locked",
    "tenant_id",
    "metadata",
    "system_metadata",
    "instance_name",
    "vm_state",
    "task_state",
    "description",
    "created_at",
    "launched_at",
    "hypervisor_hostname",
    "soft_deleted",
];

/// What `all_tenants` may say.
const YES: [&str; 6] = ["1", "on", "t", "true", "y", "yes"];
const NO: [&str; 6] = ["0", "f", "false", "n", "no", "off"];

/// Which servers are wanted.
#[derive(Debug)]
pub(super) struct Filter {
    project: String,
    name: Option<Regex>,
    address: Option<Regex>,
    statuses: Vec<String>,
    flavor: Option<String>,
    image: Option<String>,
    since: Option<Timestamp>,
    before: Option<Timestamp>,
    locked: Option<bool>,
}

/// A sort key, and whether it descends.
pub(super) type Sorting = Vec<(String, bool)>;

impl Filter {
    /// Reads the filters. Those that Nova ignores for a plain user are ignored.
    pub(super) fn parse(parameters: &[(String, String)], version: Version, project: &str) -> Result<Self, Fault> {
        strange(parameters, version)?;
        let text = |name| last(parameters, name).filter(|value| !value.is_empty()).map(str::to_owned);
        let statuses: Vec<String> =
            parameters.iter().filter(|(key, _)| key == "status").map(|(_, value)| value.to_uppercase()).collect();
        let filter = Self {
            project: project.to_owned(),
            name: pattern(parameters, "name")?,
            address: pattern(parameters, "ip")?,
            since: time(parameters, "changes-since")?,
            before: time(parameters, "changes-before")?.filter(|_| version >= Version(66)),
            flavor: text("flavor"),
            image: text("image"),
            locked: last(parameters, "locked").filter(|_| version >= Version(73)).map(|value| YES.contains(&value)),
            statuses,
        };
        tenants(parameters)?;
        filter.sensible()
    }

    fn sensible(self) -> Result<Self, Fault> {
        if self.statuses.iter().any(|status| status == "DELETED") {
            return Err(Fault::forbidden("Only administrators may list deleted instances"));
        }
        if self.since.zip(self.before).is_some_and(|(since, before)| since > before) {
            return Err(Fault::bad("The value of changes-since must be less than or equal to changes-before."));
        }
        Ok(self)
    }

    /// Whether a server is wanted.
    pub(super) fn wants(&self, node: &Node, now: Timestamp) -> bool {
        let known = node.project == self.project && node.hidden == 0;
        let exists = !node.is_gone() || self.since.is_some();
        known && exists && self.has_status(node, now) && self.matches(node)
    }

    fn has_status(&self, node: &Node, now: Timestamp) -> bool {
        if self.statuses.is_empty() {
            return true;
        }
        let (is, rest) = (words(node, now).status, settled(node.condition));
        self.statuses.iter().any(|status| status == is || status == rest)
    }

    fn matches(&self, node: &Node) -> bool {
        let mut addresses = node.ports.iter().flat_map(|port| &port.fixed).map(|fixed| fixed.address.to_string());
        let address = |pattern: &Regex| addresses.any(|address| pattern.is_match(&address));
        self.name.as_ref().is_none_or(|pattern| pattern.is_match(&node.name))
            && self.address.as_ref().is_none_or(address)
            && self.flavor.as_ref().is_none_or(|flavor| *flavor == node.flavor)
            && self.image.as_ref().is_none_or(|image| *image == node.image)
            && self.locked.is_none_or(|locked| locked == node.locked)
            && self.since.is_none_or(|since| node.updated >= since)
            && self.before.is_none_or(|before| node.updated <= before)
    }
}

/// Refuses unknown parameters, as Nova has done since 2.75.
fn strange(parameters: &[(String, String)], version: Version) -> Result<(), Fault> {
    let known = |key: &str| {
        PARAMETERS.contains(&key) || SORT_KEYS.contains(&key) || key == LAST_SORT_KEY || key.starts_with('_')
    };
    match parameters.iter().find(|(key, _)| !known(key)) {
        Some((key, _)) if version >= Version(75) => {
            Err(Fault::bad(format!("'{key}' does not match any of the regexes: '^_'")))
        }
        _ => Ok(()),
    }
}

fn pattern(parameters: &[(String, String)], name: &str) -> Result<Option<Regex>, Fault> {
    let Some(text) = last(parameters, name) else { return Ok(None) };
    Regex::new(text).map(Some).map_err(|_| refuse(name, text, "is not a 'regex'"))
}

fn time(parameters: &[(String, String)], name: &str) -> Result<Option<Timestamp>, Fault> {
    let Some(text) = last(parameters, name) else { return Ok(None) };
    let zoned = || text.parse::<Timestamp>().ok();
    let bare = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp());
    zoned().or_else(bare).map(Some).ok_or_else(|| refuse(name, text, "is not a 'date-time'"))
}

/// Only administrators see other projects' servers.
fn tenants(parameters: &[(String, String)]) -> Result<(), Fault> {
    match last(parameters, "all_tenants") {
        None => Ok(()),
        Some(text) if NO.contains(&text.to_lowercase().as_str()) => Ok(()),
        Some(text) if text.is_empty() || YES.contains(&text.to_lowercase().as_str()) => {
            Err(Fault::policy("os_compute_api:servers:detail:get_all_tenants"))
        }
        Some(text) => {
            let mut words: Vec<&str> = YES.into_iter().chain(NO).collect();
            words.sort_unstable();
            let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            Err(Fault::bad(format!("Unrecognized value '{text}', acceptable values are: {}", words.join(", "))))
        }
    }
}

/// Reads the order; `None` for Nova's own, the newest first.
pub(super) fn sorting(parameters: &[(String, String)]) -> Result<Option<Sorting>, Fault> {
    let all = |name| values(parameters, name);
    let known = |key: &&str| SORT_KEYS.contains(key) || *key == LAST_SORT_KEY;
    if let Some(key) = all("sort_key").find(|key| !known(key)) {
        let keys: Vec<String> = SORT_KEYS.iter().chain([&LAST_SORT_KEY]).map(|key| format!("'{key}'")).collect();
        return Err(refuse("sort_key", key, &format!("is not one of [{}]", keys.join(", "))));
    }
    if all("sort_dir").any(|direction| !matches!(direction, "asc" | "desc")) {
        let told = "Unknown sort direction, must be 'desc' or 'asc'";
        return Err(Fault::bad(format!("Invalid input received: {told}")));
    }
    let first_direction = all("sort_dir").next().unwrap_or("desc");
    let directions = all("sort_dir").chain(std::iter::repeat(first_direction));
    let keys: Sorting = all("sort_key").zip(directions).map(|(key, way)| (key.to_owned(), way == "desc")).collect();
    Ok(Some(keys).filter(|keys| !keys.is_empty()))
}

/// Compares two servers by some keys.
pub(super) fn compare(keys: &Sorting, a: &Node, b: &Node) -> Ordering {
    let by = |(key, down): &(String, bool)| {
        let order = compare_by(key, a, b);
        if *down { order.reverse() } else { order }
    };
    keys.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn compare_by(key: &str, a: &Node, b: &Node) -> Ordering {
    match key {
        "created_at" => a.created.cmp(&b.created),
        "updated_at" => a.updated.cmp(&b.updated),
        "launched_at" => a.launched.cmp(&b.launched),
        "terminated_at" | "deleted_at" => a.deleted.cmp(&b.deleted),
        "display_name" => a.name.cmp(&b.name),
        "hostname" => a.hostname.cmp(&b.hostname),
        "display_description" => a.description.cmp(&b.description),
        "uuid" => a.id.cmp(&b.id),
        "image_ref" => a.image.cmp(&b.image),
        "instance_type_id" => a.flavor.cmp(&b.flavor),
        "key_name" => a.key.cmp(&b.key),
        "vm_state" => settled(a.condition).cmp(settled(b.condition)),
        "locked" => a.locked.cmp(&b.locked),
        _ => Ordering::Equal,
    }
}
