//! Security groups.

use serde_json::{Map, Value, json};

use super::query::{Kind, list};
use super::rules::{rule_in_group, traffic_for_nova};
use super::{Call, Fault, Reply, only, text};
use crate::exchange::Answer;
use crate::openstack::times::seconds;
use crate::world::State;
use crate::world::group::SecurityGroup;

const GROUPS: Kind = Kind { plural: "security_groups", path: "security-groups", missing: no_group };

pub(super) fn no_group(id: &str) -> Fault {
    Fault::new(404, "SecurityGroupNotFound", format!("Security group {id} does not exist"))
}

/// Answers below `/security-groups`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => {
            let mine = call.state.groups.iter().filter(|group| group.project == call.caller.project);
            list(call, GROUPS, mine.map(shown).collect())
        }
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|group| Answer::json(200, &json!({"security_group": shown(group)}))),
        ("PUT", [id]) => update(call, id),
        ("DELETE", [id]) => delete(call, id),
        _ => return None,
    })
}

fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a SecurityGroup, Fault> {
    let found = call.state.group(id).filter(|group| group.project == call.caller.project);
    found.ok_or_else(|| no_group(id))
}

fn create(call: &mut Call<'_>) -> Reply {
    let given = call.body("security_group")?;
    only(&given, &["name", "description", "tenant_id", "project_id", "stateful"])?;
    let (name, description) = (text(&given, "name")?, text(&given, "description")?);
    if name == "default" {
        let told = "Default security group already exists.";
        return Err(Fault::new(409, "SecurityGroupDefaultAlreadyExists", told));
    }
    let id = call.state.add_group(&call.caller.project, &name, &description);
    Ok(Answer::json(201, &json!({"security_group": shown(found(call, &id)?)})))
}

fn update(call: &mut Call<'_>, id: &str) -> Reply {
    let given = call.body("security_group")?;
    only(&given, &["name", "description", "stateful"])?;
    let (name, description) = (text(&given, "name")?, text(&given, "description")?);
    found(call, id)?;
    let now = call.state.now;
    let group = call.state.groups.iter_mut().find(|group| group.id == id).ok_or_else(|| no_group(id))?;
    if given.get("name").is_some() {
        group.name = name;
    }
    if given.get("description").is_some() {
        group.description = description;
    }
    (group.updated, group.revision) = (now, group.revision + 1);
    Ok(Answer::json(200, &json!({"security_group": shown(group)})))
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    if found(call, id)?.name == "default" {
        let told = "Insufficient rights for removing default security group.";
        return Err(Fault::new(409, "SecurityGroupCannotRemoveDefault", told));
    }
    if call.state.group_in_use(id) {
        return Err(Fault::new(409, "SecurityGroupInUse", format!("Security Group {id} in use.")));
    }
    call.state.groups.retain(|group| group.id != id);
    Ok(Answer::empty(204))
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-security-group>
fn shown(group: &SecurityGroup) -> Map<String, Value> {
    let rules: Vec<Value> = group.rules.iter().map(|rule| rule_in_group(group, rule)).collect();
    let shown = json!({
        "id": group.id, "name": group.name, "stateful": true, "tenant_id": group.project,
        "project_id": group.project, "description": group.description, "shared": false,
        "security_group_rules": rules, "tags": [], "created_at": seconds(group.created),
        "updated_at": seconds(group.updated), "revision_number": group.revision,
    });
    shown.as_object().cloned().unwrap_or_default()
}

/// A group as Nova shows it.
pub(in crate::openstack) fn group_for_nova(state: &State, group: &SecurityGroup) -> Value {
    let rules = group.rules.iter().filter(|rule| rule.what.inward);
    let rules: Vec<Value> = rules.map(|rule| traffic_for_nova(state, group, rule)).collect();
    json!({
        "id": group.id, "description": group.description, "name": group.name, "tenant_id": group.project,
        "rules": rules,
    })
}
