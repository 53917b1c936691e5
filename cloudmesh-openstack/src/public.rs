//! The public address that a node is made with, and that goes with it.
//!
//! It carries our marks and the node's id in its description, by which a repeated create and the node's end find it.
//! One that somebody attached later carries no node's id, and is only set free when the node ends.

use std::sync::Arc;

use cloudmesh_abstract::{Error, ErrorKind, Node, NodeId, NodeSpec, Result};
use futures::future::join_all;
use serde_json::json;

use crate::OpenStack;
use crate::addresses::CHANGED;
use crate::catalog::Service;
use crate::client::Ask;
use crate::map::address::{allocated_for, description, holder};
use crate::map::is_global;
use crate::node::part;
use crate::ports::End;
use crate::wire;

impl OpenStack {
    /// The network that a new node's address comes from, where it is to have one. It is found before anything is made.
    pub(crate) async fn pool_for(&self, spec: &NodeSpec) -> Result<Option<wire::Network>> {
        if spec.public == Some(true) { self.pool(None).await.map(Some) } else { Ok(None) }
    }

    /// Gives a new node its public address, once it has a port; `repeated` says that it may have one already. When that
    /// fails, the node is removed again, but not one that was made before: somebody may use it. One that breaks before it
    /// has a port is given back as it is.
    pub(crate) async fn with_public_ip(
        &self,
        spec: &NodeSpec,
        node: Node,
        pool: &wire::Network,
        repeated: bool,
    ) -> Result<Node> {
        let id = node.id.clone();
        match self.public_ip_of(spec, node, pool, repeated).await {
            Err(error) if repeated => {
                let message = format!(
                    "node `{id}` is there, but not its public address: {}; create it once more",
                    error.message()
                );
                Err(error.with_message(message))
            }
            Err(error) => Err(self.without_node(&id, error).await),
            made => made,
        }
    }

    async fn public_ip_of(
        &self,
        spec: &NodeSpec,
        mut node: Node,
        pool: &wire::Network,
        repeated: bool,
    ) -> Result<Node> {
        let description = description(&spec.marks(), Some(&node.id));
        if repeated && self.allocated(&description).await?.is_some() {
            return Ok(node);
        }
        let ends = match self.ends(&node.id).await? {
            Ok(ends) => ends,
            Err(broken) => return Ok(broken),
        };
        // A network of the provider's gives public addresses by itself.
        if ends.iter().any(|end| is_global(end.fixed_ip_address.into())) {
            return Ok(node);
        }
        let allocate = |end: End| {
            let mut terms = json!(end);
            terms["floating_network_id"] = json!(pool.id);
            let description = &description;
            async move { self.allocate(&terms, description).await }
        };
        let made = self.first_end(&node.id, ends, allocate).await?;
        node.public_ips.extend(made.address.parse::<std::net::IpAddr>());
        Ok(node)
    }

    /// Removes a node that could not be completed, and says in the error what could not be.
    async fn without_node(&self, id: &NodeId, error: Error) -> Error {
        let outcome = match self.destroy_server(id).await {
            Ok(()) => format!("so node `{id}` was removed again"),
            Err(left) => format!("and node `{id}` could not be removed again, delete it: {}", left.message()),
        };
        let message = format!("the node got no public address, {outcome}: {}", error.message());
        error.with_message(message)
    }

    /// Deletes a server and releases the addresses that were allocated for it. All who delete at the same time share one
    /// look at the addresses.
    pub(crate) async fn destroy_server(&self, id: &NodeId) -> Result<()> {
        let Ok(part) = part(id) else { return Ok(()) };
        let ask = Ask::delete(Service::Compute, &["servers", part]);
        let (deleted, held) = futures::join!(self.client.send(&ask), self.look.ask(|| self.all_floating_ips()));
        match deleted {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let held = held.map_err(|error| {
            let message = format!(
                "the node is deleted, but whether an address is left of it cannot be seen: {}; look at the leftovers later",
                error.message()
            );
            // The node is not missing, whatever is.
            let kind = if error.kind() == ErrorKind::NotFound { ErrorKind::Unexpected } else { error.kind() };
            error.with_kind(kind).with_message(message)
        })?;
        let its = held.iter().filter(|found| allocated_for(found).as_ref() == Some(id));
        let released = its.map(|found| self.release_with(found, id));
        join_all(released).await.into_iter().collect()
    }

    /// All addresses; none where the cloud has no floating IPs.
    pub(crate) async fn all_floating_ips(&self) -> Result<Arc<Vec<wire::FloatingIp>>> {
        if !self.client.has(Service::Network).await? {
            return Ok(Arc::default());
        }
        match self.floating_ips(None).await {
            Err(error) if error.kind() == ErrorKind::NotFound && error.code().is_some() => Ok(Arc::default()),
            found => found.map(Arc::new),
        }
    }

    /// Releases an address that was allocated for a node, unless it leads elsewhere by now. A Neutron that tells no
    /// revision would not refuse what has changed since, so there it is looked at again first.
    async fn release_with(&self, found: &wire::FloatingIp, id: &NodeId) -> Result<()> {
        if found.revision_number.is_some() {
            match self.release_unless_elsewhere(found, id).await {
                Err(error) if error.code() == Some(CHANGED) => {}
                settled => return settled,
            }
        }
        let again = || async {
            let now = self.floating_ips(Some(("id", &found.id))).await?;
            match now.iter().find(|now| now.id == found.id && allocated_for(now).as_ref() == Some(id)) {
                Some(now) => self.release_unless_elsewhere(now, id).await,
                None => Ok(()),
            }
        };
        self.client.retry_on(CHANGED, again).await
    }

    async fn release_unless_elsewhere(&self, found: &wire::FloatingIp, id: &NodeId) -> Result<()> {
        let owners = self.owners(std::slice::from_ref(found)).await?;
        let is_told = found.port_details.is_some() || owners.contains_key(&found.port_id);
        match holder(found, &owners) {
            Some(_) if !is_told => Err(moved(&found.address)),
            Some(holder) if holder != *id => Ok(()),
            _ => self.release(found).await,
        }
    }
}

/// The refusal to release an address whose port is gone, or not shown: what it leads to has changed meanwhile.
fn moved(address: &str) -> Error {
    let message = format!(
        "the node is deleted, but its address `{address}` leads to a port that is not shown; release it if nobody uses it"
    );
    Error::new(ErrorKind::Conflict, message).with_code(CHANGED)
}
