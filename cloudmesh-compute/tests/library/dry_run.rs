//! A dry run looks, says what would be done, and changes nothing.

use cloudmesh_abstract::conformance::Troubles as _;
use cloudmesh_compute::{ComputeNodeABC, ErrorKind, Goal, NodeQuery, Operation, RebootKind};

use crate::lab::{Lab, boot, names, small, told};

#[tokio::test]
async fn nothing_changes_and_the_plan_says_what_would() {
    let lab = Lab::new();
    let node = boot(&lab.cloud(), &["web-1"]).await.remove(0);
    let before = lab.world.seen().len();

    let dry = lab.builder("lab").dry_run(true).build().unwrap();
    dry.create(&small("web-2")).await.unwrap();
    let web = dry.nodes("web-1").unwrap();
    web.stop().await.unwrap();
    web.start().await.unwrap();
    web.reboot(RebootKind::Hard).await.unwrap();
    web.destroy().await.unwrap();
    dry.as_rename().unwrap().rename(&node.id, "db-1").await.unwrap();

    let plan: Vec<String> = dry.plan().unwrap().steps().iter().map(ToString::to_string).collect();
    let id = &node.id;
    let wanted = [
        "create web-2 (image ubuntu-24.04, flavor m1.small)".to_owned(),
        format!("stop web-1 ({id}, running)"),
        format!("start web-1 ({id}, running)"),
        format!("reboot web-1 ({id}, running)"),
        format!("destroy web-1 ({id})"),
        format!("rename web-1 ({id}, running, to db-1)"),
    ];
    assert_eq!(plan, wanted);

    let changes = lab.world.seen().into_iter().skip(before).filter(|seen| !seen.line.starts_with("GET "));
    assert_eq!(changes.map(|seen| seen.line).collect::<Vec<_>>(), ["POST /tickets"]);
    assert_eq!(
        told(&lab.cloud().nodes("web-1").unwrap().look_up().await.unwrap()),
        [("web-1".into(), "running".into())]
    );
    assert_eq!(names(&lab.cloud()).await, ["web-1"]);
}

#[tokio::test]
async fn what_could_not_be_done_is_an_error_then_already() {
    let lab = Lab::new();
    let dry = lab.builder("lab").dry_run(true).build().unwrap();
    let mut bad = small("web-1");
    "ubunto".clone_into(&mut bad.image);
    let error = dry.create(&bad).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("no image `ubunto`"), "{error}");
    assert_eq!(dry.stop(&"vm-0".into()).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(dry.plan().unwrap().steps().is_empty());
}

#[tokio::test]
async fn looking_is_as_ever() {
    let lab = Lab::new();
    boot(&lab.cloud(), &["web-1"]).await;
    let dry = lab.builder("lab").dry_run(true).build().unwrap();
    assert_eq!(dry.list(&NodeQuery::new()).await.unwrap().len(), 1);
    assert!(dry.nodes("web-1").unwrap().wait(Goal::Running).await.unwrap()[0].result.is_ok());
    assert!(dry.plan().unwrap().steps().is_empty());
    assert!(lab.cloud().plan().is_none());
}

#[tokio::test]
async fn every_operation_that_changes_something_is_held_back() {
    let changing = [Operation::Create, Operation::Start, Operation::Stop, Operation::Reboot, Operation::Destroy];
    let lab = Lab::new();
    let dry = lab.builder("lab").dry_run(true).build().unwrap();
    boot(&lab.cloud(), &["web-1"]).await;
    let before = lab.world.seen().len();
    dry.create(&small("web-9")).await.unwrap();
    dry.nodes("web-1").unwrap().destroy().await.unwrap();
    let sent: Vec<_> = lab.world.seen().into_iter().skip(before).filter_map(|seen| seen.operation).collect();
    assert!(changing.iter().all(|operation| !sent.contains(operation)), "{sent:?}");
}
