//! Public addresses.

use std::net::IpAddr;
use std::task::Poll;

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::{Capability, ComputeNodeABC, ErrorKind, NodeId, PublicIp, PublicIps, Token};

pub(super) const CHECKS: &[Check] = &[
    check!(addresses_come_and_go: "Public addresses can be had, listed and given back.", ADDRESSES),
    check!(an_address_leads_to_a_node: "An address can be made to lead to a node and be taken off it again.", ADDRESSES),
    check!(an_address_in_use_is_a_conflict:
        "An address that leads to a node cannot lead to another one, nor be given back.", ADDRESSES),
    check!(attaching_twice_succeeds: "Attaching an address that leads to the node already succeeds.", ADDRESSES),
    check!(detaching_an_address_that_leads_nowhere_succeeds: "Detaching an address that leads nowhere succeeds.",
        ADDRESSES),
    check!(an_address_is_detached_from_its_own_node_only:
        "`detach_public_ip` fails with `Conflict` for an address that leads to another node.", ADDRESSES),
    check!(an_address_of_the_users_outlives_the_node:
        "Deleting a node takes an address of the user's off it, and keeps it.", ADDRESSES),
    check!(an_unknown_pool_is_invalid_input: "`create_public_ip` fails with `InvalidInput` for an unknown pool.",
        ADDRESSES),
    check!(a_node_shows_the_public_address_it_was_made_with:
        "A node that is to be public gets an address that leads to it, and shows it.", ADDRESSES),
    check!(a_node_gets_no_public_address_unasked: "A node that is not to be public gets no public address.", ADDRESSES),
    check!(a_create_repeated_with_its_token_allocates_one_address:
        "Repeated with the same token, `create` allocates no second address.", ADDRESSES),
    check!(the_address_of_a_dead_node_is_given_back: "Deleting a node gives its public address back.", ADDRESSES),
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
    // A cloud's compute service may hear of it a moment later than its network.
    let look = || async {
        let shown = cloud.info(&id).await?.public_ips.contains(&made.address);
        Ok(if shown { Poll::Ready(()) } else { Poll::Pending })
    };
    cloud.context.poll("showing the attached address", look).await?;
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

async fn attaching_twice_succeeds(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    let made = allocate(bench, &cloud).await?;
    for _ in 0..2 {
        cloud.attach_public_ip(&id, &made.address.to_string()).await?;
    }
    let held = listed(&cloud, &made).await?;
    ensure!(held.is_some_and(|held| held.node.as_ref() == Some(&id)), "the address does not lead to the node");
    cloud.detach_public_ip(&id, &made.address.to_string()).await?;
    Ok(())
}

async fn detaching_an_address_that_leads_nowhere_succeeds(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    let made = allocate(bench, &cloud).await?;
    cloud.detach_public_ip(&id, &made.address.to_string()).await?;
    ensure!(listed(&cloud, &made).await?.is_some(), "a detached address is lost");
    Ok(())
}

async fn an_address_is_detached_from_its_own_node_only(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let (one, other) = (cloud.boot(&bench.spec("a")).await?.id, cloud.boot(&bench.spec("b")).await?.id);
    let made = allocate(bench, &cloud).await?;
    let address = made.address.to_string();
    cloud.attach_public_ip(&one, &address).await?;
    let answer = cloud.detach_public_ip(&other, &address).await;
    refused("detaching it from another node", answer, &[ErrorKind::Conflict])?;
    let held = listed(&cloud, &made).await?;
    ensure!(
        held.is_some_and(|held| held.node.as_ref() == Some(&one)),
        "the address does not lead to its node any more"
    );
    cloud.detach_public_ip(&one, &address).await?;
    Ok(())
}

async fn an_address_of_the_users_outlives_the_node(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    let made = allocate(bench, &cloud).await?;
    cloud.attach_public_ip(&id, &made.address.to_string()).await?;
    cloud.remove(&id).await?;
    let held = listed(&cloud, &made).await?;
    let held = held.ok_or_else(|| Failure::new("an address of the user's is gone with the node it led to"))?;
    ensure!(held.node.is_none(), "the address still leads to {:?}", held.node);
    Ok(())
}

async fn an_unknown_pool_is_invalid_input(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let answer = cloud.create_public_ip(Some(&bench.name("none"))).await;
    bench.made().addresses.extend(answer.as_ref().ok().map(|made| made.address.to_string()));
    refused("allocating from an unknown pool", answer, &[ErrorKind::InvalidInput])?;
    Ok(())
}

/// The addresses that lead to a node, as the account lists them.
async fn leading_to(cloud: &Cloud, id: &NodeId) -> Result<Vec<IpAddr>, Failure> {
    let held = cloud.list_public_ips().await?;
    Ok(held.into_iter().filter(|held| held.node.as_ref() == Some(id)).map(|held| held.address).collect())
}

async fn a_node_shows_the_public_address_it_was_made_with(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a").with_public(true)).await?.id;
    let leading = leading_to(&cloud, &id).await?;
    ensure!(leading.len() < 2, "the addresses that lead to the node are {leading:?}");
    if leading.is_empty() {
        // The account does not hold it: it is the node's alone.
        let shown = cloud.info(&id).await?.public_ips;
        ensure!(shown.len() == 1, "a node that is to be public shows {shown:?}");
        return Ok(());
    }
    let look = || async {
        let shown = cloud.info(&id).await?.public_ips;
        Ok(if shown == leading { Poll::Ready(()) } else { Poll::Pending })
    };
    cloud.context.poll("its public address", look).await?;
    Ok(())
}

async fn a_node_gets_no_public_address_unasked(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a").with_public(false)).await?.id;
    let (leading, shown) = (leading_to(&cloud, &id).await?, cloud.info(&id).await?.public_ips);
    ensure!(leading.is_empty() && shown.is_empty(), "the node has {leading:?} and shows {shown:?}");
    Ok(())
}

async fn a_create_repeated_with_its_token_allocates_one_address(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a").with_public(true));
    let id = cloud.boot(&spec).await?.id;
    let kept = spec.clone().with_token(Token::new(spec.token.as_str()));
    let again = bench.cloud()?.create(&kept).await?.id;
    ensure!(again == id, "the second call made `{again}` beside `{id}`");
    let leading = leading_to(&cloud, &id).await?;
    ensure!(leading.len() < 2, "the addresses that lead to the node are {leading:?}");
    Ok(())
}

async fn the_address_of_a_dead_node_is_given_back(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a").with_public(true)).await?.id;
    let leading = leading_to(&cloud, &id).await?;
    bench.made().addresses.extend(leading.iter().map(ToString::to_string));
    cloud.remove(&id).await?;
    let mut kept = cloud.list_public_ips().await?;
    kept.retain(|held| leading.contains(&held.address));
    ensure!(kept.is_empty(), "a node that is deleted left the account with {kept:?}");
    Ok(())
}
