//! Security groups: what may reach a node, and what it may reach.

mod check;
mod cidr;
mod protocol;
#[cfg(test)]
mod tests;
mod text;

pub use self::protocol::Protocol;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

/// Which way a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Direction {
    /// Towards the node.
    Ingress,
    /// From the node.
    Egress,
}

/// The family of addresses that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString)]
pub enum Ethertype {
    /// Internet protocol version 4.
    IPv4,
    /// Internet protocol version 6.
    IPv6,
}

/// One thing that a security group admits. Nothing else is admitted by it.
///
/// A person writes it in one word:
///
/// ```
/// use cloudmesh_abstract::{Direction, Ethertype, Protocol, SecurityRule};
///
/// let rule: SecurityRule = "tcp/8000-8010@10.0.0.0/8".parse()?;
/// let same = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(8000, 8010));
/// assert_eq!(rule, same.with_cidr("10.0.0.0/8"));
/// assert_eq!("egress:udp/53@::/0".parse::<SecurityRule>()?.to_string(), "egress:udp/53@::/0");
/// # Ok::<(), cloudmesh_abstract::Error>(())
/// ```
///
/// The word is `PROTOCOL`, `PROTOCOL@NETWORK` or `PROTOCOL@group:NAME`, after `egress:` where it looks the other way.
/// The protocol is `any`, `tcp/22`, `udp/5000-5010`, `icmp`, `icmp/8` (a type) or `icmp/3/4` (type and code), or another
/// one by name or number, such as `sctp/5000` or `112`. The family is that of the network; without one it is IPv4,
/// unless `ipv6:` stands before the protocol.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SecurityRule {
    /// The cloud's id, where it has one.
    #[serde(default)]
    pub id: Option<String>,
    /// Which way it looks.
    pub direction: Direction,
    /// The family of addresses.
    pub ethertype: Ethertype,
    /// What it admits.
    pub protocol: Protocol,
    /// The other end: a network in CIDR notation; `None`: any address of the family.
    #[serde(default)]
    pub cidr: Option<String>,
    /// The other end: the members of a group, by name or id.
    #[serde(default)]
    pub remote_group: Option<String>,
}

impl SecurityRule {
    /// A rule for one direction, family and protocol, with any other end.
    pub fn new(direction: Direction, ethertype: Ethertype, protocol: Protocol) -> Self {
        Self { id: None, direction, ethertype, protocol, cidr: None, remote_group: None }
    }

    /// Narrows the other end to a network in CIDR notation.
    #[must_use]
    pub fn with_cidr(mut self, cidr: impl Into<String>) -> Self {
        self.cidr = Some(cidr.into());
        self
    }

    /// Narrows the other end to the members of a group.
    #[must_use]
    pub fn with_remote_group(mut self, group: impl Into<String>) -> Self {
        self.remote_group = Some(group.into());
        self
    }

    /// Adds the cloud's id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

/// A named set of rules that nodes can wear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SecurityGroup {
    /// The cloud's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The name of the cloud in the configuration; filled in above the provider.
    #[serde(default)]
    pub cloud: String,
    /// What people say about it.
    #[serde(default)]
    pub description: String,
    /// What it admits.
    #[serde(default)]
    pub rules: Vec<SecurityRule>,
}

impl SecurityGroup {
    /// A group of which only id and name are known.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), cloud: String::new(), description: String::new(), rules: Vec::new() }
    }
}
