//! A plain HTTP client for an emulated OpenStack.

use std::time::Duration;

use cloudmesh_emulator::{Clock, Emulator};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The message of an error of any service.
    pub(crate) fn message(&self) -> String {
        let body = self.json();
        let inner = body.as_object().and_then(|body| body.values().find(|value| value.is_object()));
        inner.unwrap_or(&body)["message"].as_str().unwrap_or_default().to_owned()
    }
}

/// Somebody who has signed in.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) emulator: Emulator,
    pub(crate) token: String,
    http: reqwest::Client,
}

impl Client {
    pub(crate) async fn start() -> Self {
        Self::of(Emulator::start().await.unwrap()).await
    }

    /// On a clock that stands still.
    pub(crate) async fn still() -> (Self, Clock) {
        let clock = Clock::still();
        let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
        (Self::of(emulator).await, clock)
    }

    pub(crate) async fn of(emulator: Emulator) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
        let mut client = Self { emulator, token: String::new(), http };
        client.token = client.sign_in(&client.password()).await.header("x-subject-token").to_owned();
        assert!(!client.token.is_empty());
        client
    }

    /// What signs in by password.
    pub(crate) fn password(&self) -> Value {
        let settings = self.emulator.settings("openstack").unwrap();
        let auth = |key: &str| settings.get(&format!("credentials.auth.{key}")).unwrap().clone();
        let domain = json!({"name": auth("user_domain_name")});
        let user = json!({"name": auth("username"), "password": auth("password"), "domain": domain});
        json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": auth("project_name"), "domain": domain}},
        }})
    }

    pub(crate) async fn sign_in(&self, body: &Value) -> Got {
        self.send(self.request(Method::POST, "/identity/v3/auth/tokens").json(body)).await.unwrap()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.emulator.url()));
        request.header("accept", "application/json")
    }

    /// One try of a request.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Got, reqwest::Error> {
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Got { status, headers, text: answer.text().await? })
    }

    /// A request with the token, which must be answered.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Got {
        self.attempt(method, path, body).await.unwrap()
    }

    /// A request with the token.
    pub(crate) async fn attempt(&self, method: Method, path: &str, body: Option<Value>) -> Result<Got, reqwest::Error> {
        let request = self.request(method, path).header("x-auth-token", &self.token);
        self.send(if let Some(body) = body { request.json(&body) } else { request }).await
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Got {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// The body that makes a server.
    pub(crate) async fn wish(&self, name: &str) -> Value {
        let images = self.get("/image/v2/images?name=ubuntu-24.04").await.json();
        json!({"server": {"name": name, "imageRef": images["images"][0]["id"], "flavorRef": "3"}})
    }

    /// Makes a server and gives its path.
    pub(crate) async fn create(&self, name: &str) -> String {
        let made = self.post("/compute/v2.1/servers", self.wish(name).await).await;
        assert_eq!(made.status, 202, "{}", made.text);
        format!("/compute/v2.1/servers/{}", made.json()["server"]["id"].as_str().unwrap())
    }

    pub(crate) async fn act(&self, server: &str, action: Value) -> Got {
        self.post(&format!("{server}/action"), action).await
    }

    /// Status and task of a server.
    pub(crate) async fn state(&self, server: &str) -> (String, Option<String>) {
        let server = &self.get(server).await.json()["server"];
        let text = |key: &str| server[key].as_str().map(str::to_owned);
        (text("status").unwrap_or_default(), text("OS-EXT-STS:task_state"))
    }
}
