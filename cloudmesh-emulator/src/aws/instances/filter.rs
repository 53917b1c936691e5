//! What instances can be filtered by.

use std::borrow::Cow;

use super::shown;
use crate::aws::land::instance::Instance;
use crate::aws::land::{Land, time};

/// The names of filters, beside `tag:KEY`.
pub(super) const NAMES: &[&str] = &[
    "architecture",
    "availability-zone",
    "block-device-mapping.delete-on-termination",
    "block-device-mapping.device-name",
    "block-device-mapping.status",
    "block-device-mapping.volume-id",
    "client-token",
    "dns-name",
    "group-id",
    "group-name",
    "hibernation-options.configured",
    "hypervisor",
    "iam-instance-profile.arn",
    "image-id",
    "instance-id",
    "instance-lifecycle",
    "instance-state-code",
    "instance-state-name",
    "instance-type",
    "instance.group-id",
    "instance.group-name",
    "ip-address",
    "key-name",
    "launch-index",
    "launch-time",
    "metadata-options.http-endpoint",
    "metadata-options.http-tokens",
    "monitoring-state",
    "network-interface.addresses.association.public-ip",
    "network-interface.addresses.private-ip-address",
    "network-interface.association.allocation-id",
    "network-interface.group-id",
    "network-interface.mac-address",
    "network-interface.network-interface-id",
    "network-interface.subnet-id",
    "network-interface.vpc-id",
    "owner-id",
    "placement-group-name",
    "platform",
    "platform-details",
    "private-dns-name",
    "private-ip-address",
    "reason",
    "reservation-id",
    "root-device-name",
    "root-device-type",
    "source-dest-check",
    "spot-instance-request-id",
    "state-reason-code",
    "state-reason-message",
    "subnet-id",
    "tag-key",
    "tenancy",
    "usage-operation",
    "virtualization-type",
    "vpc-id",
];

/// What an instance has under the name of a filter.
pub(super) fn values<'a>(land: &'a Land, one: &'a Instance, name: &str) -> Vec<Cow<'a, str>> {
    if let Some(key) = name.strip_prefix("tag:") {
        return land.tags.value(&one.id, key).map(Cow::from).into_iter().collect();
    }
    let first = if let Some(rest) = name.strip_prefix("network-interface.") {
        return nic(land, one, rest);
    } else if let Some(rest) = name.strip_prefix("block-device-mapping.") {
        return disk(land, one, rest);
    } else {
        plain(land, one, name)
    };
    match (first, name) {
        (Some(value), _) => vec![value],
        (None, "tag-key") => land.tags.of(&one.id).iter().map(|tag| tag.key.as_str().into()).collect(),
        (None, "group-id" | "instance.group-id") => groups(land, one).map(Cow::from).collect(),
        (None, "group-name" | "instance.group-name") => {
            groups(land, one).filter_map(|id| Some(land.groups.get(id)?.name.as_str().into())).collect()
        }
        (None, _) => Vec::new(),
    }
}

fn groups<'a>(land: &'a Land, one: &Instance) -> impl Iterator<Item = &'a str> {
    let first = land.interfaces_of(&one.id).into_iter().next();
    first.into_iter().flat_map(|nic| nic.groups.iter().map(String::as_str))
}

