//! The same without `async`.

use std::thread;

use cloudmesh_compute::{
    Clouds, ErrorKind, FlavorQuery, Goal, ImageQuery, NodeQuery, NodeState, RebootKind, Wishes, blocking,
};

use crate::lab::{Lab, nodes_of, small};

fn cloud(lab: &Lab) -> blocking::Provider {
    blocking::Provider::from(lab.cloud())
}

#[test]
fn a_node_lives_its_life_without_async() {
    let lab = Lab::new();
    let cloud = cloud(&lab);
    let node = cloud.create(&Wishes::default().spec(cloud.original(), "web-1").unwrap()).unwrap();
    let web = cloud.nodes("web-1").unwrap();
    assert_eq!(nodes_of(web.wait(Goal::Running).unwrap())[0].status, NodeState::Running);
    web.stop().unwrap();
    web.wait(Goal::Stopped).unwrap();
    cloud.start(&node.id).unwrap();
    web.wait(Goal::Running).unwrap();
    web.reboot(RebootKind::Soft).unwrap();
    web.wait(Goal::Running).unwrap();
    cloud.rename(&node.id, "db-1").unwrap();
    assert_eq!(cloud.find("db-1").unwrap().len(), 1);
    assert_eq!(cloud.info(&node.id).unwrap().name, "db-1");
    assert!(cloud.run(async |cloud| Ok(cloud.name() == "lab")).unwrap());
    cloud.nodes("db-1").unwrap().destroy().unwrap();
    cloud.nodes(node.id.as_str()).unwrap().wait(Goal::Gone).unwrap();
    assert!(cloud.list(&NodeQuery::new()).unwrap().is_empty());
    assert_eq!(cloud.info(&node.id).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn several_clouds_are_asked_without_async() {
    let lab = Lab::new();
    lab.write(&format!("cloudmesh:\n  compute:\n    lab:\n{}    wrong: {{cm: {{kind: memry}}}}\n", lab.entry("")));
    let clouds = blocking::Clouds::from(Clouds::builder(["all"]).config_file(&lab.file()).build().unwrap());
    cloud(&lab).create(&small("web-1")).unwrap();
    let listing = clouds.list(&NodeQuery::new());
    assert_eq!((listing.done.len(), listing.failed.len()), (1, 1));
    assert_eq!(clouds.whoami().done[0].cloud, "lab");
    assert!(!clouds.images(&ImageQuery::new()).done.is_empty());
    assert!(!clouds.flavors(&FlavorQuery::new()).done.is_empty());
    let web = clouds.nodes("web*").unwrap();
    assert_eq!(web.wait(Goal::Running).done[0].status, NodeState::Running);
    assert_eq!(web.destroy().done.len(), 1);
    assert_eq!(clouds.run(async |clouds| Ok(clouds.names().count())).unwrap(), 2);
}

#[test]
fn several_threads_share_one_provider() {
    let lab = Lab::new();
    let cloud = cloud(&lab);
    let names: Vec<String> = (0..8).map(|number| format!("web-{number}")).collect();
    thread::scope(|scope| {
        for name in &names {
            let cloud = cloud.clone();
            scope.spawn(move || {
                cloud.create(&small(name)).unwrap();
                cloud.nodes(name).unwrap().wait(Goal::Running).unwrap();
            });
        }
    });
    assert_eq!(cloud.list(&NodeQuery::new()).unwrap().len(), 8);
}

#[cfg(feature = "openstack")]
#[test]
fn clones_that_share_connections_do_not_wait_for_each_other() {
    use std::time::Duration;

    use cloudmesh_compute::{ComputeNodeABC, Provider};
    use cloudmesh_emulator::{CLOUD, Emulator};

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let emulator = runtime.block_on(Emulator::start()).unwrap();
    let lab = Lab::new();
    lab.write(&emulator.cloudmesh_yaml());
    let builder = Provider::builder(CLOUD).config_file(&lab.file()).deadline(Duration::from_secs(20));
    let original = builder.build().unwrap();
    for cloud in [blocking::Provider::from(original.clone()), blocking::Provider::from(original.clone())] {
        assert!(cloud.list(&NodeQuery::new()).unwrap().is_empty());
    }
    let other = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert!(other.block_on(original.list(&NodeQuery::new())).unwrap().is_empty());
}

#[tokio::test]
async fn inside_an_async_runtime_it_says_what_to_use_instead() {
    let lab = Lab::new();
    let cloud = cloud(&lab);
    let error = cloud.whoami().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("inside an async runtime; call the types of the same name"), "{error}");
    let clouds = blocking::Clouds::from([lab.cloud()].into_iter().collect::<Clouds>());
    assert_eq!(clouds.whoami().failed[0].kind(), ErrorKind::Unsupported);
}

#[test]
fn it_may_be_dropped_inside_an_async_runtime() {
    let lab = Lab::new();
    let cloud = cloud(&lab);
    cloud.whoami().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async move { drop(cloud) });
}
