//! Tags of resources of every kind.

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::land::Land;
use super::land::ids::{self, Kind};
use super::land::tags::{Tag, check_key};
use super::listing::one;
use super::tagging;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "CreateTags", run: create },
    Action { name: "DeleteTags", run: delete },
    Action { name: "DescribeTags", run: describe },
];

/// How many resources a request may name.
const MOST: usize = 1_000;

fn create(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let (wanted, tags) = (params.list("ResourceId"), tagging::read(&params));
    let land = call.change()?;
    resources(land, &wanted)?;
    if tags.is_empty() {
        return Err(Fault::missing("Tag"));
    }
    for id in &wanted {
        land.tags.check(id, &tags)?;
    }
    for id in &wanted {
        land.tags.set(id, &tags);
    }
    Ok(Xml::done())
}

fn delete(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wanted = params.list("ResourceId");
    let tags: Vec<_> = params.parts("Tag").iter().map(|part| (part.text("Key"), part.text("Value"))).collect();
    let land = call.change()?;
    resources(land, &wanted)?;
    for (key, _) in &tags {
        check_key(key.unwrap_or_default())?;
    }
    for id in &wanted {
        if tags.is_empty() {
            land.tags.clear(id);
        }
        for (key, value) in &tags {
            land.tags.remove(id, key.unwrap_or_default(), *value);
        }
    }
    Ok(Xml::done())
}

/// Whether all of them are there.
fn resources(land: &Land, wanted: &[&str]) -> Result<(), Fault> {
    if wanted.is_empty() {
        return Err(Fault::missing("ResourceId"));
    }
    if wanted.len() > MOST {
        return Err(Fault::new("InvalidParameterValue", format!("A request names {MOST} resources at most")));
    }
    for id in wanted {
        let told = || Fault::new("InvalidID", format!("The ID '{id}' is not valid"));
        let kind = ids::kind(id).ok_or_else(told)?;
        if !is_there(land, kind, id) {
            return Err(kind.missing(id));
        }
    }
    Ok(())
}

fn is_there(land: &Land, kind: Kind, id: &str) -> bool {
    match kind {
        ids::INSTANCE => land.has_instance(id),
        ids::IMAGE => land.image(id).is_ok(),
        ids::KEY_PAIR => land.keys.contains(id),
        ids::GROUP => land.groups.contains(id),
        ids::RULE => land.groups.iter().any(|group| group.rules.iter().any(|rule| rule.id == id)),
        ids::VPC => land.vpcs.contains(id),
        ids::SUBNET => land.subnets.contains(id),
        ids::INTERFACE => land.interfaces.contains(id),
        ids::ALLOCATION => land.addresses.contains(id),
        ids::VOLUME => land.volumes.contains(id),
        ids::SNAPSHOT => land.images.iter().any(|image| image.owner == land.account && image.snapshot == id),
        ids::GATEWAY => land.gateways().any(|(_, own)| own == id) || land.loose_gateways.iter().any(|one| one == id),
        ids::ROUTE_TABLE => land.vpcs.iter().any(|vpc| vpc.route_table == id),
        // What has tags already was there when it got them.
        _ => !land.tags.of(id).is_empty(),
    }
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let filters = Filters::read(&params, &["key", "resource-id", "resource-type", "tag-key", "value"])?;
    let page = call.page(5..=1000)?;
    let land = call.look()?;
    let tags = &land.tags;
    let all = tags.tagged().into_iter().flat_map(|id| tags.of(id).iter().map(move |tag| (id, tag)));
    let passes = |(id, tag): &(&str, &Tag)| {
        filters.pass(|filter| match filter {
            "key" => one(&tag.key),
            "value" => one(&tag.value),
            "resource-id" => one((*id).to_owned()),
            "resource-type" => one(kind_name(id)),
            _ => tagging::values(std::slice::from_ref(*tag), filter)
                .into_iter()
                .map(|value| value.into_owned().into())
                .collect(),
        })
    };
    let mut found: Vec<(&str, &Tag)> = all.filter(passes).collect();
    found.sort_unstable();
    let (found, token) = page.cut(found, |(id, tag)| format!("{id} {}", tag.key));
    let mut xml = Xml::new();
    xml.set("tagSet", found, |xml, (id, tag)| {
        xml.text("resourceId", id);
        xml.text("resourceType", kind_name(id));
        xml.text("key", &tag.key);
        xml.text("value", &tag.value);
    });
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn kind_name(id: &str) -> &'static str {
    ids::kind(id).map_or("", |kind| kind.name)
}
