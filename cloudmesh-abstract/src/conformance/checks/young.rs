//! Nodes that the cloud does not know yet.

use std::time::Duration;

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure};
use crate::conformance::{Disturbance, Trouble};
use crate::{ComputeNodeABC, Goal, NodeQuery, NodeState};

pub(super) const CHECKS: &[Check] = &[
    check!(a_node_that_is_not_known_yet_is_pending:
        "A node that we made just now and that the cloud does not know is pending, not missing.", Need::Troubles),
    check!(a_node_that_is_not_known_yet_can_be_deleted:
        "A node that the cloud does not know yet is not taken for deleted.", Need::Troubles),
];

async fn a_node_that_is_not_known_yet_is_pending(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    bench.troubles()?.disturb(Disturbance::new(Trouble::NotYet(4)));
    let id = cloud.create(&bench.spec("a")).await?.id;
    let listed = cloud.list(&NodeQuery::new()).await?;
    ensure!(listed.iter().any(|node| node.id == id), "a node that is not known yet is not listed");
    let status = cloud.info(&id).await?.status;
    ensure!(status == NodeState::Pending, "a node that is not known yet is {status}");
    cloud.wait(&id, Goal::Running).await?;
    Ok(())
}

async fn a_node_that_is_not_known_yet_can_be_deleted(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    bench.troubles()?.disturb(Disturbance::new(Trouble::NotYet(4)));
    let id = cloud.create(&bench.spec("a")).await?.id;
    cloud.destroy(&id).await?;
    bench.troubles()?.calm();
    let another = bench.cloud_in(|builder| builder.poll(super::time::soon().with_limit(Duration::from_secs(5))))?;
    let gone = another.wait(&id, Goal::Gone).await;
    gone.map(|_| ()).map_err(|error| Failure::new(format!("`destroy` succeeded, and the node is still there: {error}")))
}
