//! Machine images.

use std::borrow::Cow;

use super::call::{Action, Call, Reply};
use super::filter::Filters;
use super::land::image::{Copy, Image, System};
use super::land::{Land, ids, time};
use super::listing::{flag, maybe, one, page};
use super::tagging;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "CreateImage", run: create },
    Action { name: "DeregisterImage", run: deregister },
    Action { name: "DescribeImages", run: describe },
];

const FILTERS: &[&str] = &[
    "architecture",
    "block-device-mapping.delete-on-termination",
    "block-device-mapping.device-name",
    "block-device-mapping.encrypted",
    "block-device-mapping.snapshot-id",
    "block-device-mapping.volume-size",
    "block-device-mapping.volume-type",
    "creation-date",
    "description",
    "ena-support",
    "hypervisor",
    "image-allowed",
    "image-id",
    "image-type",
    "is-public",
    "kernel-id",
    "manifest-location",
    "name",
    "owner-alias",
    "owner-id",
    "platform",
    "product-code",
    "product-code.type",
    "ramdisk-id",
    "root-device-name",
    "root-device-type",
    "source-instance-id",
    "sriov-net-support",
    "state",
    "state-reason-code",
    "state-reason-message",
    "tag-key",
    "virtualization-type",
];

fn create(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (instance, name) = (params.required("InstanceId")?, params.required("Name")?);
    let description = params.text("Description").unwrap_or_default();
    let _ = params.flag("NoReboot")?;
    let tags = tagging::specified(&params, &[ids::IMAGE, ids::SNAPSHOT])?;
    let of = |kind| tags.iter().find(|(one, _)| *one == kind).map(|(_, tags)| tags.as_slice()).unwrap_or_default();
    let land = call.change()?;
    let base = land.known_one(instance)?.image.clone();
    let id = land.add_image(&Copy { instance, base: &base, name, description, tags: of(ids::IMAGE) })?;
    if let Some(snapshot) = land.images.get(&id).map(|image| image.snapshot.clone()) {
        land.tags.set(&snapshot, of(ids::SNAPSHOT));
    }
    let mut xml = Xml::new();
    xml.text("imageId", id);
    Ok(xml)
}

fn deregister(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let id = params.required("ImageId")?;
    let _ = params.flag("DeleteAssociatedSnapshots")?;
    call.change()?.remove_image(id)?;
    Ok(Xml::done())
}

/// Which images are meant, before the filters.
struct Scope<'a> {
    ids: Vec<&'a str>,
    owners: Vec<&'a str>,
    executable: Vec<&'a str>,
    deprecated: bool,
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let scope = Scope {
        ids: params.list("ImageId"),
        owners: params.list("Owner"),
        executable: params.list("ExecutableBy"),
        deprecated: params.flag("IncludeDeprecated")?.unwrap_or(false),
    };
    let _ = params.flag("IncludeDisabled")?;
    let filters = Filters::read(&params, FILTERS)?;
    let asked = call.page(1..=1000)?;
    let question = call.parameters();
    let land = call.look()?;
    if let Some(xml) = land.prepared.get(&question) {
        return Ok(Xml::written(&xml));
    }
    for id in &scope.ids {
        land.image(id)?;
    }
    let mut found: Vec<_> = land.images.placed().collect();
    found.retain(|(_, image)| scope.holds(land, image) && filters.pass(|filter| values(land, image, filter)));
    let (found, token) = page(&asked, found);
    let mut xml = Xml::new();
    xml.set("imagesSet", found, |xml, image| write(xml, land, image));
    xml.maybe("nextToken", token);
    // What is pending becomes available by itself.
    if land.images.iter().all(|image| image.ready <= land.now) {
        land.prepared.keep(question, xml.clone().into_bytes());
    }
    Ok(xml)
}

impl Scope<'_> {
    fn holds(&self, land: &Land, image: &Image) -> bool {
        let own = image.owner == land.account;
        let owned = |owner: &&str| match *owner {
            "self" => own,
            owner => owner == image.owner || image.alias == Some(owner),
        };
        let runs = |who: &&str| match *who {
            "all" => image.public,
            "self" => false,
            who => who == land.account && own,
        };
        (self.ids.is_empty() || self.ids.contains(&image.id.as_str()))
            && (self.owners.is_empty() || self.owners.iter().any(owned))
            && (self.executable.is_empty() || self.executable.iter().any(runs))
            && (own || image.public)
            // Whoever names an image, or owns it, sees it however old it is.
            && (self.deprecated || own || !self.ids.is_empty() || !image.is_deprecated(land.now))
    }
}