/// What there is one of.
fn plain<'a>(land: &'a Land, one: &'a Instance, name: &str) -> Option<Cow<'a, str>> {
    let switch = |on: bool| if on { "enabled" } else { "disabled" };
    Some(match name {
        "architecture" => one.arch.name().into(),
        "availability-zone" => one.zone.as_str().into(),
        "client-token" => one.token.as_deref()?.into(),
        "hibernation-options.configured" => one.options.hibernates.to_string().into(),
        "hypervisor" => "xen".into(),
        "iam-instance-profile.arn" => {
            format!("arn:aws:iam::{}:instance-profile/{}", land.account, one.options.profile.as_ref()?).into()
        }
        "image-id" => one.image.as_str().into(),
        "instance-id" => one.id.as_str().into(),
        "instance-lifecycle" => one.options.spot.as_ref().map(|_| "spot")?.into(),
        "instance-state-code" => one.state.code().to_string().into(),
        "instance-state-name" => one.state.name().into(),
        "instance-type" => one.kind.name.as_str().into(),
        "key-name" => one.key.as_deref()?.into(),
        "launch-index" => one.index.to_string().into(),
        "launch-time" => time(one.launched).into(),
        "metadata-options.http-endpoint" => switch(one.options.metadata.enabled).into(),
        "metadata-options.http-tokens" if one.options.metadata.tokens_required => "required".into(),
        "metadata-options.http-tokens" => "optional".into(),
        "monitoring-state" => switch(one.options.monitored).into(),
        "owner-id" => land.account.as_str().into(),
        "platform" if one.system.details() == "Windows" => "windows".into(),
        "platform-details" => one.system.details().into(),
        "reason" => shown::reason(one).into(),
        "reservation-id" => one.reservation.as_str().into(),
        "root-device-name" => one.root.into(),
        "root-device-type" => "ebs".into(),
        "source-dest-check" => one.options.source_dest_check.to_string().into(),
        "spot-instance-request-id" => one.options.spot.as_ref()?.request.as_str().into(),
        "state-reason-code" => shown::reason_code(one)?.into(),
        "state-reason-message" => one.reason?.0.message().into(),
        "subnet-id" if !one.is_gone() => one.subnet.as_str().into(),
        "vpc-id" if !one.is_gone() => one.vpc.as_str().into(),
        "tenancy" => one.options.tenancy.into(),
        "usage-operation" => one.system.usage().into(),
        "virtualization-type" => "hvm".into(),
        _ => return address(land, one, name),
    })
}

/// What the first interface has.
fn address<'a>(land: &'a Land, one: &Instance, name: &str) -> Option<Cow<'a, str>> {
    let nic = land.interfaces_of(&one.id).into_iter().next()?;
    Some(match name {
        "dns-name" => land.public_name(nic.public.as_ref()?.address).into(),
        "ip-address" => nic.public.as_ref()?.address.to_string().into(),
        "private-dns-name" => land.private_name(nic.private).into(),
        "private-ip-address" => nic.private.to_string().into(),
        _ => return None,
    })
}

fn nic<'a>(land: &'a Land, one: &Instance, name: &str) -> Vec<Cow<'a, str>> {
    let nics = land.interfaces_of(&one.id).into_iter();
    if name == "group-id" {
        return nics.flat_map(|nic| nic.groups.iter().map(|id| id.as_str().into())).collect();
    }
    let value = |nic: &'a crate::aws::land::interface::Interface| -> Option<Cow<'a, str>> {
        Some(match name {
            "addresses.association.public-ip" => nic.public.as_ref()?.address.to_string().into(),
            "addresses.private-ip-address" => nic.private.to_string().into(),
            "association.allocation-id" => nic.public.as_ref()?.elastic.as_ref()?.0.as_str().into(),
            "mac-address" => nic.mac.as_str().into(),
            "network-interface-id" => nic.id.as_str().into(),
            "subnet-id" => nic.subnet.as_str().into(),
            "vpc-id" => nic.vpc.as_str().into(),
            _ => return None,
        })
    };
    nics.filter_map(value).collect()
}

fn disk<'a>(land: &'a Land, one: &Instance, name: &str) -> Vec<Cow<'a, str>> {
    let volumes = land.volumes_of(&one.id).into_iter();
    let value = |volume: &'a crate::aws::land::volume::Volume| -> Option<Cow<'a, str>> {
        let mount = volume.mount.as_ref()?;
        Some(match name {
            "delete-on-termination" => mount.goes_with.to_string().into(),
            "device-name" => mount.device.as_str().into(),
            "status" => "attached".into(),
            "volume-id" => volume.id.as_str().into(),
            _ => return None,
        })
    };
    volumes.filter_map(value).collect()
}
