//! Making public addresses lead to new machines.

use std::net::IpAddr;

use futures::future::join_all;

use super::make::{Birth, Who};
use crate::addresses::Free;
use crate::cli::{Session, quoted};
use crate::{Capability, ComputeNodeABC, Error, ErrorKind, Node, Provider, PublicIp, PublicIps, Result};

/// Which address is to lead to a new machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// One that leads nowhere, else a new one.
    Any,
    /// One of the account.
    This(IpAddr),
}

impl Wanted {
    /// Reads an address, or `any`.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        match text {
            "any" => Ok(Self::Any),
            address => address.parse().map(Self::This).map_err(|_| "write an address, or `any`".to_owned()),
        }
    }
}

/// The addresses of a cloud, and which of them are wanted.
pub(super) struct Lead {
    wanted: Wanted,
    held: Vec<PublicIp>,
    free: Free,
}

impl Lead {
    /// Looks whether the address can be had by a machine of this name, before anything is made.
    pub(super) async fn look(wanted: Wanted, provider: &Provider, name: &str) -> Result<Self> {
        provider.requires(Capability::PublicIps)?;
        let held = provider.list_public_ips().await?;
        if let Wanted::This(address) = wanted {
            let own = held.iter().find(|held| held.address == address).ok_or_else(|| unknown(address))?;
            if let Some(id) = &own.node {
                let node = provider.info(id).await?;
                if node.name != name {
                    return Err(taken(address, &node));
                }
            }
        }
        Ok(Self { wanted, free: Free::among(&held), held })
    }

    /// Attaches an address to each machine of this boot that is there.
    pub(super) async fn attach(&self, session: &Session, provider: &Provider, births: &mut [Birth]) {
        let pace = session.pace();
        let one = async |birth: &mut Birth| {
            let Ok(Some(node)) = &mut birth.outcome.result else { return };
            // What is not waited for any more, the same command goes on with.
            if birth.by == Who::Another || session.interrupt.is_asked() {
                return;
            }
            match pace.keep(|| self.serve(provider, node)).await {
                Ok(address) if node.public_ips.contains(&address) => {}
                Ok(address) => node.public_ips = leading(provider, node, address).await,
                Err(error) => {
                    birth.outcome.result = Err(unserved(provider, node, &error));
                    birth.open = true;
                }
            }
        };
        join_all(births.iter_mut().map(one)).await;
    }

    /// The address that leads to a machine from now on.
    async fn serve(&self, provider: &Provider, node: &Node) -> Result<IpAddr> {
        let leads_here = |held: &&PublicIp| held.node.as_ref() == Some(&node.id);
        match self.wanted {
            Wanted::This(address) if self.held.iter().filter(leads_here).any(|held| held.address == address) => {
                Ok(address)
            }
            Wanted::This(address) => provider.attach_public_ip(&node.id, &address.to_string()).await.map(|()| address),
            Wanted::Any => match self.held.iter().find(leads_here) {
                Some(own) => Ok(own.address),
                None => self.free.assign(provider, &node.id).await.map(|given| given.address),
            },
        }
    }
}

/// All addresses that lead to a machine, with one that was attached just now: it may have taken the place of another.
async fn leading(provider: &Provider, node: &Node, attached: IpAddr) -> Vec<IpAddr> {
    match provider.info(&node.id).await {
        Ok(seen) if seen.public_ips.contains(&attached) => seen.public_ips,
        _ => node.public_ips.iter().copied().chain([attached]).collect(),
    }
}

fn unknown(address: IpAddr) -> Error {
    let message = format!("no address `{address}`; `cms ip list` shows what there is, `cms ip create` allocates one");
    Error::new(ErrorKind::InvalidInput, message)
}

fn taken(address: IpAddr, node: &Node) -> Error {
    let name = node.label();
    let message = format!("`{address}` leads to {name}; `cms ip detach {address}` takes it off first");
    Error::new(ErrorKind::Conflict, message)
}

/// The error of a machine that runs without its address.
fn unserved(provider: &Provider, node: &Node, error: &Error) -> Error {
    let (name, cloud) = (quoted(node.label()), quoted(provider.name()));
    let message = format!(
        "`{}` is made, but has no public address: {}; the same command again goes on with it, \
         `cms vm delete {name} --cloud {cloud}` removes it",
        node.label(),
        error.message()
    );
    error.clone().with_message(message).in_cloud(provider.name())
}
