//! Volumes.

use std::borrow::Cow;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::form::Params;
use super::land::volume::{Volume, Wish};
use super::land::{Land, ids, time};
use super::listing::{chosen, either, flag, maybe, one, page};
use super::subnets::zone_of;
use super::tagging;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "AttachVolume", run: attach },
    Action { name: "CreateVolume", run: create },
    Action { name: "DeleteVolume", run: delete },
    Action { name: "DescribeVolumes", run: describe },
    Action { name: "DetachVolume", run: detach },
    Action { name: "GetEbsEncryptionByDefault", run: encryption },
];

const FILTERS: &[&str] = &[
    "attachment.attach-time",
    "attachment.delete-on-termination",
    "attachment.device",
    "attachment.instance-id",
    "attachment.status",
    "availability-zone",
    "availability-zone-id",
    "create-time",
    "encrypted",
    "fast-restored",
    "multi-attach-enabled",
    "size",
    "snapshot-id",
    "status",
    "tag-key",
    "volume-id",
    "volume-type",
];

/// What `params` say about a volume, whether it is made alone or with an instance; where `size` is named so.
pub(super) fn wish(params: &Params<'_>, size: &str) -> Result<Wish, Fault> {
    Ok(Wish {
        size: params.number(size)?,
        kind: params.text("VolumeType").map(str::to_owned),
        iops: params.number("Iops")?,
        throughput: params.number("Throughput")?,
        encrypted: params.flag("Encrypted")?.unwrap_or(false),
        key: params.text("KmsKeyId").map(str::to_owned),
        snapshot: params.text("SnapshotId").filter(|id| !id.is_empty()).map(str::to_owned),
        least: 0,
    })
}

fn create(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (zone, zone_id) = (params.text("AvailabilityZone"), params.text("AvailabilityZoneId"));
    let mut wish = wish(&params, "Size")?;
    let token = params.text("ClientToken").map(str::to_owned);
    let _ = params.flag("MultiAttachEnabled")?;
    let tags = tagging::specified_for(&params, ids::VOLUME)?;
    let quota = call.twist().quota;
    let land = call.change()?;
    let zone = place(land, zone, zone_id)?;
    wish.least = least(land, &wish)?;
    if quota {
        return Err(Fault::new("VolumeLimitExceeded", "You have exceeded your maximum storage or number of volumes"));
    }
    let earlier = land.volumes.iter().find(|volume| token.is_some() && volume.token == token).map(|one| one.id.clone());
    let id = match earlier {
        Some(id) => id,
        None => land.add_volume(&wish, &zone, &tags)?,
    };
    if let Some(volume) = land.volumes.get_mut(&id) {
        volume.token = token;
    }
    let mut xml = Xml::new();
    if let Some(volume) = land.volumes.get(&id) {
        write(&mut xml, land, volume);
    }
    Ok(xml)
}

/// The zone that a request names by its name or by its id.
fn place(land: &Land, name: Option<&str>, id: Option<&str>) -> Result<String, Fault> {
    match (name, id) {
        (Some(name), None) => land.zone(Some(name)),
        (None, Some(id)) => zone_of(land, id),
        (Some(_), Some(_)) => Err(Fault::combination("Specify either AvailabilityZone or AvailabilityZoneId")),
        (None, None) => Err(Fault::missing("availabilityZone")),
    }
}

/// The size of the snapshot that a volume shall begin as, in GiB.
fn least(land: &Land, wish: &Wish) -> Result<u64, Fault> {
    let Some(id) = &wish.snapshot else { return Ok(0) };
    let found = land.images.iter().find(|image| image.snapshot == *id);
    found.map(|image| image.size).ok_or_else(|| ids::SNAPSHOT.missing(id))
}

fn delete(call: &mut Call<'_>) -> Reply {
    let id = call.params().required("VolumeId")?;
    call.change()?.remove_volume(id)?;
    Ok(Xml::done())
}

fn attach(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (id, instance) = (params.required("VolumeId")?, params.required("InstanceId")?);
    let device = params.required("Device")?;
    let land = call.change()?;
    let volume = land.volumes.get(id).ok_or_else(|| ids::VOLUME.missing(id))?;
    if !land.has_instance(instance) {
        return Err(ids::INSTANCE.missing(instance));
    }
    if let Some(mount) = &volume.mount {
        let told = format!("{id} is already attached to an instance ({})", mount.instance);
        return Err(Fault::new("VolumeInUse", told));
    }
    let elsewhere = land.interfaces_of(instance).first().is_some_and(|one| one.zone != volume.zone);
    if elsewhere {
        let told = format!("The volume '{id}' is not in the same availability zone as instance '{instance}'");
        return Err(Fault::new("InvalidVolume.ZoneMismatch", told));
    }
    if land.volumes_of(instance).iter().any(|one| one.mount.as_ref().is_some_and(|mount| mount.device == device)) {
        let told = format!("Invalid value '{device}' for unixDevice. Attachment point {device} is already in use");
        return Err(Fault::new("InvalidParameterValue", told));
    }
    land.mount(id, instance, device, false);
    let mut xml = Xml::new();
    if let Some(volume) = land.volumes.get(id) {
        write_mount(&mut xml, volume);
    }
    Ok(xml)
}

