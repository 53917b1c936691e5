//! What describing has in common: things by their ids, filters, pages.

use std::borrow::Cow;

use super::fault::Fault;
use super::land::ids::Kind;
use super::land::store::Store;
use super::page::Page;

/// A thing, and its place among all of its kind.
pub(super) type Placed<'a, T> = (u64, &'a T);

/// The things of those ids, or all of them when no id is named.
pub(super) fn chosen<'a, T>(store: &'a Store<T>, kind: Kind, ids: &[&str]) -> Result<Vec<Placed<'a, T>>, Fault> {
    if let Some(id) = ids.iter().find(|id| !store.contains(id)) {
        return Err(kind.missing(id));
    }
    if ids.is_empty() {
        return Ok(store.placed().collect());
    }
    let mut found: Vec<_> = ids.iter().filter_map(|id| store.place(id)).collect();
    found.sort_unstable_by_key(|(place, _)| *place);
    found.dedup_by_key(|(place, _)| *place);
    Ok(found)
}

/// A page of things, and the token of the next one. All of them, where nobody asks for pages.
pub(super) fn page<'a, T>(page: &Page, all: Vec<Placed<'a, T>>) -> (Vec<&'a T>, Option<String>) {
    let without_place = |(_, thing): Placed<'a, T>| thing;
    if !page.is_asked_for {
        return (all.into_iter().map(without_place).collect(), None);
    }
    let (page, token) = page.cut(all, |(place, _)| format!("{place:020}"));
    (page.into_iter().map(without_place).collect(), token)
}

/// That ids and pages cannot be asked for together.
pub(super) fn either(page: &Page, ids: &[&str], name: &str) -> Result<(), Fault> {
    if ids.is_empty() || !page.is_asked_for {
        return Ok(());
    }
    Err(Fault::combination(format!("The parameter {name} cannot be used with the parameter maxResults")))
}

/// One value of a filter.
pub(super) fn one<'a>(value: impl Into<Cow<'a, str>>) -> Vec<Cow<'a, str>> {
    vec![value.into()]
}

/// The value of a filter, where there is one.
pub(super) fn maybe<'a>(value: Option<impl Into<Cow<'a, str>>>) -> Vec<Cow<'a, str>> {
    value.into_iter().map(Into::into).collect()
}

/// `true` or `false` as the value of a filter.
pub(super) fn flag<'a>(value: bool) -> Vec<Cow<'a, str>> {
    one(if value { "true" } else { "false" })
}
