//! What was left behind, and who wears a group: what is ours, and what is somebody else's.

use cloudmesh_abstract::{ErrorKind, Leftover, Leftovers, SecurityGroups};
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{ADDRESSES, GROUPS, PORTS, answer, asked, cloud, instead, listing, neutron, server};

#[tokio::test]
async fn what_another_project_or_a_stranger_made_is_no_leftover() {
    let (cloud, node) = cloud().await;
    let address = |id: &str, project: &str, description: &str| json!({"id": id, "floating_ip_address": "203.0.113.7", "tenant_id": project, "description": description});
    let addresses =
        json!([address("1", "2", "cm-name=a"), address("2", "another", "cm-name=b"), address("3", "2", "by hand")]);
    instead(&cloud, "GET", ADDRESSES, listing("floatingips", &addresses)).await;
    let port = |id: &str, project: &str, device: &str| json!({"id": id, "tenant_id": project, "device_id": device, "description": "cm-name=a"});
    let ports = json!([port("4", "2", ""), port("5", "another", ""), port("6", "2", "7")]);
    answer(&cloud, "GET", PORTS, listing("ports", &ports)).await;
    let found: Vec<String> = node.leftovers().await.unwrap().into_iter().map(|leftover| leftover.id).collect();
    assert_eq!(found, ["1", "4"]);
}

#[tokio::test]
async fn a_port_is_removed_unless_it_is_in_use_again() {
    let table = [
        (json!([]), None, 0),
        (json!([{"id": "p"}]), None, 1),
        (json!([{"id": "p", "device_id": "7"}]), Some(ErrorKind::Conflict), 0),
    ];
    for (ports, refused, deletes) in table {
        let (cloud, node) = cloud().await;
        answer(&cloud, "GET", PORTS, listing("ports", &ports)).await;
        answer(&cloud, "DELETE", &format!("{PORTS}/p"), ResponseTemplate::new(204)).await;
        let removed = node.remove_leftover(&Leftover::new("p", "web", "port")).await;
        assert_eq!(removed.err().map(|error| error.kind()), refused, "{ports}");
        let sent = asked(&cloud).await.iter().filter(|line| line.starts_with("DELETE")).count();
        assert_eq!(sent, deletes, "{ports}");
    }
}

#[tokio::test]
async fn only_those_who_wear_a_group_are_named() {
    let (cloud, node) = cloud().await;
    answer(&cloud, "GET", GROUPS, listing("security_groups", &json!([{"id": "g", "name": "web"}]))).await;
    answer(&cloud, "DELETE", &format!("{GROUPS}/g"), neutron(409, "SecurityGroupInUse")).await;
    let ports = json!([{"id": "p1", "device_id": "8", "security_groups": ["other"]},
        {"id": "p2", "device_id": "7", "security_groups": ["other", "g"]}]);
    answer(&cloud, "GET", PORTS, listing("ports", &ports)).await;
    answer(&cloud, "GET", super::SERVER, server("ACTIVE", None)).await;
    let error = node.remove_secgroup("web").await.unwrap_err();
    assert!(error.message().starts_with("the security group `web` is worn by node `7`; take it off"), "{error}");
}

#[tokio::test]
async fn of_several_groups_of_one_name_none_is_deleted() {
    let (cloud, node) = cloud().await;
    let groups = json!([{"id": "g", "name": "web", "tenant_id": "2"}, {"id": "h", "name": "web", "tenant_id": "2"}]);
    answer(&cloud, "GET", GROUPS, listing("security_groups", &groups)).await;
    let error = node.remove_secgroup("web").await.unwrap_err();
    let message = "`web` is the name of several security groups; give the id: `g`, `h`";
    assert_eq!((error.kind(), error.message()), (ErrorKind::Ambiguous, message));
    assert!(!asked(&cloud).await.iter().any(|line| line.starts_with("DELETE")));
}
