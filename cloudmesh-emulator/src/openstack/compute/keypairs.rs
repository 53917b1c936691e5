//! Key pairs.

use serde_json::{Map, Value, json};

use super::call::{Call, Link, Reply};
use super::fault::Fault;
use super::page::{Page, next, strange};
use super::shapes;
use super::version::Version;
use crate::exchange::Answer;
use crate::openstack::times::bare;
use crate::world::catalogue::KeyPair;
use crate::world::limits::within;
use crate::world::public_key::fingerprint;

/// Answers below `/os-keypairs`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    let action = match (call.ask.method.as_str(), rest) {
        ("GET", []) => "index",
        ("POST", []) => "create",
        ("GET", [_]) => "show",
        ("DELETE", [_]) => "delete",
        _ => return None,
    };
    Some(allowed(call, action).and_then(|()| match (action, rest) {
        ("index", _) => list(call),
        ("create", _) => import(call),
        ("show", [name]) => find(call, name).map(|key| Answer::json(200, &json!({"keypair": full(key, call.version)}))),
        (_, [name]) => delete(call, name),
        _ => Err(Fault::no_resource()),
    }))
}

/// Whether the parameters are known, which is asked since 2.75, and name nobody else.
fn allowed(call: &Call<'_>, action: &str) -> Result<(), Fault> {
    let parameters = call.parameters();
    let known: &[&str] = if action == "index" { &["user_id", "limit", "marker"] } else { &["user_id"] };
    strange(call, known)?;
    let other = |(key, value): &(String, String)| key == "user_id" && *value != call.caller.user;
    if call.version >= Version(10) && parameters.iter().any(other) {
        return Err(Fault::policy(&format!("os_compute_api:os-keypairs:{action}")));
    }
    Ok(())
}

fn list(call: &Call<'_>) -> Reply {
    let parameters = call.parameters();
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
    plain(name, call.version)?;
    if given.text_at("user_id").is_some_and(|user| user != call.caller.user) {
        return Err(Fault::policy("os_compute_api:os-keypairs:create"));
    }
    let mine = call.state.keys.iter().filter(|key| key.user == call.caller.user).count();
    if call.ask.twist.quota || !within(call.state.limits.key_pairs, mine + 1) {
        return Err(Fault::forbidden("Quota exceeded, too many key pairs."));
    }
    let public = given.text_at("public_key").ok_or_else(generated)?;
    let fingerprint = fingerprint_of(public, given.text_at("type"))?;
    if call.state.key(&call.caller.user, name).is_some() {
        return Err(Fault::conflict(format!("Key pair '{name}' already exists.")));
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

/// Certificates, the other type, are not taken here.
fn fingerprint_of(public: &str, kind: Option<&str>) -> Result<String, Fault> {
    if kind == Some("x509") {
        let why = "Unable to load PEM file. See https://cryptography.io/en/latest/faq/#why-can-t-i-import-my-pem-file \
                   for more details. MalformedFraming";
        let told = "Keypair data is invalid: failed to generate X509 fingerprint. Error message:";
        return Err(Fault::bad(format!("{told} {why}")));
    }
    fingerprint(public).ok_or_else(|| Fault::bad("Keypair data is invalid: failed to generate fingerprint"))
}

/// Since 2.92 names may have dots and at signs.
fn plain(name: &str, version: Version) -> Result<(), Fault> {
    let more = if version >= Version(92) { "@." } else { "" };
    if name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_- ".contains(letter) || more.contains(letter)) {
        return Ok(());
    }
    let letters = format!("[{more}_- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]");
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
