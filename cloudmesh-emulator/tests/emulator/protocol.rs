//! What the services check, and how they refuse.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Got};

const SERVERS: &str = "/compute/v2.1/servers";
const NOWHERE: &str = "00000000-0000-0000-0000-000000000000";

#[tokio::test]
async fn sign_in_is_by_password_token_or_credential() {
    let client = Client::start().await;
    let by_token = json!({"auth": {
        "identity": {"methods": ["token"], "token": {"id": client.token}},
        "scope": {"project": {"name": "demo", "domain": {"id": "default"}}},
    }});
    let answer = client.sign_in(&by_token).await;
    assert_eq!((answer.status, &answer.json()["token"]["methods"]), (201, &json!(["password", "token"])));
    let mut unscoped = client.password();
    unscoped["auth"].as_object_mut().unwrap().remove("scope");
    let answer = client.sign_in(&unscoped).await;
    assert_eq!(answer.status, 201);
    assert!(answer.json()["token"].get("catalog").is_none());
}

#[tokio::test]
async fn the_catalogue_leads_back_to_this_server() {
    let client = Client::start().await;
    let body = client.sign_in(&client.password()).await.json();
    let services = body["token"]["catalog"].as_array().unwrap();
    for service in services {
        let url = service["endpoints"][0]["url"].as_str().unwrap();
        assert!(url.starts_with(&client.emulator.url()), "{url}");
    }
}

#[tokio::test]
async fn a_wrong_password_opens_nothing() {
    let client = Client::start().await;
    let mut body = client.password();
    body["auth"]["identity"]["password"]["user"]["password"] = json!("wrong");
    let answer = client.sign_in(&body).await;
    assert_eq!(answer.status, 401);
    assert!(answer.header("www-authenticate").starts_with("Keystone uri="));
    assert!(answer.header("x-subject-token").is_empty());
}

#[tokio::test]
async fn tokens_are_checked_everywhere_and_can_be_revoked() {
    let mut client = Client::start().await;
    let paths = [SERVERS, "/image/v2/images", "/network/v2.0/networks", "/identity/v3/auth/catalog"];
    for path in paths {
        assert_eq!(client.get(path).await.status, 200, "{path}");
    }
    let revoke = client.request(Method::DELETE, "/identity/v3/auth/tokens");
    let revoke = revoke.header("x-auth-token", &client.token).header("x-subject-token", &client.token);
    assert_eq!(client.send(revoke).await.unwrap().status, 204);
    for path in paths {
        assert_eq!(client.get(path).await.status, 401, "{path}");
    }
    client.token = String::new();
    assert_eq!(client.get(SERVERS).await.status, 401);
}

#[tokio::test]
async fn each_service_errs_in_its_own_shape() {
    let client = Client::start().await;
    let table = [
        ("/identity/v3/auth/tokens", 403, "/error/message"),
        ("/compute/v2.1/servers/none", 404, "/itemNotFound/message"),
        ("/compute/v2.1/nothing", 404, "/message"),
        ("/image/v2/images/none", 404, "/message"),
        ("/network/v2.0/networks/none", 404, "/NeutronError/message"),
    ];
    for (path, status, place) in table {
        let answer = client.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.json().pointer(place).is_some_and(Value::is_string), "{path}: {}", answer.text);
        assert!(answer.header("x-openstack-request-id").starts_with("req-"), "{path}");
    }
}

#[tokio::test]
async fn versions_are_negotiated() {
    let client = Client::start().await;
    let ask = |version: &'static str| {
        let request = client.request(Method::GET, SERVERS).header("x-auth-token", &client.token);
        client.send(request.header("openstack-api-version", format!("compute {version}")))
    };
    for (version, status, told) in [
        ("2.50", 200, "compute 2.50"),
        ("latest", 200, "compute 2.93"),
        ("2.999", 406, "compute 2.999"),
        ("2.0", 406, "compute 2.0"),
        ("newest", 400, ""),
    ] {
        let answer = ask(version).await.unwrap();
        assert_eq!((answer.status, answer.header("openstack-api-version")), (status, told), "{version}");
    }
}

/// Tries to make a server with some of the fields changed; `null` leaves one out.
async fn refused(client: &Client, changes: Value) -> Got {
    let mut body = client.wish("web").await;
    let server = body["server"].as_object_mut().unwrap();
    for (key, value) in changes.as_object().unwrap() {
        server.remove(key);
        if !value.is_null() {
            server.insert(key.clone(), value.clone());
        }
    }
    client.post(SERVERS, body).await
}

