//! The life of a node.

use std::collections::BTreeSet;

use crate::conformance::bench::{Bench, CLOUD, Cloud};
use crate::conformance::check::{Check, Failure, Outcome, check, ensure};
use crate::{
    Call, Capability, ComputeNodeABC, Goal, Keys, Node, NodeId, NodeQuery, NodeState, RebootKind, SecurityGroups,
};

pub(super) const CHECKS: &[Check] = &[
    check!(a_node_lives_and_dies: "A node can be made, stopped, started, restarted and deleted."),
    check!(a_node_is_as_it_was_asked_for: "`create` makes a node with all it needs and marks it as ours."),
    check!(starting_a_running_node_succeeds: "Starting a running node succeeds."),
    check!(stopping_a_stopped_node_succeeds: "Stopping a stopped node succeeds."),
    check!(deleting_a_missing_node_succeeds: "Deleting what is gone succeeds."),
    check!(deleting_touches_nothing_else: "`destroy` deletes a node and what was made for it alone."),
    check!(a_create_repeated_with_its_token_makes_one_node:
        "Repeated with the same token, `create` returns the node that the first call made."),
];

async fn a_node_lives_and_dies(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.stop(&id).await?;
    cloud.wait(&id, Goal::Stopped).await?;
    cloud.start(&id).await?;
    cloud.wait(&id, Goal::Running).await?;
    for kind in [RebootKind::Soft, RebootKind::Hard] {
        cloud.reboot(&id, kind).await?;
        cloud.wait(&id, Goal::Running).await?;
    }
    cloud.remove(&id).await
}

async fn a_node_is_as_it_was_asked_for(bench: &Bench) -> Outcome {
    let (cloud, props) = (bench.cloud()?, bench.props());
    let mut spec = bench.spec("a").with_metadata("purpose", "conformance").with_group("lab").with_user("albert");
    (spec.key, spec.secgroups) = (props.key, props.secgroup.into_iter().collect());
    let made = cloud.boot(&spec).await?;
    let node = cloud.info(&made.id).await?;
    ensure!(node.name == spec.name, "the node is called `{}`, not `{}`", node.name, spec.name);
    ensure!(node.metadata.get("purpose").is_some_and(|purpose| purpose == "conformance"), "its metadata is lost");
    let marks = node.marks().ok_or_else(|| Failure::new("the node does not carry our marks"))?;
    ensure!(marks == spec.marks(), "its marks are {marks:?}, not {:?}", spec.marks());
    let (image, flavor) = (cloud.image(&spec.image).await?, cloud.flavor(&spec.flavor).await?);
    let one_of =
        |told: &Option<String>, id: &str, name: &str| told.as_deref().is_some_and(|told| told == id || told == name);
    ensure!(one_of(&node.image, &image.id, &image.name), "its image is {:?}, not `{}`", node.image, spec.image);
    ensure!(one_of(&node.flavor, &flavor.id, &flavor.name), "its flavor is {:?}, not `{}`", node.flavor, spec.flavor);
    ensure!(node.key == spec.key, "its key is {:?}, not {:?}", node.key, spec.key);
    let worn = spec.secgroups.iter().all(|group| node.secgroups.contains(group));
    ensure!(worn, "it wears {:?}, not {:?}", node.secgroups, spec.secgroups);
    ensure!(!(node.private_ips.is_empty() && node.public_ips.is_empty()), "a node on a network has no address");
    ensure!(node.cloud == CLOUD, "it says that it is in the cloud `{}`", node.cloud);
    Ok(())
}

async fn starting_a_running_node_succeeds(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.start(&id).await?;
    cloud.wait(&id, Goal::Running).await?;
    Ok(())
}

async fn stopping_a_stopped_node_succeeds(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.stop(&id).await?;
    cloud.wait(&id, Goal::Stopped).await?;
    cloud.stop(&id).await?;
    let node = cloud.info(&id).await?;
    ensure!(matches!(node.status, NodeState::Stopped | NodeState::Stopping), "the node is {} now", node.status);
    Ok(())
}

async fn deleting_a_missing_node_succeeds(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.create(&bench.spec("a")).await?.id;
    cloud.remove(&id).await?;
    cloud.destroy(&id).await?;
    cloud.destroy(&super::unknown_id()).await?;
    Ok(())
}

/// What must survive the death of a node: other nodes, keys, groups.
async fn survivors(cloud: &Cloud, dying: &NodeId) -> Result<BTreeSet<String>, Failure> {
    let nodes = cloud.list(&NodeQuery::new()).await?;
    let others = nodes.iter().filter(|node| node.id != *dying);
    let mut all: BTreeSet<String> = others.map(|node| format!("node {} {}", node.id, node.name)).collect();
    let capabilities = cloud.capabilities();
    if capabilities.contains(&Capability::Keys) {
        all.extend(cloud.keys().await?.into_iter().map(|key| format!("key {}", key.name)));
    }
    if capabilities.contains(&Capability::Secgroups) {
        all.extend(cloud.list_secgroups().await?.into_iter().map(|group| format!("group {} {}", group.id, group.name)));
    }
    Ok(all)
}

async fn deleting_touches_nothing_else(bench: &Bench) -> Outcome {
    let (cloud, props) = (bench.cloud()?, bench.props());
    let mut spec = bench.spec("a").with_group("lab");
    (spec.key, spec.secgroups) = (props.key, props.secgroup.into_iter().collect());
    let mut twin = spec.clone();
    (twin.name, twin.token) = (bench.name("b"), crate::Token::random());
    let (dying, other): (Node, Node) = (cloud.boot(&spec).await?, cloud.boot(&twin).await?);
    let before = survivors(&cloud, &dying.id).await?;
    cloud.remove(&dying.id).await?;
    let after = survivors(&cloud, &dying.id).await?;
    let lost: Vec<&String> =
        before.iter().filter(|thing| thing.contains(bench.prefix()) && !after.contains(*thing)).collect();
    ensure!(lost.is_empty(), "deleting `{}` also deleted {lost:?}", dying.name);
    let status = cloud.info(&other.id).await?.status;
    ensure!(status == NodeState::Running, "the other node is {status} now");
    Ok(())
}

async fn a_create_repeated_with_its_token_makes_one_node(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    let first = cloud.create(&spec).await?;
    let second = cloud.create(&spec).await?;
    ensure!(first.id == second.id, "the second call made `{}` beside `{}`", second.id, first.id);
    // As another process would, which has the token from a file.
    let kept = spec.clone().with_token(crate::Token::new(spec.token.as_str()));
    let third = bench.cloud()?.create(&kept).await?;
    ensure!(first.id == third.id, "a second connection made `{}` beside `{}`", third.id, first.id);
    let count = cloud.called(&spec.name).await?.len();
    ensure!(count == 1, "there are {count} nodes now");
    Ok(())
}
