//! One entry of a `clouds.yaml`, or the environment as one: from the freedom of these files to credentials.

use std::path::Path;

use cloudmesh_abstract::{Describe, Error, Form, Key, Result, Settings};
use serde_json::Value;

use super::files::Group;
use super::machine::Surroundings;
use super::region;
use crate::config::{Auth, Credentials};

/// What may stand beside `auth` too, and then wins over what stands in it; of all else the value in `auth` wins.
const BESIDE: [&str; 15] = [
    "domain_id",
    "domain_name",
    "user_domain_id",
    "user_domain_name",
    "project_domain_id",
    "project_domain_name",
    "token",
    "auth_token",
    "project_id",
    "project_name",
    "tenant_id",
    "tenant_name",
    "passcode",
    "default_domain_id",
    "default_domain_name",
];

/// What an entry says, and where it was found.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) values: Group,
    /// The vendor's profile that it builds upon.
    pub(super) profile: Option<Group>,
    /// Where it was found, in words for people.
    pub(super) source: &'a str,
}

impl Entry<'_> {
    /// The credentials for a region, or for the usual one.
    ///
    /// # Errors
    ///
    /// A configuration error for a region that it does not have, and for values that make no sense.
    pub(super) fn credentials(self, region: Option<&str>, machine: &dyn Surroundings) -> Result<Credentials> {
        let mut values = normal(self.profile.unwrap_or_default());
        update(&mut values, normal(self.values));
        let region = region::choose(&values, region, self.source)?;
        update(&mut values, normal(region.values));
        if let Some(name) = region.name {
            values.insert("region_name".to_owned(), Value::String(name));
        }
        gather(&mut values);
        fill_in(&mut values);
        let mut understood = known(&values, Credentials::KEYS);
        for file in ["cacert", "cert", "key"] {
            at_home(&mut understood, file, machine);
        }
        Settings::new(understood).parse().map_err(|error: Error| {
            let message = format!("{} in {}", error.message(), self.source);
            error.with_message(message)
        })
    }
}

/// Keys with `_` in place of `-`.
fn normal(group: Group) -> Group {
    let value = |value| match value {
        Value::Object(inner) => Value::Object(normal(inner)),
        other => other,
    };
    group.into_iter().map(|(name, it)| (name.replace('-', "_"), value(it))).collect()
}

/// Puts values over others, those of `auth` one by one.
fn update(target: &mut Group, more: Group) {
    for (name, value) in more {
        match (target.get_mut(&name), value) {
            (Some(Value::Object(inner)), Value::Object(value)) if name == "auth" => inner.extend(value),
            (_, value) => _ = target.insert(name, value),
        }
    }
}

/// Moves what belongs to `auth` there, and writes each key once, in its own spelling.
fn gather(values: &mut Group) {
    let mut auth = match values.remove("auth") {
        Some(Value::Object(auth)) => auth,
        _ => Group::new(),
    };
    let beside: Vec<String> = values.keys().filter(|name| Auth::KEYS.iter().any(|key| key.is(name))).cloned().collect();
    for name in beside {
        let Some(value) = values.remove(&name).filter(|value| !value.is_null()) else { continue };
        if BESIDE.contains(&name.as_str()) || auth.get(&name).is_none_or(Value::is_null) {
            auth.insert(name, value);
        }
    }
    let spellings = Auth::KEYS.iter().flat_map(|key| key.spellings.iter().map(|old| (*old, key.name)));
    for (old, new) in spellings.chain([("tenant_id", "project_id"), ("tenant_name", "project_name")]) {
        if let Some(value) = auth.remove(old).filter(|value| !value.is_null())
            && auth.get(new).is_none_or(Value::is_null)
        {
            auth.insert(new.to_owned(), value);
        }
    }
    if let Some(value) = values.remove("endpoint_type") {
        values.insert("interface".to_owned(), value);
    }
    values.insert("auth".to_owned(), Value::Object(auth));
}

/// Replaces `{region_name}` and the like in addresses, as vendors' profiles have it.
fn fill_in(values: &mut Group) {
    let texts: Vec<(String, String)> =
        values.iter().filter_map(|(name, value)| Some((format!("{{{name}}}"), value.as_str()?.to_owned()))).collect();
    let filled = |text: &str| texts.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    if let Some(Value::String(address)) = values.get_mut("auth").and_then(|auth| auth.get_mut("auth_url")) {
        *address = filled(address);
    }
    for (_, value) in values.iter_mut().filter(|(name, _)| name.ends_with("_endpoint_override")) {
        if let Value::String(address) = value {
            *address = filled(address);
        }
    }
}

/// What we understand of an entry: other clients know dozens of keys more.
fn known(entry: &Group, keys: &'static [Key]) -> Group {
    let understood = entry.iter().filter_map(|(name, value)| {
        // In these files this key names a vendor's profile, not a cloud.
        let key = keys.iter().find(|key| key.is(name) && key.name != "cloud")?;
        Some((name.clone(), fit(value, key)?))
    });
    understood.collect()
}

/// A value in the form that its key asks for: these files and the environment are freer with types than ours.
pub(super) fn fit(value: &Value, key: &Key) -> Option<Value> {
    match (key.form, value) {
        (_, Value::Null) => None,
        (Form::Group, Value::Object(group)) => Some(Value::Object(known(group, key.inner))),
        (Form::Text, Value::Number(number)) => Some(Value::String(number.to_string())),
        (Form::Text, Value::Bool(flag)) => Some(Value::String(flag.to_string())),
        (Form::Boolean, Value::String(word)) => {
            Some(Value::Bool(matches!(word.to_lowercase().as_str(), "true" | "1" | "yes")))
        }
        _ => Some(value.clone()),
    }
}

/// A path that begins with `~/`, at the user's home.
fn at_home(values: &mut Group, name: &str, machine: &dyn Surroundings) {
    let Some(Value::String(path)) = values.get_mut(name) else { return };
    if let (Some(rest), Some(home)) = (path.strip_prefix("~/"), machine.home()) {
        *path = home.join(Path::new(rest)).display().to_string();
    }
}
