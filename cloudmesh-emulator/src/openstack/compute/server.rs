//! A server as Nova shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha224};

use super::call::{Link, bookmark, links};
use super::version::Version;
use super::words::{Words, words};
use crate::hex::hex;
use crate::openstack::times::{bare, seconds};
use crate::world::State;
use crate::world::node::{Condition, Failure, Node};

/// What all servers of one answer have in common.
#[derive(Debug)]
pub(super) struct View<'a> {
    state: &'a State,
    base: String,
    version: Version,
    host: String,
    /// What a change of the server answers: less than a look at it.
    brief: bool,
    /// Whether the server is told alone: a list leaves out its groups, and the fault of one that came to no host.
    alone: bool,
}

/// A server in a list of names.
#[derive(Debug, Serialize)]
pub(super) struct Brief<'a> {
    id: &'a str,
    name: &'a str,
    links: [Link; 2],
}

/// A server. <https://docs.openstack.org/api-ref/compute/#show-server-details>
#[derive(Debug, Serialize)]
pub(super) struct Server<'a> {
    id: &'a str,
    name: &'a str,
    status: &'static str,
    tenant_id: &'a str,
    user_id: &'a str,
    metadata: &'a BTreeMap<String, String>,
    #[serde(rename = "hostId")]
    host_id: &'a str,
    image: Image<'a>,
    flavor: Flavor<'a>,
    created: String,
    updated: String,
    addresses: BTreeMap<&'a str, Vec<Address<'a>>>,
    #[serde(rename = "accessIPv4")]
    access_v4: &'static str,
    #[serde(rename = "accessIPv6")]
    access_v6: &'static str,
    links: [Link; 2],
    #[serde(rename = "OS-DCF:diskConfig")]
    disk_config: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<Fault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<u8>,
    #[serde(flatten)]
    extensions: Option<Extensions<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked_reason: Option<Nullable<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Nullable<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trusted_image_certificates: Option<Nullable<()>>,
    #[serde(rename = "OS-EXT-SRV-ATTR:hostname", skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    #[serde(rename = "server_groups", skip_serializing_if = "Option::is_none")]
    affinity: Option<[(); 0]>,
}

/// A key that is there, perhaps without a value.
#[derive(Debug, Serialize)]
struct Nullable<T>(Option<T>);

/// What early extensions of Nova added.
#[derive(Debug, Serialize)]
struct Extensions<'a> {
    #[serde(rename = "OS-EXT-AZ:availability_zone")]
    zone: &'static str,
    config_drive: &'static str,
    key_name: Option<&'a str>,
    #[serde(rename = "OS-SRV-USG:launched_at")]
    launched: Option<String>,
    #[serde(rename = "OS-SRV-USG:terminated_at")]
    terminated: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    security_groups: Vec<GroupName<'a>>,
    #[serde(rename = "OS-EXT-STS:task_state")]
    task_state: Option<&'static str>,
    #[serde(rename = "OS-EXT-STS:vm_state")]
    vm_state: &'static str,
    #[serde(rename = "OS-EXT-STS:power_state")]
    power_state: u8,
    #[serde(rename = "os-extended-volumes:volumes_attached")]
    volumes: Vec<Volume<'a>>,
}

#[derive(Debug, Serialize)]
struct Volume<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_on_termination: Option<bool>,
}

