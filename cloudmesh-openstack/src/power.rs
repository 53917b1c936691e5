//! Starting, stopping and rebooting. Nova refuses with 409 both what is done already and what cannot be done, so after
//! a refusal the state decides.

use cloudmesh_abstract::{ComputeNodeABC, Effect, Error, ErrorKind, Node, NodeId, NodeState, RebootKind, Result};
use openstack::compute::RebootType;
use serde_json::{Value, json};

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::Ask;
use crate::node::part;
use crate::refusal::Answer;

/// What to do after a refusal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The node is, or is going, where it should.
    Done,
    /// Another action brings it there.
    Instead(&'static str),
    /// The refusal stands, and this is what to do.
    Advise(&'static str),
    /// The refusal stands.
    Refuse,
}

impl OpenStack {
    /// <https://docs.openstack.org/api-ref/compute/#start-server-os-start-action>.
    pub(crate) async fn start_server(&self, id: &NodeId) -> Result<()> {
        self.act_unless(id, "os-start", after_start).await
    }

    /// <https://docs.openstack.org/api-ref/compute/#stop-server-os-stop-action>.
    pub(crate) async fn stop_server(&self, id: &NodeId) -> Result<()> {
        self.act_unless(id, "os-stop", after_stop).await
    }

    /// <https://docs.openstack.org/api-ref/compute/#reboot-server-reboot-action>. Nova takes a soft reboot of a running
    /// server only, and a hard one of a stopped, paused, suspended or broken one as well.
    pub(crate) async fn reboot_server(&self, id: &NodeId, kind: RebootKind) -> Result<()> {
        let kind = match kind {
            RebootKind::Soft => RebootType::Soft,
            RebootKind::Hard => RebootType::Hard,
        };
        self.act(id, Effect::Once, json!({"reboot": {"type": kind}})).await.map(|_| ())
    }

    /// Asks for an action that takes nothing. After a conflict `judge` says what the node's state makes of it.
    pub(crate) async fn act_unless(&self, id: &NodeId, action: &str, judge: fn(&Node) -> Then) -> Result<()> {
        let refused = match self.act(id, Effect::Idempotent, json!({action: null})).await {
            Err(error) if error.kind() == ErrorKind::Conflict => error,
            settled => return settled.map(|_| ()),
        };
        let node = self.info(id).await?;
        match judge(&node) {
            Then::Done => Ok(()),
            Then::Instead(other) => self.act(id, Effect::Idempotent, json!({other: null})).await.map(|_| ()),
            Then::Advise(advice) => Err(advised(refused, advice)),
            Then::Refuse => Err(refused_in(&node, refused)),
        }
    }

    /// Asks for an action.
    pub(crate) async fn act(&self, id: &NodeId, effect: Effect, action: Value) -> Result<Answer> {
        let ask = Ask::post(Service::Compute, &["servers", part(id)?, "action"], effect, action);
        self.client.send(&ask).await
    }
}

fn after_start(node: &Node) -> Then {
    match (node.status, node.vendor_status.as_str()) {
        (NodeState::Running, _) | (NodeState::Pending, "SHUTOFF" | "SHELVED" | "SHELVED_OFFLOADED") => Then::Done,
        (NodeState::Stopped, "SHELVED" | "SHELVED_OFFLOADED") => Then::Instead("unshelve"),
        _ => Then::Refuse,
    }
}

fn after_stop(node: &Node) -> Then {
    match node.status {
        NodeState::Stopped | NodeState::Stopping => Then::Done,
        _ => Then::Refuse,
    }
}

/// The cloud's refusal, with what to do where the state says it.
pub(crate) fn refused_in(node: &Node, refused: Error) -> Error {
    match node.vendor_status.as_str() {
        "SUSPENDED" | "PAUSED" if node.status == NodeState::Suspended => advised(refused, "it is suspended; resume it"),
        "SHELVED" | "SHELVED_OFFLOADED" => advised(refused, "it is shelved; start it first"),
        "ERROR" => advised(refused, "it is broken; reboot it hard, or delete it"),
        "VERIFY_RESIZE" => advised(refused, "it has a new size to be confirmed; resize it to that size once more"),
        _ if node.status.is_transient() => advised(refused, "wait until it has settled"),
        _ => refused,
    }
}

fn advised(refused: Error, advice: &str) -> Error {
    let message = format!("{}: {advice}", refused.message());
    refused.with_message(message)
}

#[cfg(test)]
mod tests {
    use super::{Then, after_start, after_stop, refused_in};
    use crate::map;
    use cloudmesh_abstract::{Error, ErrorKind, Node};
    use serde_json::json;

    fn node(status: &str, task: Option<&str>) -> Node {
        let record = json!({"id": "7", "status": status, "OS-EXT-STS:task_state": task});
        map::node(serde_json::from_value(record).unwrap(), None)
    }

    #[test]
    fn a_refused_start_is_judged_by_the_state() {
        let table = [
            ("ACTIVE", None, Then::Done),
            ("RESCUE", None, Then::Done),
            ("SHUTOFF", Some("powering-on"), Then::Done),
            ("SHELVED_OFFLOADED", Some("spawning"), Then::Done),
            ("SHELVED", None, Then::Instead("unshelve")),
            ("SHELVED_OFFLOADED", None, Then::Instead("unshelve")),
            // Locked.
            ("SHUTOFF", None, Then::Refuse),
            ("ACTIVE", Some("powering-off"), Then::Refuse),
            ("SUSPENDED", None, Then::Refuse),
            ("BUILD", Some("spawning"), Then::Refuse),
            ("ERROR", None, Then::Refuse),
            ("TELEPORTING", None, Then::Refuse),
        ];
        for (status, task, then) in table {
            assert_eq!(after_start(&node(status, task)), then, "{status} {task:?}");
        }
    }

    #[test]
    fn a_refused_stop_is_judged_by_the_state() {
        let table = [
            ("SHUTOFF", None, Then::Done),
            ("ACTIVE", Some("powering-off"), Then::Done),
            ("SHELVED", None, Then::Done),
            ("SHELVED_OFFLOADED", None, Then::Done),
            ("SUSPENDED", None, Then::Refuse),
            ("PAUSED", None, Then::Refuse),
            ("ACTIVE", None, Then::Refuse),
        ];
        for (status, task, then) in table {
            assert_eq!(after_stop(&node(status, task)), then, "{status} {task:?}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let refused = || Error::new(ErrorKind::Conflict, "no");
        let table = [
            ("SUSPENDED", None, "no: it is suspended; resume it"),
            ("PAUSED", None, "no: it is suspended; resume it"),
            ("PAUSED", Some("unpausing"), "no: wait until it has settled"),
            ("BUILD", None, "no: wait until it has settled"),
            ("VERIFY_RESIZE", None, "no: it has a new size to be confirmed; resize it to that size once more"),
            ("ERROR", None, "no: it is broken; reboot it hard, or delete it"),
            ("SHELVED_OFFLOADED", None, "no: it is shelved; start it first"),
            ("SHUTOFF", None, "no"),
        ];
        for (status, task, message) in table {
            assert_eq!(refused_in(&node(status, task), refused()).message(), message);
        }
    }
}
