//! Glance, version 2: what a user sees of images.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha512};
use url::form_urlencoded::Serializer;

use super::times::seconds;
use super::urls::Urls;
use super::{caller, challenge, webob};
use crate::World;
use crate::exchange::{Answer, Ask, values};
use crate::hex::hex;
use crate::world::State;
use crate::world::catalogue::Image;

/// How many images one page holds when nothing is said.
const PAGE: usize = 25;
/// The most that one page holds.
const LARGEST: usize = 1000;
const SORT_KEYS: [&str; 8] =
    ["name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at"];
/// The minor versions that are told about, the newest first.
const VERSIONS: [u8; 12] = [16, 15, 14, 9, 7, 6, 5, 4, 3, 2, 1, 0];

/// A refusal: status and message.
type Refusal = (u16, String);

/// Answers a request to Glance.
pub(super) fn answer(world: &World, ask: &Ask, parts: &[&str]) -> Answer {
    match parts {
        ["versions"] => Answer::json(200, &versions(ask)),
        ["v2", rest @ ..] => world.observe(|state| authorized(state, ask, rest)),
        _ => Answer::json(300, &versions(ask)),
    }
}

fn versions(ask: &Ask) -> Value {
    let link = json!([{"rel": "self", "href": format!("{}/v2/", Urls::new(ask).image())}]);
    let version = |minor: u8| {
        let status = if minor == VERSIONS[0] { "CURRENT" } else { "SUPPORTED" };
        json!({"id": format!("v2.{minor}"), "status": status, "links": link})
    };
    json!({"versions": VERSIONS.map(version)})
}

fn authorized(state: &mut State, ask: &Ask, parts: &[&str]) -> Answer {
    let Some(caller) = caller(state, ask) else {
        let told = "This server could not verify that you are authorized to access the document you requested. Either \
                    you supplied the wrong credentials (e.g., bad password), or your browser does not understand how \
                    to supply the credentials required.";
        return webob::answer(ask, 401, told).with("www-authenticate", challenge(ask));
    };
    let answer =
        route(state, ask, &caller.project, parts).unwrap_or_else(|(status, told)| webob::answer(ask, status, &told));
    answer.with("x-openstack-request-id", &ask.id)
}

fn route(state: &mut State, ask: &Ask, project: &str, parts: &[&str]) -> Result<Answer, Refusal> {
    match (ask.method.as_str(), parts) {
        ("GET", ["images"]) => list(state, ask, project),
        ("POST", ["images"]) => Err((403, "You are not authorized to complete add_image action.".to_owned())),
        (_, ["images"]) => Ok(wrong_method(ask)),
        ("GET", ["images", id]) => found(state, id, project).map(|image| Answer::json(200, &shown(image))),
        ("DELETE", ["images", id]) => delete(state, id, project),
        ("PATCH", ["images", id]) => found(state, id, project).and_then(|_| Err(foreign())),
        _ => Ok(webob::not_found(ask)),
    }
}

fn wrong_method(ask: &Ask) -> Answer {
    let told = format!("The method {} is not allowed for this resource. <br /><br />\n", ask.method);
    let body = json!({"message": told, "code": "405 Method Not Allowed", "title": "Method Not Allowed"});
    Answer::json(405, &body).with("allow", "GET, POST")
}

fn found<'a>(state: &'a State, id: &str, project: &str) -> Result<&'a Image, Refusal> {
    let image = state.image(id).filter(|image| image.is_open_to(project));
    image.ok_or_else(|| (404, format!("No image found with ID {id}")))
}

fn foreign() -> Refusal {
    (403, "You do not own this image".to_owned())
}

fn delete(state: &mut State, id: &str, project: &str) -> Result<Answer, Refusal> {
    if found(state, id, project)?.owner != project {
        return Err(foreign());
    }
    state.images.retain(|image| image.id != id);
    Ok(Answer::empty(204))
}

fn list(state: &State, ask: &Ask, project: &str) -> Result<Answer, Refusal> {
    let parameters = ask.parameters();
    let limit = limit(&parameters)?;
    let open = state.images.iter().filter(|image| image.is_open_to(project));
    let mut all: Vec<Map<String, Value>> = open.map(shown).collect();
    sort(&mut all, &parameters)?;
    if let Some((_, marker)) = parameters.iter().find(|(key, _)| key == "marker") {
        let place = all.iter().position(|image| image["id"] == **marker);
        let place = place.ok_or_else(|| (400, format!("No image found with ID {marker}")))?;
        all.drain(..=place);
    }
    let filters = filters(&parameters)?;
    all.retain(|image| filters.iter().all(|(key, value)| wanted(image, key, value)));
    all.truncate(limit);
    let mut body = json!({"first": path(&parameters, None), "schema": "/v2/schemas/images"});
    if let Some(last) = all.last().filter(|_| all.len() == limit) {
        body["next"] = json!(path(&parameters, last["id"].as_str()));
    }
    body["images"] = json!(all);
    Ok(Answer::json(200, &body))
}

