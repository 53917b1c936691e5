//! What nodes are made from: images, flavors, key pairs.

use jiff::Timestamp;

/// The memory of the largest host, in MiB: a flavor beyond it finds no room.
pub(crate) const HOST_MEMORY: u64 = 524_288;

/// An image that nodes boot from.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) owner: String,
    /// In bytes.
    pub(crate) size: u64,
    /// In GiB.
    pub(crate) min_disk: u64,
    /// In MiB.
    pub(crate) min_memory: u64,
    pub(crate) created: Timestamp,
    /// The node that it is a copy of; only its owner sees it.
    pub(crate) copy_of: Option<String>,
}

impl Image {
    /// Whether a project may see and use it.
    pub(crate) fn is_open_to(&self, project: &str) -> bool {
        self.copy_of.is_none() || self.owner == project
    }
}

/// The size of a node.
#[derive(Debug, Clone)]
pub(crate) struct Flavor {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) cores: u32,
    /// In MiB.
    pub(crate) memory: u64,
    /// In GiB.
    pub(crate) disk: u64,
}

/// A public key under a name.
#[derive(Debug, Clone)]
pub(crate) struct KeyPair {
    pub(crate) name: String,
    pub(crate) user: String,
    pub(crate) public: String,
    pub(crate) fingerprint: String,
    pub(crate) created: Timestamp,
}
