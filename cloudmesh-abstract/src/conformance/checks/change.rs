//! Changing a node: its name, its size, its metadata.

use std::collections::BTreeMap;

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Need, Outcome, check, ensure, refused};
use crate::{
    Capability, ComputeNodeABC, ErrorKind, Flavor, FlavorQuery, Goal, Metadata, Node, NodeState, Rename, Resize,
};

pub(super) const CHECKS: &[Check] = &[
    check!(a_node_gets_another_name: "`rename` gives a node another name.", RENAME),
    check!(renaming_changes_nothing_but_the_name: "`rename` leaves the rest of a node as it is.", RENAME),
    check!(a_bad_new_name_is_invalid_input: "`rename` fails with `InvalidInput` for a bad name.", RENAME),
    check!(a_node_gets_another_size: "`resize` changes the flavor.", RESIZE),
    check!(a_stopped_node_gets_another_size: "`resize` changes the flavor of a stopped node, which can be started then.",
        RESIZE),
    check!(resizing_changes_nothing_but_the_size: "`resize` leaves the rest of a node as it is.", RESIZE),
    check!(a_bad_new_size_is_invalid_input: "`resize` fails with `InvalidInput` for a bad flavor.", RESIZE),
    check!(resizing_a_missing_node_is_not_found: "`resize` fails with `NotFound` for an id that does not exist.",
        RESIZE),
    check!(metadata_is_added_and_replaced: "`set_server_metadata` adds or replaces these pairs and keeps the others.",
        METADATA),
    check!(metadata_is_removed: "`delete_server_metadata` removes these keys, also such that are not there.", METADATA),
    check!(metadata_that_is_too_long_is_invalid_input:
        "`set_server_metadata` fails with `InvalidInput` for what the cloud does not take, and cuts nothing.", METADATA),
    check!(metadata_of_a_missing_node_is_not_found: "Metadata of an id that does not exist is `NotFound`.", METADATA),
];

const RENAME: Need = Need::Capability(Capability::Rename);
const RESIZE: Need = Need::Capability(Capability::Resize);
const METADATA: Need = Need::Capability(Capability::Metadata);

/// Longer than any cloud takes.
const TOO_LONG: usize = 70_000;

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

/// What stays the same when a node is changed; `with` is what changes.
fn lasting(node: &Node, with: impl FnOnce(&mut Node)) -> Node {
    let mut node = node.clone();
    (node.status, node.vendor_status) = (NodeState::Unknown, String::new());
    node.raw = None;
    with(&mut node);
    node
}

async fn renaming_changes_nothing_but_the_name(bench: &Bench) -> Outcome {
    let (cloud, spec, new) = (bench.cloud()?, bench.spec("old").with_metadata("colour", "red"), bench.name("new"));
    let before = cloud.boot(&spec).await?;
    cloud.rename(&before.id, &new).await?;
    let after = cloud.info(&before.id).await?;
    let wanted = lasting(&before, |node| node.name.clone_from(&after.name));
    ensure!(lasting(&after, |_| ()) == wanted, "the node was {before:?} and is {after:?}");
    Ok(())
}

async fn a_bad_new_name_is_invalid_input(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    refused("an empty name", cloud.rename(&id, "").await, &[ErrorKind::InvalidInput])?;
    Ok(())
}

/// The next larger flavor with the same processors.
fn next_size(current: &Flavor, mut flavors: Vec<Flavor>) -> Option<Flavor> {
    flavors.retain(|flavor| {
        let alike = flavor.architecture.as_ref().zip(current.architecture.as_ref()).is_none_or(|(one, two)| one == two);
        let other = alike && flavor.id != current.id;
        other && flavor.memory_mb >= current.memory_mb && flavor.disk_gb >= current.disk_gb
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

async fn a_stopped_node_gets_another_size(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    let current = cloud.flavor(&spec.flavor).await?;
    let Some(larger) = next_size(&current, cloud.flavors(&FlavorQuery::new()).await?) else { return Ok(()) };
    let id = cloud.boot(&spec).await?.id;
    cloud.stop(&id).await?;
    cloud.wait(&id, Goal::Stopped).await?;
    cloud.resize(&id, &larger.name).await?;
    cloud.wait(&id, Goal::Stopped).await?;
    let told = cloud.info(&id).await?.flavor;
    let right = told.as_ref().is_some_and(|told| *told == larger.name || *told == larger.id);
    ensure!(right, "the flavor is {told:?} now, not `{}`", larger.name);
    cloud.start(&id).await?;
    cloud.wait(&id, Goal::Running).await?;
    Ok(())
}

async fn resizing_changes_nothing_but_the_size(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a").with_metadata("colour", "red"));
    let current = cloud.flavor(&spec.flavor).await?;
    let Some(larger) = next_size(&current, cloud.flavors(&FlavorQuery::new()).await?) else { return Ok(()) };
    let before = cloud.boot(&spec).await?;
    cloud.resize(&before.id, &larger.name).await?;
    cloud.wait(&before.id, Goal::Running).await?;
    let after = cloud.info(&before.id).await?;
    let wanted = lasting(&before, |node| {
        node.flavor.clone_from(&after.flavor);
        // A restart may give it another public address, where it has one only while it runs.
        if node.public_ips.len() == after.public_ips.len() {
            node.public_ips.clone_from(&after.public_ips);
        }
    });
    ensure!(lasting(&after, |_| ()) == wanted, "the node was {before:?} and is {after:?}");
    Ok(())
}

async fn resizing_a_missing_node_is_not_found(bench: &Bench) -> Outcome {
    let (cloud, flavor) = (bench.cloud()?, bench.props().flavor);
    refused("`resize` of an unknown id", cloud.resize(&super::unknown_id(), &flavor).await, &[ErrorKind::NotFound])?;
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

async fn metadata_that_is_too_long_is_invalid_input(bench: &Bench) -> Outcome {
    let (cloud, spec, long) = (bench.cloud()?, bench.spec("a"), "x".repeat(TOO_LONG));
    let id = cloud.boot(&spec).await?.id;
    for (what, bad) in [("a long value", pairs(&[("colour", &long)])), ("a long key", pairs(&[(&long, "red")]))] {
        refused(what, cloud.set_server_metadata(&id, &bad).await, &[ErrorKind::InvalidInput])?;
    }
    let held = cloud.get_server_metadata(&id).await?;
    ensure!(held == spec.tags(), "the metadata is {held:?}");
    Ok(())
}

async fn metadata_of_a_missing_node_is_not_found(bench: &Bench) -> Outcome {
    let (cloud, unknown) = (bench.cloud()?, super::unknown_id());
    refused("reading it", cloud.get_server_metadata(&unknown).await, &[ErrorKind::NotFound])?;
    let change = cloud.set_server_metadata(&unknown, &pairs(&[("colour", "red")])).await;
    refused("changing it", change, &[ErrorKind::NotFound])?;
    let removal = cloud.delete_server_metadata(&unknown, &["colour".to_owned()]).await;
    refused("removing it", removal, &[ErrorKind::NotFound])?;
    Ok(())
}
