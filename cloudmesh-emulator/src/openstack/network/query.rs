//! Lists in Neutron's way: filters on most attributes, chosen fields, an order, pages.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::attributes::Resource;
use super::filter::filter;
use super::python::{list as python_list, quoted};
use super::{Call, Fault, Reply};
use crate::exchange::{Answer, values};
use crate::openstack::urls::Urls;

/// A page of a list.
#[derive(Debug, Default)]
struct Page {
    limit: Option<usize>,
    marker: Option<String>,
    reverse: bool,
}

/// The list that the query asks for, of all that the caller may see.
pub(super) fn list(call: &Call<'_>, resource: &Resource, mut all: Vec<Map<String, Value>>) -> Reply {
    let parameters = call.ask.parameters();
    filter(&mut all, resource, &parameters)?;
    let order = order(resource, &parameters)?;
    let page = page(&parameters)?;
    all.sort_by(|a, b| compare(a, b, &order));
    let mut body = Map::new();
    if let Some(limit) = page.limit {
        cut(&mut all, &page, limit, resource)?;
        let links = links(call, resource, &parameters, &all, &page, limit);
        if links.as_array().is_some_and(|links| !links.is_empty()) {
            body.insert(format!("{}_links", resource.many()), links);
        }
    }
    let shown: Vec<Value> = all.into_iter().map(|one| Value::Object(chosen(one, &parameters))).collect();
    body.insert(resource.many(), Value::Array(shown));
    Ok(Answer::json(200, &body))
}

/// One resource, with the fields that the query asks for.
pub(super) fn one(call: &Call<'_>, resource: &Resource, one: Map<String, Value>) -> Answer {
    let one = chosen(one, &call.ask.parameters());
    Answer::json(200, &json!({resource.one: one}))
}

/// The attributes that are wanted; all when nothing is said.
fn chosen(mut one: Map<String, Value>, parameters: &[(String, String)]) -> Map<String, Value> {
    let fields: Vec<&str> = values(parameters, "fields").filter(|field| !field.is_empty()).collect();
    if !fields.is_empty() {
        one.retain(|key, _| fields.contains(&key.as_str()));
    }
    one
}

/// What to sort by, and whether upwards.
fn order(resource: &Resource, parameters: &[(String, String)]) -> Result<Vec<(String, bool)>, Fault> {
    let of = |name| values(parameters, name).filter(|value| !value.is_empty());
    let (keys, ways): (Vec<&str>, Vec<&str>) = (of("sort_key").collect(), of("sort_dir").collect());
    if keys.len() != ways.len() {
        return Err(Fault::bad("The number of sort_keys and sort_dirs must be same"));
    }
    let refuse = |strange: Vec<&&str>, told: &str| {
        let strange: Vec<String> = strange.iter().map(|one| quoted(one)).collect();
        if strange.is_empty() { Ok(()) } else { Err(Fault::bad(format!("{} {told}", python_list(strange)))) }
    };
    refuse(keys.iter().filter(|key| !resource.sorts(key)).collect(), "is invalid attribute for sort_keys")?;
    let told = "is invalid value for sort_dirs, valid value is 'asc' and 'desc'";
    refuse(ways.iter().filter(|way| !matches!(**way, "asc" | "desc")).collect(), told)?;
    let mut order: Vec<(String, bool)> =
        keys.iter().zip(ways).map(|(key, way)| ((*key).to_owned(), way == "asc")).collect();
    if !keys.contains(&"id") {
        order.push(("id".to_owned(), true));
    }
    Ok(order)
}

fn compare(a: &Map<String, Value>, b: &Map<String, Value>, order: &[(String, bool)]) -> Ordering {
    let each = order.iter().map(|(key, up)| {
        let order = ranked(a.get(key)).cmp(&ranked(b.get(key)));
        if *up { order } else { order.reverse() }
    });
    each.fold(Ordering::Equal, Ordering::then)
}

/// Numbers as numbers, all else as text; what is not there comes first.
fn ranked(value: Option<&Value>) -> (i64, String) {
    match value {
        None | Some(Value::Null) => (i64::MIN, String::new()),
        Some(Value::Number(number)) => (number.as_i64().unwrap_or_default(), String::new()),
        Some(Value::String(text)) => (0, text.clone()),
        Some(other) => (0, other.to_string()),
    }
}

fn page(parameters: &[(String, String)]) -> Result<Page, Fault> {
    let last = |name: &str| parameters.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let limit = match last("limit") {
        None => 0,
        Some(text) => text
            .trim()
            .parse::<usize>()
            .map_err(|_| Fault::request("limit", format!("Limit must be an integer 0 or greater and not '{text}'")))?,
    };
    Ok(Page {
        limit: Some(limit).filter(|limit| *limit > 0),
        marker: last("marker").filter(|marker| !marker.is_empty()),
        reverse: last("page_reverse").is_some_and(|word| word.eq_ignore_ascii_case("true")),
    })
}

/// Cuts the page out.
fn cut(all: &mut Vec<Map<String, Value>>, page: &Page, limit: usize, resource: &Resource) -> Result<(), Fault> {
    if let Some(marker) = &page.marker {
        match all.iter().position(|one| one["id"] == **marker) {
            Some(place) if page.reverse => all.truncate(place),
            Some(place) => drop(all.drain(..=place)),
            // Some begin anew where others complain.
            None if resource.anchored => return Err((resource.missing)(marker)),
            None => {}
        }
    }
    if page.reverse {
        all.drain(..all.len().saturating_sub(limit));
    } else {
        all.truncate(limit);
    }
    Ok(())
}

/// The links to the pages beside this one.
fn links(
    call: &Call<'_>,
    resource: &Resource,
    parameters: &[(String, String)],
    shown: &[Map<String, Value>],
    page: &Page,
    limit: usize,
) -> Value {
    let url = format!("{}/v2.0/{}", Urls::new(call.ask).network(), resource.path);
    let link = |rel: &str, one: Option<&Map<String, Value>>, extra: &[(&str, &str)]| {
        let kept = parameters.iter().filter(|(key, _)| !matches!(key.as_str(), "marker" | "page_reverse"));
        let marker = one.and_then(|one| one["id"].as_str()).map(|id| ("marker", id));
        let mut query = Serializer::new(String::new());
        query.extend_pairs(kept).extend_pairs(marker).extend_pairs(extra);
        json!({"rel": rel, "href": format!("{url}?{}", query.finish())})
    };
    let full = shown.len() >= limit;
    let next = (full || page.reverse).then(|| link("next", shown.last(), &[]));
    let previous = (full || !page.reverse).then(|| link("previous", shown.first(), &[("page_reverse", "True")]));
    next.into_iter().chain(previous).collect()
}
