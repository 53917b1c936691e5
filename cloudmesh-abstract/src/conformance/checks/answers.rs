//! Answers that make no sense, and answers that say no.

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::conformance::{Disturbance, On, Trouble};
use crate::{ComputeNodeABC, ErrorKind, FlavorQuery, Goal, ImageQuery, NodeId, NodeQuery, Operation};

pub(super) const CHECKS: &[Check] = &[
    check!(a_page_of_html_is_an_error: "An answer that cannot be understood is an error.", Need::Troubles),
    check!(a_garbled_answer_is_an_error: "An answer of the wrong shape is an error.", Need::Troubles),
    check!(an_empty_answer_is_an_error: "An answer without a body, where one was due, is an error.", Need::Troubles),
    check!(a_quota_that_is_used_up_is_told: "`create` fails with `QuotaExceeded` when a quota is used up.", Need::Troubles),
    check!(a_node_that_breaks_says_why: "A node that ends in the error state is told at once, with the vendor's reason.",
        Need::Troubles),
];

const SENSELESS: &[ErrorKind] = &[ErrorKind::Unexpected, ErrorKind::Unavailable];

async fn senseless(bench: &Bench, trouble: Trouble) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    let id = cloud.boot(&spec).await?.id;
    bench.troubles()?.disturb(Disturbance::new(trouble).on(On::Reads));
    every_read_fails(&cloud, &id, &spec.name).await
}

async fn every_read_fails(cloud: &Cloud, id: &NodeId, name: &str) -> Outcome {
    refused("`list`", cloud.list(&NodeQuery::new()).await, SENSELESS)?;
    refused("`find`", cloud.find(name).await, SENSELESS)?;
    refused("`info`", cloud.info(id).await, SENSELESS)?;
    refused("`images`", cloud.images(&ImageQuery::new()).await, SENSELESS)?;
    refused("`image`", cloud.image(name).await, SENSELESS)?;
    refused("`flavors`", cloud.flavors(&FlavorQuery::new()).await, SENSELESS)?;
    refused("`flavor`", cloud.flavor(name).await, SENSELESS)?;
    Ok(())
}

async fn a_page_of_html_is_an_error(bench: &Bench) -> Outcome {
    senseless(bench, Trouble::Html).await
}

async fn a_garbled_answer_is_an_error(bench: &Bench) -> Outcome {
    senseless(bench, Trouble::Garbage).await
}

async fn an_empty_answer_is_an_error(bench: &Bench) -> Outcome {
    senseless(bench, Trouble::Empty).await
}

async fn a_quota_that_is_used_up_is_told(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    bench.troubles()?.disturb(Disturbance::new(Trouble::Quota).on(On::Operation(Operation::Create)));
    refused("`create` beyond the quota", cloud.create(&spec).await, &[ErrorKind::QuotaExceeded])?;
    let made = cloud.called(&spec.name).await?.len();
    ensure!(made == 0, "the quota was used up, and a node was made");
    Ok(())
}

async fn a_node_that_breaks_says_why(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    bench.troubles()?.disturb(Disturbance::new(Trouble::Capacity));
    let id = match cloud.create(&spec).await {
        Ok(node) => node.id,
        // Some clouds say at once that there is no room.
        Err(error) if error.kind() == ErrorKind::QuotaExceeded => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let waited = cloud.wait(&id, Goal::Running).await;
    let Err(error) = waited else { return Err(Failure::new("a node runs for which there is no room")) };
    ensure!(error.kind() != ErrorKind::Timeout, "it was not seen that the node is broken: {error}");
    let fault = cloud.info(&id).await?.fault;
    let reason = fault.ok_or_else(|| Failure::new("a broken node has no fault"))?.message;
    ensure!(!reason.is_empty() && error.message() == reason, "the vendor says `{reason}`, the error `{error}`");
    Ok(())
}
