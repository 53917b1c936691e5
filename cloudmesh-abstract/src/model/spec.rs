//! What a node should be.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{Marks, Token};
use crate::context::expose;

/// What the node's first boot is told, such as a cloud-init file. It may hold secrets and is never shown.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserData(#[serde(serialize_with = "expose")] SecretString);

impl UserData {
    /// User data as the guest is to read it, before any encoding.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, for the line that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for UserData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserData([{} bytes])", self.expose().len())
    }
}

impl PartialEq for UserData {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

/// What is asked of [`create`](crate::ComputeNodeABC::create).
///
/// ```
/// use cloudmesh_abstract::NodeSpec;
///
/// let spec = NodeSpec::new("web-1", "ubuntu-24.04", "m1.small").with_key("laptop").with_secgroup("ssh");
/// assert_eq!(spec.secgroups, ["ssh"]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NodeSpec {
    /// The name.
    pub name: String,
    /// The image, by name or id.
    pub image: String,
    /// The flavor, by name or id.
    pub flavor: String,
    /// The idempotency token, random unless given.
    pub token: Token,
    /// The name of the key pair.
    #[serde(default)]
    pub key: Option<String>,
    /// Security groups, by name or id; none: the cloud's default one.
    #[serde(default)]
    pub secgroups: Vec<String>,
    /// Networks, by name or id; none: the only one there is.
    #[serde(default)]
    pub networks: Vec<String>,
    /// The availability zone.
    #[serde(default)]
    pub zone: Option<String>,
    /// Whether it gets a public address; `None`: as the cloud does by itself.
    #[serde(default)]
    pub public: Option<bool>,
    /// The size of the boot disk in GiB; `None`: as the image or flavor says.
    #[serde(default)]
    pub disk_gb: Option<u32>,
    /// The type of the boot disk in the vendor's word, such as `gp3`; `None`: the cloud's usual one.
    #[serde(default)]
    pub disk_type: Option<String>,
    /// What the first boot is told.
    #[serde(default)]
    pub user_data: Option<UserData>,
    /// Tags, labels or metadata beside our marks.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// The group it belongs to.
    #[serde(default)]
    pub group: Option<String>,
    /// Who asks for it.
    #[serde(default)]
    pub user: Option<String>,
    /// The login name to make, on clouds that let us choose.
    #[serde(default)]
    pub username: Option<String>,
    /// Whether it may be taken away again for a lower price.
    #[serde(default)]
    pub spot: bool,
    /// Whether it is to be made so that it can be [suspended](crate::Suspend::suspend), on clouds where that must be said
    /// beforehand; on others there is nothing to do for it.
    #[serde(default)]
    pub hibernate: bool,
}

impl NodeSpec {
    /// A node called `name` from `image` in the size `flavor`, both by name or id.
    pub fn new(name: impl Into<String>, image: impl Into<String>, flavor: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            image: image.into(),
            flavor: flavor.into(),
            token: Token::random(),
            key: None,
            secgroups: Vec::new(),
            networks: Vec::new(),
            zone: None,
            public: None,
            disk_gb: None,
            disk_type: None,
            user_data: None,
            metadata: BTreeMap::new(),
            group: None,
            user: None,
            username: None,
            spot: false,
            hibernate: false,
        }
    }

    /// Uses a token that was kept, to repeat an earlier request.
    #[must_use]
    pub fn with_token(mut self, token: Token) -> Self {
        self.token = token;
        self
    }

    /// Names the key pair.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Adds a security group.
    #[must_use]
    pub fn with_secgroup(mut self, group: impl Into<String>) -> Self {
        self.secgroups.push(group.into());
        self
    }

    /// Adds a network.
    #[must_use]
    pub fn with_network(mut self, network: impl Into<String>) -> Self {
        self.networks.push(network.into());
        self
    }

    /// Chooses the availability zone.
    #[must_use]
    pub fn with_zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = Some(zone.into());
        self
    }

    /// Asks for a public address, or for none.
    #[must_use]
    pub fn with_public(mut self, public: bool) -> Self {
        self.public = Some(public);
        self
    }

    /// Sets the size of the boot disk in GiB.
    #[must_use]
    pub fn with_disk_gb(mut self, size: u32) -> Self {
        self.disk_gb = Some(size);
        self
    }

    /// Chooses the type of the boot disk.
    #[must_use]
    pub fn with_disk_type(mut self, kind: impl Into<String>) -> Self {
        self.disk_type = Some(kind.into());
        self
    }

    /// Tells the first boot something.
    #[must_use]
    pub fn with_user_data(mut self, data: UserData) -> Self {
        self.user_data = Some(data);
        self
    }

    /// Adds a tag.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// Puts it into a group.
    #[must_use]
    pub fn with_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Says who asks for it.
    #[must_use]
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Chooses the login name.
    #[must_use]
    pub fn with_username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// Allows the cloud to take it away again.
    #[must_use]
    pub fn with_spot(mut self, spot: bool) -> Self {
        self.spot = spot;
        self
    }

    /// Has it made so that it can be suspended.
    #[must_use]
    pub fn with_hibernate(mut self, hibernate: bool) -> Self {
        self.hibernate = hibernate;
        self
    }

    /// The marks that everything made for this node carries.
    pub fn marks(&self) -> Marks {
        Marks {
            group: self.group.clone(),
            user: self.user.clone(),
            token: Some(self.token.clone()),
            username: self.username.clone(),
            ..Marks::new(&self.name)
        }
    }

    /// Its own metadata and our marks together: what the cloud is to write on it.
    pub fn tags(&self) -> BTreeMap<String, String> {
        let mut tags = self.metadata.clone();
        tags.extend(self.marks().pairs());
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::{NodeSpec, UserData};

    #[test]
    fn user_data_is_never_shown() {
        let spec = NodeSpec::new("a", "b", "c").with_user_data(UserData::new("password: hunter2"));
        assert!(!format!("{spec:?}").contains("hunter2"));
    }

    #[test]
    fn every_spec_has_a_token_of_its_own() {
        assert_ne!(NodeSpec::new("a", "b", "c").token, NodeSpec::new("a", "b", "c").token);
    }

    #[test]
    fn marks_win_over_metadata_of_the_same_key() {
        let spec = NodeSpec::new("a", "b", "c").with_metadata("cm-name", "forged");
        assert_eq!(spec.tags()["cm-name"], "a");
    }
}