#[tokio::test]
async fn bad_servers_are_refused() {
    let client = Client::start().await;
    let table = [
        (json!({"name": ""}), 400, "Invalid input for field/attribute name. Value: . '' is too short"),
        (json!({"name": 7}), 400, "Invalid input for field/attribute name. Value: 7. 7 is not of type 'string'"),
        (json!({"flavorRef": "none"}), 400, "Flavor none could not be found."),
        (json!({"imageRef": null}), 400, "Missing imageRef attribute"),
        (json!({"imageRef": NOWHERE}), 400, "Can not find requested image"),
        (json!({"key_name": "none"}), 400, "Invalid key_name provided."),
        (json!({"security_groups": [{"name": "no"}]}), 400, "Unable to find security_group with name or id 'no'"),
        (json!({"networks": [{"uuid": NOWHERE}]}), 400, &format!("Network {NOWHERE} could not be found.")),
        (json!({"availability_zone": "mars"}), 400, "The requested availability zone is not available"),
        (json!({"min_count": 2, "max_count": 1}), 400, "min_count must be <= max_count"),
        (
            json!({"user_data": "#!"}),
            400,
            "Invalid input for field/attribute user_data. Value: #!. '#!' is not a 'base64'",
        ),
        (json!({"flavorRef": "1"}), 400, "Flavor's memory is too small for requested image."),
    ];
    for (changes, status, message) in table {
        let answer = refused(&client, changes.clone()).await;
        assert_eq!((answer.status, answer.message().as_str()), (status, message), "{changes}");
    }
    assert!(client.emulator.world().node_names().is_empty());
}

#[tokio::test]
async fn an_image_that_is_too_large_is_refused() {
    let client = Client::start().await;
    let images = client.get("/image/v2/images?name=windows-server-2025").await.json();
    let answer = refused(&client, json!({"imageRef": images["images"][0]["id"]})).await;
    assert_eq!(answer.status, 400);
    assert!(answer.message().starts_with("Flavor's disk is too small for requested image."), "{}", answer.text);
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let client = Client::start().await;
    let table =
        [(SERVERS, 400, "Malformed request body"), ("/network/v2.0/networks", 400, "Body contains invalid data")];
    for (path, status, message) in table {
        let request = client.request(Method::POST, path).header("x-auth-token", &client.token).body("{not json");
        let answer = client.send(request).await.unwrap();
        assert_eq!((answer.status, answer.message().as_str()), (status, message), "{path}");
    }
}

#[tokio::test]
async fn actions_are_refused_in_the_wrong_state() {
    let client = Client::start().await;
    let id = client.emulator.world().plant("web");
    let server = format!("{SERVERS}/{id}");
    let table = [
        (json!({"os-start": null}), 409, format!("Cannot 'start' instance {id} while it is in vm_state active")),
        (json!({"resume": null}), 409, format!("Cannot 'resume' instance {id} while it is in vm_state active")),
        (json!({"levitate": null}), 400, "There is no such action: levitate".to_owned()),
        (json!({"os-stop": null, "os-start": null}), 400, "Malformed request body".to_owned()),
        (
            json!({"migrate": null}),
            403,
            "Policy doesn't allow os_compute_api:os-migrate-server:migrate to be performed.".to_owned(),
        ),
    ];
    for (action, status, message) in table {
        let answer = client.act(&server, action).await;
        assert_eq!((answer.status, answer.message()), (status, message));
    }
}

#[tokio::test]
async fn names_are_found_by_regular_expression() {
    let client = Client::start().await;
    for name in ["web-1", "web-10", "db"] {
        client.emulator.world().plant(name);
    }
    for (name, wanted) in [("web-1", 2), ("%5Eweb-1%24", 1), ("WEB", 0), ("web%7Cdb", 3), ("nothing", 0)] {
        let found = client.get(&format!("{SERVERS}?name={name}")).await.json();
        assert_eq!(found["servers"].as_array().unwrap().len(), wanted, "{name}");
    }
    assert_eq!(client.get(&format!("{SERVERS}?name=%5B")).await.status, 400);
}

#[tokio::test]
async fn a_nameless_server_is_listed() {
    let client = Client::start().await;
    client.emulator.world().plant("");
    assert_eq!(client.get(SERVERS).await.json()["servers"][0]["name"], "");
}

#[tokio::test]
async fn rules_are_exactly_what_was_asked() {
    let client = Client::start().await;
    let group = client.post("/network/v2.0/security-groups", json!({"security_group": {"name": "g"}})).await.json();
    let rule = json!({"security_group_rule": {
        "security_group_id": group["security_group"]["id"], "direction": "ingress", "ethertype": "IPv6",
        "protocol": "udp", "port_range_min": 53, "port_range_max": 54, "remote_ip_prefix": "2001:db8::/32",
    }});
    let made = client.post("/network/v2.0/security-group-rules", rule.clone()).await;
    assert_eq!(made.status, 201);
    for (key, value) in rule["security_group_rule"].as_object().unwrap() {
        assert_eq!(&made.json()["security_group_rule"][key], value, "{key}");
    }
    assert_eq!(client.post("/network/v2.0/security-group-rules", rule).await.status, 409);
}
