//! The disks that a new server is wished with, beside the one of its image.

use super::call::Call;
use super::fault::Fault;
use super::ordered::Ordered;
use crate::world::catalogue::Image;
use crate::world::volume::{Disk, Origin, Stage};

/// The kinds of buses that Nova knows.
const BUSES: [&str; 9] = ["virtio", "scsi", "ide", "usb", "sata", "fdc", "lxc", "uml", "xen"];

/// What the body says of disks.
#[derive(Debug)]
pub(super) struct Disks {
    devices: Vec<Device>,
    /// Whether an image is named beside them.
    with_image: bool,
    /// Whether they are described as in the first version, where the image stays the first disk.
    older: bool,
}

/// What the first disk of a server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// A local disk, as the flavor has it.
    Flavor,
    /// A volume, of that size in GiB if it is told.
    Volume(Option<u64>),
}

#[derive(Debug)]
struct Device {
    source: String,
    local: bool,
    id: Option<String>,
    size: Option<u64>,
    index: Option<i64>,
    ends_with_node: bool,
    name: Option<String>,
    bus: Option<String>,
    kind: Option<String>,
}

impl Disks {
    /// Reads the disks, and refuses what contradicts itself.
    pub(super) fn parse(server: &Ordered) -> Result<Self, Fault> {
        let entries = |key| server.get(key).and_then(Ordered::list).unwrap_or_default();
        let (older, newer) = (entries("block_device_mapping"), entries("block_device_mapping_v2"));
        if !older.is_empty() && !newer.is_empty() {
            let told = "Using different block_device_mapping syntaxes is not allowed in the same request.";
            return Err(Fault::bad(told));
        }
        let with_image = server.text_at("imageRef").is_some_and(|image| !image.is_empty());
        let devices = if older.is_empty() {
            newer.iter().map(|entry| device(entry, server.get("imageRef").is_some())).collect::<Result<_, _>>()?
        } else {
            older.iter().map(|entry| older_device(entry, with_image)).collect::<Result<_, _>>()?
        };
        Ok(Self { devices, with_image, older: !older.is_empty() })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }

    fn root(&self) -> Option<&Device> {
        let root = self.devices.iter().find(|device| device.index == Some(0));
        root.filter(|_| !self.older || !self.with_image)
    }

    /// What the first disk will be.
    pub(super) fn root_disk(&self) -> Root {
        self.root().filter(|root| !root.local).map_or(Root::Flavor, |root| Root::Volume(root.size))
    }

    /// The image that the first disk leads to, where none is named; `None` when there is no way to know it.
    pub(super) fn image<'a>(&self, call: &'a Call<'_>) -> Result<Option<&'a Image>, Fault> {
        let Some(root) = self.root() else { return Ok(None) };
        let id = root.id.as_deref().unwrap_or_default();
        match root.source.as_str() {
            "image" => call.state.image(id).map(Some).ok_or_else(|| no_image(id)),
            "volume" => {
                let volume = call.state.volume(&call.caller.project, id).ok_or_else(|| no_volume(id))?;
                if !volume.bootable {
                    return Err(Fault::bad(format!("Block Device {id} is not bootable.")));
                }
                Ok(volume.image.as_deref().and_then(|image| call.state.image(image)))
            }
            _ => Ok(None),
        }
    }

    /// Refuses what cannot be for several servers.
    pub(super) fn several(&self, most: usize) -> Result<(), Fault> {
        if most > 1 && self.devices.iter().any(|device| device.source == "volume") {
            return Err(Fault::bad("Cannot attach one or more volumes to multiple instances"));
        }
        Ok(())
    }

    /// The disks that are left to be made or attached, if they fit together.
    pub(super) fn check(&self, call: &Call<'_>) -> Result<Vec<Disk>, Fault> {
        self.ordered()?;
        let volumes = self.devices.iter().filter(|device| !device.local);
        let disks = volumes.map(|device| device.check(call)).collect::<Result<_, _>>()?;
        for device in self.devices.iter().filter(|device| device.local) {
            device.local()?;
        }
        if self.devices.iter().any(|device| device.bus.as_deref().is_some_and(|bus| !BUSES.contains(&bus))) {
            return Err(Fault::bad("Block Device Mapping is Invalid."));
        }
        Ok(disks)
    }

    /// Each disk that can be booted from has a place of its own, counted from 0.
    fn ordered(&self) -> Result<(), Fault> {
        let mut places: Vec<i64> =
            self.devices.iter().filter_map(|device| device.index.filter(|at| *at >= 0)).collect();
        if self.devices.is_empty() || (self.older && self.with_image) {
            places = vec![0];
        }
        places.sort_unstable();
        if !places.is_empty() && places.iter().zip(0..).all(|(place, wanted)| *place == wanted) {
            return Ok(());
        }
        let told = "Boot sequence for the instance and image/block device mapping combination is not valid.";
        Err(Fault::bad(format!("Block Device Mapping is Invalid: {told}")))
    }
}

