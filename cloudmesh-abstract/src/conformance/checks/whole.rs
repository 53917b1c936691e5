//! Nodes with more than the least, and many of them.

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure};
use crate::conformance::{Disturbance, On, Trouble};
use crate::{Capability, ComputeNodeABC, Goal, Node, NodeSpec, Operation, SecurityGroups};

pub(super) const CHECKS: &[Check] = &[
    check!(a_node_wears_every_group_it_was_made_with: "A node wears all security groups that were asked for.",
        Need::Capability(Capability::Secgroups)),
    check!(a_node_is_on_every_network_it_was_made_with: "A node has an address on each network that was asked for."),
    check!(a_quota_in_the_middle_of_many_leaves_the_others_usable:
        "When a quota ends in the middle of many creates, what was made is there and usable.", Need::Troubles),
];

async fn a_node_wears_every_group_it_was_made_with(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let (one, other) = (bench.name("one"), bench.name("other"));
    cloud.add_secgroup(&one, "asked for by name").await?;
    let id = cloud.add_secgroup(&other, "asked for by id").await?.id;
    let spec = NodeSpec { secgroups: vec![one.clone(), id], ..bench.spec("a") };
    let made = cloud.boot(&spec).await?;
    let mut worn = cloud.info(&made.id).await?.secgroups;
    worn.sort();
    ensure!(worn == [one.as_str(), other.as_str()], "the node wears {worn:?}, not `{one}` and `{other}`");
    Ok(())
}

async fn a_node_is_on_every_network_it_was_made_with(bench: &Bench) -> Outcome {
    let (cloud, props) = (bench.cloud()?, bench.props());
    let Some(first) = props.network else { return Ok(()) };
    // Where there is one network, a node can be on it twice.
    let second = props.other_network.unwrap_or_else(|| first.clone());
    let spec = NodeSpec { networks: vec![first, second], ..bench.spec("a") };
    let made = cloud.boot(&spec).await?;
    let addresses = cloud.info(&made.id).await?.private_ips;
    ensure!(addresses.len() >= 2, "on two networks the node has {addresses:?}");
    Ok(())
}

async fn a_quota_in_the_middle_of_many_leaves_the_others_usable(bench: &Bench) -> Outcome {
    const MANY: usize = 6;
    let cloud = bench.cloud()?;
    cloud.warm_up().await?;
    let full = Disturbance::new(Trouble::Quota).on(On::Operation(Operation::Create)).every(3);
    bench.troubles()?.disturb(full);
    let specs: Vec<NodeSpec> = (0..MANY).map(|number| bench.spec(&number.to_string())).collect();
    let answers = futures::future::join_all(specs.iter().map(|spec| cloud.create(spec))).await;
    bench.troubles()?.calm();
    let (made, refusals): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    ensure!(refusals.len() == MANY / 3, "of {MANY} creates {} were refused", refusals.len());
    let made: Vec<Node> = made.into_iter().collect::<Result<_, _>>()?;
    for node in &made {
        let running = cloud.wait(&node.id, Goal::Running).await?;
        ensure!(running.is_some(), "`{}` was made and is gone", node.name);
    }
    let listed = cloud.list(&crate::NodeQuery::new()).await?;
    let ours = listed.iter().filter(|node| specs.iter().any(|spec| spec.name == node.name)).count();
    ensure!(ours == made.len(), "{} nodes were made, and {ours} are listed", made.len());
    let first = made.first().ok_or_else(|| Failure::new("no node was made"))?;
    cloud.stop(&first.id).await?;
    cloud.wait(&first.id, Goal::Stopped).await?;
    Ok(())
}
