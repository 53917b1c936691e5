//! Public addresses of nodes.

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble, Troubles as _};
use cloudmesh_compute::{ErrorKind, Operation, PublicIps};

use crate::lab::{Lab, boot};

#[tokio::test]
async fn a_node_keeps_its_address_or_gets_the_lowest_free_one_or_a_new_one() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let nodes = boot(&cloud, &["web-1", "web-2", "web-3"]).await;
    assert_eq!(cloud.find_available_public_ip().await.unwrap(), None);
    assert_eq!(cloud.get_public_ip(&nodes[0].id).await.unwrap(), None);
    let mut made = [cloud.create_public_ip(None).await.unwrap(), cloud.create_public_ip(None).await.unwrap()];
    made.sort_by_key(|made| made.address);
    assert_eq!(cloud.find_available_public_ip().await.unwrap().unwrap().address, made[0].address);

    let first = cloud.assign_public_ip(&nodes[0].id).await.unwrap();
    assert_eq!((first.address, first.node.as_ref()), (made[0].address, Some(&nodes[0].id)));
    assert_eq!(cloud.assign_public_ip(&nodes[0].id).await.unwrap().address, made[0].address);
    assert_eq!(cloud.assign_public_ip(&nodes[1].id).await.unwrap().address, made[1].address);
    let new = cloud.assign_public_ip(&nodes[2].id).await.unwrap();
    assert!(made.iter().all(|made| made.address != new.address));
    assert_eq!(cloud.get_public_ip(&nodes[2].id).await.unwrap(), Some(new.address));
    assert_eq!(cloud.list_public_ips().await.unwrap().len(), 3);
    assert_eq!(cloud.find_available_public_ip().await.unwrap(), None);
}

#[tokio::test]
async fn a_new_address_that_cannot_be_attached_is_released_again() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let error = cloud.assign_public_ip(&"vm-404".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(cloud.list_public_ips().await.unwrap().is_empty());

    lab.world.disturb(Disturbance::new(Trouble::Html).on(On::Operation(Operation::DeletePublicIp)));
    let error = cloud.assign_public_ip(&"vm-404".into()).await.unwrap_err();
    let left = cloud.list_public_ips().await.unwrap();
    assert_eq!((error.kind(), left.len()), (ErrorKind::NotFound, 1));
    let advice = format!("`cms ip delete {}` does it", left[0].address);
    assert!(error.message().ends_with(&advice), "{error}");
}
