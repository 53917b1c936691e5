//! Making a server: disks, zones, networks, groups, and what is refused.

use std::task::Poll;

use cloudmesh_abstract::{
    ComputeNodeABC, Context, ErrorKind, Goal, Node, NodeSpec, PollPolicy, Raw, RawCall, Result, wait_for,
};
use cloudmesh_emulator::Emulator;
use cloudmesh_openstack::OpenStack;
use futures::future::join_all;
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use super::scripted::{self, Setup};
use super::{InTurn, answer, asked, newest, ok, refused};

const IMAGE: &str = "8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6";

/// A cloud with an image that needs 10 GiB and 512 MiB, and a flavor that has 1 GiB and 64 MiB.
async fn cloud(services: Vec<&'static str>, keys: Vec<(&'static str, Value)>) -> (MockServer, OpenStack) {
    let (cloud, node) = scripted::cloud(Setup { versions: Some(newest()), services, keys, ..Setup::default() }).await;
    let image = json!({"id": IMAGE, "name": "big", "status": "active", "min_disk": 10, "min_ram": 512, "size": 7});
    answer(&cloud, "GET", "/image/v2/images", ok(json!({"images": [image]}))).await;
    answer(&cloud, "GET", &format!("/image/v2/images/{IMAGE}"), ok(image)).await;
    let flavors = json!({"flavors": [{"id": "1", "name": "nano", "ram": 64, "disk": 1}]});
    answer(&cloud, "GET", "/compute/v2.1/7/flavors/detail", ok(flavors)).await;
    (cloud, node)
}

fn made() -> ResponseTemplate {
    ResponseTemplate::new(202).set_body_json(json!({"server": {"id": "7"}}))
}

async fn create(
    cloud: &MockServer,
    node: &OpenStack,
    spec: &NodeSpec,
    reply: ResponseTemplate,
) -> (Result<Node>, Value) {
    answer(cloud, "POST", "/compute/v2.1/7/servers", reply).await;
    let created = node.create(spec).await;
    let sent = cloud.received_requests().await.unwrap();
    let sent = sent.iter().rfind(|request| request.url.path().ends_with("/servers"));
    let mut body: Value = sent.map(|request| request.body_json().unwrap()).unwrap_or_default();
    (created, body["server"].take())
}

#[tokio::test]
async fn a_disk_of_its_own_size_is_a_volume_from_the_image() {
    for image in ["big", IMAGE] {
        let (cloud, node) = cloud(vec!["block-storage"], Vec::new()).await;
        let spec = NodeSpec::new("a", image, "nano").with_disk_gb(10);
        let (created, body) = create(&cloud, &node, &spec, made()).await;
        created.unwrap();
        let disk = json!([{"boot_index": 0, "uuid": IMAGE, "source_type": "image", "destination_type": "volume",
            "volume_size": 10, "delete_on_termination": true}]);
        assert_eq!((&body["block_device_mapping_v2"], body.get("imageRef")), (&disk, None));
        assert!(!asked(&cloud).await.iter().any(|line| line.contains("block-storage")));
    }
}

#[tokio::test]
async fn a_type_of_disk_is_asked_for_in_a_version_that_knows_it() {
    let (cloud, node) = cloud(vec!["block-storage"], Vec::new()).await;
    let spec = NodeSpec::new("a", "big", "nano").with_disk_gb(10).with_disk_type("ssd");
    let (created, body) = create(&cloud, &node, &spec, made()).await;
    created.unwrap();
    assert_eq!(
        (&body["block_device_mapping_v2"][0]["volume_type"], &body["networks"]),
        (&json!("ssd"), &json!("auto"))
    );
    let sent = cloud.received_requests().await.unwrap();
    let post = sent.iter().rfind(|request| request.method.as_str() == "POST").unwrap();
    assert_eq!(post.headers["openstack-api-version"], "compute 2.73");
}

#[tokio::test]
async fn a_type_of_disk_needs_a_size() {
    let (cloud, node) = cloud(vec!["block-storage"], Vec::new()).await;
    let error = node.create(&NodeSpec::new("a", "big", "nano").with_disk_type("ssd")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.message().ends_with("which needs a size too; ask for one in GiB"), "{error}");
    assert!(asked(&cloud).await.is_empty());
}

#[tokio::test]
async fn a_type_of_disk_is_one_that_the_cloud_has() {
    let emulator = Emulator::builder().volumes(true).start().await.unwrap();
    let node = scripted::connect(&emulator.settings("openstack").unwrap());
    let props = emulator.props();
    let spec = |kind| NodeSpec::new("a", &props.image, &props.flavor).with_disk_gb(12).with_disk_type(kind);
    let error = node.create(&spec("tape")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.message().contains("tape"), "{error}");
    let types = node.raw(&RawCall::new("GET", "volumev3/types")).await.unwrap();
    let kind = types["volume_types"][0]["name"].as_str().unwrap();
    assert_eq!(node.create(&spec(kind)).await.unwrap().name, "a");
}

#[tokio::test]
async fn a_volume_goes_with_its_server() {
    let emulator = Emulator::builder().volumes(true).start().await.unwrap();
    let node = scripted::connect(&emulator.settings("openstack").unwrap());
    let volumes = async || {
        let told = node.raw(&RawCall::new("GET", "volumev3/volumes/detail")).await.unwrap();
        told["volumes"].as_array().unwrap().iter().map(|volume| volume["size"].clone()).collect::<Vec<_>>()
    };
    let props = emulator.props();
    let spec = NodeSpec::new("a", props.image, props.flavor).with_disk_gb(12).with_network(props.network.unwrap());
    let id = node.create(&spec).await.unwrap().id;
    let context = Context::builder("lab").poll(PollPolicy::quick()).build();
    let reached = async |goal| wait_for(&node, &context, std::slice::from_ref(&id), goal, |_| {}).await.remove(0).1;
    reached(Goal::Running).await.unwrap();
    assert_eq!(volumes().await, [json!(12)]);
    node.destroy(&id).await.unwrap();
    reached(Goal::Gone).await.unwrap();
    let gone = async || Ok(if volumes().await.is_empty() { Poll::Ready(()) } else { Poll::Pending });
    context.poll("the end of the volume", gone).await.unwrap();
}

