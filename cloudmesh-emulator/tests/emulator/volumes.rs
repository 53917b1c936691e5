//! Volumes, and servers that boot from them.

use std::time::Duration;

use cloudmesh_abstract::conformance::{Disturbance, Trouble};
use cloudmesh_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Client;

const SERVERS: &str = "/compute/v2.1/servers";
const STEP: Duration = Duration::from_millis(30);

/// A client of a cloud with volumes, and where they are.
async fn with_volumes() -> (Client, String) {
    let emulator = Emulator::builder().volumes(true).build_time(Duration::ZERO).start().await.unwrap();
    let client = Client::of(emulator).await;
    let path = volumes(&client).await.unwrap();
    (client, path)
}

/// The path of volumes, as the catalogue tells it.
async fn volumes(client: &Client) -> Option<String> {
    let catalogue = client.get("/identity/v3/auth/catalog").await.json();
    let service = catalogue["catalog"].as_array().unwrap().iter().find(|one| one["type"] == "volumev3")?.clone();
    let url = service["endpoints"][0]["url"].as_str().unwrap().to_owned();
    Some(format!("{}/volumes", url.strip_prefix(&client.emulator.url()).unwrap()))
}

async fn make(client: &Client, path: &str, fields: Value) -> String {
    let made = client.post(path, json!({"volume": fields})).await;
    assert_eq!(made.status, 202, "{}", made.text);
    made.json()["volume"]["id"].as_str().unwrap().to_owned()
}

/// Makes a server from one disk and gives its path.
async fn boot(client: &Client, disk: Value) -> String {
    let mut wish = client.wish("web").await;
    wish["server"].as_object_mut().unwrap().remove("imageRef");
    wish["server"]["block_device_mapping_v2"] = json!([disk]);
    let made = client.post(SERVERS, wish).await;
    assert_eq!(made.status, 202, "{}", made.text);
    format!("{SERVERS}/{}", made.json()["server"]["id"].as_str().unwrap())
}

async fn image(client: &Client) -> Value {
    client.wish("x").await["server"]["imageRef"].clone()
}

#[tokio::test]
async fn there_are_no_volumes_unless_they_are_asked_for() {
    let client = Client::of(Emulator::builder().build_time(Duration::ZERO).start().await.unwrap()).await;
    assert_eq!(volumes(&client).await, None);
    assert_eq!(client.get("/volume/v3/").await.status, 404);
    let disk = json!({"boot_index": 0, "uuid": image(&client).await, "source_type": "image",
        "destination_type": "volume", "volume_size": 10});
    let server = client.get(&boot(&client, disk).await).await.json();
    assert_eq!(server["server"]["status"], "ERROR");
    let told = server["server"]["fault"]["message"].as_str().unwrap();
    assert!(told.ends_with("publicURL endpoint for volumev3 service not found"), "{told}");
}

#[tokio::test]
async fn volumes_are_made_listed_and_deleted() {
    let (client, path) = with_volumes().await;
    let id = make(&client, &path, json!({"name": "data", "size": 1, "metadata": {"cm-name": "x"}})).await;
    let shown = client.get(&format!("{path}/{id}")).await.json();
    assert_eq!((&shown["volume"]["status"], &shown["volume"]["size"]), (&json!("available"), &json!(1)));
    let bootable = json!({"os-set_bootable": {"bootable": true}});
    assert_eq!(client.post(&format!("{path}/{id}/action"), bootable).await.status, 200);
    assert_eq!(client.get(&format!("{path}/{id}")).await.json()["volume"]["bootable"], "true");
    assert_eq!(client.post(&format!("{path}/{id}/action"), json!({"levitate": {}})).await.status, 400);
    for (query, wanted) in [("?name=data", 1), ("?name=other", 0), ("?status=available", 1), ("/detail?limit=1", 1)] {
        let listed = client.get(&format!("{path}{query}")).await.json();
        assert_eq!(listed["volumes"].as_array().unwrap().len(), wanted, "{query}");
    }
    assert_eq!(client.ask(Method::DELETE, &format!("{path}/{id}"), None).await.status, 202);
    let gone = client.get(&format!("{path}/{id}")).await;
    assert_eq!((gone.status, gone.message()), (404, format!("Volume {id} could not be found.")));
}

