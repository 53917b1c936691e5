//! The records of Nova, Glance, Neutron and Keystone, word for word, and lenient: whatever is missing, `null` or of
//! another type than documented is left empty, so that one odd record never hides the others.

mod network;

pub(crate) use self::network::{FloatingIp, Network, Port, Router, SecurityGroup, SecurityGroupRule};

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::soft::{Fields, id, soft};

impl Fields for Server {}
impl Fields for Reference {}
impl Fields for ServerFlavor {}
impl Fields for Address {}
impl Fields for Named {}
impl Fields for Fault {}
impl Fields for Action {}
impl Fields for ActionEvent {}
impl Fields for Flavor {}
impl Fields for Image {}
impl Fields for KeyPairEntry {}
impl Fields for KeyPair {}
impl Fields for Link {}

/// A server: <https://docs.openstack.org/api-ref/compute/#show-server-details>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Server {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) name: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) status: String,
    #[serde(rename = "OS-EXT-STS:task_state", deserialize_with = "soft")]
    pub(crate) task_state: Option<String>,
    /// An empty text for a server that boots from a volume.
    #[serde(deserialize_with = "soft")]
    pub(crate) image: Option<Reference>,
    #[serde(deserialize_with = "soft")]
    pub(crate) flavor: Option<ServerFlavor>,
    #[serde(deserialize_with = "soft")]
    pub(crate) addresses: BTreeMap<String, Vec<Address>>,
    #[serde(rename = "accessIPv4", deserialize_with = "soft")]
    pub(crate) access_ipv4: String,
    #[serde(rename = "accessIPv6", deserialize_with = "soft")]
    pub(crate) access_ipv6: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) key_name: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) security_groups: Vec<Named>,
    #[serde(rename = "OS-EXT-AZ:availability_zone", deserialize_with = "soft")]
    pub(crate) availability_zone: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) created: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) metadata: BTreeMap<String, Value>,
    #[serde(deserialize_with = "soft")]
    pub(crate) fault: Option<Fault>,
}

impl Server {
    /// Whether it may have no host yet: `BUILD` and `scheduling`, which the oldest clouds write as `BUILD(scheduling)`,
    /// or a `BUILD` of which no more is told.
    pub(crate) fn waits_for_a_host(&self) -> bool {
        let (status, told) = self.status.trim_end_matches(')').split_once('(').unwrap_or((&self.status, ""));
        status == "BUILD" && matches!(self.task_state.as_deref().unwrap_or(told), "" | "scheduling")
    }
}

/// What a server says about its image.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reference {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
}

/// What a server says about its flavor: its id until microversion 2.46, the flavor itself from 2.47 on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ServerFlavor {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) original_name: Option<String>,
}

/// One address of a server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Address {
    #[serde(deserialize_with = "soft")]
    pub(crate) addr: String,
    /// `fixed` or `floating`.
    #[serde(rename = "OS-EXT-IPS:type", deserialize_with = "soft")]
    pub(crate) kind: Option<String>,
}

/// Something of which we want the name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Named {
    #[serde(deserialize_with = "soft")]
    pub(crate) name: String,
}

/// Why a server is in `ERROR`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fault {
    #[serde(deserialize_with = "soft")]
    pub(crate) code: Option<u64>,
    #[serde(deserialize_with = "soft")]
    pub(crate) message: String,
}

/// What became of a request: <https://docs.openstack.org/api-ref/compute/#show-server-action-details>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Action {
    #[serde(deserialize_with = "soft")]
    pub(crate) message: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) events: Vec<ActionEvent>,
}

/// A step of an [`Action`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ActionEvent {
    #[serde(deserialize_with = "soft")]
    pub(crate) event: String,
    /// `Success` or `Error`, or nothing while it goes on.
    #[serde(deserialize_with = "soft")]
    pub(crate) result: Option<String>,
    /// The reason, from 2.84 on and for those alone whom the cloud lets see it.
    #[serde(deserialize_with = "soft")]
    pub(crate) details: Option<String>,
}

/// A flavor: <https://docs.openstack.org/api-ref/compute/#list-flavors-with-details>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Flavor {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) name: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) vcpus: Option<u32>,
    #[serde(deserialize_with = "soft")]
    pub(crate) ram: Option<u64>,
    #[serde(deserialize_with = "soft")]
    pub(crate) disk: Option<u64>,
    #[serde(rename = "OS-FLV-EXT-DATA:ephemeral", deserialize_with = "soft")]
    pub(crate) ephemeral: Option<u64>,
    #[serde(deserialize_with = "soft")]
    pub(crate) extra_specs: BTreeMap<String, String>,
}

/// An image: <https://docs.openstack.org/api-ref/image/v2/index.html#list-images>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Image {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) name: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) status: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) os_distro: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) os_type: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) os_version: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) architecture: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) size: Option<u64>,
    #[serde(deserialize_with = "soft")]
    pub(crate) min_disk: Option<u32>,
    #[serde(deserialize_with = "soft")]
    pub(crate) min_ram: Option<u32>,
    #[serde(deserialize_with = "soft")]
    pub(crate) visibility: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) owner: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) created_at: Option<String>,
}

/// A key pair in a listing: <https://docs.openstack.org/api-ref/compute/#list-keypairs>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct KeyPairEntry {
    #[serde(deserialize_with = "soft")]
    pub(crate) keypair: KeyPair,
}

/// A key pair: <https://docs.openstack.org/api-ref/compute/#show-keypair-details>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct KeyPair {
    #[serde(deserialize_with = "soft")]
    pub(crate) name: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) fingerprint: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub(crate) public_key: Option<String>,
    /// `ssh` or `x509`, since microversion 2.2.
    #[serde(rename = "type", deserialize_with = "soft")]
    pub(crate) kind: Option<String>,
}

/// A token's body: <https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization>.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Token {
    pub(crate) expires_at: String,
    #[serde(default)]
    pub(crate) issued_at: Option<String>,
    #[serde(default)]
    pub(crate) user: Person,
    #[serde(default)]
    pub(crate) project: Option<Person>,
    #[serde(default)]
    pub(crate) catalog: Vec<CatalogService>,
}

/// A user or a project, as a token names it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
}

impl Person {
    /// The name, or the id where there is none.
    pub(crate) fn label(self) -> String {
        self.name.unwrap_or(self.id)
    }
}

/// A service of the catalogue: <https://docs.openstack.org/api-ref/identity/v3/#get-service-catalog>.
#[derive(Debug, Clone, serde::Serialize, Deserialize)]
pub(crate) struct CatalogService {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) endpoints: Vec<CatalogEndpoint>,
}

/// An address of a service.
#[derive(Debug, Clone, serde::Serialize, Deserialize)]
pub(crate) struct CatalogEndpoint {
    pub(crate) interface: String,
    #[serde(default)]
    pub(crate) region: Option<String>,
    #[serde(default)]
    pub(crate) region_id: Option<String>,
    pub(crate) url: String,
}

impl CatalogEndpoint {
    /// The region; some clouds fill in only one of the two fields.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref().or(self.region_id.as_deref())
    }
}

/// What Nova says about its versions: <https://docs.openstack.org/api-ref/compute/#show-details-of-specific-api-version>.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Version {
    #[serde(deserialize_with = "soft")]
    pub(crate) min_version: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) version: String,
}

/// A link to another page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Link {
    #[serde(deserialize_with = "soft")]
    pub(crate) rel: String,
    #[serde(deserialize_with = "soft")]
    pub(crate) href: String,
}
