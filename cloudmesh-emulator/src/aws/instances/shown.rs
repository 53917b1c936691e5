//! An instance as EC2 shows it.

use super::metadata;
use crate::aws::land::instance::{Instance, Reason, State};
use crate::aws::land::interface::{Interface, Public};
use crate::aws::land::{Land, time};
use crate::aws::tagging;
use crate::aws::xml::Xml;

/// The instances of one reservation.
pub(super) fn reservation(xml: &mut Xml, land: &Land, all: &[&Instance]) {
    let Some(first) = all.first() else { return };
    xml.text("reservationId", &first.reservation);
    xml.text("ownerId", &land.account);
    xml.group("groupSet", |_| ());
    xml.set("instancesSet", all, |xml, one| instance(xml, land, one));
}

fn instance(xml: &mut Xml, land: &Land, one: &Instance) {
    let nics = land.interfaces_of(&one.id);
    xml.text("instanceId", &one.id);
    xml.text("imageId", &one.image);
    state(xml, "instanceState", one.state);
    names(xml, land, nics.first().copied());
    xml.text("reason", reason(one));
    xml.maybe("keyName", one.key.as_ref());
    xml.text("amiLaunchIndex", one.index);
    xml.group("productCodes", |_| ());
    xml.text("instanceType", &one.kind.name);
    xml.text("launchTime", time(one.launched));
    placement(xml, land, one);
    xml.maybe("platform", (one.system.details() == "Windows").then_some("windows"));
    xml.group("monitoring", |xml| xml.text("state", if one.options.monitored { "enabled" } else { "disabled" }));
    if let Some(nic) = nics.first() {
        xml.text("subnetId", &one.subnet);
        xml.text("vpcId", &one.vpc);
        xml.text("privateIpAddress", nic.private);
        xml.maybe("ipAddress", nic.public.as_ref().map(|public| public.address));
        xml.text("sourceDestCheck", one.options.source_dest_check);
    }
    groups(xml, land, nics.first().map_or(&[], |nic| &nic.groups));
    if let Some((reason, _)) = one.reason {
        xml.group("stateReason", |xml| {
            xml.text("code", reason.code());
            xml.text("message", reason.message());
        });
    }
    machine(xml, land, one);
    let tags = land.tags.of(&one.id);
    if !tags.is_empty() {
        tagging::write(xml, tags);
    }
    xml.text("hypervisor", "xen");
    xml.set("networkInterfaceSet", &nics, |xml, nic| interface(xml, land, nic));
    rest(xml, land, one);
}

fn names(xml: &mut Xml, land: &Land, nic: Option<&Interface>) {
    let public = nic.and_then(|nic| nic.public.as_ref());
    match nic {
        Some(nic) => xml.text("privateDnsName", land.private_name(nic.private)),
        None => xml.group("privateDnsName", |_| ()),
    }
    match public {
        Some(public) => xml.text("dnsName", land.public_name(public.address)),
        None => xml.group("dnsName", |_| ()),
    }
}

/// The name and the code of a state.
pub(super) fn state(xml: &mut Xml, name: &str, state: State) {
    xml.group(name, |xml| {
        xml.text("code", state.code());
        xml.text("name", state.name());
    });
}

/// Why the last change happened, in one line; empty unless a user wanted it.
pub(super) fn reason(one: &Instance) -> String {
    one.reason.map_or_else(String::new, |(_, at)| format!("User initiated ({})", at.strftime("%Y-%m-%d %H:%M:%S GMT")))
}

fn placement(xml: &mut Xml, land: &Land, one: &Instance) {
    xml.group("placement", |xml| {
        xml.text("availabilityZone", &one.zone);
        xml.text("availabilityZoneId", land.zone_id(&one.zone));
        xml.group("groupName", |_| ());
        xml.text("tenancy", one.options.tenancy);
    });
}

/// The groups of an interface.
pub(super) fn groups(xml: &mut Xml, land: &Land, ids: &[String]) {
    xml.set("groupSet", ids, |xml, id| {
        xml.text("groupId", id);
        xml.maybe("groupName", land.groups.get(id).map(|group| &group.name));
    });
}

