//! What belongs to a server: addresses, interfaces, security groups, tags, what was done with it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::actions::accepted;
use super::call::{Call, Reply};
use super::create::group_id;
use super::fault::Fault;
use super::ordered::Ordered;
use super::version::Version;
use crate::exchange::Answer;
use crate::openstack::network;
use crate::openstack::times::bare;
use crate::world::node::{Condition, Node, Task};

/// Answers what is asked below `/servers/ID`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, id: &str, rest: &[&str]) -> Option<Reply> {
    let known = matches!(
        rest,
        ["ips" | "os-interface" | "os-security-groups" | "os-instance-actions" | "tags" | "os-volume_attachments"]
            | ["ips" | "os-instance-actions" | "os-volume_attachments", _]
    );
    if !known {
        return None;
    }
    let node = match call.server(id) {
        Ok(node) => node.clone(),
        Err(fault) => return Some(Err(fault)),
    };
    let call = &*call;
    let body = match rest {
        ["ips"] => Ok(json!({"addresses": addresses(call, &node)})),
        ["ips", network] => addresses_of(call, &node, network),
        ["os-interface"] => Ok(json!({"interfaceAttachments": interfaces(&node)})),
        ["os-security-groups"] => Ok(json!({"security_groups": groups(call, &node)})),
        ["os-instance-actions"] => Ok(json!({"instanceActions": actions(&node)})),
        ["os-instance-actions", request] => action(&node, request),
        ["os-volume_attachments"] => {
            let all: Vec<Value> = node.disks.iter().filter_map(|(id, _)| attachment(call, &node, id)).collect();
            Ok(json!({"volumeAttachments": all}))
        }
        ["os-volume_attachments", volume] => {
            let told = || Fault::missing(format!("Instance {id} is not attached to volume {volume}"));
            attachment(call, &node, volume).map(|one| json!({"volumeAttachment": one})).ok_or_else(told)
        }
        _ if call.version < Version(26) => Err(Fault::missing("The resource could not be found.")),
        _ => Ok(json!({"tags": node.tags})),
    };
    Some(body.map(|body| Answer::json(200, &body)))
}

fn addresses(call: &Call<'_>, node: &Node) -> BTreeMap<String, Vec<Value>> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    if node.condition == Condition::Building {
        return found;
    }
    for port in &node.ports {
        let name = call.state.network(&port.network).map(|network| network.name.clone()).unwrap_or_default();
        let shown = port.fixed.iter().flat_map(|fixed| [Some(fixed.address), fixed.floating]).flatten();
        found.entry(name).or_default().extend(shown.map(|address| json!({"version": 4, "addr": address})));
    }
    found
}

fn addresses_of(call: &Call<'_>, node: &Node, network: &str) -> Result<Value, Fault> {
    let mut all = addresses(call, node);
    let found = all.remove(network);
    let found = found.ok_or_else(|| Fault::missing("Instance is not a member of specified network"))?;
    Ok(json!({network: found}))
}

fn interfaces(node: &Node) -> Vec<Value> {
    let state = if node.launched.is_some() { "ACTIVE" } else { "DOWN" };
    let shown = node.ports.iter().map(|port| {
        let fixed = port.fixed.iter().map(|one| json!({"subnet_id": one.subnet, "ip_address": one.address}));
        json!({
            "net_id": port.network, "port_id": port.id, "mac_addr": port.mac, "port_state": state,
            "fixed_ips": fixed.collect::<Vec<_>>(),
        })
    });
    shown.collect()
}

fn groups(call: &Call<'_>, node: &Node) -> Vec<Value> {
    let ids = node.ports.first().map(|port| port.groups.clone()).unwrap_or_default();
    let groups = ids.iter().filter_map(|id| call.state.group(id));
    groups.map(|group| network::group_for_nova(call.state, group)).collect()
}

/// How a volume is attached to a server.
fn attachment(call: &Call<'_>, node: &Node, id: &str) -> Option<Value> {
    let volume = call.state.volume(&node.project, id)?;
    let attached = volume.attached.as_ref().filter(|attached| attached.node == node.id)?;
    let mut shown = json!({"device": attached.device, "serverId": node.id, "volumeId": id});
    if call.version < Version(89) {
        shown["id"] = json!(id);
    } else {
        (shown["attachment_id"], shown["bdm_uuid"]) = (json!(attached.id), json!(attached.id));
    }
    if call.version >= Version(70) {
        shown["tag"] = Value::Null;
    }
    if call.version >= Version(79) {
        shown["delete_on_termination"] = json!(attached.ends_with_node);
    }
    Some(shown)
}

fn actions(node: &Node) -> Vec<Value> {
    node.journal.iter().rev().map(|entry| shown(node, entry.task, &entry.request, entry.at)).collect()
}

fn action(node: &Node, request: &str) -> Result<Value, Fault> {
    let found = node.journal.iter().find(|entry| entry.request == request);
    let entry = found.ok_or_else(|| Fault::missing(format!("Action {request} not found")))?;
    Ok(json!({"instanceAction": shown(node, entry.task, request, entry.at)}))
}

fn shown(node: &Node, task: Task, request: &str, at: jiff::Timestamp) -> Value {
    let action = if task == Task::Build { "create" } else { super::words::action(task) };
    json!({
        "action": action, "instance_uuid": node.id, "request_id": request, "user_id": node.user,
        "project_id": node.project, "start_time": bare(at), "message": null,
    })
}

/// Puts a group on a server's ports, or takes it off.
pub(super) fn group(call: &mut Call<'_>, id: &str, add: bool, argument: &Ordered) -> Reply {
    let name = argument.text_at("name").ok_or_else(|| Fault::bad("Security group not specified"))?;
    if name.trim().is_empty() {
        return Err(Fault::bad("Security group name cannot be empty"));
    }
    let project = &call.caller.project;
    let missing = || Fault::missing(format!("Security group {name} is not found for project {project}"));
    let group = group_id(call, name)?.ok_or_else(missing)?;
    let node = call.state.nodes.get_mut(id).filter(|node| !node.ports.is_empty() && node.launched.is_some());
    let node =
        node.ok_or_else(|| Fault::missing(format!("instance_id {id} could not be found as device id on any ports")))?;
    let has = node.ports.iter().any(|port| port.groups.contains(&group));
    if !add && !has {
        return Err(Fault::missing(format!("Security group {name} not associated with the instance {id}")));
    }
    if add && has {
        let told = format!("Duplicate items in the list: '{group}'.");
        let asked = format!("Neutron server returns request_ids: ['{}']", call.ask.id);
        return Err(Fault::bad(format!("Invalid input for security_groups. Reason: {told}\n{asked}")));
    }
    for port in &mut node.ports {
        port.groups.retain(|one| *one != group);
        port.groups.extend(add.then(|| group.clone()));
    }
    Ok(accepted())
}
