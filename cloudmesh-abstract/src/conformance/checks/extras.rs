//! What some clouds can do with a node beyond its life.

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Need, Outcome, check, ensure, refused};
use crate::conformance::{Disturbance, Trouble};
use crate::{Capability, ComputeNodeABC, Console, ErrorKind, Goal, NodeId, NodeState, Raw, RawCall, Suspend};

pub(super) const CHECKS: &[Check] = &[
    check!(a_node_is_suspended_and_resumed: "A running node can be suspended, and goes on when it is resumed.",
        Need::Capability(Capability::Suspend)),
    check!(suspending_and_resuming_twice_succeeds:
        "Suspending a suspended node and resuming a running one succeed.", Need::Capability(Capability::Suspend)),
    check!(suspending_a_stopped_node_is_a_conflict: "`suspend` fails with `Conflict` for a stopped node.",
        Need::Capability(Capability::Suspend)),
    check!(resuming_a_stopped_node_is_a_conflict: "`resume` fails with `Conflict` for a stopped node.",
        Need::Capability(Capability::Suspend)),
    check!(a_suspended_node_is_not_started_afresh:
        "`start` lets a suspended node go on, or fails with `Conflict` and leaves it suspended.",
        Need::Capability(Capability::Suspend)),
    check!(what_cannot_be_suspended_goes_on:
        "A node made without `hibernate` is suspended, or `suspend` fails with `Conflict` and leaves it running.",
        Need::Capability(Capability::Suspend)),
    check!(the_log_of_a_new_node_is_empty_or_a_conflict:
        "`log` of a node that has not written anything is empty, or a `Conflict` while there is no console.",
        Need::Capability(Capability::Console)),
    check!(a_console_shows_text: "`console` and `log` show what a node shows, and `NotFound` for a missing one.",
        Need::Capability(Capability::Console)),
    check!(a_raw_call_is_answered: "`raw` gives back the vendor's answer, and its refusal.",
        Need::Capability(Capability::Raw)),
];

async fn a_node_is_suspended_and_resumed(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a").with_hibernate(true)).await?.id;
    cloud.suspend(&id).await?;
    cloud.wait(&id, Goal::Suspended).await?;
    cloud.resume(&id).await?;
    cloud.wait(&id, Goal::Running).await?;
    Ok(())
}

async fn suspending_and_resuming_twice_succeeds(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a").with_hibernate(true)).await?.id;
    cloud.resume(&id).await?;
    cloud.suspend(&id).await?;
    cloud.wait(&id, Goal::Suspended).await?;
    cloud.suspend(&id).await?;
    Ok(())
}

async fn suspending_a_stopped_node_is_a_conflict(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a").with_hibernate(true)).await?.id;
    cloud.stop(&id).await?;
    cloud.wait(&id, Goal::Stopped).await?;
    refused("`suspend` of a stopped node", cloud.suspend(&id).await, &[ErrorKind::Conflict])?;
    Ok(())
}

async fn resuming_a_stopped_node_is_a_conflict(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a").with_hibernate(true)).await?.id;
    cloud.stop(&id).await?;
    cloud.wait(&id, Goal::Stopped).await?;
    refused("`resume` of a stopped node", cloud.resume(&id).await, &[ErrorKind::Conflict])?;
    Ok(())
}

async fn a_suspended_node_is_not_started_afresh(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a").with_hibernate(true)).await?.id;
    cloud.suspend(&id).await?;
    cloud.wait(&id, Goal::Suspended).await?;
    let started = cloud.start(&id).await;
    if started.is_ok() {
        cloud.wait(&id, Goal::Running).await?;
        return Ok(());
    }
    refused("`start` of a suspended node", started, &[ErrorKind::Conflict])?;
    let status = cloud.info(&id).await?.status;
    ensure!(status == NodeState::Suspended, "a suspended node that could not be started is {status}");
    Ok(())
}

async fn what_cannot_be_suspended_goes_on(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    let suspended = cloud.suspend(&id).await;
    if suspended.is_ok() {
        cloud.wait(&id, Goal::Suspended).await?;
        return Ok(());
    }
    refused("`suspend` of a node made without `hibernate`", suspended, &[ErrorKind::Conflict])?;
    let status = cloud.info(&id).await?.status;
    ensure!(status == NodeState::Running, "a node that could not be suspended is {status}");
    Ok(())
}

async fn the_log_of_a_new_node_is_empty_or_a_conflict(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.create(&bench.spec("a")).await?.id;
    has_log_or_none(&cloud, &id).await?;
    cloud.wait(&id, Goal::Running).await?;
    cloud.log(&id).await?;
    // What never ran never wrote anything.
    let Some(troubles) = bench.stage.troubles() else { return Ok(()) };
    troubles.disturb(Disturbance::new(Trouble::Capacity).times(1));
    let id = match cloud.create(&bench.spec("b")).await {
        Ok(node) => node.id,
        // Some clouds say at once that there is no room.
        Err(error) if error.kind() == ErrorKind::QuotaExceeded => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let broken = cloud.wait(&id, Goal::Running).await;
    ensure!(broken.is_err(), "a node that found no room is {broken:?}");
    has_log_or_none(&cloud, &id).await
}

async fn has_log_or_none(cloud: &Cloud, id: &NodeId) -> Outcome {
    match cloud.log(id).await {
        Ok(_) => Ok(()),
        refusal => refused("`log` of a node that wrote nothing", refusal, &[ErrorKind::Conflict]).map(|_| ()),
    }
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
