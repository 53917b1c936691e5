//! Public addresses.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::NodeId;

/// A public address that the account holds: a floating, elastic or reserved one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PublicIp {
    /// The cloud's id.
    pub id: String,
    /// The address.
    pub address: IpAddr,
    /// The name of the cloud in the configuration; filled in above the provider.
    #[serde(default)]
    pub cloud: String,
    /// The node it leads to, when it is attached.
    #[serde(default)]
    pub node: Option<NodeId>,
    /// The pool or network it comes from.
    #[serde(default)]
    pub pool: Option<String>,
    /// Whether we allocated it.
    #[serde(default)]
    pub ours: bool,
}

impl PublicIp {
    /// An address that is attached to nothing.
    pub fn new(id: impl Into<String>, address: IpAddr) -> Self {
        Self { id: id.into(), address, cloud: String::new(), node: None, pool: None, ours: false }
    }
}
