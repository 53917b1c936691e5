//! What a configuration says, once it is read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cloudmesh_abstract::{Settings, settings};

settings! {
    /// Who uses the clouds.
    pub struct Profile {
        /// The name that generated names and marks carry.
        pub user as ["username"]: Option<String>,
        /// The file of the ssh public key.
        pub publickey as ["public_key"]: Option<PathBuf>,
    }
}

settings! {
    /// What new nodes of one cloud are like unless told otherwise.
    pub struct Defaults {
        /// The image, by name or id.
        pub image: Option<String>,
        /// The flavor, by name or id.
        pub size as ["flavor"]: Option<String>,
        /// The name of the key pair.
        pub key as ["keypair", "key_name"]: Option<String>,
        /// The login name.
        pub username as ["user"]: Option<String>,
        /// Security groups, by name or id.
        pub secgroup as ["secgroups", "sec_group", "security_group", "security_groups"]: Option<Vec<String>>,
        /// Networks, by name or id.
        pub network as ["networks"]: Option<Vec<String>>,
        /// The availability zone.
        pub zone as ["availability_zone"]: Option<String>,
        /// The group that new nodes belong to.
        pub group: Option<String>,
        /// Whether new nodes get a public address.
        pub public: Option<bool>,
        /// The size of the boot disk in GiB.
        pub disk as ["disk_gb"]: Option<u32>,
        /// The type of the boot disk, such as `gp3`.
        pub disk_type: Option<String>,
        /// The file that the first boot is told.
        pub user_data: Option<PathBuf>,
        /// Tags, labels or metadata of new nodes.
        pub metadata as ["meta"]: Option<BTreeMap<String, String>>,
        /// Whether new nodes may be taken away again for a lower price.
        pub spot: Option<bool>,
        /// Whether new nodes are made so that they can be suspended.
        pub hibernate: Option<bool>,
    }
}

settings! {
    /// What Cloudmesh itself must know of a cloud.
    pub(super) struct Mark {
        /// The name, equal to that of the entry.
        pub(super) name: Option<String>,
        /// The kind of cloud, such as `openstack`.
        pub(super) kind: String,
        /// A description for people.
        pub(super) label: Option<String>,
        /// Whether the cloud is used; `true` unless told otherwise.
        pub(super) active: Option<bool>,
    }
}

settings! {
    /// The part of an entry that says what it is.
    pub(super) struct Head {
        /// What Cloudmesh itself must know.
        pub(super) cm: Mark,
    }
}

settings! {
    /// The part of an entry that is the same for every kind of cloud.
    pub(super) struct Common {
        /// What new nodes are like.
        pub(super) defaults as ["default"]: Defaults,
    }
}

/// A cloud in the file as it was written: nothing is resolved, and there may be mistakes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CloudEntry {
    /// The name it is called by.
    pub name: String,
    /// The kind, if one is written where it belongs.
    pub kind: Option<String>,
    /// The description for people, if there is one.
    pub label: Option<String>,
    /// Whether it is to be used: everything but `active: false`.
    pub active: bool,
}

/// A cloud that is ready for use: all references resolved, everything checked that does not depend on its kind.
///
/// `Debug` shows no value of [`settings`](Self::settings).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Cloud {
    /// The name it is called by.
    pub name: String,
    /// The kind, such as `openstack`. Whether anybody provides it is not known here.
    pub kind: String,
    /// The description for people.
    pub label: Option<String>,
    /// What the provider is told: all keys but `cm` and those that [`defaults`](Self::defaults) holds. Defaults that
    /// Cloudmesh does not know are the provider's own, and stay under `defaults`.
    pub settings: Settings,
    /// What new nodes are like.
    pub defaults: Defaults,
}
