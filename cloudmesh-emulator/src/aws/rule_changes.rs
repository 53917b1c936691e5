//! Changes of rules that are there: what they let through, and how they are described.

use super::call::{Call, Reply};
use super::fault::Fault;
use super::groups::Named;
use super::land::ids;
use super::permissions;
use super::rules::Wanted;
use super::xml::Xml;

/// Puts other rules in place of those with the same ids.
pub(super) fn modify(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let group = params.required("GroupId")?;
    let mut wanted = Vec::new();
    for part in params.parts("SecurityGroupRule") {
        let id = part.required("SecurityGroupRuleId")?;
        let inner = part.part("SecurityGroupRule").ok_or_else(|| Fault::missing(&part.name("SecurityGroupRule")))?;
        wanted.push((id, Wanted::read(&inner)?));
    }
    let land = call.change()?;
    if wanted.is_empty() {
        return Err(Fault::missing("SecurityGroupRule"));
    }
    let mut changed = land.group(group)?.clone();
    for (id, wanted) in wanted {
        let traffic = wanted.traffic(land)?;
        let twin = changed.rules.iter().any(|rule| rule.id != id && rule.traffic == traffic);
        let rule = changed.rules.iter_mut().find(|rule| rule.id == id).ok_or_else(|| ids::RULE.missing(id))?;
        if twin && rule.traffic != traffic {
            let told = format!("the specified rule \"{traffic}\" already exists");
            return Err(Fault::new("InvalidPermission.Duplicate", told));
        }
        (rule.traffic, rule.description) = (traffic, wanted.description);
    }
    land.groups.insert(group, changed);
    Ok(Xml::done())
}

/// Describes rules in other words, or in none.
pub(super) fn describe(call: &mut Call<'_>, egress: bool) -> Reply {
    let params = call.params();
    let named = Named::read(&params)?;
    let asked = permissions::read(&params)?;
    let mut by_id = Vec::new();
    for part in params.parts("SecurityGroupRuleDescription") {
        by_id.push((part.required("SecurityGroupRuleId")?, permissions::described(part.text("Description"))?));
    }
    let land = call.change()?;
    let mut group = named.find(land)?.clone();
    for one in permissions::resolve(asked, land, &group.vpc)? {
        let mut own = group.rules.iter_mut().filter(|rule| rule.egress == egress);
        let told = || {
            let told = "The specified rule does not exist in this security group.";
            Fault::new("InvalidPermission.NotFound", told)
        };
        own.find(|rule| rule.traffic == one.traffic).ok_or_else(told)?.description = one.description;
    }
    for (id, description) in by_id {
        let mut own = group.rules.iter_mut().filter(|rule| rule.egress == egress);
        own.find(|rule| rule.id == id).ok_or_else(|| ids::RULE.missing(id))?.description = description;
    }
    land.groups.insert(&group.id.clone(), group);
    Ok(Xml::done())
}