fn limit(parameters: &[(String, String)]) -> Result<usize, Refusal> {
    let Some((_, text)) = parameters.iter().find(|(key, _)| key == "limit") else { return Ok(PAGE) };
    let number: i64 = text.parse().map_err(|_| (400, "limit param must be an integer".to_owned()))?;
    let number = usize::try_from(number).map_err(|_| (400, "limit param must be positive".to_owned()))?;
    Ok(number.min(LARGEST))
}

/// The parameters that choose images.
fn filters(parameters: &[(String, String)]) -> Result<Vec<(&str, &str)>, Refusal> {
    let other = ["limit", "marker", "sort", "sort_key", "sort_dir"];
    let kept = parameters.iter().filter(|(key, _)| !other.contains(&key.as_str()));
    let kept: Vec<(&str, &str)> = kept.map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let known = ["public", "private", "shared", "community", "all"];
    match kept.iter().find(|(key, value)| *key == "visibility" && !known.contains(value)) {
        Some((_, value)) => Err((400, format!("Invalid visibility value: {value}"))),
        None => Ok(kept),
    }
}

fn wanted(image: &Map<String, Value>, key: &str, value: &str) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (key, image.get(key)) {
        ("visibility", _) if value == "all" => true,
        ("tag" | "member_status", _) => key == "member_status",
        ("size_min", _) => image["size"].as_u64() >= value.parse().ok(),
        ("size_max", _) => image["size"].as_u64() <= value.parse().ok(),
        ("os_hidden", _) => value.eq_ignore_ascii_case("false"),
        (_, None) => false,
        (_, Some(found)) => match value.strip_prefix("in:") {
            Some(list) => list.split(',').any(|one| one.trim_matches('"') == text(found)),
            None => text(found) == value,
        },
    }
}

/// Sorts by `sort`, or by `sort_key` and `sort_dir`, or the newest first.
fn sort(images: &mut [Map<String, Value>], parameters: &[(String, String)]) -> Result<(), Refusal> {
    let all = |name| values(parameters, name);
    let direction = all("sort_dir").next().unwrap_or("desc");
    let mut keys: Vec<(&str, &str)> = all("sort_key").map(|key| (key, direction)).collect();
    for part in all("sort").flat_map(|sort| sort.split(',')) {
        keys.push(part.split_once(':').unwrap_or((part, "desc")));
    }
    if keys.is_empty() {
        keys.push(("created_at", direction));
    }
    if let Some((key, _)) = keys.iter().find(|(key, _)| !SORT_KEYS.contains(key)) {
        let known = SORT_KEYS.join(", ");
        return Err((400, format!("Invalid sort key: {key}. It must be one of the following: {known}.")));
    }
    if let Some((_, way)) = keys.iter().find(|(_, way)| !matches!(*way, "asc" | "desc")) {
        return Err((400, format!("Invalid sort direction: {way}")));
    }
    keys.push(("id", "desc"));
    images.sort_by(|a, b| {
        let by = |(key, way): &(&str, &str)| {
            let order = comparable(&a[*key]).cmp(&comparable(&b[*key]));
            if *way == "desc" { order.reverse() } else { order }
        };
        keys.iter().map(by).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    Ok(())
}

fn comparable(value: &Value) -> (Option<u64>, Option<&str>) {
    (value.as_u64(), value.as_str())
}

/// The path of a page of this list.
fn path(parameters: &[(String, String)], marker: Option<&str>) -> String {
    let kept = parameters.iter().filter(|(key, _)| key != "marker").map(|(key, value)| (key.as_str(), value.as_str()));
    let pairs: Vec<(&str, &str)> = kept.chain(marker.map(|marker| ("marker", marker))).collect();
    if pairs.is_empty() {
        return "/v2/images".to_owned();
    }
    format!("/v2/images?{}", Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// <https://docs.openstack.org/api-ref/image/v2/#show-image>
fn shown(image: &Image) -> Map<String, Value> {
    let own = format!("/v2/images/{}", image.id);
    let hash = hex(&Sha512::digest(&image.name));
    let shown = json!({
        "id": image.id, "name": image.name, "owner": image.owner, "status": "active", "visibility": if image.copy_of.is_some() { "private" } else { "public" },
        "disk_format": "raw", "container_format": "bare", "size": image.size, "virtual_size": image.size,
        "checksum": &hash[..32], "os_hash_algo": "sha512", "os_hash_value": hash, "os_hidden": false,
        "protected": false, "min_ram": image.min_memory, "min_disk": image.min_disk, "tags": [],
        "created_at": seconds(image.created), "updated_at": seconds(image.created),
        "owner_specified.openstack.md5": "", "owner_specified.openstack.sha256": "",
        "owner_specified.openstack.object": format!("images/{}", image.name),
        "self": own, "file": format!("{own}/file"), "schema": "/v2/schemas/image",
    });
    shown.as_object().cloned().unwrap_or_default()
}
