//! Whether instances work: `DescribeInstanceStatus`.

use std::borrow::Cow;

use super::shown;
use crate::aws::call::{Call, Reply};
use crate::aws::fault::Fault;
use crate::aws::filter::Filters;
use crate::aws::land::Land;
use crate::aws::land::instance::{Instance, State};
use crate::aws::xml::Xml;

const SIZES: std::ops::RangeInclusive<usize> = 5..=1000;

const NAMES: &[&str] = &[
    "availability-zone",
    "instance-state-code",
    "instance-state-name",
    "instance-status.reachability",
    "instance-status.status",
    "system-status.reachability",
    "system-status.status",
];

pub(super) fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let ids = params.list("InstanceId");
    let filters = Filters::read(&params, NAMES)?;
    let page = call.page(SIZES)?;
    let all = params.flag("IncludeAllInstances")?.unwrap_or(false);
    params.flag("IncludeManagedResources")?;
    if page.is_asked_for && !ids.is_empty() {
        let told = "The parameter instancesSet cannot be used with the parameter maxResults";
        return Err(Fault::combination(told));
    }
    let land = call.look()?;
    let known = land.known(&ids)?;
    let wanted = |one: &Instance| {
        (ids.is_empty() || known.contains(&one.id))
            && land.is_known(one)
            && (all || one.state == State::Running)
            && filters.pass(|name| values(land, one, name))
    };
    let there = land.instances.placed().filter(|(_, one)| wanted(one));
    let (found, next) = page.cut(there, |(place, _)| format!("{place:020}"));
    let mut xml = Xml::new();
    xml.set("instanceStatusSet", found, |xml, (_, one)| status(xml, land, one));
    xml.maybe("nextToken", next);
    Ok(xml)
}

/// The status, and how the way to it is.
fn health(land: &Land, one: &Instance) -> (&'static str, &'static str) {
    match one.state {
        State::Running if one.booted.is_some_and(|booted| land.is_up(booted)) => ("ok", "passed"),
        State::Running => ("initializing", "initializing"),
        _ => ("not-applicable", ""),
    }
}

fn values<'a>(land: &'a Land, one: &'a Instance, name: &str) -> Vec<Cow<'a, str>> {
    let (status, reachability) = health(land, one);
    vec![match name {
        "availability-zone" => one.zone.as_str().into(),
        "instance-state-code" => one.state.code().to_string().into(),
        "instance-state-name" => one.state.name().into(),
        "instance-status.status" | "system-status.status" => status.into(),
        _ => reachability.into(),
    }]
}

fn status(xml: &mut Xml, land: &Land, one: &Instance) {
    xml.text("instanceId", &one.id);
    xml.text("availabilityZone", &one.zone);
    xml.text("availabilityZoneId", land.zone_id(&one.zone));
    shown::state(xml, "instanceState", one.state);
    let (status, reachability) = health(land, one);
    for name in ["systemStatus", "instanceStatus"] {
        xml.group(name, |xml| {
            xml.text("status", status);
            let details = (!reachability.is_empty()).then_some(reachability);
            xml.set("details", details, |xml, told| {
                xml.text("name", "reachability");
                xml.text("status", told);
            });
        });
    }
}
