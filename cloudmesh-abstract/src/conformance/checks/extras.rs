//! What some clouds can do with a node beyond its life, and what they leave behind.

use std::collections::BTreeMap;

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Need, Outcome, check, ensure, refused};
use crate::{
    Capability, ComputeNodeABC, Console, ErrorKind, Flavor, FlavorQuery, Goal, Leftovers, Metadata, PublicIps, Raw,
    RawCall, Rename, Resize, Suspend,
};

pub(super) const CHECKS: &[Check] = &[
    check!(a_node_is_suspended_and_resumed: "A running node can be suspended, and goes on when it is resumed.",
        Need::Capability(Capability::Suspend)),
    check!(suspending_and_resuming_twice_succeeds:
        "Suspending a suspended node and resuming a running one succeed.", Need::Capability(Capability::Suspend)),
    check!(a_node_gets_another_name: "`rename` gives a node another name.", Need::Capability(Capability::Rename)),
    check!(a_bad_new_name_is_invalid_input: "`rename` fails with `InvalidInput` for a bad name.",
        Need::Capability(Capability::Rename)),
    check!(a_node_gets_another_size: "`resize` changes the flavor.", Need::Capability(Capability::Resize)),
    check!(a_bad_new_size_is_invalid_input: "`resize` fails with `InvalidInput` for a bad flavor.",
        Need::Capability(Capability::Resize)),
    check!(metadata_is_added_and_replaced: "`set_server_metadata` adds or replaces these pairs and keeps the others.",
        Need::Capability(Capability::Metadata)),
    check!(metadata_is_removed: "`delete_server_metadata` removes these keys, also such that are not there.",
        Need::Capability(Capability::Metadata)),
    check!(a_console_shows_text: "`console` and `log` show what a node shows, and `NotFound` for a missing one.",
        Need::Capability(Capability::Console)),
    check!(a_dead_node_leaves_nothing_behind: "`leftovers` lists what carries our mark and belongs to no node.",
        Need::Capability(Capability::Leftovers)),
    check!(leftovers_are_removed: "`remove_leftover` removes one of them; removing what is gone succeeds.",
        Need::Capability(Capability::Leftovers), Need::Capability(Capability::PublicIps)),
    check!(a_raw_call_is_answered: "`raw` gives back the vendor's answer, and its refusal.",
        Need::Capability(Capability::Raw)),
];

async fn a_node_is_suspended_and_resumed(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.suspend(&id).await?;
    cloud.wait(&id, Goal::Suspended).await?;
    cloud.resume(&id).await?;
    cloud.wait(&id, Goal::Running).await?;
    Ok(())
}

async fn suspending_and_resuming_twice_succeeds(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.resume(&id).await?;
    cloud.suspend(&id).await?;
    cloud.wait(&id, Goal::Suspended).await?;
    cloud.suspend(&id).await?;
    Ok(())
}

async fn a_node_gets_another_name(bench: &Bench) -> Outcome {
    let (cloud, old, new) = (bench.cloud()?, bench.name("old"), bench.name("new"));
    let id = cloud.boot(&bench.spec("old")).await?.id;
    cloud.rename(&id, &new).await?;
    ensure!(cloud.info(&id).await?.name == new, "the node still has its old name");
    let (found, lost) = (cloud.find(&new).await?, cloud.find(&old).await?);
    ensure!(
        found.len() == 1 && lost.is_empty(),
        "found {} by the new name, {} by the old one",
        found.len(),
        lost.len()
    );
    refused("`rename` of an unknown id", cloud.rename(&super::unknown_id(), &new).await, &[ErrorKind::NotFound])?;
    Ok(())
}

async fn a_bad_new_name_is_invalid_input(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    refused("an empty name", cloud.rename(&id, "").await, &[ErrorKind::InvalidInput])?;
    Ok(())
}

