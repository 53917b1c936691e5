//! Nodes by name, id, range and glob.

use cloudmesh_abstract::conformance::Troubles as _;
use cloudmesh_compute::{ErrorKind, Goal, NodeSpec, NodeState, Operation, Outcome, Provider, RebootKind};

use crate::lab::{Lab, boot, names, nodes_of, told};

/// The names that a pattern chooses.
async fn chosen(cloud: &Provider, pattern: &str) -> Vec<String> {
    nodes_of(cloud.nodes(pattern).unwrap().look_up().await.unwrap()).into_iter().map(|node| node.name).collect()
}

fn kinds(outcomes: &[Outcome]) -> Vec<Option<ErrorKind>> {
    outcomes.iter().map(|outcome| outcome.result.as_ref().err().map(cloudmesh_compute::Error::kind)).collect()
}

#[tokio::test]
async fn a_range_lives_its_life() {
    let cloud = Lab::new().cloud();
    boot(&cloud, &["web-1", "web-2", "web-3", "db"]).await;
    let web = cloud.nodes("web-[1-3]").unwrap();

    web.stop().await.unwrap();
    for node in nodes_of(web.wait(Goal::Stopped).await.unwrap()) {
        assert_eq!(node.status, NodeState::Stopped);
    }
    assert_eq!(told(&cloud.nodes("db").unwrap().look_up().await.unwrap()), [("db".into(), "running".into())]);

    web.start().await.unwrap();
    web.wait(Goal::Running).await.unwrap();
    web.reboot(RebootKind::Soft).await.unwrap();
    web.wait(Goal::Running).await.unwrap();
    web.destroy().await.unwrap();
    let gone = web.wait(Goal::Gone).await.unwrap();
    assert_eq!(told(&gone), [1, 2, 3].map(|n| (format!("web-{n}"), "gone".to_owned())));
    assert_eq!(names(&cloud).await, ["db"]);
}

#[tokio::test]
async fn patterns_choose_among_the_nodes() {
    let cloud = Lab::new().cloud();
    let ids: Vec<String> =
        boot(&cloud, &["web-1", "web-2", "db-1"]).await.into_iter().map(|node| node.id.to_string()).collect();
    let table: [(&str, &[&str]); 8] = [
        ("web-1", &["web-1"]),
        ("web-[1-2]", &["web-1", "web-2"]),
        ("web-[2,1]", &["web-2", "web-1"]),
        ("*-1", &["db-1", "web-1"]),
        ("web-?,db*", &["web-1", "web-2", "db-1"]),
        ("web-1,web-1,web*", &["web-1", "web-2"]),
        (&ids[2], &["db-1"]),
        (&format!("{},web-2", ids[0]), &["web-1", "web-2"]),
    ];
    for (pattern, wanted) in table {
        assert_eq!(chosen(&cloud, pattern).await, wanted, "{pattern}");
    }
}

#[tokio::test]
async fn a_name_and_an_id_of_one_node_are_one_outcome() {
    let cloud = Lab::new().cloud();
    let node = boot(&cloud, &["web-1"]).await.remove(0);
    for pattern in [format!("web-1,{}", node.id), format!("{},web-1", node.id), format!("web*,{},web-1", node.id)] {
        assert_eq!(chosen(&cloud, &pattern).await, ["web-1"], "{pattern}");
    }
}

#[tokio::test]
async fn a_name_that_fits_several_is_refused_with_their_ids() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let mut ids = [lab.world.plant("twin"), lab.world.plant("twin")].map(|id| id.to_string());
    ids.sort();
    // By a request for the name, and by a listing.
    for pattern in ["twin", "twin,none*"] {
        let outcomes = cloud.nodes(pattern).unwrap().destroy().await.unwrap();
        let error = outcomes[0].result.as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ambiguous);
        let wanted = format!("lab: `twin` fits 2 nodes, name one by its id: {}, {}", ids[0], ids[1]);
        assert_eq!(error.to_string(), wanted);
    }
    assert_eq!(names(&cloud).await, ["twin", "twin"]);
    cloud.nodes(&ids[0]).unwrap().destroy().await.unwrap();
    cloud.nodes(&ids[0]).unwrap().wait(Goal::Gone).await.unwrap();
    assert_eq!(names(&cloud).await, ["twin"]);
}

