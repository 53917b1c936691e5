//! What goes wrong on purpose, in the words of AWS.

use std::time::Duration;

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};
use cloudmesh_emulator::Emulator;

use crate::support::Client;

#[tokio::test]
async fn a_busy_or_faulty_cloud_says_so() {
    let client = Client::start().await;
    let table = [
        (Trouble::Throttled { retry_after: None }, 503, "RequestLimitExceeded"),
        (Trouble::Throttled { retry_after: Some(Duration::from_secs(2)) }, 503, "RequestLimitExceeded"),
        (Trouble::Unavailable, 503, "Unavailable"),
    ];
    for (trouble, status, code) in table {
        client.emulator.troubles().disturb(Disturbance::new(trouble).times(1));
        let got = client.ask("DescribeRegions", &[]).await;
        assert_eq!((got.status, got.code().as_str()), (status, code));
        assert_eq!(client.ask("DescribeRegions", &[]).await.status, 200);
    }
}

#[tokio::test]
async fn quotas_and_capacity_end_a_create() {
    let client = Client::start().await;
    for (trouble, status, code) in
        [(Trouble::Quota, 400, "InstanceLimitExceeded"), (Trouble::Capacity, 500, "InsufficientInstanceCapacity")]
    {
        client.emulator.troubles().disturb(Disturbance::new(trouble).times(1).on(On::Operation(Operation::Create)));
        let got = client.run(&[]).await;
        assert_eq!((got.status, got.code().as_str()), (status, code));
    }
    assert!(client.emulator.world().node_names().is_empty());
}

#[tokio::test]
async fn a_cut_connection_may_have_had_its_effect() {
    let client = Client::start().await;
    let image = client.image().await;
    let asked = [("ImageId", image.as_str()), ("MinCount", "1"), ("MaxCount", "1"), ("InstanceType", "t3.micro")];
    client.emulator.troubles().disturb(Disturbance::new(Trouble::CutBefore).on(On::Changes).times(1));
    assert!(client.attempt("RunInstances", &asked).await.is_err());
    assert!(client.emulator.world().node_names().is_empty());
    client.emulator.troubles().disturb(Disturbance::new(Trouble::CutAfter).on(On::Changes).times(1));
    assert!(client.attempt("RunInstances", &asked).await.is_err());
    assert_eq!(client.emulator.world().node_names().len(), 1);
}

#[tokio::test]
async fn an_instance_can_be_unknown_to_several_requests() {
    let client = Client::of(Emulator::builder().build_time(Duration::ZERO)).await;
    client.emulator.troubles().disturb(Disturbance::new(Trouble::NotYet(2)).times(1));
    let id = client.create(&[]).await;
    for _ in 0..2 {
        assert!(client.ask("DescribeInstances", &[]).await.all("instanceId").is_empty());
        assert_eq!(client.info(&id).await.code(), "InvalidInstanceID.NotFound");
    }
    assert_eq!(client.info(&id).await.states(), ["running"]);
    assert!(client.ask("DescribeInstances", &[]).await.text.contains(&id));
}

#[tokio::test]
async fn what_somebody_else_made_is_there_without_our_marks() {
    let client = Client::start().await;
    let id = client.emulator.troubles().plant("");
    let got = client.info(id.as_str()).await;
    assert_eq!((got.states(), got.first("tagSet")), (vec!["running".to_owned()], String::new()));
    assert_eq!(client.emulator.world().node_names(), [""]);
}
