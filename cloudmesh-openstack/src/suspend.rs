//! Suspending and resuming. A paused server counts as suspended too: somebody paused it by other means.

use async_trait::async_trait;
use cloudmesh_abstract::{Node, NodeId, NodeState, Result, Suspend};

use crate::OpenStack;
use crate::power::Then;

#[async_trait]
impl Suspend for OpenStack {
    /// <https://docs.openstack.org/api-ref/compute/#suspend-server-suspend-action>.
    async fn suspend(&self, id: &NodeId) -> Result<()> {
        self.act_unless(id, "suspend", after_suspend).await
    }

    /// <https://docs.openstack.org/api-ref/compute/#resume-suspended-server-resume-action>.
    async fn resume(&self, id: &NodeId) -> Result<()> {
        self.act_unless(id, "resume", after_resume).await
    }
}

fn after_suspend(node: &Node) -> Then {
    match (node.status, node.vendor_status.as_str()) {
        (NodeState::Suspended | NodeState::Suspending, _) => Then::Done,
        (NodeState::Stopped, "SHUTOFF") => Then::Advise("it is stopped; start it first"),
        _ => Then::Refuse,
    }
}

fn after_resume(node: &Node) -> Then {
    match (node.status, node.vendor_status.as_str()) {
        (NodeState::Running, _) | (NodeState::Pending, "SUSPENDED" | "PAUSED") => Then::Done,
        (NodeState::Suspended, "PAUSED") => Then::Instead("unpause"),
        // Locked, or a conflict that has passed.
        (NodeState::Suspended, _) => Then::Advise("try again, or unlock it"),
        (NodeState::Stopped, "SHUTOFF") => Then::Advise("it is stopped; start it"),
        _ => Then::Refuse,
    }
}

#[cfg(test)]
mod tests {
    use super::{Then, after_resume, after_suspend};
    use crate::map;
    use cloudmesh_abstract::Node;
    use serde_json::json;

    fn node(status: &str, task: Option<&str>) -> Node {
        let record = json!({"id": "7", "status": status, "OS-EXT-STS:task_state": task});
        map::node(serde_json::from_value(record).unwrap(), None)
    }

    #[test]
    fn refusals_are_judged_by_the_state() {
        let (stopped, start) = (Then::Advise("it is stopped; start it first"), Then::Advise("it is stopped; start it"));
        let table = [
            ("SUSPENDED", None, Then::Done, Then::Advise("try again, or unlock it")),
            ("SUSPENDED", Some("resuming"), Then::Refuse, Then::Done),
            ("PAUSED", None, Then::Done, Then::Instead("unpause")),
            ("PAUSED", Some("unpausing"), Then::Refuse, Then::Done),
            ("ACTIVE", Some("suspending"), Then::Done, Then::Refuse),
            ("ACTIVE", Some("pausing"), Then::Done, Then::Refuse),
            ("ACTIVE", None, Then::Refuse, Then::Done),
            ("SHUTOFF", None, stopped, start),
            ("SHELVED", None, Then::Refuse, Then::Refuse),
            ("BUILD", None, Then::Refuse, Then::Refuse),
            ("ERROR", None, Then::Refuse, Then::Refuse),
            ("TELEPORTING", None, Then::Refuse, Then::Refuse),
        ];
        for (status, task, suspended, resumed) in table {
            assert_eq!(after_suspend(&node(status, task)), suspended, "{status} {task:?}");
            assert_eq!(after_resume(&node(status, task)), resumed, "{status} {task:?}");
        }
    }
}