fn write(xml: &mut Xml, land: &Land, image: &Image) {
    xml.text("imageId", &image.id);
    xml.text("imageLocation", location(image));
    xml.text("imageState", image.state(land.now));
    xml.text("imageOwnerId", &image.owner);
    xml.text("creationDate", time(image.created));
    xml.text("isPublic", image.public);
    xml.text("architecture", image.arch.name());
    xml.text("imageType", "machine");
    if image.system == System::Windows {
        xml.text("platform", "windows");
    }
    xml.maybe("imageOwnerAlias", image.alias);
    xml.text("platformDetails", image.system.details());
    xml.text("usageOperation", image.system.usage());
    xml.text("name", &image.name);
    xml.text("description", &image.description);
    xml.text("rootDeviceType", "ebs");
    xml.text("rootDeviceName", image.root);
    xml.set("blockDeviceMapping", [image], |xml, image| {
        xml.text("deviceName", image.root);
        xml.group("ebs", |xml| write_disk(xml, image));
    });
    xml.text("virtualizationType", "hvm");
    xml.text("hypervisor", "xen");
    xml.text("enaSupport", true);
    xml.text("sriovNetSupport", "simple");
    xml.text("bootMode", boot_mode(image));
    if image.imds_v2 {
        xml.text("imdsSupport", "v2.0");
    }
    xml.maybe("sourceInstanceId", image.copy_of.as_deref());
    xml.maybe("deprecationTime", image.deprecated.map(time));
    tagging::write(xml, land.tags.of(&image.id));
}

fn write_disk(xml: &mut Xml, image: &Image) {
    xml.text("snapshotId", &image.snapshot);
    xml.text("volumeSize", image.size);
    xml.text("deleteOnTermination", true);
    xml.text("volumeType", volume_type(image));
    if volume_type(image) == "gp3" {
        xml.text("iops", 3000);
        xml.text("throughput", 125);
    }
    xml.text("encrypted", false);
}

/// The type of the volume that an image begins on.
pub(super) fn volume_type(image: &Image) -> &'static str {
    if image.imds_v2 { "gp3" } else { "gp2" }
}

fn boot_mode(image: &Image) -> &'static str {
    match (image.arch, image.system) {
        (super::land::image::Arch::Arm, _) => "uefi",
        (_, System::Windows) => "legacy-bios",
        _ => "uefi-preferred",
    }
}

fn location(image: &Image) -> String {
    format!("{}/{}", image.alias.unwrap_or(&image.owner), image.name)
}

fn values<'a>(land: &'a Land, image: &'a Image, filter: &str) -> Vec<Cow<'a, str>> {
    match filter {
        "architecture" => one(image.arch.name()),
        "block-device-mapping.delete-on-termination" | "ena-support" | "image-allowed" => flag(true),
        "block-device-mapping.device-name" | "root-device-name" => one(image.root),
        "block-device-mapping.encrypted" => flag(false),
        "block-device-mapping.snapshot-id" => one(&image.snapshot),
        "block-device-mapping.volume-size" => one(image.size.to_string()),
        "block-device-mapping.volume-type" => one(volume_type(image)),
        "creation-date" => one(time(image.created)),
        "description" => one(&image.description),
        "hypervisor" => one("xen"),
        "image-id" => one(&image.id),
        "image-type" => one("machine"),
        "is-public" => flag(image.public),
        "manifest-location" => one(location(image)),
        "name" => one(&image.name),
        "owner-alias" => maybe(image.alias),
        "owner-id" => one(&image.owner),
        "platform" => maybe((image.system == System::Windows).then_some("windows")),
        "root-device-type" => one("ebs"),
        "source-instance-id" => maybe(image.copy_of.as_deref()),
        "sriov-net-support" => one("simple"),
        "state" => one(image.state(land.now)),
        "virtualization-type" => one("hvm"),
        _ => tagging::values(land.tags.of(&image.id), filter),
    }
}
