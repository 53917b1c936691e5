//! Neutron, version 2.0: networks, subnets, ports, routers, floating IPs, security groups.
//!
//! Networks, subnets and ports are its core; all else is made of extensions, which word some errors otherwise.

mod attributes;
mod body;
mod checks;
mod core_tables;
mod extensions;
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
mod tags;
mod traffic;

use serde_json::{Value, json};

use self::attributes::Resource;
use self::faults::Fault;
pub(super) use self::groups::group_for_nova;
use super::urls::Urls;
use super::{Caller, caller, present, unauthorized};
use crate::World;
use crate::exchange::{Answer, Ask};
use crate::world::State;

/// All kinds of resources.
const RESOURCES: [&Resource; 7] = [
    &core_tables::NETWORKS,
    &core_tables::SUBNETS,
    &core_tables::PORTS,
    &tables::FLOATING_IPS,
    &tables::ROUTERS,
    &tables::GROUPS,
    &tables::RULES,
];

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
    let (path, rest) = parts.split_first()?;
    // A trailing slash changes nothing.
    let rest = rest.strip_suffix(&[""]).unwrap_or(rest);
    if let [id, "tags", tags @ ..] = rest {
        return tags::route(call, path, id, tags);
    }
    let answered = match *path {
        "networks" => networks::route(call, rest),
        "subnets" => subnets::route(call, rest),
        "ports" => ports::route(call, rest),
        "floatingips" => floating::route(call, rest),
        "routers" => routers::route(call, rest),
        "security-groups" => groups::route(call, rest),
        "security-group-rules" => rules::route(call, rest),
        "quotas" => quotas::route(call, rest),
        _ => extensions::route(call, parts),
    };
    answered.or_else(|| misfit(call, resource(path)?, rest))
}

/// The kind of resource below a path.
fn resource(path: &str) -> Option<&'static Resource> {
    RESOURCES.into_iter().find(|resource| resource.path == path)
}

/// What is said about a method that a resource, or all of them, do not have.
fn misfit(call: &Call<'_>, resource: &Resource, rest: &[&str]) -> Option<Reply> {
    let fault = match (call.ask.method.as_str(), rest) {
        (_, [_, _, ..]) => return None,
        ("PUT", []) => call.changed(resource).err().unwrap_or_else(|| (resource.missing)("None")),
        ("DELETE", []) => (resource.missing)("None"),
        ("POST", [_]) => call.made(resource).err().unwrap_or_else(Fault::method),
        _ => Fault::method(),
    };
    Some(Err(fault))
}

/// What is said about a body that is not wanted.
const NO_BODY: &str = "Request body is not supported in DELETE.";

impl Call<'_> {
    fn has_body(&self) -> bool {
        !self.ask.body.is_empty()
    }

    /// Refuses the change if the caller wants it only for another revision.
    fn unchanged(&self, revision: u64) -> Result<(), Fault> {
        let Some(wanted) = self.ask.header("if-match") else { return Ok(()) };
        // Only what stands in quotes can be one of several.
        let quoted = wanted.contains('"');
        let etags: Vec<&str> = if quoted { wanted.split('"').skip(1).step_by(2).collect() } else { vec![wanted] };
        let mut wanted = etags.into_iter().filter_map(|etag| etag.trim().strip_prefix("revision_number="));
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
