//! What the facade makes of a cloud in trouble.

use std::time::Instant;

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble, Troubles as _};
use cloudmesh_compute::{ComputeNodeABC, ErrorKind, Goal, NodeQuery, Operation, RetryPolicy};

use crate::lab::{Lab, SOON, boot, small};

#[tokio::test]
async fn a_silent_cloud_is_left_at_the_deadline() {
    let lab = Lab::new();
    lab.world.disturb(Disturbance::new(Trouble::Silence));
    let cloud = lab.builder("lab").deadline(SOON).build().unwrap();
    let began = Instant::now();
    let error = cloud.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(began.elapsed() >= SOON);
    assert_eq!(error.to_string(), "lab list: no answer within 200ms");
    let error = cloud.create(&small("web-1")).await.unwrap_err();
    let wanted = "lab create web-1: no answer within 200ms; it may have taken effect, look before you repeat it";
    assert_eq!(error.to_string(), wanted);
}

#[tokio::test]
async fn the_provider_is_usable_after_a_deadline() {
    let lab = Lab::new();
    let cloud = lab.builder("lab").deadline(SOON).build().unwrap();
    lab.world.disturb(Disturbance::new(Trouble::Silence));
    assert!(cloud.whoami().await.is_err());
    lab.world.calm();
    assert!(cloud.whoami().await.is_ok());
}

#[tokio::test]
async fn throttling_is_waited_out_or_told() {
    let lab = Lab::new();
    lab.world.disturb(Disturbance::new(Trouble::Throttled { retry_after: None }).on(On::Reads).times(3));
    assert!(lab.cloud().list(&NodeQuery::new()).await.is_ok());
    lab.world.disturb(Disturbance::new(Trouble::Throttled { retry_after: None }));
    let cloud = lab.builder("lab").retry(RetryPolicy::none()).build().unwrap();
    assert_eq!(cloud.list(&NodeQuery::new()).await.unwrap_err().kind(), ErrorKind::RateLimited);
}

#[tokio::test]
async fn one_broken_node_does_not_end_the_waiting_for_the_others() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    lab.world.disturb(Disturbance::new(Trouble::Capacity).times(1));
    for name in ["web-1", "web-2"] {
        cloud.create(&small(name)).await.unwrap();
    }
    let outcomes = cloud.nodes("web-[1-2]").unwrap().wait(Goal::Running).await.unwrap();
    let error = outcomes[0].result.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded);
    assert_eq!(error.to_string(), "lab: `web-1`: no host has room for it (noCapacity)");
    assert!(outcomes[1].result.is_ok());
}

#[tokio::test]
async fn a_node_that_the_cloud_does_not_know_yet_is_pending() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    lab.world.disturb(Disturbance::new(Trouble::NotYet(3)));
    let node = cloud.create(&small("web-1")).await.unwrap();
    assert_eq!(cloud.info(&node.id).await.unwrap().status.to_string(), "pending");
    assert_eq!(cloud.list(&NodeQuery::new()).await.unwrap().len(), 1);
    cloud.stop(&node.id).await.unwrap();
}

#[tokio::test]
async fn one_failure_among_several_is_an_outcome_of_its_own() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    boot(&cloud, &["web-1", "web-2", "web-3"]).await;
    lab.world.disturb(Disturbance::new(Trouble::Html).on(On::Operation(Operation::Stop)).every(2).times(1));
    let outcomes = cloud.nodes("web-*").unwrap().stop().await.unwrap();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.result.is_err()).count(), 1);
}

#[tokio::test]
async fn answers_that_make_no_sense_are_told_as_such() {
    for trouble in [Trouble::Html, Trouble::Garbage, Trouble::Empty] {
        let lab = Lab::new();
        lab.world.disturb(Disturbance::new(trouble.clone()).on(On::Reads));
        let error = lab.cloud().list(&NodeQuery::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected, "{trouble:?}");
        assert!(error.request_id().is_some(), "{error}");
    }
}
