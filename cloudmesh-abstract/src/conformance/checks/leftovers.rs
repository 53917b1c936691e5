//! What is left behind.

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::{Capability, ErrorKind, KeyPair, Keys, Leftover, Leftovers, PublicIps, SecurityGroups};

pub(super) const CHECKS: &[Check] = &[
    check!(a_dead_node_leaves_nothing_behind: "`leftovers` lists what carries our mark and belongs to no node.",
        LEFTOVERS),
    check!(leftovers_are_removed: "`remove_leftover` removes one of them; removing what is gone succeeds.",
        LEFTOVERS, ADDRESSES),
    check!(what_is_in_use_again_is_no_leftover: "`remove_leftover` fails with `Conflict` for what is in use by now.",
        LEFTOVERS, ADDRESSES),
    check!(groups_and_keys_are_no_leftovers: "What a user makes and keeps is no leftover.",
        LEFTOVERS, Need::Capability(Capability::Keys), Need::Capability(Capability::Secgroups)),
];

const LEFTOVERS: Need = Need::Capability(Capability::Leftovers);
const ADDRESSES: Need = Need::Capability(Capability::PublicIps);

async fn a_dead_node_leaves_nothing_behind(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a").with_public(true));
    let before = cloud.leftovers().await?;
    let id = cloud.boot(&spec).await?.id;
    let alive = cloud.leftovers().await?;
    ensure!(alive == before, "what belongs to a living node is among {alive:?}");
    cloud.remove(&id).await?;
    let after = cloud.leftovers().await?;
    ensure!(after == before, "a node that is deleted left something behind: {after:?}");
    Ok(())
}

/// An address that carries our mark and leads nowhere, as the leftover that it is; `None` on a cloud where addresses
/// cannot be marked, so that none of them is ours.
async fn stray(bench: &Bench, cloud: &Cloud) -> Result<Option<(String, Leftover)>, Failure> {
    let made = cloud.create_public_ip(None).await?;
    let address = made.address.to_string();
    bench.made().addresses.insert(address.clone());
    if !made.ours {
        return Ok(None);
    }
    let found = cloud.leftovers().await?.into_iter().find(|leftover| leftover.id == made.id);
    let missing = || Failure::new("an address that carries our mark and leads nowhere is not listed");
    Ok(Some((address, found.ok_or_else(missing)?)))
}

async fn leftovers_are_removed(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let Some((_, leftover)) = stray(bench, &cloud).await? else { return Ok(()) };
    cloud.remove_leftover(&leftover).await?;
    ensure!(!cloud.leftovers().await?.contains(&leftover), "what was removed is still listed");
    cloud.remove_leftover(&leftover).await?;
    Ok(())
}

async fn what_is_in_use_again_is_no_leftover(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    let Some((address, leftover)) = stray(bench, &cloud).await? else { return Ok(()) };
    cloud.attach_public_ip(&id, &address).await?;
    let listed = cloud.leftovers().await?;
    ensure!(!listed.contains(&leftover), "an address that leads to a node is among {listed:?}");
    refused("removing what is in use", cloud.remove_leftover(&leftover).await, &[ErrorKind::Conflict])?;
    cloud.detach_public_ip(&id, &address).await?;
    Ok(())
}

async fn groups_and_keys_are_no_leftovers(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    cloud.add_secgroup(&bench.name("group"), "worn by nobody").await?;
    cloud.key_upload(&KeyPair::new(bench.name("key")).with_public_key(super::ED25519)).await?;
    let listed = cloud.leftovers().await?;
    let ours = listed.iter().any(|leftover| leftover.name.starts_with(bench.prefix()));
    ensure!(!ours, "what a user keeps is among {listed:?}");
    Ok(())
}
