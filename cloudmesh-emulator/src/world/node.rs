//! A node, what it is doing, and what it may begin to do.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::port::Port;

/// How a node is when it does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Condition {
    Building,
    Running,
    Stopped,
    Paused,
    Suspended,
    /// Kept as an image, and still on its host.
    Shelved,
    /// Kept as an image, and on no host.
    Offloaded,
    Resized,
    Failed,
    Gone,
}

/// What a node can be busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    Build,
    Stop,
    Start,
    Reboot,
    HardReboot,
    Pause,
    Unpause,
    Suspend,
    Resume,
    Shelve,
    Offload,
    Unshelve,
    Resize,
    ConfirmResize,
    RevertResize,
    Delete,
}

/// Something begun that ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) task: Task,
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) then: Condition,
}

/// Why a node failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No host has room for it.
    NoRoom,
    /// Its network has no address left.
    NoAddress,
    /// There is no volume service.
    WithoutVolumes,
}

/// Why a task cannot begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such node.
    Missing,
    /// Its owner has locked it.
    Locked,
    /// It never came to a host.
    Homeless,
    /// Not from the condition it is in.
    Condition(Condition),
    /// Not while it is busy with something else.
    Busy(Task),
}

/// A virtual machine.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) project: String,
    pub(crate) user: String,
    /// Empty for one that boots from a volume.
    pub(crate) image: String,
    pub(crate) flavor: String,
    /// What it was before it was resized.
    pub(crate) earlier: Option<Earlier>,
    pub(crate) key: Option<String>,
    pub(crate) ports: Vec<Port>,
    /// Its volumes, and whether they go when it goes.
    pub(crate) disks: Vec<(String, bool)>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) tags: Vec<String>,
    pub(crate) description: Option<String>,
    pub(crate) hostname: String,
    pub(crate) config_drive: bool,
    pub(crate) condition: Condition,
    pub(crate) work: Option<Work>,
    pub(crate) failure: Option<(Failure, Timestamp)>,
    pub(crate) doom: Option<Failure>,
    /// The image that keeps it while it is shelved.
    pub(crate) shelf: Option<String>,
    pub(crate) locked: bool,
    pub(crate) lock_reason: Option<String>,
    pub(crate) hidden: usize,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) launched: Option<Timestamp>,
    pub(crate) deleted: Option<Timestamp>,
    pub(crate) journal: Vec<Entry>,
}

/// What a node was before it was resized.
#[derive(Debug, Clone)]
pub(crate) struct Earlier {
    pub(crate) flavor: String,
    pub(crate) condition: Condition,
}

/// Something that was asked of a node.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) task: Task,
    pub(crate) request: String,
    pub(crate) at: Timestamp,
}

impl Node {
    pub(crate) fn task(&self) -> Option<Task> {
        self.work.map(|work| work.task)
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.condition == Condition::Gone
    }

    /// Whether a host holds it.
    pub(crate) fn has_home(&self) -> bool {
        (self.launched.is_some() && self.condition != Condition::Offloaded)
            || (self.condition == Condition::Building && self.doom.is_none())
    }

    /// Where `task` would lead from here.
    pub(crate) fn course(&self, task: Task) -> Result<Condition, Refusal> {
        let reboots = task == Task::HardReboot && self.condition == Condition::Failed;
        let asks_host = matches!(task, Task::Start | Task::Stop) && self.condition != Condition::Building;
        if (reboots || asks_host) && !self.has_home() {
            return Err(Refusal::Homeless);
        }
        let end = end(task, self.condition, self.earlier.as_ref().map(|earlier| earlier.condition));
        let end = end.ok_or(Refusal::Condition(self.condition))?;
        match self.task() {
            Some(busy) if !overrides(task, busy) => Err(Refusal::Busy(busy)),
            _ => Ok(end),
        }
    }
}

/// The condition that `task` ends in, if it can begin in `from`; a resize ends in the `earlier` one.
fn end(task: Task, from: Condition, earlier: Option<Condition>) -> Option<Condition> {
    use Condition::{Building, Failed, Gone, Offloaded, Paused, Resized, Running, Shelved, Stopped, Suspended};
    match (task, from) {
        (Task::Delete, Gone) => None,
        (Task::Delete, _) => Some(Gone),
        (Task::Build, Building)
        | (Task::Start, Stopped)
        | (Task::Reboot, Running)
        | (Task::Unpause, Paused)
        | (Task::Resume, Suspended)
        | (Task::Unshelve, Shelved | Offloaded)
        | (Task::HardReboot, Running | Stopped | Paused | Suspended | Failed) => Some(Running),
        (Task::Stop, Running | Failed) => Some(Stopped),
        (Task::Pause, Running) => Some(Paused),
        (Task::Suspend, Running) => Some(Suspended),
        (Task::Shelve, Running | Stopped | Paused | Suspended) => Some(Shelved),
        (Task::Offload, Shelved) => Some(Offloaded),
        (Task::Resize, Running | Stopped) => Some(Resized),
        (Task::ConfirmResize | Task::RevertResize, Resized) => earlier,
        _ => None,
    }
}

/// Whether `task` may begin although the node is busy with `other`.
fn overrides(task: Task, other: Task) -> bool {
    let rebooting = matches!(other, Task::Reboot | Task::HardReboot);
    task == Task::Delete || (task == Task::HardReboot && rebooting)
}

#[cfg(test)]
mod tests {
    use super::{Condition, Task, end, overrides};

    #[test]
    fn what_may_begin_where() {
        let table = [
            (Task::Start, Condition::Stopped, Some(Condition::Running)),
            (Task::Start, Condition::Running, None),
            (Task::Stop, Condition::Running, Some(Condition::Stopped)),
            (Task::Stop, Condition::Stopped, None),
            (Task::Reboot, Condition::Stopped, None),
            (Task::HardReboot, Condition::Stopped, Some(Condition::Running)),
            (Task::HardReboot, Condition::Resized, None),
            (Task::Pause, Condition::Suspended, None),
            (Task::Resize, Condition::Paused, None),
            (Task::Shelve, Condition::Paused, Some(Condition::Shelved)),
            (Task::Shelve, Condition::Resized, None),
            (Task::Unshelve, Condition::Offloaded, Some(Condition::Running)),
            (Task::Unshelve, Condition::Running, None),
            (Task::Delete, Condition::Building, Some(Condition::Gone)),
            (Task::Delete, Condition::Gone, None),
        ];
        for (task, from, wanted) in table {
            assert_eq!(end(task, from, None), wanted, "{task:?} from {from:?}");
        }
    }

    #[test]
    fn a_resize_ends_where_it_began() {
        assert_eq!(end(Task::ConfirmResize, Condition::Resized, Some(Condition::Stopped)), Some(Condition::Stopped));
        assert_eq!(end(Task::RevertResize, Condition::Resized, Some(Condition::Running)), Some(Condition::Running));
    }

    #[test]
    fn only_delete_and_hard_reboot_interrupt() {
        assert!(overrides(Task::Delete, Task::Build));
        assert!(overrides(Task::HardReboot, Task::Reboot));
        assert!(!overrides(Task::HardReboot, Task::Stop));
        assert!(!overrides(Task::Start, Task::Stop));
    }
}
