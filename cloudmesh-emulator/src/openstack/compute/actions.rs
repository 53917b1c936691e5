//! Actions on a server.

use serde_json::json;

use super::call::{Call, Reply};
use super::create::no_flavor;
use super::fault::Fault;
use super::ordered::Ordered;
use super::schema;
use super::{shapes, words};
use crate::exchange::Answer;
use crate::world::node::{Condition, Refusal, Task};

/// Actions that begin a task and take nothing.
const TASKS: [(&str, Task); 8] = [
    ("os-start", Task::Start),
    ("os-stop", Task::Stop),
    ("pause", Task::Pause),
    ("unpause", Task::Unpause),
    ("suspend", Task::Suspend),
    ("resume", Task::Resume),
    ("revertResize", Task::RevertResize),
    ("forceDelete", Task::Delete),
];

/// Actions that take something, or do something else.
const OTHERS: [&str; 8] = [
    "reboot",
    "resize",
    "confirmResize",
    "lock",
    "unlock",
    "os-getConsoleOutput",
    "addSecurityGroup",
    "removeSecurityGroup",
];

/// Actions of Nova that a plain user may not take.
const CLOSED: [(&str, &str); 5] = [
    ("migrate", "os_compute_api:os-migrate-server:migrate"),
    ("os-migrateLive", "os_compute_api:os-migrate-server:migrate_live"),
    ("os-resetState", "os_compute_api:os-admin-actions:reset_state"),
    ("injectNetworkInfo", "os_compute_api:os-admin-actions:inject_network_info"),
    ("evacuate", "os_compute_api:os-evacuate"),
];

/// Does what the body says.
pub(super) fn act(call: &mut Call<'_>, id: &str) -> Reply {
    let body = call.unchecked()?;
    let [(name, argument)] = body.dict().ok_or_else(Fault::malformed)? else { return Err(Fault::malformed()) };
    if let Some((_, task)) = TASKS.iter().find(|(known, _)| known == name) {
        found(call, id, *task)?;
        return begin(call, id, *task);
    }
    if let Some((_, rule)) = CLOSED.iter().find(|(known, _)| known == name) {
        return Err(Fault::policy(rule));
    }
    match OTHERS.iter().find(|known| *known == name) {
        None if *name == "unshelve" => unshelve(call, id),
        None => Err(Fault::bad(format!("There is no such action: {name}"))),
        Some(name) => {
            shapes::action(name).map_or(Ok(()), |shape| schema::check(&body, &shape))?;
            call.server(id)?;
            other(call, id, name, argument)
        }
    }
}

/// Nothing is ever shelved here.
fn unshelve(call: &mut Call<'_>, id: &str) -> Reply {
    let state = words::vm_state(call.server(id)?.condition);
    Err(Fault::conflict(format!("Cannot 'unshelve' instance {id} while it is in vm_state {state}")))
}

/// Start and stop find a missing server out in another way than the rest.
fn found(call: &mut Call<'_>, id: &str, task: Task) -> Result<(), Fault> {
    let unknown = call.state.nodes.get(id).is_none();
    if unknown && matches!(task, Task::Start | Task::Stop) {
        return Err(Fault::missing(format!("Instance {id} has no mapping to a cell.")));
    }
    call.server(id).map(drop)
}

fn other(call: &mut Call<'_>, id: &str, name: &str, argument: &Ordered) -> Reply {
    match name {
        "reboot" => {
            let soft = argument.text_at("type").is_some_and(|kind| kind.eq_ignore_ascii_case("soft"));
            begin(call, id, if soft { Task::Reboot } else { Task::HardReboot })
        }
        "resize" => resize(call, id, &argument.get("flavorRef").map(Ordered::bare).unwrap_or_default()),
        "confirmResize" => begin(call, id, Task::ConfirmResize).map(|answer| Answer { status: 204, ..answer }),
        "lock" | "unlock" => lock(call, id, name == "lock"),
        "os-getConsoleOutput" => console(call, id, argument),
        _ => group(call, id, name == "addSecurityGroup", argument),
    }
}

