//! Ports of servers, and which of them an address can lead to.

use std::net::Ipv4Addr;
use std::task::Poll;
use std::time::Duration;

use cloudmesh_abstract::{Error, ErrorKind, Node, NodeId, NodeState, Result};
use serde::Serialize;

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::Ask;
use crate::node::part;
use crate::wire;

/// What is asked about a port.
const FIELDS: [&str; 7] = ["id", "name", "device_id", "description", "fixed_ips", "tenant_id", "security_groups"];

/// How long an address that is to be attached waits for the port of a new server.
const SOON: Duration = Duration::from_mins(1);

/// An end that a floating IP can lead to: an IPv4 address of a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct End {
    pub(crate) port_id: String,
    pub(crate) fixed_ip_address: Ipv4Addr,
}

impl OpenStack {
    /// Ports, all or those of one device: <https://docs.openstack.org/api-ref/network/v2/index.html#list-ports>.
    pub(crate) async fn ports(&self, device: Option<&str>) -> Result<Vec<wire::Port>> {
        let ask = Ask::get(Service::Network, &["ports"]).with_some("device_id", device);
        self.ports_that(ask, |port| device.is_none_or(|device| port.device_id == device)).await
    }

    /// The port of an id, if the cloud shows it to us.
    pub(crate) async fn port(&self, id: &str) -> Result<Option<wire::Port>> {
        let ask = Ask::get(Service::Network, &["ports"]).with("id", id);
        Ok(self.ports_that(ask, |port| port.id == id).await?.pop())
    }

    /// The ports that wear a group. Neutrons older than Stein do not look for them and give all.
    pub(crate) async fn ports_that_wear(&self, group: &str) -> Result<Vec<wire::Port>> {
        let ask = Ask::get(Service::Network, &["ports"]).with("security_groups", group);
        self.ports_that(ask, |port| port.security_groups.iter().any(|worn| worn == group)).await
    }

    async fn ports_that(&self, ask: Ask, fits: impl Fn(&wire::Port) -> bool + Send + Sync) -> Result<Vec<wire::Port>> {
        let ask = FIELDS.iter().fold(ask, |ask, field| ask.with("fields", *field));
        self.client.list(&ask, false, |port: wire::Port, _| fits(&port).then_some(port)).await
    }

    /// The ends of a server; of a new one, once it has its ports. A server that breaks meanwhile is what it is.
    pub(crate) async fn ends(&self, id: &NodeId) -> Result<Result<Vec<End>, Node>> {
        let what = format!("giving node `{id}` its port");
        self.client.context().poll(&what, || self.look_at_ends(id)).await
    }

    /// The ends of these ports of a server; where there are none, it is waited for the first.
    pub(crate) async fn ends_soon(&self, id: &NodeId, ports: &[wire::Port]) -> Result<Vec<End>> {
        let there = ends_of(ports);
        if !there.is_empty() {
            return Ok(there);
        }
        let context = self.client.context();
        let context = context.with_poll(context.poll_policy().with_limit(SOON));
        let ends = context.poll(&format!("giving node `{id}` its port"), || self.look_at_ends(id)).await?;
        ends.map_err(|_| Error::new(ErrorKind::Conflict, format!("node `{id}` is broken and has no port; delete it")))
    }

    async fn look_at_ends(&self, id: &NodeId) -> Result<Poll<Result<Vec<End>, Node>>> {
        let node = cloudmesh_abstract::ComputeNodeABC::info(self, id).await?;
        match node.status {
            NodeState::Error => Ok(Poll::Ready(Err(node))),
            NodeState::Pending if node.private_ips.is_empty() && node.public_ips.is_empty() => Ok(Poll::Pending),
            _ => Ok(Poll::Ready(Ok(ends_of(&self.ports(Some(part(id)?)).await?)))),
        }
    }

    /// Leads an address to the first end of a node that Neutron lets it lead to: one whose subnet a router connects to
    /// the address's network.
    pub(crate) async fn first_end<T, F, Fut>(&self, id: &NodeId, ends: Vec<End>, lead: F) -> Result<T>
    where
        F: Fn(End) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let mut refused = None;
        for end in ends {
            match lead(end).await {
                Err(error) if is_about_the_end(&error) => _ = refused.get_or_insert(error),
                settled => return settled,
            }
        }
        let Some(refused) = refused else {
            let message =
                format!("node `{id}` has no IPv4 address that a floating IP could lead to; give it a network");
            return Err(Error::new(ErrorKind::Conflict, message));
        };
        let advice = match refused.code() {
            Some("FloatingIPPortAlreadyAssociated") => "detach the address that it has",
            _ => "connect its network to the external one by a router, or take another pool",
        };
        let message = format!("no floating IP can lead to node `{id}`: {}; {advice}", refused.message());
        Err(refused.with_kind(ErrorKind::Conflict).with_message(message))
    }
}

/// The IPv4 addresses of ports; a floating IP leads to no other.
pub(crate) fn ends_of(ports: &[wire::Port]) -> Vec<End> {
    let of_port = |port: &wire::Port| {
        let addresses = port.fixed_ips.iter().filter_map(|ip| ip.ip_address.parse().ok());
        let port_id = port.id.clone();
        addresses.map(|ip| End { port_id: port_id.clone(), fixed_ip_address: ip }).collect::<Vec<_>>()
    };
    ports.iter().flat_map(of_port).collect()
}

/// Whether another end may do.
fn is_about_the_end(error: &Error) -> bool {
    let known = ["ExternalGatewayForFloatingIPNotFound", "FloatingIPPortAlreadyAssociated"];
    error.code().is_some_and(|code| known.contains(&code)) || error.kind() == ErrorKind::InvalidInput
}
