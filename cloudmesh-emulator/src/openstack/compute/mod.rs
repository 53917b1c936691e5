//! Nova, version 2.1 with its microversions.

mod actions;
mod around;
mod call;
mod consoles;
mod create;
mod discovery;
mod disks;
mod fault;
mod filter;
mod flavors;
mod keypairs;
mod kinds;
mod list;
mod metadata;
mod networks;
mod ordered;
mod page;
mod quotas;
mod related;
mod resize;
mod schema;
mod server;
mod shapes;
mod version;
mod words;

use serde_json::json;

use self::call::{Call, Reply};
pub(super) use self::consoles::page;
use self::fault::Fault;
use self::server::View;
use self::version::{Version, stamped, wanted};
use super::{caller, present, unauthorized, webob};
use crate::World;
use crate::exchange::{Answer, Ask};
use crate::world::State;
use crate::world::node::Task;

/// Answers a request to Nova.
pub(super) fn answer(world: &World, ask: &Ask, parts: &[&str]) -> Answer {
    match parts {
        [] | [""] => discovery::all(ask),
        ["v2"] | ["v2", ""] => numbered(discovery::legacy(ask), ask),
        ["v2.1"] | ["v2.1", ""] => numbered(stamped(discovery::current(ask), "2.1"), ask),
        ["v2" | "v2.1", rest @ ..] => numbered(present(world, ask, |state| versioned(state, ask, rest)), ask),
        [other, ..] => discovery::choices(ask, other),
    }
}

/// The answer to too many requests.
pub(super) fn throttled(ask: &Ask) -> Answer {
    let body = json!({"overLimit": {
        "code": 429, "message": "This request was rate-limited.", "details": "Only so many requests can be made.",
    }});
    numbered(Answer::json(429, &body), ask)
}

/// The answer when a part of Nova is down.
pub(super) fn unavailable(ask: &Ask) -> Answer {
    let told = "The server is currently unavailable. Please try again at a later time.";
    numbered(Fault::new(503, told).answer(), ask)
}

/// The answer with the request's number.
fn numbered(answer: Answer, ask: &Ask) -> Answer {
    answer.with("x-openstack-request-id", &ask.id).with("x-compute-request-id", &ask.id)
}

fn versioned(state: &mut State, ask: &Ask, parts: &[&str]) -> Answer {
    let Some(caller) = caller(state, ask) else { return unauthorized(ask) };
    let version = match wanted(ask) {
        Ok(version) => version,
        Err(refused) => return refused.answer(),
    };
    let mut call = Call { ask, state, caller, version };
    match route(&mut call, parts) {
        None => webob::not_found(ask),
        Some(reply) => stamped(reply.unwrap_or_else(|fault| fault.answer()), &version.to_string()),
    }
}

fn route(call: &mut Call<'_>, parts: &[&str]) -> Option<Reply> {
    match (call.ask.method.as_str(), parts) {
        ("GET", ["servers"]) => Some(list::list(call, false)),
        ("GET", ["servers", "detail"]) => Some(list::list(call, true)),
        ("POST", ["servers"]) => Some(create::create(call)),
        ("GET", ["servers", id]) => Some(show(call, id)),
        ("PUT", ["servers", id]) => Some(update(call, id)),
        ("DELETE", ["servers", id]) => Some(delete(call, id)),
        ("POST", ["servers", id, "action"]) => Some(actions::act(call, id)),
        ("POST", ["servers", id, "remote-consoles"]) => Some(consoles::open(call, id)),
        (_, ["servers", id, "metadata", rest @ ..]) => metadata::route(call, id, rest),
        ("GET", ["servers", id, rest @ ..]) => related::route(call, id, rest),
        (_, ["flavors", rest @ ..]) => flavors::route(call, rest),
        (_, ["os-keypairs", rest @ ..]) => keypairs::route(call, rest),
        ("GET", ["limits"]) => Some(quotas::limits(call)),
        (_, ["os-quota-sets", rest @ ..]) => quotas::route(call, rest),
        ("GET", rest) => around::route(rest),
        _ => None,
    }
}

fn show(call: &mut Call<'_>, id: &str) -> Reply {
    call.server(id)?;
    let view = View::one(call.state, call.base(), call.version, &call.caller.project);
    let node = call.state.nodes.get(id).ok_or_else(|| Fault::no_server(id))?;
    Ok(Answer::json(200, &json!({"server": view.server(node)})))
}

fn update(call: &mut Call<'_>, id: &str) -> Reply {
    let body = call.body(&shapes::update(call.version))?;
    call.server(id)?;
    let changes = body.get("server").ok_or_else(Fault::malformed)?;
    let now = call.state.now;
    let node = call.state.nodes.get_mut(id).ok_or_else(|| Fault::no_server(id))?;
    if let Some(name) = changes.text_at("name") {
        name.clone_into(&mut node.name);
    }
    if let Some(description) = changes.get("description").filter(|_| call.version >= Version(19)) {
        node.description = description.text().map(str::to_owned);
    }
    if let Some(hostname) = changes.text_at("hostname") {
        hostname.clone_into(&mut node.hostname);
    }
    node.updated = now;
    let view = View::changed(call.state, call.base(), call.version, &call.caller.project);
    let node = call.state.nodes.get(id).ok_or_else(|| Fault::no_server(id))?;
    Ok(Answer::json(200, &json!({"server": view.server(node)})))
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    call.server(id)?;
    actions::begin(call, id, Task::Delete).map(|answer| Answer { status: 204, ..answer })
}
