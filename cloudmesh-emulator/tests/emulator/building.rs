//! What a server can be made of.

use std::time::Duration;

use cloudmesh_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Got};

const SERVERS: &str = "/compute/v2.1/servers";

async fn at_once() -> Client {
    Client::of(Emulator::builder().build_time(Duration::ZERO).start().await.unwrap()).await
}

async fn create(client: &Client, changes: &Value) -> Got {
    let mut body = client.wish("web").await;
    for (key, value) in changes.as_object().unwrap() {
        body["server"][key] = value.clone();
    }
    client.post(SERVERS, body).await
}

#[tokio::test]
async fn what_contradicts_itself_is_refused() {
    let client = at_once().await;
    let image = client.wish("x").await["server"]["imageRef"].clone();
    let disk = |changes: Value| {
        let mut disk = json!({"boot_index": 0, "uuid": image, "source_type": "image", "destination_type": "volume",
            "volume_size": 10});
        for (key, value) in changes.as_object().unwrap() {
            disk[key] = value.clone();
        }
        json!({"block_device_mapping_v2": [disk]})
    };
    let sequence = "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping \
                    combination is not valid.";
    let table = [
        (
            json!({"availability_zone": "nova:host"}),
            403,
            "Policy doesn't allow os_compute_api:servers:create:forced_host",
        ),
        (json!({"availability_zone": "mars"}), 400, "The requested availability zone is not available"),
        (json!({"config_drive": "maybe"}), 400, "Invalid input for field/attribute config_drive."),
        (json!({"networks": [{"uuid": "no"}]}), 400, "Bad networks format: network uuid is not in proper format (no)"),
        (json!({"networks": [{}]}), 400, "Bad network format: missing 'uuid'"),
        (json!({"accessIPv4": "here"}), 400, "Invalid input for field/attribute accessIPv4."),
        (json!({"host": "x"}), 400, "Invalid input for field/attribute server."),
        (disk(json!({"boot_index": 1})), 400, sequence),
        (disk(json!({"volume_size": 0})), 400, "Invalid input for field/attribute volume_size."),
        (disk(json!({"volume_size": 2})), 400, "Volume is smaller than the minimum size specified in image metadata."),
        (disk(json!({"source_type": "blank"})), 400, "Block Device Mapping is Invalid: Invalid device UUID."),
        (disk(json!({"colour": "blue"})), 400, "Invalid input for field/attribute 0."),
    ];
    for (changes, status, message) in table {
        let answer = create(&client, &changes).await;
        assert_eq!(
            (answer.status, answer.message().starts_with(message)),
            (status, true),
            "{changes}: {}",
            answer.text
        );
    }
    assert!(client.emulator.world().node_names().is_empty());
}

#[tokio::test]
async fn groups_are_named_by_name_or_id_and_must_be_one() {
    let client = at_once().await;
    let group = json!({"security_group": {"name": "twin"}});
    let first = client.post("/network/v2.0/security-groups", group.clone()).await.json();
    client.post("/network/v2.0/security-groups", group).await;
    let answer = create(&client, &json!({"security_groups": [{"name": "twin"}]})).await;
    let told = "Multiple security_group matches found for name 'twin', use an ID to be more specific.";
    assert_eq!((answer.status, answer.message().as_str()), (409, told));
    let id = &first["security_group"]["id"];
    let made = create(&client, &json!({"security_groups": [{"name": id}, {"name": "default"}]})).await;
    let server = format!("{SERVERS}/{}", made.json()["server"]["id"].as_str().unwrap());
    let groups = client.get(&server).await.json()["server"]["security_groups"].clone();
    assert_eq!(groups.as_array().unwrap().len(), 2, "{groups}");
    let answer = client.act(&server, json!({"addSecurityGroup": {"name": "twin"}})).await;
    assert_eq!((answer.status, answer.message().as_str()), (409, told));
}

#[tokio::test]
async fn a_port_is_used_once_and_outlives_its_server() {
    let client = at_once().await;
    let network = client.get("/network/v2.0/networks?name=private").await.json()["networks"][0]["id"].clone();
    let port = client.post("/network/v2.0/ports", json!({"port": {"network_id": network}})).await.json();
    let (port, address) = (&port["port"]["id"], &port["port"]["fixed_ips"][0]["ip_address"]);
    let wish = json!({"networks": [{"port": port}]});
    let many = create(&client, &json!({"networks": [{"port": port}], "min_count": 2})).await;
    assert_eq!(many.status, 400, "{}", many.text);
    let made = create(&client, &wish).await;
    assert_eq!(made.status, 202, "{}", made.text);
    let server = format!("{SERVERS}/{}", made.json()["server"]["id"].as_str().unwrap());
    assert_eq!(&client.get(&server).await.json()["server"]["addresses"]["private"][0]["addr"], address);
    let again = create(&client, &wish).await;
    let told = format!("Port {} is still in use.", port.as_str().unwrap());
    assert_eq!((again.status, again.message()), (409, told));
    client.ask(Method::DELETE, &server, None).await;
    let left = client.get(&format!("/network/v2.0/ports/{}", port.as_str().unwrap())).await.json();
    assert_eq!(left["port"]["device_id"], "");
    assert_eq!(create(&client, &wish).await.status, 202);
}

#[tokio::test]
async fn an_address_can_be_wished_for_once() {
    let client = at_once().await;
    let network = client.get("/network/v2.0/networks?name=private").await.json()["networks"][0]["id"].clone();
    let wish = json!({"networks": [{"uuid": network, "fixed_ip": "10.0.7.7"}]});
    for status in ["ACTIVE", "ERROR"] {
        let made = create(&client, &wish).await.json();
        let server = format!("{SERVERS}/{}", made["server"]["id"].as_str().unwrap());
        assert_eq!(client.get(&server).await.json()["server"]["status"], status);
    }
}

#[tokio::test]
async fn a_config_drive_and_a_reservation_are_told() {
    let client = at_once().await;
    let made = create(&client, &json!({"config_drive": true, "availability_zone": "nova"})).await.json();
    let server = format!("{SERVERS}/{}", made["server"]["id"].as_str().unwrap());
    assert_eq!(client.get(&server).await.json()["server"]["config_drive"], "True");
    let reserved = create(&client, &json!({"return_reservation_id": true})).await;
    assert!(reserved.json()["reservation_id"].as_str().unwrap().starts_with("r-"), "{}", reserved.text);
    assert_eq!(reserved.header("location"), "");
}
