//! Flavors.

use serde_json::{Value, json};

use super::call::{Call, Reply, links};
use super::fault::Fault;
use super::page::{Page, last, next, refuse};
use super::version::Version;
use crate::exchange::Answer;
use crate::world::catalogue::Flavor;

/// The keys that flavors can be sorted by.
const SORT_KEYS: [&str; 15] = [
    "created_at",
    "description",
    "disabled",
    "ephemeral_gb",
    "flavorid",
    "id",
    "is_public",
    "memory_mb",
    "name",
    "root_gb",
    "rxtx_factor",
    "swap",
    "updated_at",
    "vcpu_weight",
    "vcpus",
];

/// Answers below `/flavors`; `None` for what is no route.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => list(call, false),
        ("GET", ["detail"]) => list(call, true),
        ("GET", [id]) => find(call, id).map(|flavor| Answer::json(200, &json!({"flavor": full(call, flavor)}))),
        ("GET", [id, "os-extra_specs"]) => find(call, id).map(|_| Answer::json(200, &json!({"extra_specs": {}}))),
        ("POST", []) => Err(Fault::policy("os_compute_api:os-flavor-manage:create")),
        ("DELETE", [_]) => Err(Fault::policy("os_compute_api:os-flavor-manage:delete")),
        _ => return None,
    })
}

fn find<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Flavor, Fault> {
    call.state.flavor(id).ok_or_else(|| Fault::missing(format!("Flavor {id} could not be found.")))
}

fn list(call: &Call<'_>, detail: bool) -> Reply {
    let parameters = call.parameters();
    let page = Page::parse(&parameters)?;
    let (memory, disk) = (least(&parameters, "minRam")?, least(&parameters, "minDisk")?);
    let mut all = sorted(call, &parameters)?;
    if let Some(marker) = &page.marker {
        let place = all.iter().position(|flavor| flavor.id == *marker);
        let place = place.ok_or_else(|| Fault::bad(format!("marker [{marker}] not found")))?;
        all.drain(..=place);
    }
    let big = |flavor: &&Flavor| flavor.memory >= memory && flavor.disk >= disk;
    let found: Vec<&Flavor> = all.into_iter().filter(big).take(page.limit).collect();
    let show = |flavor: &&Flavor| if detail { full(call, flavor) } else { brief(call, flavor) };
    let mut body = json!({"flavors": found.iter().map(show).collect::<Vec<_>>()});
    if let Some(last) = found.last().filter(|_| found.len() == page.limit) {
        let url = format!("{}/v2.1/flavors{}", call.base(), if detail { "/detail" } else { "" });
        body["flavors_links"] = json!(next(&url, &parameters, &last.id));
    }
    Ok(Answer::json(200, &body))
}

fn sorted<'a>(call: &'a Call<'_>, parameters: &[(String, String)]) -> Result<Vec<&'a Flavor>, Fault> {
    let mut all: Vec<&Flavor> = call.state.flavors.iter().collect();
    match last(parameters, "sort_key") {
        None | Some("flavorid" | "id") => {}
        Some("name") => all.sort_by(|a, b| a.name.cmp(&b.name)),
        Some("memory_mb") => all.sort_by_key(|flavor| flavor.memory),
        Some("vcpus") => all.sort_by_key(|flavor| flavor.cores),
        Some("root_gb") => all.sort_by_key(|flavor| flavor.disk),
        Some(key) if SORT_KEYS.contains(&key) => {}
        Some(key) => {
            let keys: Vec<String> = SORT_KEYS.iter().map(|key| format!("'{key}'")).collect();
            return Err(refuse("sort_key", key, &format!("is not one of [{}]", keys.join(", "))));
        }
    }
    if last(parameters, "sort_dir") == Some("desc") {
        all.reverse();
    }
    Ok(all)
}

fn least(parameters: &[(String, String)], name: &str) -> Result<u64, Fault> {
    let Some(text) = last(parameters, name) else { return Ok(0) };
    text.parse().map_err(|_| Fault::bad(format!("Invalid {name} filter [{text}]")))
}

fn brief(call: &Call<'_>, flavor: &Flavor) -> Value {
    let mut shown = json!({"id": flavor.id, "name": flavor.name, "links": links(&call.base(), "flavors", &flavor.id)});
    if call.version >= Version(55) {
        shown["description"] = Value::Null;
    }
    shown
}

fn full(call: &Call<'_>, flavor: &Flavor) -> Value {
    let swap = if call.version >= Version(75) { json!(0) } else { json!("") };
    let mut shown = brief(call, flavor);
    let more = json!({
        "ram": flavor.memory, "disk": flavor.disk, "swap": swap, "OS-FLV-EXT-DATA:ephemeral": 0,
        "OS-FLV-DISABLED:disabled": false, "vcpus": flavor.cores, "os-flavor-access:is_public": true,
        "rxtx_factor": 1.0,
    });
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
        shown.extend(more);
    }
    if call.version >= Version(61) {
        shown["extra_specs"] = json!({});
    }
    shown
}
