//! Requests for spot instances, as `RunInstances` makes them.

use std::borrow::Cow;

use crate::aws::call::{Call, Reply};
use crate::aws::fault::Fault;
use crate::aws::filter::Filters;
use crate::aws::land::instance::{Instance, Spot, State};
use crate::aws::land::{Land, ids, time};
use crate::aws::tagging;
use crate::aws::xml::Xml;

const SIZES: std::ops::RangeInclusive<usize> = 5..=1000;

const NAMES: &[&str] = &[
    "instance-id",
    "launch.image-id",
    "launch.instance-type",
    "launched-availability-zone",
    "spot-instance-request-id",
    "state",
    "status-code",
    "tag-key",
    "type",
];

pub(super) fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("SpotInstanceRequestId");
    let filters = Filters::read(&params, NAMES)?;
    let page = call.page(SIZES)?;
    let land = call.look()?;
    check(land, &wanted)?;
    let there = land.instances.placed().filter_map(|(place, one)| Some((place, one, one.options.spot.as_ref()?)));
    let there = there.filter(|(_, one, spot)| {
        (wanted.is_empty() || wanted.contains(&spot.request.as_str()))
            && filters.pass(|name| values(land, one, spot, name))
    });
    let (found, next) = page.cut(there, |(place, _, _)| format!("{place:020}"));
    let mut xml = Xml::new();
    xml.set("spotInstanceRequestSet", found, |xml, (_, one, spot)| request(xml, land, one, spot));
    xml.maybe("nextToken", next);
    Ok(xml)
}

pub(super) fn cancel(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("SpotInstanceRequestId");
    if wanted.is_empty() {
        return Err(Fault::missing("SpotInstanceRequestId"));
    }
    let land = call.change()?;
    check(land, &wanted)?;
    for one in land.instances.iter_mut() {
        if let Some(spot) = one.options.spot.as_mut().filter(|spot| wanted.contains(&spot.request.as_str())) {
            spot.cancelled = true;
        }
    }
    let mut xml = Xml::new();
    xml.set("spotInstanceRequestSet", wanted, |xml, id| {
        xml.text("spotInstanceRequestId", id);
        xml.text("state", "cancelled");
    });
    Ok(xml)
}

/// Whether there are all requests with these ids.
fn check(land: &Land, wanted: &[&str]) -> Result<(), Fault> {
    let spots: Vec<&str> =
        land.instances.iter().filter_map(|one| Some(one.options.spot.as_ref()?.request.as_str())).collect();
    match wanted.iter().find(|id| !spots.contains(id)) {
        Some(id) => Err(ids::SPOT_REQUEST.missing(id)),
        None => Ok(()),
    }
}

/// The state of a request, the code of its status, and what that means.
fn state(one: &Instance, spot: &Spot) -> (&'static str, &'static str, &'static str) {
    let ended = one.state.is_ending();
    match (spot.cancelled, ended) {
        (true, false) => {
            let told = "Your Spot request is canceled, but your instance is still running.";
            ("cancelled", "request-canceled-and-instance-running", told)
        }
        (true, true) => ("cancelled", "canceled-before-fulfillment", "Your Spot request is canceled."),
        (false, true) => {
            ("closed", "instance-terminated-by-user", "Your instance was terminated by user initiated action.")
        }
        (false, false) if matches!(one.state, State::Stopped | State::Stopping) => {
            ("disabled", "instance-stopped-by-user", "Your instance was stopped by user initiated action.")
        }
        (false, false) => ("active", "fulfilled", "Your spot request is fulfilled."),
    }
}

fn kind(spot: &Spot) -> &'static str {
    if spot.persistent { "persistent" } else { "one-time" }
}

fn values<'a>(land: &'a Land, one: &'a Instance, spot: &'a Spot, name: &str) -> Vec<Cow<'a, str>> {
    if let Some(key) = name.strip_prefix("tag:") {
        return land.tags.value(&spot.request, key).map(Cow::from).into_iter().collect();
    }
    let (state, code, _) = state(one, spot);
    vec![match name {
        "instance-id" => one.id.as_str().into(),
        "launch.image-id" => one.image.as_str().into(),
        "launch.instance-type" => one.kind.name.as_str().into(),
        "launched-availability-zone" => one.zone.as_str().into(),
        "spot-instance-request-id" => spot.request.as_str().into(),
        "state" => state.into(),
        "status-code" => code.into(),
        "type" => kind(spot).into(),
        _ => return land.tags.of(&spot.request).iter().map(|tag| tag.key.as_str().into()).collect(),
    }]
}

fn request(xml: &mut Xml, land: &Land, one: &Instance, spot: &Spot) {
    let (state, code, told) = state(one, spot);
    xml.text("spotInstanceRequestId", &spot.request);
    xml.maybe("spotPrice", spot.price.as_ref());
    xml.text("type", kind(spot));
    xml.text("state", state);
    xml.group("status", |xml| {
        xml.text("code", code);
        xml.text("updateTime", time(one.launched));
        xml.text("message", told);
    });
    xml.group("launchSpecification", |xml| {
        xml.text("imageId", &one.image);
        xml.maybe("keyName", one.key.as_ref());
        xml.text("instanceType", &one.kind.name);
        xml.group("placement", |xml| xml.text("availabilityZone", &one.zone));
        xml.text("subnetId", &one.subnet);
    });
    xml.text("instanceId", &one.id);
    xml.text("createTime", time(one.launched));
    xml.text("productDescription", one.system.details());
    tagging::write(xml, land.tags.of(&spot.request));
    xml.text("launchedAvailabilityZone", &one.zone);
    xml.text("instanceInterruptionBehavior", spot.interruption);
}
