//! Cinder, version 3: volumes, where the world has them.

mod body;
mod list;
mod volumes;

use http::Method;
use serde_json::{Value, json};

use self::body::refuse;
use super::urls::Urls;
use super::{Caller, caller, unauthorized};
use crate::World;
use crate::exchange::{Answer, Ask};
use crate::openstack::webob;
use crate::world::State;
use crate::world::volume::KIND;

/// The newest minor version that is spoken.
const NEWEST: u16 = 70;

/// A refusal: status and message.
type Refusal = (u16, String);

/// One call of Cinder: who asks what about which world.
#[derive(Debug)]
struct Call<'a> {
    ask: &'a Ask,
    state: &'a mut State,
    caller: Caller,
    /// The minor version that is spoken.
    minor: u16,
}

/// Answers a request to Cinder.
pub(super) fn answer(world: &World, ask: &Ask, parts: &[&str]) -> Answer {
    let answer = match parts {
        [] | [""] => Answer::json(300, &versions(ask)),
        ["v3"] | ["v3", ""] => Answer::json(200, &versions(ask)),
        ["v3", rest @ ..] => present(world, ask, rest),
        _ => fault(404, "The resource could not be found."),
    };
    answer.with("x-openstack-request-id", &ask.id).with("x-compute-request-id", &ask.id)
}

/// An error of Cinder.
pub(super) fn fault(status: u16, message: &str) -> Answer {
    let kind = match status {
        400 => "badRequest",
        403 => "forbidden",
        404 => "itemNotFound",
        409 => "conflictingRequest",
        413 | 429 => "overLimit",
        503 => "serviceUnavailable",
        _ => "computeFault",
    };
    let answer = Answer::json(status, &json!({kind: {"code": status, "message": message}}));
    // It tells to come back at once, though nothing will have changed.
    if status == 413 { answer.with("retry-after", "0") } else { answer }
}

fn versions(ask: &Ask) -> Value {
    let own = format!("{}/v3/", Urls::new(ask).volume());
    json!({"versions": [{
        "id": "v3.0", "status": "CURRENT", "version": format!("3.{NEWEST}"), "min_version": "3.0",
        "updated": "2023-08-31T00:00:00Z",
        "links": [
            {"rel": "describedby", "type": "text/html", "href": "https://docs.openstack.org/"},
            {"rel": "self", "href": own},
        ],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.volume+json;version=3"}],
    }]})
}

fn present(world: &World, ask: &Ask, parts: &[&str]) -> Answer {
    let what = |state: &mut State| authorized(state, ask, parts);
    if ask.method == Method::GET { world.observe(what) } else { world.look(what) }
}

fn authorized(state: &mut State, ask: &Ask, parts: &[&str]) -> Answer {
    let Some(caller) = caller(state, ask) else { return unauthorized(ask) };
    let minor = match version(ask) {
        Ok(minor) => minor,
        Err(told) => return told,
    };
    // The project stands in the path of older clients.
    let parts = match parts {
        [project, rest @ ..] if *project == caller.project => rest,
        [other, ..] if other.len() == 32 => return fault(400, "Malformed request url"),
        rest => rest,
    };
    let mut call = Call { ask, state, caller, minor };
    let answer = match route(&mut call, parts) {
        None => webob::not_found(ask),
        Some(answer) => answer.unwrap_or_else(|(status, told)| fault(status, &told)),
    };
    answer.with("openstack-api-version", format!("volume 3.{minor}")).with("vary", "OpenStack-API-Version")
}

/// The version that is asked for, or why it cannot be spoken.
fn version(ask: &Ask) -> Result<u16, Answer> {
    let header = ask.header("openstack-api-version").unwrap_or_default();
    let wanted = header.split(',').find_map(|one| one.trim().strip_prefix("volume ")).unwrap_or("3.0");
    let minor =
        if wanted == "latest" { Some(NEWEST) } else { wanted.strip_prefix("3.").and_then(|text| text.parse().ok()) };
    match minor {
        Some(minor) if minor <= NEWEST => Ok(minor),
        _ => {
            let told = format!("Version {wanted} is not supported by the API.");
            Err(fault(406, &format!("{told} Minimum is 3.0 and maximum is 3.{NEWEST}.")))
        }
    }
}

fn route(call: &mut Call<'_>, parts: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (call.ask.method.as_str(), parts) {
        ("GET", ["volumes"]) => list::list(call, false),
        ("GET", ["volumes", "detail"]) => list::list(call, true),
        ("POST", ["volumes"]) => volumes::create(call),
        ("GET", ["volumes", id]) => volumes::show(call, id),
        ("PUT", ["volumes", id]) => volumes::update(call, id),
        ("DELETE", ["volumes", id]) => volumes::delete(call, id),
        ("POST", ["volumes", id, "action"]) => volumes::act(call, id),
        ("GET", ["types"]) => Ok(Answer::json(200, &json!({"volume_types": [kind()]}))),
        ("GET", ["types", id]) => one_kind(id),
        ("GET", ["limits"]) => Ok(Answer::json(200, &limits(call))),
        ("GET", ["snapshots"] | ["snapshots", "detail"]) => Ok(Answer::json(200, &json!({"snapshots": []}))),
        ("GET", ["os-availability-zone"]) => Ok(Answer::json(200, &zones())),
        ("GET", ["extensions"]) => Ok(Answer::json(200, &json!({"extensions": []}))),
        _ => return None,
    })
}

fn zones() -> Value {
    json!({"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": true}}]})
}

/// The id of the one kind of volumes.
const KIND_ID: &str = "8a3f6d1e-52c4-4d0b-9f0e-6b1f8a2c7d90";

fn kind() -> Value {
    json!({
        "id": KIND_ID, "name": KIND, "description": "Default Volume Type", "is_public": true, "extra_specs": {},
        "os-volume-type-access:is_public": true, "qos_specs_id": null,
    })
}

fn one_kind(id: &str) -> Result<Answer, Refusal> {
    if matches!(id, KIND_ID | "default") {
        return Ok(Answer::json(200, &json!({"volume_type": kind()})));
    }
    refuse(404, format!("Volume type {id} could not be found."))
}

fn limits(call: &Call<'_>) -> Value {
    let mine = || call.state.volumes.iter().filter(|volume| volume.project == call.caller.project);
    json!({"limits": {"rate": [], "absolute": {
        "maxTotalVolumes": -1, "maxTotalVolumeGigabytes": -1, "maxTotalSnapshots": -1, "maxTotalBackups": -1,
        "maxTotalBackupGigabytes": -1, "totalVolumesUsed": mine().count(),
        "totalGigabytesUsed": mine().map(|volume| volume.size).sum::<u64>(), "totalSnapshotsUsed": 0,
        "totalBackupsUsed": 0, "totalBackupGigabytesUsed": 0,
    }}})
}
