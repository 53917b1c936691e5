//! Describing instances: `DescribeInstances`.

use super::{filter, shown};
use crate::aws::call::{Call, Reply};
use crate::aws::fault::Fault;
use crate::aws::filter::Filters;
use crate::aws::land::Land;
use crate::aws::land::instance::Instance;
use crate::aws::page::Page;
use crate::aws::xml::Xml;

/// How many instances a page may have.
const SIZES: std::ops::RangeInclusive<usize> = 5..=1000;

pub(super) fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let ids = params.list("InstanceId");
    let filters = Filters::read(&params, filter::NAMES)?;
    let page = call.page(SIZES)?;
    params.flag("IncludeManagedResources")?;
    if page.is_asked_for && !ids.is_empty() {
        let told = "The parameter instancesSet cannot be used with the parameter maxResults";
        return Err(Fault::combination(told));
    }
    let asked = call.parameters();
    let land = call.look()?;
    if let Some(known) = land.prepared.get(&asked).filter(|_| land.is_settled()) {
        return Ok(Xml::written(&known));
    }
    let known = land.known(&ids)?;
    let wanted = |one: &Instance| filters.pass(|name| filter::values(land, one, name));
    let xml = if ids.is_empty() {
        all(land, &page, wanted)
    } else {
        let found: Vec<_> = known.iter().filter_map(|id| land.instances.get(id)).filter(|one| wanted(one)).collect();
        written(land, &found, None)
    };
    if ids.is_empty() && land.is_settled() {
        land.prepared.keep(asked, xml.clone().into_bytes());
    }
    Ok(xml)
}

/// A page of all instances.
fn all(land: &Land, page: &Page, wanted: impl Fn(&Instance) -> bool) -> Xml {
    let there = land.instances.placed().filter(|(_, one)| land.is_known(one) && wanted(one));
    let (found, next) = page.cut(there, |(place, _)| format!("{place:020}"));
    let found: Vec<&Instance> = found.into_iter().map(|(_, one)| one).collect();
    written(land, &found, next)
}

/// Instances, those of the same reservation together.
fn written(land: &Land, found: &[&Instance], next: Option<String>) -> Xml {
    let mut xml = Xml::new();
    let together = found.chunk_by(|one, other| one.reservation == other.reservation);
    xml.set("reservationSet", together, |xml, all| shown::reservation(xml, land, all));
    xml.maybe("nextToken", next);
    xml
}