/// Begins a task, or tells why not.
pub(super) fn begin(call: &mut Call<'_>, id: &str, task: Task) -> Reply {
    let begun = call.state.begin(id, task, &call.ask.id);
    begun.map(|()| accepted()).map_err(|refusal| refused(id, task, refusal))
}

fn accepted() -> Answer {
    Answer { headers: vec![("content-type", "application/json".to_owned())], ..Answer::empty(202) }
}

/// The error for a task that cannot begin.
pub(super) fn refused(id: &str, task: Task, refusal: Refusal) -> Fault {
    let action = words::action(task);
    let cannot =
        |why: &str, word: &str| Fault::conflict(format!("Cannot '{action}' instance {id} while it is in {why} {word}"));
    match refusal {
        Refusal::Missing => Fault::no_server(id),
        Refusal::Locked => Fault::conflict(format!("Instance {id} is locked")),
        Refusal::Homeless if task == Task::HardReboot => {
            Fault::conflict(format!("Instance {id} is in an invalid state for 'reboot'"))
        }
        Refusal::Homeless => Fault::conflict(format!("Instance {id} is not ready")),
        Refusal::Condition(condition) => cannot("vm_state", words::vm_state(condition)),
        Refusal::Busy(busy) => cannot("task_state", words::task_state(busy, true).unwrap_or("None")),
    }
}

fn resize(call: &mut Call<'_>, id: &str, flavor: &str) -> Reply {
    if call.state.flavor(flavor).is_none() {
        return Err(no_flavor(flavor));
    }
    if call.state.nodes.get(id).is_some_and(|node| node.flavor == flavor && node.condition != Condition::Resized) {
        return Err(Fault::bad("When resizing, instances must change flavor!"));
    }
    let begun = call.state.resize(id, flavor, &call.ask.id);
    begun.map(|()| accepted()).map_err(|refusal| refused(id, Task::Resize, refusal))
}

fn lock(call: &mut Call<'_>, id: &str, locked: bool) -> Reply {
    let node = call.state.nodes.get_mut(id).ok_or_else(|| Fault::no_server(id))?;
    node.locked = locked;
    Ok(accepted())
}

fn console(call: &mut Call<'_>, id: &str, argument: &Ordered) -> Reply {
    let node = call.server(id)?;
    if node.launched.is_none() {
        return Err(Fault::conflict(format!("Instance {id} is not ready")));
    }
    let name = &node.hostname;
    let text = [
        "[    0.000000] Linux version 6.8.0".to_owned(),
        format!("[    1.204000] systemd[1]: Hostname set to <{name}>."),
        "[    4.731000] cloud-init[612]: finished".to_owned(),
        format!("{name} login: "),
    ];
    let wanted = argument.get("length").and_then(|length| length.bare().parse::<i64>().ok());
    let lines = wanted.and_then(|length| usize::try_from(length).ok()).unwrap_or(text.len()).min(text.len());
    Ok(Answer::json(200, &json!({"output": text[text.len() - lines..].join("\n")})))
}

fn group(call: &mut Call<'_>, id: &str, add: bool, argument: &Ordered) -> Reply {
    let name = argument.text_at("name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Fault::bad("Security group not specified"))?;
    let project = &call.caller.project;
    let mut mine = call.state.groups.iter().filter(|group| group.project == *project);
    let group = mine.find(|group| group.id == name || group.name == name).map(|group| group.id.clone());
    let group =
        group.ok_or_else(|| Fault::missing(format!("Security group {name} is not found for project {project}")))?;
    let node = call.state.nodes.get_mut(id).filter(|node| !node.ports.is_empty() && node.launched.is_some());
    let node =
        node.ok_or_else(|| Fault::missing(format!("instance_id {id} could not be found as device id on any ports")))?;
    let has = node.ports.iter().any(|port| port.groups.contains(&group));
    if !add && !has {
        return Err(Fault::missing(format!("Security group {name} not associated with the instance {id}")));
    }
    if add && has {
        let told = format!("Duplicate items in the list: '{group}'.");
        return Err(Fault::bad(format!("Invalid input for security_groups. Reason: {told}")));
    }
    for port in &mut node.ports {
        port.groups.retain(|one| *one != group);
        port.groups.extend(add.then(|| group.clone()));
    }
    Ok(accepted())
}