#[tokio::test]
async fn nameless_nodes_are_named_by_their_id() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let id = lab.world.plant("").to_string();
    let outcomes = cloud.nodes(&id).unwrap().stop().await.unwrap();
    assert_eq!(outcomes[0].name, id);
    assert!(outcomes[0].result.is_ok());
}

#[tokio::test]
async fn what_is_there_is_done_and_what_is_missing_is_said() {
    let cloud = Lab::new().cloud();
    boot(&cloud, &["web-1", "web-3"]).await;
    let missing = "lab: no node `web-2`; `cms vm list` shows what there is";
    for pattern in ["web-[1-3]", "web-[1-3],web-1,web-2,web*"] {
        let outcomes = cloud.nodes(pattern).unwrap().look_up().await.unwrap();
        let told = told(&outcomes);
        assert_eq!(told[0], ("web-1".into(), "running".into()), "{pattern}");
        assert_eq!(told[1], ("web-2".into(), missing.into()), "{pattern}");
        assert_eq!(told[2], ("web-3".into(), "running".into()), "{pattern}");
        assert_eq!(told.len(), 3, "{pattern}: {told:?}");
    }
    let outcomes = cloud.nodes("web-[1-3]").unwrap().stop().await.unwrap();
    assert_eq!(kinds(&outcomes), [None, Some(ErrorKind::NotFound), None]);
}

#[tokio::test]
async fn a_glob_that_fits_nothing_is_not_found() {
    let cloud = Lab::new().cloud();
    let outcomes = cloud.nodes("web*").unwrap().stop().await.unwrap();
    assert_eq!(told(&outcomes), [("web*".into(), "lab: no node `web*`; `cms vm list` shows what there is".into())]);
}

#[tokio::test]
async fn nothing_is_waited_for_when_nothing_is_there() {
    let cloud = Lab::new().cloud();
    let outcomes = cloud.nodes("web-[1-2]").unwrap().wait(Goal::Gone).await.unwrap();
    assert_eq!(told(&outcomes), [("web-1".into(), "gone".into()), ("web-2".into(), "gone".into())]);
    let outcomes = cloud.nodes("web-1").unwrap().wait(Goal::Running).await.unwrap();
    assert_eq!(kinds(&outcomes), [Some(ErrorKind::NotFound)]);
}

#[tokio::test]
async fn many_names_cost_one_listing() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    boot(&cloud, &["web-1"]).await;
    let before = lab.world.seen().len();
    cloud.nodes("web-[1-100]").unwrap().look_up().await.unwrap();
    let asked: Vec<_> = lab.world.seen().into_iter().skip(before).map(|seen| seen.operation).collect();
    assert_eq!(asked, [Some(Operation::List)]);
}

#[test]
fn mistakes_in_a_pattern_are_told_with_their_position() {
    let cloud = Lab::new().cloud();
    for pattern in ["", "web-[3-1]", "web-[1", "web-[a-c]", "web-[[1]]", "web-[1-100001]", "a,,b", "web-[]"] {
        let error = cloudmesh_compute::Error::from(cloud.nodes(pattern).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{pattern}");
    }
    let told = cloud.nodes("web-[3-1]").unwrap_err().to_string();
    assert!(told.contains("web-[3-1]"), "{told}");
}

#[tokio::test]
async fn a_node_is_made_only_where_there_is_none_of_its_name() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let spec = NodeSpec::new("web-1", "ubuntu-24.04", "m1.small");
    let made = cloud.create_if_not_exists(&spec).await.unwrap();
    let again = cloud.create_if_not_exists(&NodeSpec::new("web-1", "debian-13", "m1.small")).await.unwrap();
    assert_eq!((made.id, names(&cloud).await), (again.id, vec!["web-1".to_owned()]));
    lab.world.plant("web-1");
    assert_eq!(cloud.create_if_not_exists(&spec).await.unwrap_err().kind(), ErrorKind::Ambiguous);
}
