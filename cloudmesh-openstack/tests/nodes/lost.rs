//! Answers that are lost while something is made: it is looked for, and made no second time.

use std::sync::{Arc, Mutex};

use cloudmesh_abstract::{KeyPair, Keys, PublicIps, SecurityGroups};
use cloudmesh_openstack::OpenStack;
use serde_json::{Value, json};
use wiremock::{MockServer, Request, Respond, ResponseTemplate};

use super::scripted::{self, Setup};
use super::{ADDRESSES, GROUPS, answer, asked, instead, listing, newest, ok};

const KEYS: &str = "/compute/v2.1/7/os-keypairs";
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f a";

/// What was made.
type Made = Arc<Mutex<Option<Value>>>;

/// Makes what is asked for; a gateway loses the answer.
struct Loses(Made);

impl Respond for Loses {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        *self.0.lock().unwrap() = body.as_object().unwrap().values().next().cloned();
        ResponseTemplate::new(504)
    }
}

/// Lists what was made, with more fields, in the words of a service.
struct Lists(Made, Value, fn(Value) -> Value);

impl Respond for Lists {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut made = self.0.lock().unwrap().clone();
        if let Some(Value::Object(made)) = &mut made {
            made.extend(self.1.as_object().unwrap().clone());
        }
        ok((self.2)(made.into_iter().collect()))
    }
}

async fn cloud() -> (MockServer, OpenStack) {
    scripted::cloud(Setup { versions: Some(newest()), retry: true, ..Setup::default() }).await
}

async fn posts(cloud: &MockServer) -> usize {
    asked(cloud).await.iter().filter(|line| line.starts_with("POST")).count()
}

#[tokio::test]
async fn an_address() {
    let (cloud, node) = cloud().await;
    let made = Made::default();
    answer(
        &cloud,
        "GET",
        "/network/v2.0/networks",
        listing("networks", &json!([{"id": "n", "router:external": true}])),
    )
    .await;
    answer(&cloud, "POST", ADDRESSES, Loses(Arc::clone(&made))).await;
    let told = json!({"id": "f", "floating_ip_address": "203.0.113.7"});
    instead(&cloud, "GET", ADDRESSES, Lists(made, told, |found| json!({"floatingips": found}))).await;
    assert_eq!(node.create_public_ip(None).await.unwrap().address.to_string(), "203.0.113.7");
    assert_eq!(posts(&cloud).await, 1);
}

#[tokio::test]
async fn a_group() {
    let (cloud, node) = cloud().await;
    let made = Made::default();
    answer(&cloud, "POST", GROUPS, Loses(Arc::clone(&made))).await;
    answer(&cloud, "GET", GROUPS, Lists(made, json!({"id": "g"}), |found| json!({"security_groups": found}))).await;
    assert_eq!(node.add_secgroup("web", "").await.unwrap().name, "web");
    assert_eq!(posts(&cloud).await, 1);
}

#[tokio::test]
async fn a_key() {
    let (cloud, node) = cloud().await;
    let made = Made::default();
    answer(&cloud, "POST", KEYS, Loses(Arc::clone(&made))).await;
    let list: fn(Value) -> Value = |found| {
        let entries: Vec<Value> = found.as_array().unwrap().iter().map(|key| json!({"keypair": key})).collect();
        json!({"keypairs": entries})
    };
    answer(&cloud, "GET", KEYS, Lists(made, json!({}), list)).await;
    assert_eq!(node.key_upload(&KeyPair::new("k").with_public_key(KEY)).await.unwrap().name, "k");
    assert_eq!(posts(&cloud).await, 1);
}
