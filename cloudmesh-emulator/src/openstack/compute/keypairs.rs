//! Key pairs.

use serde_json::{Map, Value, json};

use super::call::{Call, Link, Reply};
use super::fault::Fault;
use super::page::{Page, next};
use super::shapes;
use super::version::Version;
use crate::exchange::Answer;
use crate::openstack::times::bare;
use crate::world::catalogue::{KeyPair, fingerprint};

/// Answers below `/os-keypairs`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => list(call),
        ("POST", []) => import(call),
        ("GET", [name]) => find(call, name).map(|key| Answer::json(200, &json!({"keypair": full(key, call.version)}))),
        ("DELETE", [name]) => delete(call, name),
        _ => return None,
    })
}

fn list(call: &Call<'_>) -> Reply {
    let parameters = call.parameters();
    if parameters.iter().any(|(key, value)| key == "user_id" && *value != call.caller.user) {
        return Err(Fault::policy("os_compute_api:os-keypairs:index"));
    }
    let mut mine: Vec<&KeyPair> = call.state.keys.iter().filter(|key| key.user == call.caller.user).collect();
    mine.sort_by(|a, b| a.name.cmp(&b.name));
    let mut links: Vec<Link> = Vec::new();
    if call.version >= Version(35) {
        let page = Page::parse(&parameters)?;
        mine = after(mine, page.marker.as_deref())?;
        mine.truncate(page.limit);
        if let Some(last) = mine.last().filter(|_| mine.len() == page.limit) {
            links = next(&format!("{}/v2.1/os-keypairs", call.base()), &parameters, &last.name);
        }
    }
    let keys: Vec<Value> = mine.iter().map(|key| json!({"keypair": brief(key, call.version)})).collect();
    let mut body = json!({"keypairs": keys});
    if !links.is_empty() {
        body["keypairs_links"] = json!(links);
    }
    Ok(Answer::json(200, &body))
}

fn after<'a>(keys: Vec<&'a KeyPair>, marker: Option<&str>) -> Result<Vec<&'a KeyPair>, Fault> {
    let Some(marker) = marker else { return Ok(keys) };
    let place = keys.iter().position(|key| key.name == marker);
    let place = place.ok_or_else(|| Fault::bad(format!("Marker {marker} could not be found.")))?;
    Ok(keys.into_iter().skip(place + 1).collect())
}

fn import(call: &mut Call<'_>) -> Reply {
    let body = call.body(&shapes::keypair(call.version))?;
    let given = body.get("keypair").ok_or_else(Fault::malformed)?;
    let name = given.text_at("name").unwrap_or_default();
    plain(name)?;
    let public = given.text_at("public_key").ok_or_else(generated)?;
    let fingerprint =
        fingerprint(public).ok_or_else(|| Fault::bad("Keypair data is invalid: failed to generate fingerprint"))?;
    if call.state.key(&call.caller.user, name).is_some() {
        return Err(Fault::conflict(format!("Key pair '{name}' already exists.")));
    }
    if call.ask.twist.quota {
        return Err(Fault::forbidden("Quota exceeded, too many key pairs."));
    }
    let key = KeyPair {
        name: name.to_owned(),
        user: call.caller.user.clone(),
        public: public.to_owned(),
        fingerprint,
        created: call.state.now,
    };
    let mut shown = brief(&key, call.version);
    shown.insert("user_id".to_owned(), json!(key.user));
    call.state.keys.push(key);
    Ok(Answer::json(if call.version >= Version(2) { 201 } else { 200 }, &json!({"keypair": shown})))
}

/// Before 2.92 Nova made keys itself when it was given none.
fn generated() -> Fault {
    Fault::bad("Keypair data is invalid: the emulator makes no keys, bring a public_key")
}

fn plain(name: &str) -> Result<(), Fault> {
    if name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_- ".contains(letter)) {
        return Ok(());
    }
    let letters = "[_- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]";
    let told = format!("The name must be: Only expected characters: {letters}");
    Err(Fault::bad(format!("An invalid 'name' value was provided. {told}")))
}

fn find<'a>(call: &'a Call<'_>, name: &str) -> Result<&'a KeyPair, Fault> {
    let user = &call.caller.user;
    let found = call.state.key(user, name);
    found.ok_or_else(|| Fault::missing(format!("Keypair {name} not found for user {user}")))
}

fn delete(call: &mut Call<'_>, name: &str) -> Reply {
    find(call, name)?;
    let user = &call.caller.user;
    call.state.keys.retain(|key| key.user != *user || key.name != name);
    let status = if call.version >= Version(2) { 204 } else { 202 };
    Ok(Answer::empty(status).with("content-type", "application/json"))
}

fn brief(key: &KeyPair, version: Version) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("name".to_owned(), json!(key.name));
    shown.insert("public_key".to_owned(), json!(key.public));
    shown.insert("fingerprint".to_owned(), json!(key.fingerprint));
    if version >= Version(2) {
        shown.insert("type".to_owned(), json!("ssh"));
    }
    shown
}

fn full(key: &KeyPair, version: Version) -> Map<String, Value> {
    let mut shown = brief(key, version);
    let more = [
        ("user_id", json!(key.user)),
        ("created_at", json!(bare(key.created))),
        ("deleted", json!(false)),
        ("deleted_at", Value::Null),
        ("id", json!(1)),
        ("updated_at", Value::Null),
    ];
    shown.extend(more.map(|(name, value)| (name.to_owned(), value)));
    shown
}