#[tokio::test]
async fn the_catalogue_may_name_cinder_as_it_did_before() {
    for kind in ["volumev3", "volume", "volumev2"] {
        let (cloud, node) = cloud(vec![kind], Vec::new()).await;
        let spec = NodeSpec::new("a", "big", "nano").with_disk_gb(20);
        create(&cloud, &node, &spec, made()).await.0.unwrap();
    }
}

#[tokio::test]
async fn without_cinder_a_disk_of_its_own_size_is_unsupported() {
    let (cloud, node) = cloud(Vec::new(), Vec::new()).await;
    let error = node.create(&NodeSpec::new("a", "big", "nano").with_disk_gb(20)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("no block storage service (Cinder)"), "{error}");
    assert!(asked(&cloud).await.is_empty());
}

#[tokio::test]
async fn a_disk_too_small_for_the_image_is_not_asked_for() {
    for image in ["big", IMAGE] {
        let (cloud, node) = cloud(vec!["volumev3"], Vec::new()).await;
        let error = node.create(&NodeSpec::new("a", image, "nano").with_disk_gb(9)).await.unwrap_err();
        let message =
            format!("a disk of 9 GiB is too small for image `{image}`, which needs 10; ask for 10 GiB or more");
        assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidInput, message.as_str()));
        assert!(!asked(&cloud).await.iter().any(|line| line.starts_with("POST")));
    }
}

#[tokio::test]
async fn a_flavor_too_small_for_the_image_is_told_with_both_numbers() {
    let (cloud, node) = cloud(Vec::new(), Vec::new()).await;
    let spec = NodeSpec::new("a", "big", "nano");
    let refusal = refused(400, "Flavor's memory is too small for requested image.");
    let error = create(&cloud, &node, &spec, refusal).await.0.unwrap_err();
    let message = "flavor `nano` is too small: it has 64 MiB of memory, and image `big` needs 512; choose a larger one";
    assert_eq!((error.kind(), error.code(), error.message()), (ErrorKind::InvalidInput, Some("badRequest"), message));
    assert_eq!(asked(&cloud).await.len(), 3, "image, flavor, create");
}

#[tokio::test]
async fn a_drive_with_the_configuration_is_asked_for_where_the_cloud_is_to_have_one() {
    for (keys, expected) in [
        (Vec::new(), None),
        (vec![("config_drive", json!(true))], Some(json!(true))),
        (vec![("config_drive", json!(false))], Some(json!(false))),
    ] {
        let (cloud, node) = cloud(Vec::new(), keys).await;
        let (created, body) = create(&cloud, &node, &NodeSpec::new("a", "big", "nano"), made()).await;
        created.unwrap();
        assert_eq!(body.get("config_drive").cloned(), expected);
    }
}

#[tokio::test]
async fn zone_networks_and_groups_are_sent_as_they_are_named() {
    let (cloud, node) = cloud(Vec::new(), Vec::new()).await;
    let networks = |id: &str| ok(json!({"networks": [{"id": id, "name": "lab"}]}));
    answer(&cloud, "GET", "/network/v2.0/networks", networks("n1")).await;
    let spec = NodeSpec::new("a", "big", "nano").with_zone("nova:host-7").with_network("lab").with_network(IMAGE);
    let spec = spec.with_secgroup("ssh").with_secgroup(IMAGE);
    let (created, body) = create(&cloud, &node, &spec, made()).await;
    created.unwrap();
    assert_eq!(body["availability_zone"], "nova:host-7");
    assert_eq!(body["networks"], json!([{"uuid": "n1"}, {"uuid": IMAGE}]));
    assert_eq!(body["security_groups"], json!([{"name": "ssh"}, {"name": IMAGE}]));
}

#[tokio::test]
async fn a_name_of_several_groups_is_ambiguous() {
    let (cloud, node) = cloud(Vec::new(), Vec::new()).await;
    let spec = NodeSpec::new("a", "big", "nano").with_secgroup("ssh");
    let twice = refused(409, "Multiple security_group matches found for name 'ssh', use an ID to be more specific.");
    let error = create(&cloud, &node, &spec, twice).await.0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Ambiguous);
}

#[tokio::test]
async fn a_quota_used_up_in_the_middle_leaves_what_was_made() {
    let (cloud, node) = cloud(Vec::new(), Vec::new()).await;
    let full = refused(403, "Quota exceeded for instances: Requested 1, but already used 3 of 3 instances");
    answer(&cloud, "POST", "/compute/v2.1/7/servers", InTurn::new([made(), made(), made(), full])).await;
    let specs: Vec<_> = (0..8).map(|n| NodeSpec::new(format!("a{n}"), "big", "nano")).collect();
    let created = join_all(specs.iter().map(|spec| node.create(spec))).await;
    let (made, refused): (Vec<_>, Vec<_>) = created.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (3, 5));
    assert!(refused.iter().all(|refused| refused.as_ref().unwrap_err().kind() == ErrorKind::QuotaExceeded));
    let lines = asked(&cloud).await;
    assert_eq!(lines.len(), 10, "image and flavor once, and a request each: {lines:?}");
}
