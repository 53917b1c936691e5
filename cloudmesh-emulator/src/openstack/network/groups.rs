//! Security groups.

use serde_json::{Map, Value, json};

use super::body::{Sent, flag, text, text_or_empty};
use super::faults::no_group;
use super::query::{list, one};
use super::rules::{rule_in_group, traffic_for_nova};
use super::shown::about;
use super::tables::GROUPS;
use super::{Call, Fault, NO_BODY, Reply};
use crate::exchange::Answer;
use crate::world::State;
use crate::world::group::SecurityGroup;

/// How many rules a new group has.
const RULES: usize = 2;

/// Answers below `/security-groups`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => {
            let mine = call.state.groups.iter().filter(|group| group.project == call.caller.project);
            list(call, &GROUPS, mine.map(shown).collect())
        }
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|group| one(call, &GROUPS, shown(group))),
        ("PUT", [id]) => update(call, id),
        ("DELETE", [_]) if call.has_body() => Err(Fault::bad(NO_BODY)),
        ("DELETE", [id]) => delete(call, id),
        _ => return None,
    })
}

fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a SecurityGroup, Fault> {
    let found = call.state.group(id).filter(|group| group.project == call.caller.project);
    found.ok_or_else(|| no_group(id))
}

fn create(call: &mut Call<'_>) -> Reply {
    match call.made(&GROUPS)? {
        Sent::One(given) => {
            call.quota("security_group", 1)?;
            let made = add(call, &given)?;
            Ok(Answer::json(201, &json!({"security_group": made})))
        }
        Sent::Many(several) => {
            call.quota("security_group", several.len())?;
            call.quota("security_group_rule", RULES * several.len())?;
            let made = several.iter().map(|given| add(call, given)).collect::<Result<Vec<_>, _>>()?;
            Ok(Answer::json(201, &json!({"security_groups": made})))
        }
    }
}

fn add(call: &mut Call<'_>, given: &Map<String, Value>) -> Result<Map<String, Value>, Fault> {
    call.quota("security_group_rule", RULES)?;
    let (name, description) = (text_or_empty(given, "name"), text_or_empty(given, "description"));
    let id = call.state.add_group(&call.caller.project, &name, &description);
    if let Some(group) = call.state.groups.iter_mut().find(|group| group.id == id) {
        group.stateful = flag(given, "stateful").unwrap_or(true);
    }
    found(call, &id).map(shown)
}

fn update(call: &mut Call<'_>, id: &str) -> Reply {
    let given = call.changed(&GROUPS)?;
    let group = found(call, id)?;
    let stateful = flag(&given, "stateful").unwrap_or(group.stateful);
    if stateful != group.stateful && call.state.group_in_use(id) {
        return Err(in_use(id));
    }
    if group.name == "default" && given.contains_key("name") {
        let told = "Updating default security group not allowed.";
        return Err(Fault::new(409, "SecurityGroupCannotUpdateDefault", told));
    }
    call.unchanged(group.about.revision)?;
    let now = call.state.now;
    let group = call.state.groups.iter_mut().find(|group| group.id == id).ok_or_else(|| no_group(id))?;
    if let Some(name) = text(&given, "name") {
        name.clone_into(&mut group.name);
    }
    if let Some(description) = text(&given, "description") {
        description.clone_into(&mut group.about.description);
    }
    group.stateful = stateful;
    if !given.is_empty() {
        group.about.touch(now);
    }
    Ok(Answer::json(200, &json!({"security_group": shown(group)})))
}

fn in_use(id: &str) -> Fault {
    Fault::new(409, "SecurityGroupInUse", format!("Security Group {id} in use."))
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    let group = found(call, id)?;
    if call.state.group_in_use(id) {
        return Err(in_use(id));
    }
    if group.name == "default" {
        let told = "Insufficient rights for removing default security group.";
        return Err(Fault::new(409, "SecurityGroupCannotRemoveDefault", told));
    }
    call.unchanged(group.about.revision)?;
    call.state.groups.retain(|group| group.id != id);
    // Rules that let traffic of the group in go with it.
    for other in &mut call.state.groups {
        other.rules.retain(|rule| rule.what.from_group.as_deref() != Some(id));
    }
    Ok(Answer::empty(204))
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-security-group>
fn shown(group: &SecurityGroup) -> Map<String, Value> {
    let rules: Vec<Value> = group.rules.iter().map(|rule| rule_in_group(group, rule)).collect();
    about(
        &group.about,
        json!({
            "id": group.id, "name": group.name, "stateful": group.stateful, "tenant_id": group.project,
            "project_id": group.project, "shared": false, "security_group_rules": rules,
        }),
    )
}

/// A group as Nova shows it.
pub(in crate::openstack) fn group_for_nova(state: &State, group: &SecurityGroup) -> Value {
    let rules = group.rules.iter().filter(|rule| rule.what.inward);
    let rules: Vec<Value> = rules.map(|rule| traffic_for_nova(state, group, rule)).collect();
    json!({
        "id": group.id, "description": group.about.description, "name": group.name, "tenant_id": group.project,
        "rules": rules,
    })
}
