//! Starting, stopping, rebooting and deleting. Where AWS refuses for the state, a look at the node says what to do.

use aws_sdk_ec2::types::{InstanceStateChange, InstanceStateName};
use cloudmesh_abstract::{ComputeNodeABC, Effect, Error, ErrorKind, Node, NodeId, NodeState, Result};

use crate::Aws;
use crate::node::{missing, no_node};

impl Aws {
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StartInstances.html>. One that sleeps wakes up.
    pub(crate) async fn start_instance(&self, id: &NodeId) -> Result<()> {
        let line = format!("StartInstances {id}");
        let ask = |ec2: aws_sdk_ec2::Client| ec2.start_instances().instance_ids(id.as_str()).send();
        match self.client.send(Effect::Idempotent, &line, ask).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explained(id, error).await),
        }
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html>.
    pub(crate) async fn stop_instance(&self, id: &NodeId) -> Result<()> {
        let change = self.stopped(id, false).await?;
        if change.as_ref().is_some_and(was_up) {
            return Ok(());
        }
        // AWS says nothing of the memory of one that was stopped before.
        match self.info(id).await?.status {
            NodeState::Suspended => Err(Error::new(ErrorKind::Conflict, "it is suspended; resume it first")),
            _ => Ok(()),
        }
    }

    /// Asks for a stop, and says what it changed.
    pub(crate) async fn stopped(&self, id: &NodeId, hibernate: bool) -> Result<Option<InstanceStateChange>> {
        let line = format!("StopInstances {id}");
        let ask = |ec2: aws_sdk_ec2::Client| {
            let ask = ec2.stop_instances().instance_ids(id.as_str());
            ask.set_hibernate(hibernate.then_some(true)).send()
        };
        match self.client.send(Effect::Idempotent, &line, ask).await {
            Ok(answer) => Ok(answer.stopping_instances.unwrap_or_default().into_iter().next()),
            Err(error) => Err(self.explained(id, error).await),
        }
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RebootInstances.html>. AWS asks the guest first, and
    /// cuts the power when that does not help within a few minutes; it can be told neither.
    pub(crate) async fn reboot_instance(&self, id: &NodeId) -> Result<()> {
        let line = format!("RebootInstances {id}");
        let ask = |ec2: aws_sdk_ec2::Client| ec2.reboot_instances().instance_ids(id.as_str()).send();
        match self.client.send(Effect::Once, &line, ask).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explained(id, error).await),
        }
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html>. Disks and interfaces made
    /// with the instance go with it; an Elastic IP stays in the account.
    pub(crate) async fn terminate_instance(&self, id: &NodeId) -> Result<()> {
        let line = format!("TerminateInstances {id}");
        let ask = |ec2: aws_sdk_ec2::Client| ec2.terminate_instances().instance_ids(id.as_str()).send();
        match self.client.send(Effect::Idempotent, &line, ask).await.map_err(missing) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(protected(error)),
        }
    }

    /// A refusal with what to do, where the state of the node is the reason.
    pub(crate) async fn explained(&self, id: &NodeId, refused: Error) -> Error {
        let refused = missing(refused);
        if refused.code() != Some("IncorrectInstanceState") {
            return protected(refused);
        }
        match self.info(id).await {
            // It is gone by now.
            Ok(node) if node.status == NodeState::Deleted => no_node(id),
            Err(error) if error.kind() == ErrorKind::NotFound => error,
            Ok(node) => refused_in(&node, refused),
            Err(_) => refused,
        }
    }
}

/// Whether an instance ran until then.
pub(crate) fn was_up(change: &InstanceStateChange) -> bool {
    let before = change.previous_state().and_then(|state| state.name());
    matches!(before, Some(InstanceStateName::Running | InstanceStateName::Pending))
}

/// The refusal with what to do where the state says it.
pub(crate) fn refused_in(node: &Node, refused: Error) -> Error {
    let refused = refused.with_kind(ErrorKind::Conflict);
    match node.status {
        NodeState::Suspended => advised(refused, "it is suspended; resume it first"),
        NodeState::Stopped => advised(refused, "it is stopped; start it first"),
        status if status.is_transient() => advised(refused, "wait until it has settled"),
        _ => refused,
    }
}

/// What cannot be stopped or deleted by its nature, or because somebody protected it:
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>.
fn protected(refused: Error) -> Error {
    let advice = match refused.code() {
        Some("OperationNotPermitted") => {
            "switch its protection off first, by `ModifyInstanceAttribute` with `DisableApiTermination.Value=false` or \
             `DisableApiStop.Value=false`"
        }
        Some("UnsupportedOperation") => "delete it when it is not needed any more",
        _ => return refused,
    };
    advised(refused.with_kind(ErrorKind::Conflict), advice)
}

pub(crate) fn advised(refused: Error, advice: &str) -> Error {
    let message = format!("{}: {advice}", refused.message());
    refused.with_message(message)
}

#[cfg(test)]
mod tests {
    use super::{protected, refused_in, was_up};
    use aws_sdk_ec2::types::{InstanceState, InstanceStateChange, InstanceStateName};
    use cloudmesh_abstract::{Error, ErrorKind, Node, NodeState};

    fn refusal(code: &str) -> Error {
        Error::new(ErrorKind::Unexpected, "no").with_code(code)
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let table = [
            (NodeState::Pending, "no: wait until it has settled"),
            (NodeState::Stopping, "no: wait until it has settled"),
            (NodeState::Deleting, "no: wait until it has settled"),
            (NodeState::Stopped, "no: it is stopped; start it first"),
            (NodeState::Suspended, "no: it is suspended; resume it first"),
            (NodeState::Running, "no"),
        ];
        for (status, message) in table {
            let error = refused_in(&Node::new("i-7", "a", status), refusal("IncorrectInstanceState"));
            assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, message));
        }
    }

    #[test]
    fn protection_is_told_with_the_way_to_switch_it_off() {
        let error = protected(refusal("OperationNotPermitted"));
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(error.message().contains("DisableApiTermination.Value=false"), "{error}");
        let spot = protected(refusal("UnsupportedOperation"));
        assert_eq!(
            (spot.kind(), spot.message()),
            (ErrorKind::Conflict, "no: delete it when it is not needed any more")
        );
        assert_eq!(protected(refusal("InternalError")).kind(), ErrorKind::Unexpected);
    }

    #[test]
    fn what_ran_before_is_known() {
        let was = |name: &str| {
            let state = InstanceState::builder().name(InstanceStateName::from(name)).build();
            was_up(&InstanceStateChange::builder().previous_state(state).build())
        };
        assert!(was("running") && was("pending"));
        assert!(!was("stopped") && !was("stopping") && !was_up(&InstanceStateChange::builder().build()));
    }
}
