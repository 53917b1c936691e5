//! Lists in Neutron's way: filters on any attribute, chosen fields, pages.

use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::{Call, Fault, Reply};
use crate::exchange::{Answer, values};
use crate::openstack::urls::Urls;

/// Parameters that filter nothing.
const OTHERS: [&str; 6] = ["limit", "marker", "page_reverse", "fields", "sort_key", "sort_dir"];

/// What a list is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// The name of the list, such as `security_groups`.
    pub(super) plural: &'static str,
    /// The last part of the path, such as `security-groups`.
    pub(super) path: &'static str,
    /// The error when one is missing.
    pub(super) missing: fn(&str) -> Fault,
}

/// The list that the query asks for, of all that the caller may see.
pub(super) fn list(call: &Call<'_>, kind: Kind, mut all: Vec<Map<String, Value>>) -> Reply {
    let parameters = call.ask.parameters();
    let given = |name: &str| parameters.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    filter(&mut all, &parameters)?;
    sort(&mut all, &parameters)?;
    if let Some(marker) = given("marker") {
        let place = all.iter().position(|one| one["id"] == *marker);
        let place = place.ok_or_else(|| (kind.missing)(marker))?;
        all.drain(..=place);
    }
    let mut body = Map::new();
    if let Some(limit) = given("limit").map(limit).transpose()?.filter(|limit| *limit > 0) {
        let more = all.len() >= limit;
        all.truncate(limit);
        body.insert(format!("{}_links", kind.plural), links(call, kind, &parameters, &all, more));
    }
    let fields: Vec<&str> =
        parameters.iter().filter(|(key, _)| key == "fields").map(|(_, value)| value.as_str()).collect();
    let shown: Vec<Value> = all.into_iter().map(|one| Value::Object(chosen(one, &fields))).collect();
    body.insert(kind.plural.to_owned(), Value::Array(shown));
    Ok(Answer::json(200, &body))
}

/// The attributes that are wanted; all when nothing is said.
fn chosen(mut one: Map<String, Value>, fields: &[&str]) -> Map<String, Value> {
    if !fields.is_empty() {
        one.retain(|key, _| fields.contains(&key.as_str()));
    }
    one
}

fn filter(all: &mut Vec<Map<String, Value>>, parameters: &[(String, String)]) -> Result<(), Fault> {
    let filters: Vec<&(String, String)> =
        parameters.iter().filter(|(key, _)| !OTHERS.contains(&key.as_str())).collect();
    let strange = |key: &str| all.first().is_some_and(|one| !one.contains_key(key)) && !is_known(key);
    if let Some((key, _)) = filters.iter().find(|(key, _)| strange(key)) {
        return Err(Fault::bad(format!("['{key}'] is invalid attribute for filtering")));
    }
    all.retain(|one| {
        filters.iter().all(|(key, _)| {
            filters.iter().filter(|(other, _)| other == key).any(|(_, value)| same(one.get(key), value))
        })
    });
    Ok(())
}

/// Attributes that only some resources show.
fn is_known(key: &str) -> bool {
    matches!(key, "is_default" | "tags" | "tags-any" | "fixed_ips" | "shared" | "description")
}

fn same(found: Option<&Value>, wanted: &str) -> bool {
    match found {
        None | Some(Value::Null | Value::Object(_)) => false,
        Some(Value::String(text)) => text == wanted,
        Some(Value::Bool(flag)) => wanted.eq_ignore_ascii_case(&flag.to_string()),
        Some(Value::Array(entries)) => entries.iter().any(|entry| same(Some(entry), wanted)),
        Some(Value::Number(number)) => number.to_string() == wanted,
    }
}

fn sort(all: &mut [Map<String, Value>], parameters: &[(String, String)]) -> Result<(), Fault> {
    let of = |name| values(parameters, name);
    let (keys, ways): (Vec<&str>, Vec<&str>) = (of("sort_key").collect(), of("sort_dir").collect());
    if keys.len() != ways.len() {
        return Err(Fault::bad("The number of sort_keys and sort_dirs must be same"));
    }
    let mut order: Vec<(&str, &str)> = keys.into_iter().zip(ways).collect();
    order.push(("id", "asc"));
    let text = |one: &Map<String, Value>, key: &str| one.get(key).map(ToString::to_string);
    all.sort_by(|a, b| {
        let by = |(key, way): &(&str, &str)| {
            let order = text(a, key).cmp(&text(b, key));
            if *way == "desc" { order.reverse() } else { order }
        };
        order.iter().map(by).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    Ok(())
}

fn limit(text: &str) -> Result<usize, Fault> {
    let told = format!("Bad limit request: Limit must be an integer 0 or greater and not '{text}'.");
    text.parse().map_err(|_| Fault::new(400, "BadRequest", told))
}

/// The links to the pages beside this one.
fn links(
    call: &Call<'_>,
    kind: Kind,
    parameters: &[(String, String)],
    page: &[Map<String, Value>],
    more: bool,
) -> Value {
    let url = format!("{}/v2.0/{}", Urls::new(call.ask).network(), kind.path);
    let kept = parameters.iter().filter(|(key, _)| !matches!(key.as_str(), "marker" | "page_reverse"));
    let kept: Vec<(&str, &str)> = kept.map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let link = |rel: &str, one: &Map<String, Value>, extra: &[(&str, &str)]| {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&kept).append_pair("marker", one["id"].as_str().unwrap_or_default()).extend_pairs(extra);
        json!({"rel": rel, "href": format!("{url}?{}", query.finish())})
    };
    let next = page.last().filter(|_| more).map(|last| link("next", last, &[]));
    let previous = page.first().map(|first| link("previous", first, &[("page_reverse", "True")]));
    next.into_iter().chain(previous).collect()
}
