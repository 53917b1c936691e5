//! From the cloud's words to everybody's. Pure functions.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::wire::{Address, Answer, Disk, Group, Machine, Orphan, PROCESSOR, Pair, Problem, Size};
use crate::{
    Error, ErrorKind, Fault, Flavor, Image, KeyPair, Leftover, Marks, Node, NodeState, PublicIp, Result, SecurityGroup,
    http,
};

/// Reads an answer, or says why there is none.
pub(super) fn read<T: DeserializeOwned>(answer: Answer) -> Result<T> {
    if answer.status >= 400 {
        return Err(refusal(&answer));
    }
    serde_json::from_str(&answer.text).map_err(|error| {
        Error::new(ErrorKind::Unexpected, "the answer is not what was asked for")
            .with_request_id(answer.request_id)
            .with_source(error)
    })
}

fn refusal(answer: &Answer) -> Error {
    let id = answer.request_id.as_str();
    let Ok(Problem { code, message }) = serde_json::from_str(&answer.text) else {
        let status = answer.status;
        return Error::new(http::kind_of(status), format!("refused with status {status}")).with_request_id(id);
    };
    let error = Error::new(kind(answer.status, &code), message).with_code(code).with_request_id(id);
    match answer.retry_after {
        Some(seconds) => error.with_retry_after(Duration::from_secs(seconds)),
        None => error,
    }
}

/// What a refusal means.
pub(super) fn kind(status: u16, code: &str) -> ErrorKind {
    match code {
        "quotaUsedUp" | "noCapacity" => ErrorKind::QuotaExceeded,
        "nameTaken" => ErrorKind::AlreadyExists,
        "severalFit" => ErrorKind::Ambiguous,
        _ => http::kind_of(status),
    }
}

/// What a machine's state means.
pub(super) fn state(word: &str) -> NodeState {
    match word {
        "building" | "starting" => NodeState::Pending,
        "up" => NodeState::Running,
        "stopping" => NodeState::Stopping,
        "down" => NodeState::Stopped,
        "freezing" => NodeState::Suspending,
        "frozen" => NodeState::Suspended,
        "restarting" => NodeState::Rebooting,
        "removing" => NodeState::Deleting,
        "broken" => NodeState::Error,
        _ => NodeState::Unknown,
    }
}

/// A machine with the record it was read from.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Recorded {
    machine: Machine,
    record: Value,
}

impl TryFrom<Value> for Recorded {
    type Error = serde_json::Error;

    fn try_from(record: Value) -> Result<Self, serde_json::Error> {
        Ok(Self { machine: Machine::deserialize(&record)?, record })
    }
}

/// A node, with the cloud's record where it is wanted; user data is never part of it.
pub(super) fn node(found: Recorded, region: &str, raw: bool) -> Node {
    let Recorded { machine, mut record } = found;
    let mut node = Node::new(machine.id, machine.name, state(&machine.state));
    node.vendor_status = machine.state;
    (node.image, node.flavor, node.key) = (Some(machine.image), Some(machine.flavor), machine.key);
    node.secgroups = machine.groups;
    (node.public_ips, node.private_ips) = (machine.public, machine.private);
    (node.zone, node.region) = (Some(machine.zone), Some(region.to_owned()));
    node.created = Some(machine.created);
    node.metadata = machine.labels;
    node.fault = machine.fault.map(fault);
    if raw {
        record.as_object_mut().map(|fields| fields.remove("user_data"));
        node.raw = Some(record);
    }
    node
}

fn fault(problem: Problem) -> Fault {
    Fault::new(problem.message).with_kind(kind(500, &problem.code)).with_code(problem.code)
}

/// A disk as an image.
pub(super) fn image(disk: Disk, raw: bool) -> Image {
    let record = raw.then(|| serde_json::to_value(&disk).ok()).flatten();
    let mut image = Image::new(disk.id, disk.name);
    "ready".clone_into(&mut image.status);
    (image.os, image.size_bytes, image.raw) = (Some(disk.os), Some(disk.bytes), record);
    image.architecture = Some(PROCESSOR.to_owned());
    image
}

/// A size as a flavor.
pub(super) fn flavor(size: Size, raw: bool) -> Flavor {
    let record = raw.then(|| serde_json::to_value(&size).ok()).flatten();
    let mut flavor = Flavor::new(size.id, size.name);
    (flavor.vcpus, flavor.memory_mb) = (Some(size.cores), Some(size.memory_mb));
    (flavor.disk_gb, flavor.raw) = (Some(size.disk_gb), record);
    (flavor.network, flavor.local_disk_gb) = (Some(size.network), Some(0));
    (flavor.architecture, flavor.gpus) = (size.processor, size.gpus);
    flavor
}

/// A public key.
pub(super) fn key(pair: Pair) -> KeyPair {
    let mut key = KeyPair::new(pair.name).with_public_key(pair.text);
    (key.fingerprint, key.key_type) = (Some(pair.fingerprint), Some("ssh".to_owned()));
    key
}

/// A public address.
pub(super) fn address(found: Address) -> PublicIp {
    let mut ip = PublicIp::new(found.id, found.ip);
    ip.ours = Marks::read(&found.labels).is_some();
    (ip.node, ip.pool) = (found.machine.map(Into::into), Some(found.pool));
    ip
}

/// A security group.
pub(super) fn group(found: Group) -> SecurityGroup {
    let mut group = SecurityGroup::new(found.id, found.name);
    (group.description, group.rules) = (found.about, found.rules);
    group
}

/// Something left behind.
pub(super) fn leftover(orphan: Orphan) -> Leftover {
    Leftover::new(orphan.id, orphan.name, orphan.what)
}

#[cfg(test)]
mod tests {
    use super::{kind, state};
    use crate::{ErrorKind, NodeState};

    #[test]
    fn states() {
        assert_eq!(state("starting"), NodeState::Pending);
        assert_eq!(state("evaporating"), NodeState::Unknown);
    }

    #[test]
    fn codes_say_more_than_statuses() {
        assert_eq!(kind(403, "quotaUsedUp"), ErrorKind::QuotaExceeded);
        assert_eq!(kind(403, "forbidden"), ErrorKind::PermissionDenied);
    }
}
