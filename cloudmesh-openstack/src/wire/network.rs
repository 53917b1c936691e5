//! The records of Neutron.

use serde::Deserialize;
use serde_json::Value;

use crate::soft::{Fields, id, soft};

impl Fields for Network {}
impl Fields for SecurityGroup {}
impl Fields for SecurityGroupRule {}
impl Fields for FloatingIp {}
impl Fields for PortDetails {}
impl Fields for Port {}
impl Fields for FixedIp {}
impl Fields for Router {}
impl Fields for Gateway {}

/// A network: <https://docs.openstack.org/api-ref/network/v2/index.html#list-networks>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Network {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) name: String,
    /// Whether it leads out of the cloud.
    #[serde(rename = "router:external", deserialize_with = "soft")]
    pub(crate) external: bool,
    /// Whether its operator made it the one that is taken where none is named; of external networks only.
    #[serde(deserialize_with = "soft")]
    pub(crate) is_default: bool,
}

/// A security group: <https://docs.openstack.org/api-ref/network/v2/index.html#list-security-groups>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SecurityGroup {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) name: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) description: String,
    /// The project; every Neutron writes it under its old name.
    #[serde(deserialize_with = "id")]
    pub(crate) tenant_id: String,
    #[serde(rename = "security_group_rules", deserialize_with = "soft")]
    pub(crate) rules: Vec<SecurityGroupRule>,
}

/// A rule: <https://docs.openstack.org/api-ref/network/v2/index.html#list-security-group-rules>.
///
/// What narrows it is kept as it is: a field that was left empty because it is odd would make the rule look wider.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SecurityGroupRule {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) direction: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) ethertype: String,
    /// A name or a number; `null` for every protocol.
    pub(crate) protocol: Value,
    /// The first port, or the ICMP type.
    pub(crate) port_range_min: Value,
    /// The last port, or the ICMP code.
    pub(crate) port_range_max: Value,
    pub(crate) remote_ip_prefix: Value,
    /// The same by its first address, since Ussuri.
    #[serde(deserialize_with = "soft")]
    pub(crate) normalized_cidr: Option<String>,
    pub(crate) remote_group_id: Value,
    pub(crate) remote_address_group_id: Value,
}

/// A floating IP: <https://docs.openstack.org/api-ref/network/v2/index.html#list-floating-ips>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FloatingIp {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(rename = "floating_ip_address", deserialize_with = "soft")]
    pub(crate) address: String,
    #[serde(deserialize_with = "id")]
    pub(crate) floating_network_id: String,
    /// The port it leads to; empty where it leads nowhere.
    #[serde(deserialize_with = "id")]
    pub(crate) port_id: String,
    /// Whose port that is, where the cloud tells (`fip-port-details`, since Rocky).
    #[serde(deserialize_with = "soft")]
    pub(crate) port_details: Option<PortDetails>,
    #[serde(deserialize_with = "soft")]
    pub(crate) description: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) revision_number: Option<u64>,
    /// The project, under its old name.
    #[serde(deserialize_with = "id")]
    pub(crate) tenant_id: String,
}

/// The port of a floating IP.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PortDetails {
    #[serde(deserialize_with = "id")]
    pub(crate) device_id: String,
}

/// A port: <https://docs.openstack.org/api-ref/network/v2/index.html#list-ports>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Port {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    /// The server, or what else it belongs to; empty for a port that waits for somebody.
    #[serde(deserialize_with = "id")]
    pub(crate) device_id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) description: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) name: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) fixed_ips: Vec<FixedIp>,
    /// The project, under its old name.
    #[serde(deserialize_with = "id")]
    pub(crate) tenant_id: String,
    /// The ids of the groups that it wears.
    #[serde(deserialize_with = "soft")]
    pub(crate) security_groups: Vec<String>,
}

/// An address of a port.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FixedIp {
    #[serde(deserialize_with = "soft")]
    pub(crate) ip_address: String,
}

/// A router: <https://docs.openstack.org/api-ref/network/v2/index.html#list-routers>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Router {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) external_gateway_info: Option<Gateway>,
}

/// Where a router leads out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Gateway {
    #[serde(deserialize_with = "id")]
    pub(crate) network_id: String,
}
