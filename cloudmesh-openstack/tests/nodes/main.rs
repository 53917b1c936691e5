//! What can be done with a node, on scripted answers: which requests are sent, and what is made of the answers.

#![expect(clippy::unwrap_used, reason = "it is a test")]

mod addresses;
mod console;
mod create;
mod ends;
mod leftovers;
mod lost;
mod metadata;
mod power;
mod raw;
mod resize;
#[path = "../scripted/mod.rs"]
mod scripted;

use std::sync::Mutex;

use cloudmesh_openstack::OpenStack;
use serde_json::{Value, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, Respond, ResponseTemplate};

use scripted::Setup;

/// The server that all is done with.
const SERVER: &str = "/compute/v2.1/7/servers/7";

/// A cloud whose Nova speaks up to 2.93.
async fn cloud() -> (MockServer, OpenStack) {
    scripted::cloud(Setup { versions: Some(newest()), ..Setup::default() }).await
}

fn newest() -> Value {
    json!({"id": "v2.1", "version": "2.93", "min_version": "2.1"})
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// Nova's refusal.
fn refused(status: u16, message: &str) -> ResponseTemplate {
    let name = match status {
        400 => "badRequest",
        403 => "forbidden",
        404 => "itemNotFound",
        _ => "conflictingRequest",
    };
    ResponseTemplate::new(status).set_body_json(json!({name: {"code": status, "message": message}}))
}

/// The server in a state, with flavor 1.
fn server(status: &str, task: Option<&str>) -> ResponseTemplate {
    sized(status, task, "1")
}

fn sized(status: &str, task: Option<&str>, flavor: &str) -> ResponseTemplate {
    ok(json!({"server": {"id": "7", "status": status, "OS-EXT-STS:task_state": task, "flavor": {"id": flavor}}}))
}

async fn answer(cloud: &MockServer, verb: &str, at: &str, answer: impl Respond + 'static) {
    Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(cloud).await;
}

/// Answers in place of what the cloud says by itself.
async fn instead(cloud: &MockServer, verb: &str, at: &str, answer: impl Respond + 'static) {
    Mock::given(method(verb)).and(path(at)).respond_with(answer).with_priority(1).mount(cloud).await;
}

/// Neutron's refusal.
fn neutron(status: u16, kind: &str) -> ResponseTemplate {
    let told = json!({"NeutronError": {"type": kind, "message": "neutron says no", "detail": ""}});
    ResponseTemplate::new(status).set_body_json(told)
}

/// An answer to a listing of Neutron's.
fn listing(what: &str, records: &Value) -> ResponseTemplate {
    ok(json!({what: records}))
}

const ADDRESSES: &str = "/network/v2.0/floatingips";
const PORTS: &str = "/network/v2.0/ports";
const GROUPS: &str = "/network/v2.0/security-groups";

/// Answers an action.
async fn on_action(cloud: &MockServer, action: Value, answer: impl Respond + 'static) {
    let asked = Mock::given(method("POST")).and(path(format!("{SERVER}/action"))).and(body_json(action));
    asked.respond_with(answer).mount(cloud).await;
}

/// What was asked of the services, without the sign-in.
async fn asked(cloud: &MockServer) -> Vec<String> {
    let requests = cloud.received_requests().await.unwrap();
    let lines = requests.iter().map(|request| {
        let path = request.url.path();
        let path = path.strip_prefix("/compute/v2.1/7").unwrap_or(path);
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let body: Value = request.body_json().unwrap_or_default();
        let action = body.as_object().filter(|_| path.ends_with("/action")).and_then(|body| body.keys().next());
        let action = action.map(|action| format!(" {action}")).unwrap_or_default();
        format!("{} {path}{query}{action}", request.method)
    });
    lines.filter(|line| !line.contains("/identity/") && line != "GET /compute/v2.1/").collect()
}

/// Answers to the same request, one after the other; the last one again and again.
struct InTurn(Mutex<Vec<ResponseTemplate>>);

impl InTurn {
    /// The answers, the first one first.
    fn new(answers: impl IntoIterator<Item = ResponseTemplate>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Self(Mutex::new(answers))
    }
}

impl Respond for InTurn {
    fn respond(&self, _: &wiremock::Request) -> ResponseTemplate {
        let mut left = self.0.lock().unwrap();
        let last = left.last().cloned().unwrap();
        if left.len() > 1 {
            left.pop();
        }
        last
    }
}
