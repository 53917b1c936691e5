//! Suspending, resizing and renaming several nodes.

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble, Troubles as _};
use cloudmesh_compute::{Clouds, ErrorKind, Goal, NodeState, Operation, Provider};

use crate::lab::{Lab, boot, names, nodes_of, told};

/// What became of each: the name that it has now, or the kind of the error.
async fn renamed(cloud: &Provider, old: &str, new: &str) -> Vec<Result<String, ErrorKind>> {
    let outcomes = cloud.nodes(old).unwrap().rename(new).await.unwrap();
    let now = |outcome: cloudmesh_compute::Outcome| match outcome.result {
        Ok(node) => Ok(node.unwrap().name),
        Err(error) => Err(error.kind()),
    };
    outcomes.into_iter().map(now).collect()
}

/// The name of each node by its id.
async fn named(cloud: &Provider, ids: &[String]) -> Vec<String> {
    let pattern = ids.join(",");
    nodes_of(cloud.nodes(&pattern).unwrap().look_up().await.unwrap()).into_iter().map(|node| node.name).collect()
}

#[tokio::test]
async fn a_range_is_suspended_and_goes_on() {
    let cloud = Lab::new().cloud();
    boot(&cloud, &["web-1", "web-2"]).await;
    let web = cloud.nodes("web-[1-2]").unwrap();
    web.suspend().await.unwrap();
    for node in nodes_of(web.wait(Goal::Suspended).await.unwrap()) {
        assert_eq!(node.status, NodeState::Suspended);
    }
    web.suspend().await.unwrap();
    web.resume().await.unwrap();
    for node in nodes_of(web.wait(Goal::Running).await.unwrap()) {
        assert_eq!(node.status, NodeState::Running);
    }
}

#[tokio::test]
async fn a_range_gets_another_size() {
    let cloud = Lab::new().cloud();
    boot(&cloud, &["web-1", "web-2"]).await;
    let web = cloud.nodes("web-[1-2]").unwrap();
    nodes_of(web.resize("m1.medium").await.unwrap());
    for node in nodes_of(web.wait(Goal::Running).await.unwrap()) {
        assert_eq!(node.flavor.as_deref(), Some("m1.medium"));
    }
    let refused = web.resize("m1.gigantic").await.unwrap();
    assert!(refused.iter().all(|outcome| outcome.result.as_ref().unwrap_err().kind() == ErrorKind::InvalidInput));
}

#[tokio::test]
async fn names_move_up_without_two_nodes_ever_sharing_one() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let made = boot(&cloud, &["web-1", "web-2", "web-3"]).await;
    let ids: Vec<String> = made.iter().map(|node| node.id.to_string()).collect();
    let moved = renamed(&cloud, "web-[1-3]", "web-[2-4]").await;
    assert_eq!(moved, [Ok("web-2".to_owned()), Ok("web-3".to_owned()), Ok("web-4".to_owned())]);
    assert_eq!(named(&cloud, &ids).await, ["web-2", "web-3", "web-4"]);
    // The one whose new name is free went first.
    let seen = lab.world.seen().into_iter().filter(|seen| seen.operation == Some(Operation::Rename));
    let order: Vec<String> = seen.map(|seen| seen.line).collect();
    let wanted: Vec<String> = ids.iter().rev().map(|id| format!("PUT /nodes/{id}/name")).collect();
    assert_eq!(order, wanted);
    // Down again, by an id among others; what has its name already is done.
    renamed(&cloud, &format!("{},web-[3-4]", ids[0]), "web-[1-3]").await;
    assert_eq!(named(&cloud, &ids).await, ["web-1", "web-2", "web-3"]);
    let before = lab.world.seen().len();
    renamed(&cloud, "web-1", "web-1").await;
    assert!(lab.world.seen()[before..].iter().all(|seen| seen.line.starts_with("GET")));
}

#[tokio::test]
async fn a_name_that_somebody_has_is_refused_and_what_waits_for_it_too() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    boot(&cloud, &["web-1", "web-2", "db"]).await;
    let refused = renamed(&cloud, "web-[1-2]", "web-2,db").await;
    assert_eq!(refused, [Err(ErrorKind::Conflict), Err(ErrorKind::AlreadyExists)]);
    let refused = renamed(&cloud, "web-[1-2]", "web-2,web-1").await;
    assert_eq!(refused, [Err(ErrorKind::Conflict), Err(ErrorKind::Conflict)]);
    assert_eq!(names(&cloud).await, ["db", "web-1", "web-2"]);
}

#[tokio::test]
async fn what_waits_for_a_name_that_does_not_become_free_keeps_its_own() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    boot(&cloud, &["web-1", "web-2"]).await;
    lab.world.disturb(Disturbance::new(Trouble::Html).on(On::Operation(Operation::Rename)).times(1));
    let outcomes = cloud.nodes("web-[1-2]").unwrap().rename("web-[2-3]").await.unwrap();
    let told = told(&outcomes);
    assert_eq!(told[0].1, "lab: `web-1`: not renamed, since `web-2` still has the new name");
    assert!(outcomes[1].result.is_err());
    assert_eq!(names(&cloud).await, ["web-1", "web-2"]);
}

#[tokio::test]
async fn names_and_new_names_must_fit_together() {
    let cloud = Lab::new().cloud();
    boot(&cloud, &["web-1", "web-2"]).await;
    for (old, new, told) in [
        ("web-[1-2]", "www-1", "lab: 2 names cannot become 1; write as many new names as old ones"),
        ("web-1", "www-[1-2]", "lab: 1 name cannot become 2; write as many new names as old ones"),
        ("web*", "www-[1-2]", "lab: `web*` has no order; name each machine, or use a range"),
        ("web-1", "www-*", "lab: a glob at position 5 of `www-*`"),
    ] {
        let error = cloud.nodes(old).unwrap().rename(new).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{old} {new}");
        assert!(error.to_string().starts_with(told), "{error}");
    }
    let missing = told(&cloud.nodes("web-[1-3]").unwrap().rename("www-[1-3]").await.unwrap());
    assert_eq!(missing[2].1, "lab: no node `web-3`; `cms vm list` shows what there is");
    assert_eq!(names(&cloud).await, ["www-1", "www-2"]);
}

#[tokio::test]
async fn several_clouds_at_once() {
    let (one, two) = (Lab::new().cloud(), Lab::new().cloud());
    boot(&one, &["web-1"]).await;
    let clouds: Clouds = [one.clone(), two].into_iter().collect();
    let web = clouds.nodes("web-1").unwrap();
    assert_eq!(web.suspend().await.done.len(), 1);
    web.wait(Goal::Suspended).await.into_result().unwrap();
    web.resume().await.into_result().unwrap();
    web.wait(Goal::Running).await.into_result().unwrap();
    web.resize("m1.medium").await.into_result().unwrap();
    web.wait(Goal::Running).await.into_result().unwrap();
    assert_eq!(web.rename("www-1").await.into_result().unwrap()[0].name, "www-1");
    assert_eq!(names(&one).await, ["www-1"]);
}
