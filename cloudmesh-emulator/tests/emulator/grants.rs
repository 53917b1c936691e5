//! Where the emulated AWS grants credentials without an access key: metadata service, container, directory, workload.

use cloudmesh_abstract::ExposeSecret;
use cloudmesh_emulator::{Clock, Emulator};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN: &str = "x-aws-ec2-metadata-token";
const ROLE: &str = "/latest/meta-data/iam/security-credentials/lab";

/// An instance, and its way to the metadata service.
struct Instance {
    emulator: Emulator,
    clock: Clock,
    http: reqwest::Client,
}

impl Instance {
    async fn start() -> Self {
        let clock = Clock::still();
        let emulator = Emulator::builder().kind("aws").clock(clock.clone()).start().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { emulator, clock, http }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.emulator.url()))
    }

    async fn token(&self, seconds: &str) -> Response {
        self.ask(Method::PUT, "/latest/api/token").header(TTL, seconds).send().await.unwrap()
    }

    async fn get(&self, token: &str, path: &str) -> Response {
        self.ask(Method::GET, path).header(TOKEN, token).send().await.unwrap()
    }
}

#[tokio::test]
async fn the_metadata_service_answers_nobody_without_a_token() {
    let instance = Instance::start().await;
    let bare = instance.ask(Method::GET, ROLE).send().await.unwrap();
    assert_eq!(bare.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(instance.get("made-up", ROLE).await.status(), StatusCode::UNAUTHORIZED);
    for seconds in ["", "0", "21601", "soon"] {
        assert_eq!(instance.token(seconds).await.status(), StatusCode::BAD_REQUEST, "{seconds}");
    }
    let forwarded =
        instance.ask(Method::PUT, "/latest/api/token").header(TTL, "60").header("x-forwarded-for", "10.0.0.1");
    assert_eq!(forwarded.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_opens_the_metadata_until_it_ends() {
    let instance = Instance::start().await;
    let granted = instance.token("60").await;
    assert_eq!(granted.headers()[TTL], "60");
    let token = granted.text().await.unwrap();
    let roles = instance.get(&token, "/latest/meta-data/iam/security-credentials/").await;
    assert_eq!(roles.text().await.unwrap(), "lab");
    let document: Value =
        instance.get(&token, "/latest/dynamic/instance-identity/document").await.json().await.unwrap();
    assert_eq!(document["accountId"], instance.emulator.aws_proofs().account);
    assert_eq!(instance.get(&token, "/latest/meta-data/placement/region").await.text().await.unwrap(), "us-east-1");
    assert_eq!(instance.get(&token, "/latest/meta-data/no-such").await.status(), StatusCode::NOT_FOUND);
    instance.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(instance.get(&token, ROLE).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_instance_is_given_the_same_keys_until_they_are_about_to_end() {
    let instance = Instance::start().await;
    let token = instance.token("21600").await.text().await.unwrap();
    let keys = async || {
        let keys: Value = instance.get(&token, ROLE).await.json().await.unwrap();
        assert_eq!(keys["Code"], "Success");
        keys["AccessKeyId"].clone()
    };
    let first = keys().await;
    assert_eq!(keys().await, first);
    instance.emulator.revoke_tokens();
    assert_ne!(keys().await, first);
}

#[tokio::test]
async fn a_container_shows_its_token() {
    let instance = Instance::start().await;
    let proofs = instance.emulator.aws_proofs();
    let ask = |token: &str| instance.http.get(&proofs.container_url).header("authorization", token).send();
    assert_eq!(ask("made-up").await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let keys: Value = ask(proofs.container.expose_secret()).await.unwrap().json().await.unwrap();
    assert_eq!(keys["RoleArn"], proofs.role);
    assert!(keys["AccessKeyId"].as_str().unwrap().starts_with("ASIA"));
}

#[tokio::test]
async fn the_directory_grants_a_role_that_is_assigned() {
    let instance = Instance::start().await;
    let proofs = instance.emulator.aws_proofs();
    let ask = async |token: &str, account: &str, role: &str| {
        let path = format!("/federation/credentials?account_id={account}&role_name={role}");
        instance.ask(Method::GET, &path).header("x-amz-sso_bearer_token", token).send().await.unwrap()
    };
    let person = proofs.person.expose_secret();
    assert_eq!(ask("made-up", &proofs.account, "lab").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(ask(person, &proofs.account, "").await.status(), StatusCode::BAD_REQUEST);
    let refused = ask(person, &proofs.account, "admin").await;
    assert_eq!(refused.headers()["x-amzn-errortype"], "ForbiddenException");
    let granted: Value = ask(person, &proofs.account, "lab").await.json().await.unwrap();
    assert!(granted["roleCredentials"]["expiration"].is_number());
}

#[tokio::test]
async fn a_workload_takes_the_role_on_with_its_token_alone() {
    let instance = Instance::start().await;
    let proofs = instance.emulator.aws_proofs();
    let ask = async |token: &str, role: &str| {
        let form = [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", "2011-06-15"),
            ("RoleArn", role),
            ("RoleSessionName", "test"),
            ("WebIdentityToken", token),
        ];
        instance.ask(Method::POST, "/").form(&form).send().await.unwrap().text().await.unwrap()
    };
    let workload = proofs.workload.expose_secret();
    assert!(ask("made-up", &proofs.role).await.contains("<Code>InvalidIdentityToken</Code>"));
    assert!(ask(workload, &proofs.guarded_role).await.contains("<Code>AccessDenied</Code>"));
    let granted = ask(workload, &proofs.role).await;
    assert!(granted.contains("<SessionToken>") && granted.contains(":assumed-role/lab/test</Arn>"), "{granted}");
    assert!(ask(workload, "lab").await.contains("<Code>ValidationError</Code>"));
}
