//! The regions of an entry, and which of them is meant.

use cloudmesh_abstract::{Error, Result};
use serde_json::Value;

use super::files::Group;

/// A region, and what is different in it.
#[derive(Debug, Default)]
pub(super) struct Region {
    pub(super) name: Option<String>,
    pub(super) values: Group,
}

/// The region that is wanted, or the first one.
///
/// # Errors
///
/// A configuration error that lists the regions when there is none of that name.
pub(super) fn choose(entry: &Group, wanted: Option<&str>, source: &str) -> Result<Region> {
    let mut regions = regions(entry, source)?;
    let Some(wanted) = wanted else {
        return Ok(if regions.is_empty() { Region::default() } else { regions.swap_remove(0) });
    };
    // One that stands alone is a habit of the file, not a list of all there are.
    let plain = || Region { name: Some(wanted.to_owned()), values: Group::new() };
    let names: Vec<String> = regions.iter().filter_map(|region| region.name.clone()).collect();
    match regions.into_iter().find(|region| region.name.as_deref() == Some(wanted)) {
        Some(region) => Ok(region),
        None if entry.contains_key("regions") || names.len() > 1 => Err(unknown(wanted, &names, source)),
        None => Ok(plain()),
    }
}

fn regions(entry: &Group, source: &str) -> Result<Vec<Region>> {
    match (entry.get("regions"), entry.get("region_name")) {
        (Some(Value::Array(all)), _) => all.iter().map(|one| region(one, source)).collect(),
        (Some(Value::Null) | None, Some(Value::Array(all))) => all.iter().map(|one| region(one, source)).collect(),
        (Some(Value::Null) | None, Some(Value::String(names))) => Ok(names.split(',').map(named).collect()),
        (Some(Value::Null) | None, None | Some(Value::Null)) => Ok(Vec::new()),
        _ => Err(odd(source)),
    }
}

fn region(value: &Value, source: &str) -> Result<Region> {
    match value {
        Value::String(name) => Ok(named(name)),
        Value::Object(group) => {
            let name = group.get("name").and_then(Value::as_str).ok_or_else(|| odd(source))?;
            let values = match group.get("values") {
                Some(Value::Object(values)) => values.clone(),
                None | Some(Value::Null) => Group::new(),
                Some(_) => return Err(odd(source)),
            };
            Ok(Region { values, ..named(name) })
        }
        _ => Err(odd(source)),
    }
}

fn named(name: &str) -> Region {
    Region { name: Some(name.to_owned()).filter(|name| !name.is_empty()), values: Group::new() }
}

fn odd(source: &str) -> Error {
    let message = format!("`regions` in {source} must be a list of names, or of groups with `name` and `values`");
    Error::config("credentials.region_name", message)
}

fn unknown(wanted: &str, names: &[String], source: &str) -> Error {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("there is no region `{wanted}` in {source}, only {}; case matters", names.join(", "));
    Error::config("credentials.region_name", message)
}
