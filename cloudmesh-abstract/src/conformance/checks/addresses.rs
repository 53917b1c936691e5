//! Public addresses.

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::{Capability, ComputeNodeABC, ErrorKind, PublicIp, PublicIps};

pub(super) const CHECKS: &[Check] = &[
    check!(addresses_come_and_go: "Public addresses can be had, listed and given back.", ADDRESSES),
    check!(an_address_leads_to_a_node: "An address can be made to lead to a node and be taken off it again.", ADDRESSES),
    check!(an_address_in_use_is_a_conflict:
        "An address that leads to a node cannot lead to another one, nor be given back.", ADDRESSES),
    check!(a_missing_address_is_not_found: "An address that the account does not hold is `NotFound`.", ADDRESSES),
];

const ADDRESSES: Need = Need::Capability(Capability::PublicIps);

/// From the part of the net that is kept for examples.
const NOBODYS: &str = "198.51.100.77";

async fn allocate(bench: &Bench, cloud: &Cloud) -> Result<PublicIp, Failure> {
    let made = cloud.create_public_ip(None).await?;
    bench.made().addresses.insert(made.address.to_string());
    Ok(made)
}

async fn listed(cloud: &Cloud, wanted: &PublicIp) -> Result<Option<PublicIp>, Failure> {
    Ok(cloud.list_public_ips().await?.into_iter().find(|held| held.address == wanted.address))
}

async fn addresses_come_and_go(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let made = allocate(bench, &cloud).await?;
    let held = listed(&cloud, &made).await?.ok_or_else(|| Failure::new("a new address is not listed"))?;
    ensure!(held.node.is_none(), "a new address leads to {:?}", held.node);
    cloud.delete_public_ip(&made.address.to_string()).await?;
    ensure!(listed(&cloud, &made).await?.is_none(), "an address that was given back is still listed");
    Ok(())
}

async fn an_address_leads_to_a_node(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    let made = allocate(bench, &cloud).await?;
    let address = made.address.to_string();
    cloud.attach_public_ip(&id, &address).await?;
    let held = listed(&cloud, &made).await?;
    ensure!(held.is_some_and(|held| held.node.as_ref() == Some(&id)), "the address does not lead to the node");
    ensure!(cloud.info(&id).await?.public_ips.contains(&made.address), "the node does not show its address");
    cloud.detach_public_ip(&id, &address).await?;
    let held = listed(&cloud, &made).await?;
    ensure!(held.is_some_and(|held| held.node.is_none()), "a detached address is lost, or still leads to the node");
    Ok(())
}

async fn an_address_in_use_is_a_conflict(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let (one, other) = (cloud.boot(&bench.spec("a")).await?.id, cloud.boot(&bench.spec("b")).await?.id);
    let address = allocate(bench, &cloud).await?.address.to_string();
    cloud.attach_public_ip(&one, &address).await?;
    refused("attaching it to another node", cloud.attach_public_ip(&other, &address).await, &[ErrorKind::Conflict])?;
    refused("giving it back", cloud.delete_public_ip(&address).await, &[ErrorKind::Conflict])?;
    cloud.detach_public_ip(&one, &address).await?;
    Ok(())
}

async fn a_missing_address_is_not_found(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    refused("giving it back", cloud.delete_public_ip(NOBODYS).await, &[ErrorKind::NotFound])?;
    refused("attaching it", cloud.attach_public_ip(&id, NOBODYS).await, &[ErrorKind::NotFound])?;
    Ok(())
}
