//! The versions of Nova.

use serde_json::{Value, json};

use super::version::{NEWEST, OLDEST};
use crate::exchange::{Answer, Ask};
use crate::openstack::urls::Urls;

const OLD_UPDATE: &str = "2011-01-21T11:33:21Z";
const NEW_UPDATE: &str = "2013-07-23T11:33:21Z";

/// All versions.
pub(super) fn all(ask: &Ask) -> Answer {
    Answer::json(200, &json!({"versions": [old(ask), new(ask)]}))
}

/// The version 2.0, which is spoken no more.
pub(super) fn legacy(ask: &Ask) -> Answer {
    Answer::json(200, &json!({"version": described(old(ask), "application/vnd.openstack.compute+json;version=2")}))
}

/// The version 2.1.
pub(super) fn current(ask: &Ask) -> Answer {
    Answer::json(200, &json!({"version": described(new(ask), "application/vnd.openstack.compute+json;version=2.1")}))
}

/// What there is instead of a version that there is not.
pub(super) fn choices(ask: &Ask, part: &str) -> Answer {
    let choice = |id: &str, status: &str, path: &str, kind: &str| {
        json!({
            "id": id, "status": status, "links": [link(ask, &format!("{path}/{part}"))],
            "media-types": [{"base": "application/json", "type": kind}],
        })
    };
    let choices = [
        choice("v2.0", "SUPPORTED", "v2", "application/vnd.openstack.compute+json;version=2"),
        choice("v2.1", "CURRENT", "v2.1", "application/vnd.openstack.compute+json;version=2.1"),
    ];
    Answer::json(300, &json!({"choices": choices}))
}

fn link(ask: &Ask, path: &str) -> Value {
    json!({"rel": "self", "href": format!("{}/{path}", Urls::new(ask).compute())})
}

fn old(ask: &Ask) -> Value {
    json!({
        "id": "v2.0", "status": "SUPPORTED", "version": "", "min_version": "", "updated": OLD_UPDATE,
        "links": [link(ask, "v2/")],
    })
}

fn new(ask: &Ask) -> Value {
    json!({
        "id": "v2.1", "status": "CURRENT", "version": NEWEST.to_string(), "min_version": OLDEST.to_string(),
        "updated": NEW_UPDATE, "links": [link(ask, "v2.1/")],
    })
}

fn described(mut version: Value, kind: &str) -> Value {
    if let Some(links) = version["links"].as_array_mut() {
        links.push(json!({"rel": "describedby", "type": "text/html", "href": "http://docs.openstack.org/"}));
    }
    version["media-types"] = json!([{"base": "application/json", "type": kind}]);
    version
}
