//! Clouds that are busy, faulty, or out of reach for a moment.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Need, Outcome, check, ensure};
use crate::conformance::{Disturbance, On, Trouble};
use crate::{Clock, ComputeNodeABC, FlavorQuery, Goal, ImageQuery, NodeQuery, Operation, SkippingClock};

pub(super) const CHECKS: &[Check] = &[
    check!(throttled_requests_are_repeated: "A refusal for too many requests is repeated with back-off.", Need::Troubles),
    check!(a_throttled_page_is_not_fetched_twice:
        "No page of a list is fetched twice because a later one was throttled.", Need::Troubles),
    check!(the_time_that_a_cloud_asks_for_is_waited: "`Retry-After` is honoured.", Need::Troubles),
    check!(a_read_survives_a_fault_of_the_cloud: "A read is repeated when the cloud has a fault.", Need::Troubles),
    check!(a_read_survives_a_cut_connection: "A read is repeated when the connection is cut.", Need::Troubles),
];

async fn throttled_requests_are_repeated(bench: &Bench) -> Outcome {
    let (cloud, troubles, spec) = (bench.cloud()?, bench.troubles()?, bench.spec("a"));
    let throttled = || Disturbance::new(Trouble::Throttled { retry_after: None });
    troubles.disturb(throttled().every(3));
    let id = cloud.boot(&spec).await?.id;
    cloud.stop(&id).await?;
    cloud.wait(&id, Goal::Stopped).await?;
    cloud.start(&id).await?;
    cloud.wait(&id, Goal::Running).await?;
    // Every second one leaves no read out, however often a state was asked for before.
    troubles.calm();
    troubles.disturb(throttled().on(On::Reads).every(2));
    every_read(&cloud, &spec.name).await?;
    cloud.remove(&id).await
}

/// Each operation that every provider has and that only looks, twice.
async fn every_read(cloud: &Cloud, name: &str) -> Outcome {
    for _ in 0..2 {
        cloud.whoami().await?;
        cloud.images(&ImageQuery::new()).await?;
        cloud.flavors(&FlavorQuery::new()).await?;
        let listed = cloud.list(&NodeQuery::new()).await?;
        ensure!(listed.iter().any(|node| node.name == name), "the listing does not have `{name}`");
        let found = cloud.find(name).await?;
        let [node] = found.as_slice() else {
            ensure!(false, "`{name}` found {} nodes", found.len());
            return Ok(());
        };
        cloud.info(&node.id).await?;
    }
    Ok(())
}

async fn a_throttled_page_is_not_fetched_twice(bench: &Bench) -> Outcome {
    let (cloud, troubles) = (bench.cloud()?, bench.troubles()?);
    for number in 0..5 {
        cloud.boot(&bench.spec(&number.to_string())).await?;
    }
    cloud.warm_up().await?;
    let before = troubles.seen().len();
    let throttled = Trouble::Throttled { retry_after: None };
    troubles.disturb(Disturbance::new(throttled).on(On::Operation(Operation::List)).every(3));
    let listed = cloud.list(&NodeQuery::new().with_page_size(1)).await?;
    let mut seen = troubles.seen().split_off(before);
    seen.retain(|seen| seen.operation == Some(Operation::List) && seen.status.is_some_and(|status| status < 400));
    let lines: Vec<&String> = seen.iter().map(|seen| &seen.line).collect();
    let different = lines.iter().collect::<BTreeSet<_>>().len();
    // Where a line does not tell one page from another, their number does.
    ensure!(lines.len() == different || lines.len() <= listed.len() + 1, "the cloud answered {lines:?}");
    Ok(())
}

async fn the_time_that_a_cloud_asks_for_is_waited(bench: &Bench) -> Outcome {
    const WAIT: Duration = Duration::from_secs(7);
    let clock = Arc::new(SkippingClock::new());
    let cloud = bench.cloud_in(|builder| builder.clock(clock.clone()))?;
    cloud.warm_up().await?;
    let busy = Disturbance::new(Trouble::Throttled { retry_after: Some(WAIT) }).on(On::Reads).times(1);
    bench.troubles()?.disturb(busy);
    let began = clock.now();
    cloud.images(&ImageQuery::new()).await?;
    let waited = clock.now().duration_since(began);
    let asked = SignedDuration::try_from(WAIT).unwrap_or(SignedDuration::MAX);
    ensure!(waited >= asked, "the cloud asked for {WAIT:?}, and {waited:#} were waited");
    Ok(())
}

async fn reads_survive(bench: &Bench, trouble: Trouble) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    cloud.boot(&spec).await?;
    bench.troubles()?.disturb(Disturbance::new(trouble).on(On::Reads).every(2));
    every_read(&cloud, &spec.name).await
}

async fn a_read_survives_a_fault_of_the_cloud(bench: &Bench) -> Outcome {
    reads_survive(bench, Trouble::Unavailable).await
}

async fn a_read_survives_a_cut_connection(bench: &Bench) -> Outcome {
    reads_survive(bench, Trouble::CutBefore).await
}
