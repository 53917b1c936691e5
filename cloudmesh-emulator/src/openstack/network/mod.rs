//! Neutron, version 2.0: networks, subnets, ports, security groups.

mod groups;
mod networks;
mod ports;
mod query;
mod rules;

use serde_json::{Value, json};

pub(super) use self::groups::group_for_nova;
use super::urls::Urls;
use super::{Caller, caller, present, unauthorized};
use crate::World;
use crate::exchange::{Answer, Ask};
use crate::world::State;

/// An answer, or the error to answer with.
type Reply = Result<Answer, Fault>;

/// An error of Neutron.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    status: u16,
    kind: &'static str,
    message: String,
}

impl Fault {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into() }
    }

    fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "HTTPBadRequest", message)
    }

    fn answer(self) -> Answer {
        let error = json!({"type": self.kind, "message": self.message, "detail": ""});
        Answer::json(self.status, &json!({"NeutronError": error}))
    }
}

/// One call of Neutron.
#[derive(Debug)]
struct Call<'a> {
    ask: &'a Ask,
    state: &'a mut State,
    caller: Caller,
}

/// An error with Neutron's headers.
pub(super) fn fault(ask: &Ask, status: u16, kind: &'static str, message: &str) -> Answer {
    Fault::new(status, kind, message).answer().with("x-openstack-request-id", &ask.id)
}

/// Answers a request to Neutron.
pub(super) fn answer(world: &World, ask: &Ask, parts: &[&str]) -> Answer {
    match parts {
        [] | [""] => Answer::json(200, &versions(ask)),
        ["v2.0", rest @ ..] => {
            present(world, ask, |state| authorized(state, ask, rest)).with("x-openstack-request-id", &ask.id)
        }
        _ => Answer::json(404, &json!({"code": 404, "title": "Not Found", "description": null})),
    }
}

fn versions(ask: &Ask) -> Value {
    let link = json!({"rel": "self", "href": format!("{}/v2.0/", Urls::new(ask).network())});
    json!({"versions": [{"id": "v2.0", "status": "CURRENT", "links": [link]}]})
}

fn authorized(state: &mut State, ask: &Ask, parts: &[&str]) -> Answer {
    let Some(caller) = caller(state, ask) else { return unauthorized(ask) };
    if ask.twist.quota {
        let told = format!("Quota exceeded for resources: ['{}'].", resource(parts));
        return Fault::new(409, "OverQuota", told).answer();
    }
    let mut call = Call { ask, state, caller };
    route(&mut call, parts).unwrap_or_else(|| Err(not_found())).unwrap_or_else(Fault::answer)
}

/// `security-groups` is called `security_group` where one is meant.
fn resource(parts: &[&str]) -> String {
    let plural = parts.first().copied().unwrap_or_default();
    plural.strip_suffix('s').unwrap_or(plural).replace('-', "_")
}

fn not_found() -> Fault {
    Fault::new(404, "HTTPNotFound", "The resource could not be found.")
}

fn route(call: &mut Call<'_>, parts: &[&str]) -> Option<Reply> {
    match (call.ask.method.as_str(), parts) {
        (_, ["networks", rest @ ..]) => networks::networks(call, rest),
        (_, ["subnets", rest @ ..]) => networks::subnets(call, rest),
        ("GET", ["ports", rest @ ..]) => ports::route(call, rest),
        (_, ["security-groups", rest @ ..]) => groups::route(call, rest),
        (_, ["security-group-rules", rest @ ..]) => rules::route(call, rest),
        ("GET", ["floatingips"]) => Some(Ok(Answer::json(200, &json!({"floatingips": []})))),
        ("GET", ["routers"]) => Some(Ok(Answer::json(200, &json!({"routers": []})))),
        ("GET", ["extensions"]) => Some(Ok(Answer::json(200, &json!({"extensions": extensions()})))),
        ("GET", [""]) => Some(Ok(Answer::json(200, &json!({"resources": []})))),
        _ => None,
    }
}

/// What clients look for before they use it.
fn extensions() -> Vec<Value> {
    let known = [
        ("security-group", "security-group"),
        ("router", "Neutron L3 Router"),
        ("external-net", "Neutron external network"),
        ("pagination", "Pagination support"),
        ("sorting", "Sorting support"),
    ];
    known.map(|(alias, name)| extension(alias, name)).into()
}

fn extension(alias: &str, name: &str) -> Value {
    let updated = "2012-10-05T10:00:00-00:00";
    json!({"alias": alias, "name": name, "description": name, "links": [], "updated": updated})
}

impl Call<'_> {
    /// The body's one group of that name.
    fn body(&self, name: &str) -> Result<Value, Fault> {
        let body: Value =
            serde_json::from_slice(&self.ask.body).map_err(|_| Fault::bad("Body contains invalid data"))?;
        body.get(name).filter(|inner| inner.is_object()).cloned().ok_or_else(|| Fault::bad("Resource body required"))
    }
}

/// Refuses what is not known in a body.
fn only(given: &Value, known: &[&str]) -> Result<(), Fault> {
    let strange = given.as_object().and_then(|keys| keys.keys().find(|key| !known.contains(&key.as_str())));
    strange.map_or(Ok(()), |key| Err(Fault::bad(format!("Unrecognized attribute(s) '{key}'"))))
}

/// A text of a body, of at most 255 characters.
fn text(given: &Value, key: &str) -> Result<String, Fault> {
    let refuse = |why: String| Fault::bad(format!("Invalid input for {key}. Reason: {why}"));
    match given.get(key) {
        None => Ok(String::new()),
        Some(Value::String(text)) if text.chars().count() <= 255 => Ok(text.clone()),
        Some(Value::String(text)) => Err(refuse(format!("'{text}' exceeds maximum length of 255."))),
        Some(other) => Err(refuse(format!("'{other}' is not a valid string."))),
    }
}