/// The next larger flavor.
fn next_size(current: &Flavor, mut flavors: Vec<Flavor>) -> Option<Flavor> {
    flavors.retain(|flavor| {
        flavor.id != current.id && flavor.memory_mb >= current.memory_mb && flavor.disk_gb >= current.disk_gb
    });
    flavors.into_iter().min_by_key(|flavor| (flavor.memory_mb, flavor.vcpus))
}

async fn a_node_gets_another_size(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    let current = cloud.flavor(&spec.flavor).await?;
    let Some(larger) = next_size(&current, cloud.flavors(&FlavorQuery::new()).await?) else { return Ok(()) };
    let id = cloud.boot(&spec).await?.id;
    cloud.resize(&id, &larger.name).await?;
    cloud.wait(&id, Goal::Running).await?;
    let told = cloud.info(&id).await?.flavor;
    let right = told.as_ref().is_some_and(|told| *told == larger.name || *told == larger.id);
    ensure!(right, "the flavor is {told:?} now, not `{}`", larger.name);
    Ok(())
}

async fn a_bad_new_size_is_invalid_input(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    refused("an unknown flavor", cloud.resize(&id, &bench.name("none")).await, &[ErrorKind::InvalidInput])?;
    Ok(())
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

async fn metadata_is_added_and_replaced(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a").with_metadata("colour", "red").with_metadata("size", "large"));
    let id = cloud.boot(&spec).await?.id;
    cloud.set_server_metadata(&id, &pairs(&[("colour", "blue"), ("taste", "sweet")])).await?;
    let mut expected = spec.tags();
    expected.extend(pairs(&[("colour", "blue"), ("taste", "sweet")]));
    let held = cloud.get_server_metadata(&id).await?;
    ensure!(held == expected, "the metadata is {held:?}, not {expected:?}");
    Ok(())
}

async fn metadata_is_removed(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a").with_metadata("colour", "red"));
    let id = cloud.boot(&spec).await?.id;
    cloud.delete_server_metadata(&id, &["colour".to_owned(), "taste".to_owned()]).await?;
    let (held, mut expected) = (cloud.get_server_metadata(&id).await?, spec.tags());
    expected.remove("colour");
    ensure!(held == expected, "the metadata is {held:?}, not {expected:?}");
    Ok(())
}

async fn a_console_shows_text(bench: &Bench) -> Outcome {
    let (cloud, unknown) = (bench.cloud()?, super::unknown_id());
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.log(&id).await?;
    ensure!(!cloud.console(&id).await?.is_empty(), "the console shows nothing");
    refused("`log` of an unknown id", cloud.log(&unknown).await, &[ErrorKind::NotFound])?;
    refused("`console` of an unknown id", cloud.console(&unknown).await, &[ErrorKind::NotFound])?;
    Ok(())
}

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

async fn leftovers_are_removed(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let made = cloud.create_public_ip(None).await?;
    bench.made().addresses.insert(made.address.to_string());
    // On a cloud where addresses cannot be marked, none of them is ours.
    if !made.ours {
        return Ok(());
    }
    let found = cloud.leftovers().await?.into_iter().find(|leftover| leftover.id == made.id);
    let Some(leftover) = found else {
        ensure!(false, "an address that carries our mark and leads nowhere is not listed");
        return Ok(());
    };
    cloud.remove_leftover(&leftover).await?;
    ensure!(!cloud.leftovers().await?.contains(&leftover), "what was removed is still listed");
    cloud.remove_leftover(&leftover).await?;
    Ok(())
}

async fn a_raw_call_is_answered(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    if let Some(path) = bench.props().raw {
        let answer = cloud.raw(&RawCall::new("GET", &path)).await?;
        ensure!(!answer.is_null(), "`GET {path}` gives nothing");
    }
    let nonsense = cloud.raw(&RawCall::new("GET", format!("/{}", bench.name("none")))).await;
    ensure!(nonsense.is_err(), "a call that makes no sense gives {nonsense:?}");
    Ok(())
}
