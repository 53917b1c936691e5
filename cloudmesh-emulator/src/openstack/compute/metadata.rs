//! A server's metadata.

use std::collections::BTreeMap;

use serde_json::json;

use super::call::{Call, Reply};
use super::create::labels;
use super::fault::Fault;
use super::ordered::Ordered;
use super::shapes;
use super::words::vm_state;
use crate::exchange::Answer;
use crate::world::limits::within;
use crate::world::node::Condition;

/// What a change is called in errors.
const UPDATE: &str = "update metadata";

/// Answers below `/servers/ID/metadata`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => call.server(id).map(|node| shown(&node.labels)),
        ("POST", []) => set(call, id, false),
        ("PUT", []) => set(call, id, true),
        ("GET", [key]) => item(call, id, key),
        ("PUT", [key]) => set_item(call, id, key),
        ("DELETE", [key]) => delete_item(call, id, key),
        _ => return None,
    })
}

fn shown(labels: &BTreeMap<String, String>) -> Answer {
    Answer::json(200, &json!({"metadata": labels}))
}

/// Lets `change` change the labels, unless the server is locked or in no state for it.
fn change<T>(
    call: &mut Call<'_>,
    id: &str,
    action: &str,
    change: impl FnOnce(&mut BTreeMap<String, String>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    call.server(id)?;
    let node = call.state.nodes.get_mut(id).ok_or_else(|| Fault::no_server(id))?;
    if node.locked {
        return Err(Fault::conflict(format!("Instance {id} is locked")));
    }
    if !matches!(node.condition, Condition::Running | Condition::Paused | Condition::Suspended | Condition::Stopped) {
        let state = vm_state(node.condition);
        return Err(Fault::conflict(format!("Cannot '{action}' instance {id} while it is in vm_state {state}")));
    }
    change(&mut node.labels)
}

fn set(call: &mut Call<'_>, id: &str, replace: bool) -> Reply {
    let body = call.body(&shapes::metadata())?;
    let new = labels(call, body.get("metadata"));
    let most = call.state.limits.metadata_items;
    change(call, id, UPDATE, |labels| {
        let new = new?;
        if replace {
            labels.clear();
        }
        room(labels, &new, most)?;
        labels.extend(new);
        Ok(shown(labels))
    })
}

/// Whether the new labels fit beside the old ones.
fn room(labels: &BTreeMap<String, String>, new: &BTreeMap<String, String>, most: i64) -> Result<(), Fault> {
    let more = new.keys().filter(|key| !labels.contains_key(*key)).count();
    if !within(most, labels.len() + more) {
        return Err(Fault::forbidden(format!("Maximum number of metadata items exceeds {most}")));
    }
    Ok(())
}

fn item(call: &mut Call<'_>, id: &str, key: &str) -> Reply {
    let value = call.server(id)?.labels.get(key).ok_or_else(no_item)?;
    Ok(Answer::json(200, &json!({"meta": {key: value}})))
}

fn set_item(call: &mut Call<'_>, id: &str, key: &str) -> Reply {
    let body = call.body(&shapes::metadata_item())?;
    let meta = body.get("meta").ok_or_else(Fault::malformed)?;
    let entries = meta.dict().unwrap_or_default();
    if entries.len() > 1 {
        let told = format!("Value: {meta}. {meta} has too many properties");
        return Err(Fault::bad(format!("Invalid input for field/attribute meta. {told}")));
    }
    call.server(id)?;
    let value = meta.get(key).map(Ordered::bare).ok_or_else(|| Fault::bad("Request body and URI mismatch"))?;
    let most = call.state.limits.metadata_items;
    let new = BTreeMap::from([(key.to_owned(), value.clone())]);
    change(call, id, UPDATE, |labels| {
        room(labels, &new, most)?;
        labels.extend(new);
        Ok(Answer::json(200, &json!({"meta": {key: value}})))
    })
}

fn delete_item(call: &mut Call<'_>, id: &str, key: &str) -> Reply {
    if !call.server(id)?.labels.contains_key(key) {
        return Err(no_item());
    }
    change(call, id, "delete metadata", |labels| labels.remove(key).ok_or_else(no_item))?;
    Ok(Answer::empty(204).with("content-type", "application/json"))
}

fn no_item() -> Fault {
    Fault::missing("Metadata item was not found")
}
