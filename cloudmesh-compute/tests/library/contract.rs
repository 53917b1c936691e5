//! A provider is a [`ComputeNodeABC`], and so is the facade: code written against the trait works with both.

use cloudmesh_abstract::conformance::Troubles as _;
use cloudmesh_compute::memory::Memory;
use cloudmesh_compute::{
    Capability, ComputeNodeABC, Connect, Context, ErrorKind, FlavorQuery, Goal, ImageQuery, NodeId, NodeQuery,
    NodeState, RebootKind, wait_for,
};

use crate::lab::{Lab, small};

/// A life, as somebody writes it who knows the trait only.
async fn live(cloud: &dyn ComputeNodeABC, context: &Context) {
    let node = cloud.create(&small("web-1").with_key("laptop").with_metadata("colour", "blue")).await.unwrap();
    let ids = std::slice::from_ref(&node.id);
    let running = wait_for(cloud, context, ids, Goal::Running, |_| {}).await.remove(0).1.unwrap().unwrap();
    assert_eq!((running.status, running.metadata["colour"].as_str()), (NodeState::Running, "blue"));
    cloud.start(&node.id).await.unwrap();
    cloud.reboot(&node.id, RebootKind::Hard).await.unwrap();
    wait_for(cloud, context, ids, Goal::Running, |_| {}).await.remove(0).1.unwrap();
    cloud.stop(&node.id).await.unwrap();
    cloud.stop(&node.id).await.unwrap();
    assert_eq!(cloud.find("web-1").await.unwrap().len(), 1);
    cloud.destroy(&node.id).await.unwrap();
    assert!(wait_for(cloud, context, ids, Goal::Gone, |_| {}).await.remove(0).1.unwrap().is_none());
    cloud.destroy(&node.id).await.unwrap();
    assert_eq!(cloud.info(&node.id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(cloud.list(&NodeQuery::new()).await.unwrap().is_empty());
    assert!(!cloud.images(&ImageQuery::new()).await.unwrap().is_empty());
    assert!(!cloud.flavors(&FlavorQuery::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_code_works_with_a_provider_and_with_the_facade() {
    let context = Context::builder("lab").poll(cloudmesh_compute::PollPolicy::quick()).build();
    let memory = Memory::connect(Memory::example().parse().unwrap(), context.clone()).unwrap();
    live(&memory, &context).await;

    let cloud = Lab::new().cloud();
    live(&cloud, cloud.context()).await;
}

#[tokio::test]
async fn what_the_provider_can_do_the_facade_can() {
    let cloud = Lab::new().cloud();
    let node = cloud.create(&small("web-1")).await.unwrap();
    assert_eq!(Capability::of(&cloud).len(), 10);
    cloud.as_rename().unwrap().rename(&node.id, "db-1").await.unwrap();
    assert_eq!(cloud.info(&node.id).await.unwrap().name, "db-1");
}

#[tokio::test]
async fn nodes_and_errors_say_which_cloud_they_are_of() {
    let cloud = Lab::new().cloud();
    let node = cloud.create(&small("web-1")).await.unwrap();
    assert_eq!((node.cloud.as_str(), node.kind.as_str()), ("lab", "memory"));
    let error = cloud.info(&NodeId::new("vm-0")).await.unwrap_err();
    assert!(error.to_string().starts_with("lab info vm-0: no node `vm-0` (noSuchNode, request "), "{error}");
}

#[tokio::test]
async fn clones_share_the_sign_in() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    for copy in [cloud.clone(), cloud] {
        copy.whoami().await.unwrap();
    }
    let lines: Vec<String> = lab.world.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, ["POST /tickets", "GET /me", "GET /me"]);
}
