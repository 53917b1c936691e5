//! Placement, as far as a user without special rights sees it: a version, and a closed door.

use serde_json::json;

use super::{caller, unauthorized};
use crate::World;
use crate::exchange::{Answer, Ask};

/// Answers a request to Placement.
pub(super) fn answer(world: &World, ask: &Ask, parts: &[&str]) -> Answer {
    let answer = match parts {
        [] | [""] => Answer::json(200, &versions()),
        _ if world.observe(|state| caller(state, ask).is_none()) => unauthorized(ask),
        _ => Answer::json(403, &forbidden(ask)),
    };
    answer.with("x-openstack-request-id", &ask.id)
}

fn versions() -> serde_json::Value {
    json!({"versions": [{
        "id": "v1.0", "max_version": "1.39", "min_version": "1.0", "status": "CURRENT",
        "links": [{"rel": "self", "href": ""}],
    }]})
}

fn forbidden(ask: &Ask) -> serde_json::Value {
    json!({"errors": [{
        "status": 403, "title": "Forbidden", "request_id": ask.id,
        "detail": "Access was denied to this resource.",
    }]})
}