#[tokio::test]
async fn bad_volumes_are_refused() {
    let (client, path) = with_volumes().await;
    let image = image(&client).await;
    let table = [
        (json!({"size": 0}), 400, "Invalid input for field/attribute size. Value: 0. 0 is less than the minimum of 1"),
        (
            json!({"size": "big"}),
            400,
            "Invalid input for field/attribute size. Value: big. 'big' does not match '^[0-9]+$'",
        ),
        (json!({"name": "x"}), 400, "Invalid input received: Volume size 'None' must be an integer and greater than 0"),
        (json!({"size": 1, "name": "n".repeat(256)}), 400, "Invalid input for field/attribute name."),
        (json!({"size": 1, "imageRef": "x"}), 400, "Invalid image identifier or unable to access requested image."),
        (
            json!({"size": 2, "imageRef": image}),
            400,
            "Invalid input received: Volume size 2GB cannot be smaller than the image minDisk size 4GB.",
        ),
        (json!({"size": 1, "volume_type": "fast"}), 404, "Volume type with name fast could not be found."),
        (
            json!({"size": 1, "availability_zone": "mars"}),
            400,
            "Invalid input received: Availability zone 'mars' is invalid.",
        ),
    ];
    for (fields, status, message) in table {
        let answer = client.post(&path, json!({"volume": fields})).await;
        assert_eq!((answer.status, answer.message().starts_with(message)), (status, true), "{fields}: {}", answer.text);
    }
    client.emulator.troubles().disturb(Disturbance::new(Trouble::Quota));
    let answer = client.post(&path, json!({"volume": {"size": 1}})).await;
    assert_eq!((answer.status, answer.header("retry-after")), (413, "0"), "{}", answer.text);
}

#[tokio::test]
async fn a_server_has_its_volume_as_long_as_it_lives() {
    let (client, path) = with_volumes().await;
    let id = make(&client, &path, json!({"size": 10, "imageRef": image(&client).await})).await;
    let disk = json!({"boot_index": 0, "uuid": id, "source_type": "volume", "destination_type": "volume"});
    let server = boot(&client, disk.clone()).await;
    let shown = client.get(&server).await.json();
    assert_eq!((&shown["server"]["status"], &shown["server"]["image"]), (&json!("ACTIVE"), &json!("")));
    assert_eq!(shown["server"]["os-extended-volumes:volumes_attached"], json!([{"id": id}]));
    let volume = client.get(&format!("{path}/{id}")).await.json();
    assert_eq!(volume["volume"]["status"], "in-use");
    assert_eq!(volume["volume"]["attachments"][0]["device"], "/dev/vda");
    let attached = client.get(&format!("{server}/os-volume_attachments")).await.json();
    assert_eq!(attached["volumeAttachments"][0]["volumeId"], json!(id));
    let refused = client.ask(Method::DELETE, &format!("{path}/{id}"), None).await;
    assert_eq!(refused.status, 400);
    assert!(refused.message().starts_with("Invalid volume: Volume status must be available"), "{}", refused.text);

    let mut wish = client.wish("other").await;
    wish["server"]["block_device_mapping_v2"] = json!([disk]);
    let taken = client.post(SERVERS, wish).await;
    let told = format!("Invalid volume: volume '{id}' status must be 'available'. Currently in 'in-use'");
    assert_eq!((taken.status, taken.message()), (400, told));

    client.ask(Method::DELETE, &server, None).await;
    assert_eq!(client.get(&format!("{path}/{id}")).await.json()["volume"]["status"], "available");
}

#[tokio::test]
async fn a_volume_made_for_a_server_goes_with_it_if_it_shall() {
    let (client, path) = with_volumes().await;
    for (ends, left) in [(true, 0), (false, 1)] {
        let disk = json!({"boot_index": 0, "uuid": image(&client).await, "source_type": "image",
            "destination_type": "volume", "volume_size": 10, "delete_on_termination": ends});
        let server = boot(&client, disk).await;
        assert_eq!(client.get(&path).await.json()["volumes"].as_array().unwrap().len(), 1);
        client.ask(Method::DELETE, &server, None).await;
        assert_eq!(client.get(&path).await.json()["volumes"].as_array().unwrap().len(), left);
    }
}

#[tokio::test]
async fn volumes_take_their_time() {
    let (client, clock) = Client::still().await;
    client.emulator.world().set_volumes(true);
    let path = volumes(&client).await.unwrap();
    let volume = format!("{path}/{}", make(&client, &path, json!({"size": 1})).await);
    assert_eq!(client.get(&volume).await.json()["volume"]["status"], "creating");
    assert_eq!(client.ask(Method::DELETE, &volume, None).await.status, 400);
    clock.advance(STEP);
    assert_eq!(client.get(&volume).await.json()["volume"]["status"], "available");
    client.ask(Method::DELETE, &volume, None).await;
    assert_eq!(client.get(&volume).await.json()["volume"]["status"], "deleting");
    clock.advance(STEP);
    assert_eq!(client.get(&volume).await.status, 404);
}
