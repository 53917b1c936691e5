//! From the world's words to Nova's.

use crate::world::node::{Condition, Node, Task};

/// How Nova names what a server is and does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) status: &'static str,
    pub(super) vm_state: &'static str,
    pub(super) task_state: Option<&'static str>,
    pub(super) power_state: u8,
    /// Whether `progress` is told.
    pub(super) progress: bool,
    /// Whether a host has been found for it.
    pub(super) placed: bool,
}

/// Nova's words for a node.
pub(super) fn words(node: &Node, now: jiff::Timestamp) -> Words {
    let early = node.work.is_some_and(|work| {
        let (passed, whole) = (now.duration_since(work.since), work.until.duration_since(work.since));
        passed * 3 < whole
    });
    let placed = node.has_home() && !(node.condition == Condition::Building && early);
    let status = status(node.condition, node.task());
    Words {
        status,
        vm_state: vm_state(node.condition),
        task_state: node.task().and_then(|task| task_state(task, placed)),
        power_state: power_state(node),
        progress: matches!(status, "ACTIVE" | "BUILD" | "RESIZE" | "VERIFY_RESIZE"),
        placed,
    }
}

/// <https://docs.openstack.org/api-guide/compute/server_concepts.html>
fn status(condition: Condition, task: Option<Task>) -> &'static str {
    match (condition, task) {
        (Condition::Running, Some(Task::Reboot)) => "REBOOT",
        (Condition::Running, Some(Task::HardReboot)) => "HARD_REBOOT",
        (Condition::Running | Condition::Stopped, Some(Task::Resize)) => "RESIZE",
        (Condition::Resized, Some(Task::RevertResize)) => "REVERT_RESIZE",
        _ => settled(condition),
    }
}

/// The status of a server that does nothing.
pub(super) fn settled(condition: Condition) -> &'static str {
    match condition {
        Condition::Building => "BUILD",
        Condition::Running => "ACTIVE",
        Condition::Stopped => "SHUTOFF",
        Condition::Paused => "PAUSED",
        Condition::Suspended => "SUSPENDED",
        Condition::Shelved => "SHELVED",
        Condition::Offloaded => "SHELVED_OFFLOADED",
        Condition::Resized => "VERIFY_RESIZE",
        Condition::Failed => "ERROR",
        Condition::Gone => "DELETED",
    }
}

pub(super) fn vm_state(condition: Condition) -> &'static str {
    match condition {
        Condition::Building => "building",
        Condition::Running => "active",
        Condition::Stopped => "stopped",
        Condition::Paused => "paused",
        Condition::Suspended => "suspended",
        Condition::Shelved => "shelved",
        Condition::Offloaded => "shelved_offloaded",
        Condition::Resized => "resized",
        Condition::Failed => "error",
        Condition::Gone => "deleted",
    }
}

/// The word for a task; confirming a resize has none.
pub(super) fn task_state(task: Task, placed: bool) -> Option<&'static str> {
    Some(match task {
        Task::Build if placed => "spawning",
        Task::Build => "scheduling",
        Task::Stop => "powering-off",
        Task::Start => "powering-on",
        Task::Reboot => "rebooting",
        Task::HardReboot => "rebooting_hard",
        Task::Pause => "pausing",
        Task::Unpause => "unpausing",
        Task::Suspend => "suspending",
        Task::Resume => "resuming",
        Task::Shelve => "shelving",
        Task::Offload => "shelving_offloading",
        Task::Unshelve => "unshelving",
        Task::Resize => "resize_migrating",
        Task::ConfirmResize => return None,
        Task::RevertResize => "resize_reverting",
        Task::Delete => "deleting",
    })
}

/// A server that was stopped when its resize began stays so.
fn power_state(node: &Node) -> u8 {
    match node.condition {
        Condition::Resized if node.earlier.as_ref().is_some_and(|one| one.condition == Condition::Stopped) => 4,
        Condition::Running | Condition::Resized => 1,
        Condition::Paused => 3,
        Condition::Stopped | Condition::Suspended | Condition::Shelved | Condition::Offloaded => 4,
        Condition::Building | Condition::Failed | Condition::Gone => 0,
    }
}

/// What an action is called in errors.
pub(super) fn action(task: Task) -> &'static str {
    match task {
        Task::Build => "build",
        Task::Stop => "stop",
        Task::Start => "start",
        Task::Reboot | Task::HardReboot => "reboot",
        Task::Pause => "pause",
        Task::Unpause => "unpause",
        Task::Suspend => "suspend",
        Task::Resume => "resume",
        Task::Shelve => "shelve",
        Task::Offload => "shelveOffload",
        Task::Unshelve => "unshelve",
        Task::Resize => "resize",
        Task::ConfirmResize => "confirmResize",
        Task::RevertResize => "revertResize",
        Task::Delete => "delete",
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Task, status};

    #[test]
    fn statuses() {
        let table = [
            (Condition::Running, None, "ACTIVE"),
            (Condition::Running, Some(Task::Stop), "ACTIVE"),
            (Condition::Running, Some(Task::Reboot), "REBOOT"),
            (Condition::Running, Some(Task::HardReboot), "HARD_REBOOT"),
            (Condition::Stopped, Some(Task::HardReboot), "SHUTOFF"),
            (Condition::Stopped, Some(Task::Start), "SHUTOFF"),
            (Condition::Stopped, Some(Task::Resize), "RESIZE"),
            (Condition::Resized, Some(Task::ConfirmResize), "VERIFY_RESIZE"),
            (Condition::Resized, Some(Task::RevertResize), "REVERT_RESIZE"),
            (Condition::Failed, Some(Task::Delete), "ERROR"),
        ];
        for (condition, task, wanted) in table {
            assert_eq!(status(condition, task), wanted, "{condition:?} {task:?}");
        }
    }
}
