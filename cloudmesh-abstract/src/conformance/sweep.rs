//! Removing what a check has made, also when it failed.

use super::bench::{Bench, Cloud};
use super::check::{Check, Failure, Outcome};
use crate::{Capability, ComputeNodeABC, Error, Goal, Keys, Node, NodeQuery, NodeState, PublicIps, SecurityGroups};

/// Removes everything that a check has made, and says what could not be removed.
pub(super) async fn sweep(bench: &Bench, check: &Check) -> Outcome {
    if let Some(troubles) = bench.stage.troubles() {
        troubles.calm();
    }
    let cloud = bench.cloud()?;
    let mut left = nodes(bench, &cloud).await?;
    if check.needs_capability(Capability::PublicIps) {
        left.extend(addresses(bench, &cloud).await);
    }
    if check.needs_capability(Capability::Secgroups) {
        left.extend(groups(bench, &cloud).await?);
    }
    if check.needs_capability(Capability::Keys) {
        left.extend(keys(bench, &cloud).await?);
    }
    if left.is_empty() { Ok(()) } else { Err(Failure::new(format!("could not be removed: {}", left.join(", ")))) }
}

fn is_made(bench: &Bench, node: &Node) -> bool {
    let marked = node.marks().is_some_and(|marks| marks.name.starts_with(bench.prefix()));
    let ours = node.name.starts_with(bench.prefix()) || marked || bench.made().nodes.contains(&node.id);
    ours && node.status != NodeState::Deleted
}

async fn nodes(bench: &Bench, cloud: &Cloud) -> Result<Vec<String>, Failure> {
    let found = cloud.list(&NodeQuery::new()).await?;
    let made: Vec<Node> = found.into_iter().filter(|node| is_made(bench, node)).collect();
    let removals = futures::future::join_all(made.iter().map(|node| async {
        cloud.destroy(&node.id).await?;
        cloud.wait(&node.id, Goal::Gone).await
    }));
    let outcomes = removals.await;
    Ok(made.iter().zip(outcomes).filter_map(|(node, outcome)| told("node", node.label(), outcome)).collect())
}

async fn addresses(bench: &Bench, cloud: &Cloud) -> Vec<String> {
    let made = std::mem::take(&mut bench.made().addresses);
    let mut left = Vec::new();
    for address in made {
        let gone = match cloud.delete_public_ip(&address).await {
            Err(error) if error.kind() == crate::ErrorKind::NotFound => Ok(()),
            settled => settled,
        };
        left.extend(told("address", &address, gone));
    }
    left
}

async fn groups(bench: &Bench, cloud: &Cloud) -> Result<Vec<String>, Failure> {
    let mut left = Vec::new();
    for group in cloud.list_secgroups().await?.into_iter().filter(|group| group.name.starts_with(bench.prefix())) {
        left.extend(told("security group", &group.name, cloud.remove_secgroup(&group.id).await));
    }
    Ok(left)
}

async fn keys(bench: &Bench, cloud: &Cloud) -> Result<Vec<String>, Failure> {
    let mut left = Vec::new();
    for key in cloud.keys().await?.into_iter().filter(|key| key.name.starts_with(bench.prefix())) {
        left.extend(told("key", &key.name, cloud.key_delete(&key.name).await));
    }
    Ok(left)
}

fn told<T>(what: &str, name: &str, outcome: Result<T, Error>) -> Option<String> {
    outcome.err().map(|error| format!("{what} {name} ({error})"))
}