fn machine(xml: &mut Xml, land: &Land, one: &Instance) {
    xml.text("architecture", one.arch.name());
    xml.text("rootDeviceType", "ebs");
    xml.text("rootDeviceName", one.root);
    disks(xml, land, one);
    xml.text("virtualizationType", "hvm");
    if let Some(spot) = &one.options.spot {
        xml.text("instanceLifecycle", "spot");
        xml.text("spotInstanceRequestId", &spot.request);
    }
    match &one.token {
        Some(token) => xml.text("clientToken", token),
        None => xml.group("clientToken", |_| ()),
    }
}

/// The volumes of an instance.
pub(super) fn disks(xml: &mut Xml, land: &Land, one: &Instance) {
    xml.set("blockDeviceMapping", land.volumes_of(&one.id), |xml, volume| {
        let Some(mount) = &volume.mount else { return };
        xml.text("deviceName", &mount.device);
        xml.group("ebs", |xml| {
            xml.text("volumeId", &volume.id);
            xml.text("status", "attached");
            xml.text("attachTime", time(mount.since));
            xml.text("deleteOnTermination", mount.goes_with);
        });
    });
}

fn interface(xml: &mut Xml, land: &Land, nic: &Interface) {
    xml.text("networkInterfaceId", &nic.id);
    xml.text("subnetId", &nic.subnet);
    xml.text("vpcId", &nic.vpc);
    xml.text("description", &nic.description);
    xml.text("ownerId", &land.account);
    xml.text("status", "in-use");
    xml.text("macAddress", &nic.mac);
    xml.text("privateIpAddress", nic.private);
    xml.text("privateDnsName", land.private_name(nic.private));
    xml.text("sourceDestCheck", true);
    groups(xml, land, &nic.groups);
    if let Some(attachment) = &nic.attachment {
        xml.group("attachment", |xml| {
            xml.text("attachmentId", &attachment.id);
            xml.text("deviceIndex", attachment.index);
            xml.text("status", "attached");
            xml.text("attachTime", time(attachment.since));
            xml.text("deleteOnTermination", attachment.goes_with);
            xml.text("networkCardIndex", 0);
        });
    }
    association(xml, land, nic.public.as_ref());
    xml.set("privateIpAddressesSet", [nic], |xml, nic| {
        xml.text("privateIpAddress", nic.private);
        xml.text("privateDnsName", land.private_name(nic.private));
        xml.text("primary", true);
        association(xml, land, nic.public.as_ref());
    });
    xml.group("ipv6AddressesSet", |_| ());
    xml.text("interfaceType", "interface");
}

fn association(xml: &mut Xml, land: &Land, public: Option<&Public>) {
    let Some(public) = public else { return };
    xml.group("association", |xml| {
        xml.text("publicIp", public.address);
        xml.text("publicDnsName", land.public_name(public.address));
        xml.text("ipOwnerId", if public.elastic.is_some() { land.account.as_str() } else { "amazon" });
    });
}

fn rest(xml: &mut Xml, land: &Land, one: &Instance) {
    if let Some(profile) = &one.options.profile {
        xml.group("iamInstanceProfile", |xml| {
            xml.text("arn", format!("arn:aws:iam::{}:instance-profile/{profile}", land.account));
            xml.text("id", profile_id(profile));
        });
    }
    xml.text("ebsOptimized", one.options.ebs_optimized);
    xml.text("enaSupport", true);
    xml.group("cpuOptions", |xml| {
        xml.text("coreCount", one.kind.cores());
        xml.text("threadsPerCore", one.kind.threads_per_core());
    });
    xml.group("capacityReservationSpecification", |xml| xml.text("capacityReservationPreference", "open"));
    xml.group("hibernationOptions", |xml| xml.text("configured", one.options.hibernates));
    metadata::shown(xml, "metadataOptions", one.options.metadata);
    xml.group("enclaveOptions", |xml| xml.text("enabled", false));
    xml.text("platformDetails", one.system.details());
    xml.text("usageOperation", one.system.usage());
    xml.text("usageOperationUpdateTime", time(one.launched));
    xml.group("maintenanceOptions", |xml| xml.text("autoRecovery", "default"));
    xml.text("currentInstanceBootMode", "legacy-bios");
}

/// A number that is always the same for a profile.
fn profile_id(name: &str) -> String {
    let digits = name.bytes().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().concat();
    format!("AIPA{digits:0<17.17}")
}

/// The code of a reason, where there is one.
pub(super) fn reason_code(one: &Instance) -> Option<&'static str> {
    one.reason.map(|(reason, _)| Reason::code(reason))
}
