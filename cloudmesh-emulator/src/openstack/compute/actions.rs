//! Actions on a server.

use super::call::{Call, Reply};
use super::fault::Fault;
use super::ordered::Ordered;
use super::version::Version;
use super::{consoles, related, resize, schema, shapes, words};
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
const OTHERS: [&str; 14] = [
    "reboot",
    "resize",
    "confirmResize",
    "shelve",
    "unshelve",
    "lock",
    "unlock",
    "os-getConsoleOutput",
    "os-getVNCConsole",
    "os-getSPICEConsole",
    "os-getRDPConsole",
    "os-getSerialConsole",
    "addSecurityGroup",
    "removeSecurityGroup",
];

/// Actions of Nova that a plain user may not take.
const CLOSED: [(&str, &str); 6] = [
    ("migrate", "os_compute_api:os-migrate-server:migrate"),
    ("os-migrateLive", "os_compute_api:os-migrate-server:migrate_live"),
    ("os-resetState", "os_compute_api:os-admin-actions:reset_state"),
    ("injectNetworkInfo", "os_compute_api:os-admin-actions:inject_network_info"),
    ("evacuate", "os_compute_api:os-evacuate"),
    ("shelveOffload", "os_compute_api:os-shelve:shelve_offload"),
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
    let known = OTHERS.iter().find(|known| *known == name);
    let name = known.ok_or_else(|| Fault::bad(format!("There is no such action: {name}")))?;
    if call.version > Version(5) && consoles::ACTIONS.iter().any(|(action, ..)| action == name) {
        return Err(Fault::no_resource());
    }
    shapes::action(name, call.version).map_or(Ok(()), |shape| schema::check(&body, &shape))?;
    call.server(id)?;
    other(call, id, name, argument)
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
    if let Some((_, protocol, _)) = consoles::ACTIONS.iter().find(|(action, ..)| *action == name) {
        return consoles::action(call, id, protocol, argument);
    }
    match name {
        "reboot" => {
            let soft = argument.text_at("type").is_some_and(|kind| kind.eq_ignore_ascii_case("soft"));
            begin(call, id, if soft { Task::Reboot } else { Task::HardReboot })
        }
        "resize" => resize::resize(call, id, &argument.get("flavorRef").map(Ordered::bare).unwrap_or_default()),
        "confirmResize" => begin(call, id, Task::ConfirmResize).map(|answer| Answer { status: 204, ..answer }),
        "shelve" => shelve(call, id),
        "unshelve" => unshelve(call, id, argument),
        "lock" => lock(call, id, argument),
        "unlock" => unlock(call, id),
        "os-getConsoleOutput" => consoles::output(call, id, argument),
        _ => related::group(call, id, name == "addSecurityGroup", argument),
    }
}

/// Begins a task, or tells why not.
pub(super) fn begin(call: &mut Call<'_>, id: &str, task: Task) -> Reply {
    let begun = call.state.begin(id, task, &call.ask.id);
    begun.map(|()| accepted()).map_err(|refusal| refused(id, task, refusal))
}

pub(super) fn accepted() -> Answer {
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

fn shelve(call: &mut Call<'_>, id: &str) -> Reply {
    let begun = call.state.shelve(id, &call.ask.id);
    begun.map(|()| accepted()).map_err(|refusal| refused(id, Task::Shelve, refusal))
}

/// Takes a server back, since 2.77 into a zone.
fn unshelve(call: &mut Call<'_>, id: &str, argument: &Ordered) -> Reply {
    let node = call.server(id)?;
    let (locked, course, condition) = (node.locked, node.course(Task::Unshelve), node.condition);
    if call.version >= Version(77) && !locked && course.is_ok() {
        placed(call.version, id, condition, argument)?;
    }
    begin(call, id, Task::Unshelve)
}

/// Whether a shelved server may come back where it is wanted.
fn placed(version: Version, id: &str, condition: Condition, argument: &Ordered) -> Result<(), Fault> {
    let host = argument.text_at("host").filter(|_| version >= Version(91));
    let zone = argument.get("availability_zone");
    if (zone.is_some() || host.is_some()) && condition != Condition::Offloaded {
        let state = words::vm_state(condition);
        let told = format!("when unshelving server \"{id}\" with status \"{state}\" is not supported.");
        let what = "Specifying an availability zone or a host";
        return Err(Fault::conflict(format!("{what} {told} The server status must be SHELVED_OFFLOADED.")));
    }
    if zone.and_then(Ordered::text).is_some_and(|zone| zone != "nova") {
        return Err(Fault::bad("The requested availability zone is not available"));
    }
    host.map_or(Ok(()), |_| Err(Fault::policy("os_compute_api:os-shelve:unshelve_to_host")))
}

/// Locks a server, since 2.73 with a reason; a locked one stays as it is.
fn lock(call: &mut Call<'_>, id: &str, argument: &Ordered) -> Reply {
    let reason = argument.text_at("locked_reason").filter(|_| call.version >= Version(73)).map(str::to_owned);
    let node = call.state.nodes.get_mut(id).ok_or_else(|| Fault::no_server(id))?;
    if !node.locked {
        (node.locked, node.lock_reason) = (true, reason);
    }
    Ok(accepted())
}

fn unlock(call: &mut Call<'_>, id: &str) -> Reply {
    let node = call.state.nodes.get_mut(id).ok_or_else(|| Fault::no_server(id))?;
    (node.locked, node.lock_reason) = (false, None);
    Ok(accepted())
}