fn invalid(told: &str) -> Fault {
    Fault::bad(format!("Block Device Mapping is Invalid: {told}"))
}

fn no_image(id: &str) -> Fault {
    invalid(&format!("failed to get image {id}."))
}

fn no_volume(id: &str) -> Fault {
    invalid(&format!("failed to get volume {id}."))
}

fn device(entry: &Ordered, image_named: bool) -> Result<Device, Fault> {
    let text = |key: &str| entry.text_at(key).map(str::to_owned);
    let Some(source) = text("source_type") else {
        let told = "Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API \
                    log if possible.\n<class 'TypeError'>";
        return Err(Fault::new(500, told));
    };
    let (id, local) = (text("uuid"), entry.text_at("destination_type") == Some("local"));
    let index = entry.get("boot_index").and_then(|index| index.bare().parse().ok());
    if source == "blank" && id.is_some() {
        return Err(invalid("Invalid device UUID."));
    }
    if source != "blank" && id.is_none() {
        return Err(invalid("Missing device UUID."));
    }
    if source == "image" && local && !(image_named && index == Some(0)) {
        return Err(invalid("Mapping image to local is not supported."));
    }
    let kind = text("volume_type").filter(|kind| !kind.is_empty());
    if kind.is_some() && local {
        return Err(invalid("Specifying a volume_type with destination_type=local is not supported."));
    }
    if kind.is_some() && source == "volume" {
        return Err(invalid("Specifying volume type to existing volume is not supported."));
    }
    let (size, ends_with_node) = (size(entry), ends_with_node(entry));
    Ok(Device {
        source,
        local,
        id,
        size,
        index,
        ends_with_node,
        name: text("device_name"),
        bus: text("disk_bus"),
        kind,
    })
}

/// A disk in the words of the first version: always a volume, and the first disk if there is no image.
fn older_device(entry: &Ordered, with_image: bool) -> Result<Device, Fault> {
    let text = |key: &str| entry.text_at(key).map(str::to_owned);
    let (source, id) = match (text("snapshot_id"), text("volume_id")) {
        (Some(id), _) => ("snapshot", id),
        (None, Some(id)) => ("volume", id),
        _ => return Err(invalid("Unrecognized legacy format.")),
    };
    let name = text("device_name");
    let first = name.as_deref().is_none_or(|name| matches!(name, "vda" | "/dev/vda"));
    Ok(Device {
        source: source.to_owned(),
        local: false,
        id: Some(id),
        size: size(entry),
        index: (first && !with_image).then_some(0),
        ends_with_node: ends_with_node(entry),
        name,
        bus: None,
        kind: None,
    })
}

fn size(entry: &Ordered) -> Option<u64> {
    entry.get("volume_size").and_then(|size| size.bare().parse().ok())
}

fn ends_with_node(entry: &Ordered) -> bool {
    let flag = entry.get("delete_on_termination").map(|flag| flag.bare().to_lowercase());
    flag.is_some_and(|flag| matches!(flag.as_str(), "true" | "1" | "on" | "yes"))
}

impl Device {
    /// The volume that this asks for.
    fn check(&self, call: &Call<'_>) -> Result<Disk, Fault> {
        let id = self.id.clone().unwrap_or_default();
        let from = match (self.source.as_str(), self.size) {
            ("image", size) => {
                let image = call.state.image(&id).filter(|image| image.is_open_to(&call.caller.project));
                image.ok_or_else(|| no_image(&id))?;
                let told = "Images with destination_type 'volume' need to have a non-zero size specified";
                Origin::Image { id, size: size.ok_or_else(|| Fault::bad(told))? }
            }
            ("blank", size) => {
                let told = "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size";
                Origin::Blank { size: size.ok_or_else(|| Fault::bad(told))? }
            }
            ("volume", _) => {
                let volume = call.state.volume(&call.caller.project, &id).ok_or_else(|| no_volume(&id))?;
                if volume.stage != Stage::Available {
                    let told =
                        format!("volume '{id}' status must be 'available'. Currently in '{}'", volume.stage.word());
                    return Err(Fault::bad(format!("Invalid volume: {told}")));
                }
                Origin::Volume { id }
            }
            _ => return Err(invalid(&format!("failed to get snapshot {id}."))),
        };
        if let Some(kind) = self.kind.as_deref().filter(|kind| *kind != crate::world::volume::KIND) {
            return Err(Fault::bad(format!("Volume type {kind} could not be found.")));
        }
        Ok(Disk { from, ends_with_node: self.ends_with_node, device: self.name.clone() })
    }

    /// Disks of the flavor's own: there are none but the first.
    fn local(&self) -> Result<(), Fault> {
        if self.source == "blank" && self.size.is_some_and(|size| size > 0) {
            let told = "Ephemeral disks requested are larger than the instance type allows. If no size is given in one \
                        block device mapping, flavor ephemeral size will be used.";
            return Err(Fault::bad(told));
        }
        Ok(())
    }
}