fn detach(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (id, instance) = (params.required("VolumeId")?, params.text("InstanceId"));
    let _ = (params.text("Device"), params.flag("Force")?);
    let land = call.change()?;
    let volume = land.volumes.get(id).ok_or_else(|| ids::VOLUME.missing(id))?;
    let mount = volume.mount.as_ref().filter(|mount| instance.is_none_or(|instance| mount.instance == instance));
    if mount.is_none() {
        let told = format!("Volume '{id}' is in the 'available' state.");
        return Err(Fault::new("IncorrectState", told));
    }
    let mut xml = Xml::new();
    write_mount(&mut xml, volume);
    land.unmount(id);
    Ok(xml)
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("VolumeId");
    let filters = Filters::read(&params, FILTERS)?;
    let asked = call.page(5..=1000)?;
    either(&asked, &wanted, "volumeSet")?;
    let land = call.look()?;
    let mut found = chosen(&land.volumes, ids::VOLUME, &wanted)?;
    found.retain(|(_, volume)| filters.pass(|filter| values(land, volume, filter)));
    let (found, token) = page(&asked, found);
    let mut xml = Xml::new();
    xml.set("volumeSet", found, |xml, volume| write(xml, land, volume));
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn write(xml: &mut Xml, land: &Land, volume: &Volume) {
    xml.text("volumeId", &volume.id);
    xml.text("size", volume.size);
    xml.text("snapshotId", volume.snapshot.as_deref().unwrap_or_default());
    xml.text("availabilityZone", &volume.zone);
    xml.text("availabilityZoneId", land.zone_id(&volume.zone));
    xml.text("status", volume.state(land.now));
    xml.text("createTime", time(volume.created));
    xml.set("attachmentSet", volume.mount.as_ref(), |xml, mount| {
        write_mount(xml, volume);
        xml.text("deleteOnTermination", mount.goes_with);
    });
    xml.text("volumeType", volume.kind.name);
    xml.maybe("iops", volume.iops);
    xml.maybe("throughput", volume.throughput);
    xml.text("encrypted", volume.encrypted);
    xml.maybe("kmsKeyId", volume.key.as_deref());
    xml.text("multiAttachEnabled", false);
    tagging::write(xml, land.tags.of(&volume.id));
}

fn write_mount(xml: &mut Xml, volume: &Volume) {
    let Some(mount) = &volume.mount else { return };
    xml.text("volumeId", &volume.id);
    xml.text("instanceId", &mount.instance);
    xml.text("device", &mount.device);
    xml.text("status", "attached");
    xml.text("attachTime", time(mount.since));
}

fn values<'a>(land: &'a Land, volume: &'a Volume, filter: &str) -> Vec<Cow<'a, str>> {
    let mount = volume.mount.as_ref();
    match filter {
        "attachment.attach-time" => maybe(mount.map(|mount| time(mount.since))),
        "attachment.delete-on-termination" => mount.map(|mount| flag(mount.goes_with)).unwrap_or_default(),
        "attachment.device" => maybe(mount.map(|mount| &mount.device)),
        "attachment.instance-id" => maybe(mount.map(|mount| &mount.instance)),
        "attachment.status" => maybe(mount.map(|_| "attached")),
        "availability-zone" => one(&volume.zone),
        "availability-zone-id" => one(land.zone_id(&volume.zone)),
        "create-time" => one(time(volume.created)),
        "encrypted" => flag(volume.encrypted),
        "fast-restored" | "multi-attach-enabled" => flag(false),
        "size" => one(volume.size.to_string()),
        "snapshot-id" => maybe(volume.snapshot.as_deref()),
        "status" => one(volume.state(land.now)),
        "volume-id" => one(&volume.id),
        "volume-type" => one(volume.kind.name),
        _ => tagging::values(land.tags.of(&volume.id), filter),
    }
}

fn encryption(call: &mut Call<'_>) -> Reply {
    call.look()?;
    let mut xml = Xml::new();
    xml.text("ebsEncryptionByDefault", false);
    Ok(xml)
}
