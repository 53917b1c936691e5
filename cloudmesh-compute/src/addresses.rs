//! Public addresses of an account, given to nodes.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use cloudmesh_abstract::{Capability, ComputeNodeABC, Error, ErrorKind, Node, NodeId, PublicIp, PublicIps, Result};

use crate::Provider;
#[cfg(feature = "cli")]
use crate::nodes::Outcome;

/// The addresses of an account that lead nowhere, each given out once.
#[derive(Debug)]
pub(crate) struct Free(Mutex<VecDeque<PublicIp>>);

impl Free {
    /// Those of a listing, the lowest first.
    pub(crate) fn among(held: &[PublicIp]) -> Self {
        let mut free: Vec<PublicIp> = held.iter().filter(|held| held.node.is_none()).cloned().collect();
        free.sort_by_key(|free| free.address);
        Self(Mutex::new(free.into()))
    }

    /// One of them.
    pub(crate) fn take(&self) -> Option<PublicIp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Makes one of them lead to a node, or a new one where none is left.
    pub(crate) async fn assign(&self, provider: &Provider, id: &NodeId) -> Result<PublicIp> {
        while let Some(free) = self.take() {
            match attach(provider, id, &free).await {
                Err(error) if error.kind() == ErrorKind::Conflict && is_taken(provider, &free).await? => {}
                attached => return attached,
            }
        }
        let new = provider.create_public_ip(None).await?;
        match attach(provider, id, &new).await {
            Err(error) => Err(give_back(provider, &new, error).await),
            attached => attached,
        }
    }
}

/// Corrects the addresses that nodes show by those of the account: some clouds show with the node only a moment later
/// that one leads to it, or no more.
#[cfg(feature = "cli")]
pub(crate) fn correct_all(outcomes: &mut [Outcome], held: &[PublicIp]) {
    let nodes = outcomes.iter_mut().filter_map(|outcome| outcome.result.as_mut().ok()?.as_mut());
    nodes.for_each(|node| correct(node, held));
}

fn correct(node: &mut Node, held: &[PublicIp]) {
    let leads_here = |held: &&PublicIp| held.node.as_ref() == Some(&node.id);
    let own: Vec<_> = held.iter().filter(leads_here).map(|held| held.address).collect();
    node.public_ips.retain(|shown| own.contains(shown) || !held.iter().any(|held| held.address == *shown));
    let late: Vec<_> = own.into_iter().filter(|own| !node.public_ips.contains(own)).collect();
    node.public_ips.extend(late);
}

async fn attach(provider: &Provider, id: &NodeId, address: &PublicIp) -> Result<PublicIp> {
    provider.attach_public_ip(id, &address.address.to_string()).await?;
    let mut attached = address.clone();
    attached.node = Some(id.clone());
    Ok(attached)
}

/// Whether somebody else was faster.
async fn is_taken(provider: &Provider, address: &PublicIp) -> Result<bool> {
    let held = provider.list_public_ips().await?;
    Ok(!held.iter().any(|held| held.address == address.address && held.node.is_none()))
}

/// Releases an address that came too much, and says so where it cannot be.
async fn give_back(provider: &Provider, address: &PublicIp, error: Error) -> Error {
    let text = address.address.to_string();
    let Err(kept) = provider.delete_public_ip(&text).await else { return error };
    let message = format!(
        "{}; {text}, which was allocated for it, could not be released ({kept}): `cms ip delete {text}` does it",
        error.message()
    );
    error.with_message(message)
}

impl Provider {
    /// The public address of a node, the first of several; `None` when it has none.
    ///
    /// ```no_run
    /// use cloudmesh_compute::{ComputeNodeABC, Provider};
    ///
    /// # async fn example() -> cloudmesh_compute::Result<()> {
    /// let cloud = Provider::new("mycloud")?;
    /// for node in cloud.find("web-1").await? {
    ///     println!("{:?}", cloud.get_public_ip(&node.id).await?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`info`](ComputeNodeABC::info), and of [`list_public_ips`](PublicIps::list_public_ips) where the cloud
    /// has that.
    pub async fn get_public_ip(&self, id: &NodeId) -> Result<Option<std::net::IpAddr>> {
        let node = if self.requires(Capability::PublicIps).is_ok() {
            let (mut node, held) = futures::try_join!(self.info(id), self.list_public_ips())?;
            correct(&mut node, &held);
            node
        } else {
            self.info(id).await?
        };
        Ok(node.public_ips.first().copied())
    }

    /// The lowest public address of the account that leads to no node; `None` when there is none.
    ///
    /// # Errors
    ///
    /// Those of [`list_public_ips`](PublicIps::list_public_ips).
    pub async fn find_available_public_ip(&self) -> Result<Option<PublicIp>> {
        Ok(Free::among(&self.list_public_ips().await?).take())
    }

    /// Makes a public address lead to a node: one that it has already, else one of the account that leads nowhere, else
    /// a new one. If a new one cannot be attached, it is released again.
    ///
    /// ```
    /// # #[cfg(feature = "memory")] {
    /// use cloudmesh_compute::{NodeSpec, Provider, PublicIps, blocking, config::Config, memory};
    ///
    /// let credentials = format!("{{user: albert, password: {}}}", memory::PASSWORD);
    /// let text = format!("cloudmesh: {{compute: {{lab: {{cm: {{kind: memory}}, credentials: {credentials}}}}}}}");
    /// let config = Config::from_text(&text, "example")?;
    ///
    /// let lab = blocking::Provider::from(Provider::builder("lab").config(config.into()).build()?);
    /// let web = lab.create(&NodeSpec::new("web-1", "ubuntu-24.04", "m1.small"))?;
    /// let address = lab.assign_public_ip(&web.id)?;
    /// assert_eq!(lab.get_public_ip(&web.id)?, Some(address.address));
    /// assert_eq!(lab.find_available_public_ip()?, None);
    /// # }
    /// # Ok::<(), cloudmesh_compute::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`attach_public_ip`](PublicIps::attach_public_ip) and of
    /// [`create_public_ip`](PublicIps::create_public_ip).
    pub async fn assign_public_ip(&self, id: &NodeId) -> Result<PublicIp> {
        let held = self.list_public_ips().await?;
        match held.iter().find(|held| held.node.as_ref() == Some(id)) {
            Some(own) => Ok(own.clone()),
            None => Free::among(&held).assign(self, id).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use cloudmesh_abstract::{Node, NodeState, PublicIp};

    use super::correct;

    #[test]
    fn what_the_account_knows_of_its_addresses_goes_before_what_a_node_shows() {
        let held = |last: u8, node: Option<&str>| {
            let mut held = PublicIp::new(last.to_string(), IpAddr::from([203, 0, 113, last]));
            held.node = node.map(Into::into);
            held
        };
        let account = [held(1, Some("web")), held(2, None), held(3, Some("db")), held(4, Some("web"))];
        let mut web = Node::new("web", "web-1", NodeState::Running);
        let shown = |node: &Node| node.public_ips.iter().map(ToString::to_string).collect::<Vec<_>>();
        // One by a network of the provider's, one that is its own, one that was detached, one that leads elsewhere.
        web.public_ips =
            ["198.51.100.9", "203.0.113.1", "203.0.113.2", "203.0.113.3"].map(|ip| ip.parse().unwrap()).into();
        correct(&mut web, &account);
        assert_eq!(shown(&web), ["198.51.100.9", "203.0.113.1", "203.0.113.4"]);
        correct(&mut web, &account);
        assert_eq!(shown(&web).len(), 3);
    }
}
