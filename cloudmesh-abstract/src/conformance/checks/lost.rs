//! Creates whose answer is lost.

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Need, Outcome, check, ensure};
use crate::conformance::{Disturbance, On, Trouble};
use crate::{ComputeNodeABC, Goal, Operation};

pub(super) const CHECKS: &[Check] = &[
    check!(a_create_whose_answer_is_lost_makes_one_node:
        "A create that took effect before the connection was cut makes one node.", Need::Troubles),
    check!(a_create_that_is_lost_on_its_way_makes_one_node:
        "A create that was lost before it took effect is repeated.", Need::Troubles),
];

async fn one_node_is_made(bench: &Bench, trouble: Trouble) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    cloud.warm_up().await?;
    bench.troubles()?.disturb(Disturbance::new(trouble).on(On::Operation(Operation::Create)).times(1));
    let id = cloud.create(&spec).await?.id;
    cloud.wait(&id, Goal::Running).await?;
    let made = cloud.called(&spec.name).await?;
    ensure!(made.len() == 1, "there are {} nodes now", made.len());
    ensure!(made[0].id == id, "`create` answered `{id}`, and `{}` was made", made[0].id);
    Ok(())
}

async fn a_create_whose_answer_is_lost_makes_one_node(bench: &Bench) -> Outcome {
    one_node_is_made(bench, Trouble::CutAfter).await
}

async fn a_create_that_is_lost_on_its_way_makes_one_node(bench: &Bench) -> Outcome {
    one_node_is_made(bench, Trouble::CutBefore).await
}
