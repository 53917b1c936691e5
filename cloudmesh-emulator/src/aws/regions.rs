//! Regions and zones.

use std::borrow::Cow;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::land::regions::{REGIONS, Region, Zone, region};
use super::listing::one;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] =
    &[Action { name: "DescribeAvailabilityZones", run: zones }, Action { name: "DescribeRegions", run: describe }];

/// Whether a region can be used: one that must be asked for has not been.
pub(super) fn is_known(name: &str) -> bool {
    region(name).is_some_and(|region| !region.opt_in)
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let names = params.list("RegionName");
    let all = params.flag("AllRegions")?.unwrap_or(false);
    let filters = Filters::read(&params, &["endpoint", "opt-in-status", "region-name"])?;
    call.look()?;
    if let Some(unknown) = names.iter().find(|name| region(name).is_none()) {
        let told = format!("Invalid region names: [{unknown}]");
        return Err(Fault::new("InvalidParameterValue", told));
    }
    let wanted = |region: &&Region| {
        let is_meant = if names.is_empty() { all || !region.opt_in } else { names.contains(&region.name) };
        is_meant
            && filters.pass(|filter| match filter {
                "endpoint" => one(endpoint(region)),
                "opt-in-status" => one(status(region)),
                _ => one(region.name),
            })
    };
    let mut xml = Xml::new();
    xml.set("regionInfo", REGIONS.iter().filter(wanted), |xml, region| {
        xml.text("regionName", region.name);
        xml.text("regionEndpoint", endpoint(region));
        xml.text("optInStatus", status(region));
        xml.set("geographySet", [region.geography], |xml, name| xml.text("name", name));
    });
    Ok(xml)
}

fn endpoint(region: &Region) -> String {
    format!("ec2.{}.amazonaws.com", region.name)
}

fn status(region: &Region) -> &'static str {
    if region.opt_in { "not-opted-in" } else { "opt-in-not-required" }
}

const FILTERS: &[&str] = &[
    "group-long-name",
    "group-name",
    "message",
    "opt-in-status",
    "parent-zone-id",
    "parent-zone-name",
    "region-name",
    "state",
    "zone-id",
    "zone-name",
    "zone-type",
];

fn zones(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (names, ids) = (params.list("ZoneName"), params.list("ZoneId"));
    let _ = params.flag("AllAvailabilityZones")?;
    let filters = Filters::read(&params, FILTERS)?;
    let region = call.look()?.region();
    let all = region.zones();
    if let Some(name) = names.iter().find(|name| all.iter().all(|zone| zone.name != **name)) {
        return Err(Fault::new("InvalidParameterValue", format!("Invalid availability zone: [{name}]")));
    }
    if let Some(id) = ids.iter().find(|id| all.iter().all(|zone| zone.id != **id)) {
        return Err(Fault::new("InvalidParameterValue", format!("Invalid availability zone-id: [{id}]")));
    }
    let wanted = |zone: &&Zone| {
        (names.is_empty() || names.contains(&zone.name.as_str()))
            && (ids.is_empty() || ids.contains(&zone.id.as_str()))
            && filters.pass(|filter| values(region, zone, filter))
    };
    let mut xml = Xml::new();
    xml.set("availabilityZoneInfo", all.iter().filter(wanted), |xml, zone| write(xml, region, zone));
    Ok(xml)
}

fn write(xml: &mut Xml, region: &Region, zone: &Zone) {
    xml.text("zoneName", &zone.name);
    xml.text("zoneState", "available");
    xml.text("regionName", region.name);
    xml.group("messageSet", |_| ());
    xml.text("zoneId", &zone.id);
    xml.text("optInStatus", "opt-in-not-required");
    xml.text("groupName", group(region));
    xml.text("groupLongName", format!("{} 1", region.title));
    xml.text("networkBorderGroup", region.name);
    xml.text("zoneType", "availability-zone");
    xml.set("geographySet", [region.geography], |xml, name| xml.text("name", name));
}

fn group(region: &Region) -> String {
    format!("{}-zg-1", region.name)
}

fn values<'a>(region: &'a Region, zone: &'a Zone, filter: &str) -> Vec<Cow<'a, str>> {
    match filter {
        "group-long-name" => one(format!("{} 1", region.title)),
        "group-name" => one(group(region)),
        "opt-in-status" => one("opt-in-not-required"),
        "region-name" => one(region.name),
        "state" => one("available"),
        "zone-id" => one(&zone.id),
        "zone-name" => one(&zone.name),
        "zone-type" => one("availability-zone"),
        _ => Vec::new(),
    }
}
