//! Clouds that do not answer, and callers that do not wait.

use std::time::{Duration, Instant};

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::conformance::{Disturbance, On, Trouble};
use crate::{ComputeNodeABC, Deadline, ErrorKind, FlavorQuery, NodeQuery, PollPolicy, RetryPolicy};

pub(super) const CHECKS: &[Check] = &[
    check!(a_silent_cloud_ends_in_a_timeout: "An attempt that is not answered ends in `Timeout`.", Need::Troubles),
    check!(a_deadline_ends_an_operation: "An operation ends at its deadline, with `Timeout`.", Need::Troubles),
    check!(a_dropped_operation_leaves_the_provider_usable:
        "Dropping a method's future leaves the provider usable.", Need::Troubles),
];

/// How long the checks give a silent cloud.
const LIMIT: Duration = Duration::from_millis(300);

/// After this time nobody waits for an answer any more.
pub(in crate::conformance) const GUARD: Duration = Duration::from_secs(4);

/// Looks that follow each other quickly.
pub(super) fn soon() -> PollPolicy {
    PollPolicy::quick()
}

fn fall_silent(bench: &Bench) -> Outcome {
    bench.troubles()?.disturb(Disturbance::new(Trouble::Silence).on(On::Reads));
    Ok(())
}

async fn a_silent_cloud_ends_in_a_timeout(bench: &Bench) -> Outcome {
    // The first requests, sign-in among them, have all the time they need.
    bench.cloud()?.warm_up().await?;
    let cloud = bench.cloud_in(|builder| builder.attempt_timeout(LIMIT).retry(RetryPolicy::none()))?;
    fall_silent(bench)?;
    let answer = tokio::time::timeout(GUARD, cloud.list(&NodeQuery::new())).await;
    let answer =
        answer.map_err(|_| Failure::new(format!("an attempt may take {LIMIT:?}, and went on for {GUARD:?}")))?;
    refused("`list` of a silent cloud", answer, &[ErrorKind::Timeout])?;
    Ok(())
}

async fn a_deadline_ends_an_operation(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    cloud.warm_up().await?;
    fall_silent(bench)?;
    let Cloud { nodes, .. } = cloud;
    let began = Instant::now();
    let answer = Deadline::new(nodes, LIMIT).flavors(&FlavorQuery::new()).await;
    let took = began.elapsed();
    refused("`flavors` beyond the deadline", answer, &[ErrorKind::Timeout])?;
    ensure!(took < GUARD, "the deadline was {LIMIT:?}, and the operation took {took:?}");
    Ok(())
}

async fn a_dropped_operation_leaves_the_provider_usable(bench: &Bench) -> Outcome {
    // With one request at a time, a request that were still under way would keep out all others.
    let cloud = bench.cloud_in(|builder| builder.parallel(1))?;
    cloud.warm_up().await?;
    fall_silent(bench)?;
    for _ in 0..2 {
        let answer = tokio::time::timeout(LIMIT / 3, cloud.list(&NodeQuery::new())).await;
        ensure!(answer.is_err(), "a silent cloud answered");
    }
    bench.troubles()?.calm();
    let answer = tokio::time::timeout(GUARD, cloud.list(&NodeQuery::new())).await;
    answer.map_err(|_| Failure::new("after an operation was dropped, the next one does not end"))??;
    Ok(())
}
