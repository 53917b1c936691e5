//! Virtual machines.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Marks, NodeState};
use crate::ErrorKind;

/// The cloud's own id of a node; opaque, unique within its cloud.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(String);

impl NodeId {
    /// The id as the cloud writes it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as the cloud writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for NodeId {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<String> for NodeId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

/// Why a node is in [`NodeState::Error`], or why the cloud took it down, in the vendor's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fault {
    /// The vendor's code, where there is one.
    #[serde(default)]
    pub code: Option<String>,
    /// The vendor's sentence.
    pub message: String,
    /// What it means, where the provider can tell.
    #[serde(default)]
    pub kind: Option<ErrorKind>,
}

impl Fault {
    /// A fault with the vendor's sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), kind: None }
    }

    /// Adds the vendor's code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Says what it means.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = Some(kind);
        self
    }
}

/// A virtual machine as its cloud describes it now.
///
/// ```
/// use cloudmesh_abstract::{Node, NodeState};
///
/// let node = Node::new("42", "web-1", NodeState::Running);
/// assert_eq!(serde_json::to_value(&node)?["status"], "running");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Node {
    /// The cloud's id.
    pub id: NodeId,
    /// The name; empty where somebody made a node without one.
    pub name: String,
    /// The name of the cloud in the configuration; filled in above the provider.
    #[serde(default)]
    pub cloud: String,
    /// The kind of the cloud, such as `openstack`; filled in above the provider.
    #[serde(default)]
    pub kind: String,
    /// The state, in the words all clouds share.
    pub status: NodeState,
    /// The state in the vendor's own words.
    #[serde(default)]
    pub vendor_status: String,
    /// The image it was made from: the id, or the name where that is all the cloud says.
    #[serde(default)]
    pub image: Option<String>,
    /// The flavor: the name, or the id where that is all the cloud says.
    #[serde(default)]
    pub flavor: Option<String>,
    /// Addresses that the internet can reach.
    #[serde(default)]
    pub public_ips: Vec<IpAddr>,
    /// Addresses within the cloud.
    #[serde(default)]
    pub private_ips: Vec<IpAddr>,
    /// The name of the key pair it was made with.
    #[serde(default)]
    pub key: Option<String>,
    /// The names of its security groups.
    #[serde(default)]
    pub secgroups: Vec<String>,
    /// The availability zone.
    #[serde(default)]
    pub zone: Option<String>,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// Whether it can be [suspended](crate::Suspend::suspend), on clouds where it had to be
    /// [made for it](crate::NodeSpec::hibernate); `None` on others.
    #[serde(default)]
    pub hibernate: Option<bool>,
    /// Its tags, labels or metadata; our [`Marks`] among them.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Why it is broken, when it is, or why the cloud took it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// The vendor's record without passwords and user data; only when the query asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Value>,
}

impl Node {
    /// A node of which only id, name and state are known.
    pub fn new(id: impl Into<NodeId>, name: impl Into<String>, status: NodeState) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            cloud: String::new(),
            kind: String::new(),
            status,
            vendor_status: String::new(),
            image: None,
            flavor: None,
            public_ips: Vec::new(),
            private_ips: Vec::new(),
            key: None,
            secgroups: Vec::new(),
            zone: None,
            region: None,
            created: None,
            hibernate: None,
            metadata: BTreeMap::new(),
            fault: None,
            raw: None,
        }
    }

    /// What we wrote on it when we made it; `None` for a node that is not ours.
    pub fn marks(&self) -> Option<Marks> {
        Marks::read(&self.metadata)
    }

    /// The name, or the id of a nameless node: what a person is shown.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { self.id.as_str() } else { &self.name }
    }
}
