//! Volumes: disks that live by themselves, and that nodes can have.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::clock::later;
use super::node::{Failure, Node};
use super::state::State;

/// The one kind of volumes there is.
pub(crate) const KIND: &str = "__DEFAULT__";

/// How a volume is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Creating,
    Available,
    Reserved,
    InUse,
    Deleting,
}

/// A volume.
#[derive(Debug, Clone)]
pub(crate) struct Volume {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) project: String,
    pub(crate) user: String,
    /// In GiB.
    pub(crate) size: u64,
    /// The image that it was made from.
    pub(crate) image: Option<String>,
    pub(crate) bootable: bool,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) stage: Stage,
    pub(crate) attached: Option<Attachment>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    /// When what it is busy with ends.
    pub(crate) until: Option<Timestamp>,
}

/// How a volume belongs to a node.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub(crate) id: String,
    pub(crate) node: String,
    pub(crate) device: String,
    pub(crate) ends_with_node: bool,
    pub(crate) since: Timestamp,
}

/// A disk that a node is wished with.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    pub(crate) from: Origin,
    pub(crate) ends_with_node: bool,
    pub(crate) device: Option<String>,
}

/// Where a disk comes from. Sizes are in GiB.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    Volume { id: String },
    Image { id: String, size: u64 },
    Blank { size: u64 },
}

/// What a new volume shall be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) size: u64,
    pub(crate) image: Option<String>,
    pub(crate) labels: BTreeMap<String, String>,
}

impl Stage {
    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Available => "available",
            Self::Reserved => "reserved",
            Self::InUse => "in-use",
            Self::Deleting => "deleting",
        }
    }
}

impl State {
    /// The project, if it can have volumes.
    pub(crate) fn with_volumes<'a>(&self, project: &'a str) -> Option<&'a str> {
        self.has_volumes.then_some(project)
    }

    /// The volume of that project and id.
    pub(crate) fn volume(&self, project: &str, id: &str) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.id == id && volume.project == project)
    }

    /// Makes a volume, and gives its id.
    pub(crate) fn add_volume(&mut self, project: &str, user: &str, wanted: Wanted) -> String {
        let id = Uuid::new_v4().to_string();
        self.volumes.push(Volume {
            id: id.clone(),
            name: wanted.name,
            description: wanted.description,
            project: project.to_owned(),
            user: user.to_owned(),
            size: wanted.size,
            bootable: wanted.image.is_some(),
            image: wanted.image,
            labels: wanted.labels,
            stage: Stage::Creating,
            attached: None,
            created: self.now,
            updated: self.now,
            until: Some(later(self.now, self.pace)),
        });
        self.advance_volumes();
        id
    }

    /// Lets a volume begin to go away.
    pub(crate) fn remove_volume(&mut self, id: &str) {
        let until = later(self.now, self.pace);
        if let Some(volume) = self.volumes.iter_mut().find(|volume| volume.id == id) {
            (volume.stage, volume.until) = (Stage::Deleting, Some(until));
        }
        self.advance_volumes();
    }

    /// Ends what volumes are busy with, as far as it is due.
    pub(super) fn advance_volumes(&mut self) {
        let now = self.now;
        let due = |volume: &Volume| volume.until.is_some_and(|until| until <= now);
        self.volumes.retain(|volume| !(volume.stage == Stage::Deleting && due(volume)));
        for volume in self.volumes.iter_mut().filter(|volume| due(volume)) {
            (volume.stage, volume.until, volume.updated) = (Stage::Available, None, now);
        }
    }

    /// Gives a new node the disks that it is wished with; tells why that cannot be.
    pub(super) fn give_disks(&mut self, node: &mut Node, disks: &[Disk]) -> Option<Failure> {
        if !disks.is_empty() && !self.has_volumes {
            return Some(Failure::WithoutVolumes);
        }
        // The first name is the root disk's, which an image has already where it is no volume.
        let letters = ('a'..='z').skip(usize::from(!node.image.is_empty()));
        for (disk, letter) in disks.iter().zip(letters) {
            let id = self.disk(node, &disk.from);
            let device = disk.device.clone().unwrap_or_else(|| format!("/dev/vd{letter}"));
            let attached = Attachment {
                id: Uuid::new_v4().to_string(),
                node: node.id.clone(),
                device,
                ends_with_node: disk.ends_with_node,
                since: self.now,
            };
            if let Some(volume) = self.volumes.iter_mut().find(|volume| volume.id == id) {
                (volume.stage, volume.until, volume.attached) = (Stage::Reserved, None, Some(attached));
            }
            node.disks.push((id, disk.ends_with_node));
        }
        None
    }

    /// The volume for a disk, made if it does not exist.
    fn disk(&mut self, node: &Node, from: &Origin) -> String {
        let (size, image) = match from {
            Origin::Volume { id } => return id.clone(),
            Origin::Image { id, size } => (*size, Some(id.clone())),
            Origin::Blank { size } => (*size, None),
        };
        let wanted = Wanted { size, image, ..Wanted::default() };
        self.add_volume(&node.project, &node.user, wanted)
    }

    /// Brings the volumes of a node to what has become of it.
    pub(super) fn tend_disks(&mut self, id: &str) {
        let Some(node) = self.nodes.get_mut(id).filter(|node| !node.disks.is_empty()) else { return };
        let (gone, up) = (node.is_gone(), node.launched.is_some());
        let disks = if gone { std::mem::take(&mut node.disks) } else { node.disks.clone() };
        for (disk, ends_with_node) in disks {
            let Some(volume) = self.volumes.iter_mut().find(|volume| volume.id == disk) else { continue };
            match (gone, up) {
                (true, _) => (volume.stage, volume.attached) = (Stage::Available, None),
                (false, true) => volume.stage = Stage::InUse,
                (false, false) => {}
            }
            volume.updated = self.now;
            if gone && ends_with_node {
                self.remove_volume(&disk);
            }
        }
    }
}
