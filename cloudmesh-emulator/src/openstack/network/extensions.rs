//! What Neutron has beside its core, and what it has none of here.

use serde_json::{Value, json};

use super::{Call, Reply};
use crate::exchange::Answer;
use crate::openstack::{urls::Urls, webob};

/// The extensions that are there.
const ALIASES: [&str; 25] = [
    "availability_zone",
    "empty-string-filtering",
    "ext-gw-mode",
    "external-net",
    "extraroute",
    "filter-validation",
    "fip-port-details",
    "ip-substring-filtering",
    "net-mtu",
    "net-mtu-writable",
    "pagination",
    "port-security",
    "project-id",
    "quota_details",
    "quotas",
    "revision-if-match",
    "router",
    "security-group",
    "security-groups-normalized-cidr",
    "sorting",
    "standard-attr-description",
    "standard-attr-revisions",
    "standard-attr-tag",
    "standard-attr-timestamp",
    "stateful-security-group",
];

/// What there is none of, or what only operators see: path and name of the list.
const NONE: [(&str, &str); 6] = [
    ("availability_zones", "availability_zones"),
    ("agents", "agents"),
    ("network-ip-availabilities", "network_ip_availabilities"),
    ("subnetpools", "subnetpools"),
    ("address-groups", "address_groups"),
    ("rbac-policies", "rbac_policies"),
];

/// Answers what is asked about Neutron itself; `None` for what is no route.
pub(super) fn route(call: &Call<'_>, parts: &[&str]) -> Option<Reply> {
    let body = match (call.ask.method.as_str(), parts) {
        ("GET", ["extensions"]) => json!({"extensions": ALIASES.map(shown)}),
        ("GET", [""]) => core(call),
        ("GET", ["extensions", alias]) => match ALIASES.iter().find(|known| *known == alias) {
            Some(alias) => json!({"extension": shown(alias)}),
            None => return Some(Ok(missing(call, alias))),
        },
        ("GET", [path]) => {
            let (_, name) = NONE.iter().find(|(known, _)| known == path)?;
            json!({*name: []})
        }
        _ => return None,
    };
    Some(Ok(Answer::json(200, &body)))
}

fn shown(alias: &str) -> Value {
    let updated = "2020-01-01T10:00:00-00:00";
    json!({"alias": alias, "name": alias, "description": format!("The extension {alias}"), "links": [], "updated": updated})
}

fn missing(call: &Call<'_>, alias: &str) -> Answer {
    webob::explained(
        call.ask,
        404,
        "The resource could not be found.",
        &format!("Extension with alias {alias} does not exist"),
    )
}

/// The core's resources.
fn core(call: &Call<'_>) -> Value {
    let base = format!("{}/v2.0", Urls::new(call.ask).network());
    let resource = |name: &str| {
        let collection = format!("{name}s");
        let link = json!({"rel": "self", "href": format!("{base}/{collection}")});
        json!({"name": name, "collection": collection, "links": [link]})
    };
    let resources = ["network", "subnet", "subnetpool", "port"].map(resource);
    json!({"resources": resources})
}
