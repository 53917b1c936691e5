//! Starting, stopping and rebooting. Nova refuses with 409 both what is done already and what cannot be done, so after
//! a refusal the state decides.

use cloudmesh_abstract::{ComputeNodeABC, Effect, Error, ErrorKind, Node, NodeId, NodeState, RebootKind, Result};
use openstack::compute::RebootType;
use serde_json::{Value, json};

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::Ask;
use crate::node::part;

/// What to do after a refusal.
#[derive(Debug, PartialEq, Eq)]
enum Then {
    /// The node is, or is going, where it should.
    Done,
    /// It is shelved: another action brings it back.
    Unshelve,
    /// The refusal stands.
    Refuse,
}

impl OpenStack {
    /// <https://docs.openstack.org/api-ref/compute/#start-server-os-start-action>.
    pub(crate) async fn start_server(&self, id: &NodeId) -> Result<()> {
        let refused = match self.act(id, Effect::Idempotent, json!({"os-start": null})).await {
            Err(error) if error.kind() == ErrorKind::Conflict => error,
            settled => return settled,
        };
        let node = self.info(id).await?;
        match after_start(&node) {
            Then::Done => Ok(()),
            Then::Unshelve => self.act(id, Effect::Idempotent, json!({"unshelve": null})).await,
            Then::Refuse => Err(refused_in(&node, refused)),
        }
    }

    /// <https://docs.openstack.org/api-ref/compute/#stop-server-os-stop-action>.
    pub(crate) async fn stop_server(&self, id: &NodeId) -> Result<()> {
        let refused = match self.act(id, Effect::Idempotent, json!({"os-stop": null})).await {
            Err(error) if error.kind() == ErrorKind::Conflict => error,
            settled => return settled,
        };
        let node = self.info(id).await?;
        match node.status {
            NodeState::Stopped | NodeState::Stopping => Ok(()),
            _ => Err(refused_in(&node, refused)),
        }
    }

    /// <https://docs.openstack.org/api-ref/compute/#reboot-server-reboot-action>. Nova takes a soft reboot of a running
    /// server only, and a hard one of a stopped, paused, suspended or broken one as well.
    pub(crate) async fn reboot_server(&self, id: &NodeId, kind: RebootKind) -> Result<()> {
        let kind = match kind {
            RebootKind::Soft => RebootType::Soft,
            RebootKind::Hard => RebootType::Hard,
        };
        self.act(id, Effect::Once, json!({"reboot": {"type": kind}})).await
    }

    async fn act(&self, id: &NodeId, effect: Effect, action: Value) -> Result<()> {
        let ask = Ask::post(Service::Compute, &["servers", part(id)?, "action"], effect, action);
        self.client.send(&ask).await.map(|_| ())
    }
}

fn after_start(node: &Node) -> Then {
    match (node.status, node.vendor_status.as_str()) {
        (NodeState::Running, _) | (NodeState::Pending, "SHUTOFF" | "SHELVED" | "SHELVED_OFFLOADED") => Then::Done,
        (NodeState::Stopped, "SHELVED" | "SHELVED_OFFLOADED") => Then::Unshelve,
        _ => Then::Refuse,
    }
}

/// The cloud's refusal, with what to do where that is known.
fn refused_in(node: &Node, refused: Error) -> Error {
    let advice = match node.vendor_status.as_str() {
        "SUSPENDED" => "it is suspended; resume it",
        "PAUSED" => "it is paused; unpause it",
        "ERROR" => "it is broken; reboot it hard, or delete it",
        _ if node.status.is_transient() => "wait until it has settled",
        _ => return refused,
    };
    let message = format!("{}: {advice}", refused.message());
    refused.with_message(message)
}

#[cfg(test)]
mod tests {
    use super::{Then, after_start, refused_in};
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
            ("SHELVED", None, Then::Unshelve),
            ("SHELVED_OFFLOADED", None, Then::Unshelve),
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
    fn a_refusal_says_what_to_do() {
        let refused = || Error::new(ErrorKind::Conflict, "no");
        assert_eq!(refused_in(&node("SUSPENDED", None), refused()).message(), "no: it is suspended; resume it");
        assert_eq!(refused_in(&node("BUILD", None), refused()).message(), "no: wait until it has settled");
        assert_eq!(refused_in(&node("SHUTOFF", None), refused()).message(), "no");
    }
}
