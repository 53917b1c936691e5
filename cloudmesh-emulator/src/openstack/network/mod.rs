//! Neutron, version 2.0: networks, subnets, ports, routers, floating IPs, security groups.
//!
//! Networks, subnets and ports are its core; all else is made of extensions, which word some errors otherwise.

mod attributes;
mod body;
mod checks;
mod core_tables;
mod faults;
mod filter;
mod floating;
mod groups;
mod interfaces;
mod networks;
mod port_addresses;
mod ports;
mod python;
mod query;
mod quotas;
mod routers;
mod rules;
mod shown;
mod subnets;
mod tables;
mod traffic;

use serde_json::{Value, json};

use self::faults::Fault;
pub(super) use self::groups::group_for_nova;
use super::urls::Urls;
use super::{Caller, caller, present, unauthorized};
use crate::World;
use crate::exchange::{Answer, Ask};
use crate::world::State;

/// An answer, or the error to answer with.
type Reply = Result<Answer, Fault>;

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
    let mut call = Call { ask, state, caller };
    route(&mut call, parts).unwrap_or_else(|| Err(Fault::not_found())).unwrap_or_else(Fault::answer)
}

fn route(call: &mut Call<'_>, parts: &[&str]) -> Option<Reply> {
    match (call.ask.method.as_str(), parts) {
        (_, ["networks", rest @ ..]) => networks::route(call, rest),
        (_, ["subnets", rest @ ..]) => subnets::route(call, rest),
        (_, ["ports", rest @ ..]) => ports::route(call, rest),
        (_, ["floatingips", rest @ ..]) => floating::route(call, rest),
        (_, ["security-groups", rest @ ..]) => groups::route(call, rest),
        (_, ["security-group-rules", rest @ ..]) => rules::route(call, rest),
        (_, ["routers", rest @ ..]) => routers::route(call, rest),
        ("GET", ["quotas", rest @ ..]) => quotas::route(call, rest),
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
    /// Refuses the change if the caller wants it only for another revision.
    fn unchanged(&self, revision: u64) -> Result<(), Fault> {
        let Some(wanted) = self.ask.header("if-match") else { return Ok(()) };
        let etags = wanted.split(',').map(|etag| etag.trim().trim_matches('"'));
        let mut wanted = etags.filter_map(|etag| etag.strip_prefix("revision_number="));
        let Some(first) = wanted.next() else { return Ok(()) };
        if wanted.next().is_some() {
            return Err(Fault::request("if-match", "Multiple revision_number etags are not supported"));
        }
        match first.trim().parse::<u64>() {
            Ok(wanted) if wanted == revision => Ok(()),
            Ok(wanted) => {
                let told = format!("Constrained to {wanted}, but current revision is {revision}");
                Err(Fault::new(412, "RevisionNumberConstraintFailed", told))
            }
            Err(_) => {
                let told = "Revision number etag must be in the format of revision_number=<int>";
                Err(Fault::request("if-match", told))
            }
        }
    }
}