/// The image; empty text for a server that boots from a volume.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Image<'a> {
    Linked(Reference<'a>),
    None(&'static str),
}

#[derive(Debug, Serialize)]
struct GroupName<'a> {
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct Reference<'a> {
    id: &'a str,
    links: [Link; 1],
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Flavor<'a> {
    Linked(Reference<'a>),
    Embedded {
        vcpus: u32,
        ram: u64,
        disk: u64,
        ephemeral: u64,
        swap: u64,
        original_name: &'a str,
        extra_specs: BTreeMap<String, String>,
    },
}

#[derive(Debug, Serialize)]
struct Address<'a> {
    version: u8,
    addr: String,
    #[serde(rename = "OS-EXT-IPS:type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(rename = "OS-EXT-IPS-MAC:mac_addr", skip_serializing_if = "Option::is_none")]
    mac: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Fault {
    code: u16,
    created: String,
    message: String,
}

impl<'a> View<'a> {
    /// For a list.
    pub(super) fn list(state: &'a State, base: String, version: Version, project: &str) -> Self {
        let host = hex(&Sha224::digest(format!("{project} host")));
        Self { state, base, version, host, brief: false, alone: false }
    }

    /// For one server.
    pub(super) fn one(state: &'a State, base: String, version: Version, project: &str) -> Self {
        Self { alone: true, ..Self::list(state, base, version, project) }
    }

    /// For the answer to a change.
    pub(super) fn changed(state: &'a State, base: String, version: Version, project: &str) -> Self {
        Self { brief: version < Version(75), ..Self::one(state, base, version, project) }
    }

    pub(super) fn name(&self, node: &'a Node) -> Brief<'a> {
        Brief { id: &node.id, name: &node.name, links: links(&self.base, "servers", &node.id) }
    }

    pub(super) fn server(&'a self, node: &'a Node) -> Server<'a> {
        let words = words(node, self.state.now);
        let since = |version| self.version >= Version(version);
        Server {
            id: &node.id,
            name: &node.name,
            status: words.status,
            tenant_id: &node.project,
            user_id: &node.user,
            metadata: &node.labels,
            host_id: if words.placed { &self.host } else { "" },
            image: self.image(node),
            flavor: self.flavor(&node.flavor),
            created: seconds(node.created),
            updated: seconds(node.updated),
            addresses: self.addresses(node),
            access_v4: "",
            access_v6: "",
            links: links(&self.base, "servers", &node.id),
            disk_config: "MANUAL",
            fault: self.fault(node),
            progress: words.progress.then_some(0),
            extensions: (!self.brief).then(|| self.extensions(node, &words)),
            locked: (since(9) && !self.brief).then_some(node.locked),
            locked_reason: (since(73) && !self.brief).then_some(Nullable(node.lock_reason.as_deref())),
            description: since(19).then_some(Nullable(node.description.as_deref())),
            tags: since(26).then_some(&node.tags),
            trusted_image_certificates: since(63).then_some(Nullable(None)),
            hostname: since(90).then_some(&node.hostname),
            affinity: (since(71) && self.alone).then_some([]),
        }
    }

    fn extensions(&self, node: &'a Node, words: &Words) -> Extensions<'a> {
        Extensions {
            zone: if words.placed { "nova" } else { "" },
            config_drive: if node.config_drive { "True" } else { "" },
            key_name: node.key.as_deref(),
            launched: node.launched.map(bare),
            terminated: node.deleted.map(bare),
            security_groups: if words.placed || node.launched.is_some() { self.groups(node) } else { Vec::new() },
            task_state: words.task_state,
            vm_state: words.vm_state,
            power_state: words.power_state,
            volumes: self.volumes(node),
        }
    }

    fn volumes(&self, node: &'a Node) -> Vec<Volume<'a>> {
        let told = |ends: bool| (self.version >= Version(3)).then_some(ends);
        node.disks.iter().map(|(id, ends)| Volume { id, delete_on_termination: told(*ends) }).collect()
    }

    fn image(&self, node: &'a Node) -> Image<'a> {
        if node.image.is_empty() { Image::None("") } else { Image::Linked(self.reference("images", &node.image)) }
    }

    fn groups(&self, node: &'a Node) -> Vec<GroupName<'a>> {
        let Some(port) = node.ports.first() else { return Vec::new() };
        let groups = port.groups.iter().filter_map(|id| self.state.group(id));
        groups.map(|group| GroupName { name: &group.name }).collect()
    }

    fn reference(&self, kind: &str, id: &'a str) -> Reference<'a> {
        Reference { id, links: [bookmark(&self.base, kind, id)] }
    }

    fn flavor(&self, id: &'a str) -> Flavor<'a> {
        match self.state.flavor(id).filter(|_| self.version >= Version(47)) {
            None => Flavor::Linked(self.reference("flavors", id)),
            Some(flavor) => Flavor::Embedded {
                vcpus: flavor.cores,
                ram: flavor.memory,
                disk: flavor.disk,
                ephemeral: 0,
                swap: 0,
                original_name: &flavor.name,
                extra_specs: BTreeMap::new(),
            },
        }
    }

    fn addresses(&self, node: &'a Node) -> BTreeMap<&'a str, Vec<Address<'a>>> {
        let mut addresses: BTreeMap<&str, Vec<Address<'_>>> = BTreeMap::new();
        if matches!(node.condition, Condition::Building | Condition::Failed) {
            return addresses;
        }
        for port in &node.ports {
            let name = self.state.network(&port.network).map_or("", |network| network.name.as_str());
            let shown = port.fixed.iter().flat_map(|fixed| {
                let floating = fixed.floating.map(|address| (address, "floating"));
                [Some((fixed.address, "fixed")), floating].into_iter().flatten()
            });
            addresses.entry(name).or_default().extend(shown.map(|(address, kind)| Address {
                version: 4,
                addr: address.to_string(),
                kind: (!self.brief).then_some(kind),
                mac: (!self.brief).then_some(&port.mac),
            }));
        }
        addresses
    }

    fn fault(&self, node: &Node) -> Option<Fault> {
        let (failure, at) = node.failure.filter(|_| node.condition == Condition::Failed)?;
        let message = match failure {
            // Nova keeps such a server in a cell of its own, cell0, whose faults its lists do not read.
            Failure::NoRoom if !self.alone => return None,
            Failure::NoRoom => "No valid host was found. ".to_owned(),
            Failure::NoAddress => {
                "Exceeded maximum number of retries. No fixed IP addresses available for network.".to_owned()
            }
            Failure::WithoutVolumes => {
                let id = &node.id;
                format!("Build of instance {id} aborted: publicURL endpoint for volumev3 service not found")
            }
        };
        Some(Fault { code: 500, created: seconds(at), message })
    }
}
