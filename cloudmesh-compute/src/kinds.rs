//! The kinds of cloud that are linked, and what to add for one that is not.

use std::collections::BTreeMap;

use cloudmesh_abstract::{Describe, Error, Key, Registration, Result, Settings, nearest, registration, registrations};
use serde_json::{Map, Value};

use crate::config::{Cloud, Defaults};

/// The kinds that this family of crates offers, linked or not.
const OFFERED: [&str; 2] = ["aws", "openstack"];

/// The linked provider of a kind.
///
/// # Errors
///
/// [`ErrorKind::Config`](crate::ErrorKind::Config) at `cm.kind`, which says what to add.
pub(crate) fn linked(kind: &str) -> Result<&'static Registration> {
    match registration(kind)? {
        Some(registration) => Ok(registration),
        None => Err(Error::config("cm.kind", missing(kind, &registrations()?))),
    }
}

/// What a kind of cloud must be told; nothing for one that is not linked.
pub(crate) fn keys(kind: &str) -> &'static [Key] {
    registration(kind).ok().flatten().map_or(&[], |registration| registration.keys)
}

/// Refuses defaults that neither Cloudmesh nor a provider of this kind knows.
///
/// # Errors
///
/// [`ErrorKind::Config`](crate::ErrorKind::Config) at the first of them.
pub(crate) fn check_defaults(registration: &Registration, settings: &Settings) -> Result<()> {
    if registration.keys.iter().any(|key| key.is("defaults")) {
        return Ok(());
    }
    let Some(name) = settings.get("defaults").and_then(Value::as_object).and_then(|map| map.keys().next()) else {
        return Ok(());
    };
    let known = || Defaults::KEYS.iter().map(|key| key.name);
    let message = nearest(name, known()).map_or_else(
        || format!("unknown key `{name}`, allowed are `{}`", known().collect::<Vec<_>>().join("`, `")),
        |nearest| format!("unknown key `{name}`, did you mean `{nearest}`?"),
    );
    Err(Error::config(format!("defaults.{name}"), message))
}

/// Whose cloud it is, without any secret: what differs between two accounts, and not between two names for one.
pub(crate) fn account(cloud: &Cloud) -> String {
    let open: BTreeMap<String, Value> = without_secrets(cloud.settings.as_map(), keys(&cloud.kind)).collect();
    // A cloud that says nothing about itself is known by its name.
    let name = if open.is_empty() { cloud.name.as_str() } else { "" };
    serde_json::json!([cloud.kind, name, open]).to_string()
}

/// The settings that are known to be no secrets; defaults say nothing about an account.
fn without_secrets(map: &Map<String, Value>, keys: &[Key]) -> impl Iterator<Item = (String, Value)> {
    let flat = keys.iter().filter(|key| key.flat).flat_map(|key| key.inner);
    let known: Vec<&Key> = keys.iter().chain(flat).collect();
    map.iter().filter_map(move |(name, value)| {
        let key = known.iter().find(|key| key.is(name) && !key.secret && key.name != "defaults")?;
        let value = match value {
            Value::Object(inner) => without_secrets(inner, key.inner).collect::<Map<_, _>>().into(),
            open => open.clone(),
        };
        Some((key.name.to_owned(), value))
    })
}

/// What to say of a kind that is not linked.
fn missing(kind: &str, linked: &[&Registration]) -> String {
    let known = OFFERED.into_iter().chain(linked.iter().map(|registration| registration.kind));
    if !OFFERED.contains(&kind)
        && let Some(nearest) = nearest(kind, known)
    {
        return format!("unknown kind `{kind}`, did you mean `{nearest}`?");
    }
    let krate = format!("cloudmesh-{kind}");
    let source = krate.replace('-', "_");
    let linked: Vec<String> = linked.iter().map(|registration| format!("`{}`", registration.kind)).collect();
    let linked = if linked.is_empty() { "none".to_owned() } else { linked.join(", ") };
    if !OFFERED.contains(&kind) {
        return format!(
            "no provider of kind `{kind}` is linked (linked: {linked}), and this version has none; if somebody else's \
             crate provides it, add that to your program and name it there once, as in `use {source} as _;`"
        );
    }
    format!(
        "no provider of kind `{kind}` is linked (linked: {linked}); in a program of yours, add it with \
         `cargo add cloudmesh-compute --features {kind}`, or with `cargo add {krate}` and the line \
         `use {source} as _;`; for `cms`, run `cargo install cloudmesh-compute --features {kind}`"
    )
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn a_slip_is_recognised() {
        assert_eq!(missing("openstak", &[]), "unknown kind `openstak`, did you mean `openstack`?");
    }

    #[test]
    fn what_this_version_does_not_have_is_not_promised() {
        let told = missing("vsphere", &[]);
        assert!(told.contains("this version has none") && !told.contains("--features"), "{told}");
    }

    #[test]
    fn both_ways_to_add_a_provider_are_named() {
        let told = missing("openstack", &[]);
        assert!(told.contains("`cargo add cloudmesh-compute --features openstack`"), "{told}");
        assert!(told.contains("`use cloudmesh_openstack as _;`"), "{told}");
    }
}
