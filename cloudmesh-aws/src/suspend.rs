//! Stopping an instance with its memory kept:
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Hibernate.html>.
//!
//! AWS refuses an instance that was not made for it. One whose guest does not manage to write its memory ends stopped,
//! which who waits for it sees by the reason of its state.

use async_trait::async_trait;
use cloudmesh_abstract::{ComputeNodeABC, Error, ErrorKind, NodeId, NodeState, Result, Suspend};

use crate::Aws;
use crate::power::was_up;

#[async_trait]
impl Suspend for Aws {
    async fn suspend(&self, id: &NodeId) -> Result<()> {
        let change = self.stopped(id, true).await?;
        if change.as_ref().is_some_and(was_up) {
            return Ok(());
        }
        judge_suspend(self.info(id).await?.status)
    }

    async fn resume(&self, id: &NodeId) -> Result<()> {
        if judge_resume(self.info(id).await?.status)? { self.start_instance(id).await } else { Ok(()) }
    }
}

/// What a state means for a suspend that changed nothing.
fn judge_suspend(status: NodeState) -> Result<()> {
    match status {
        NodeState::Suspending | NodeState::Suspended => Ok(()),
        NodeState::Stopped => Err(conflict("it is stopped; start it first")),
        NodeState::Stopping => Err(conflict("it is being stopped without its memory; start it when it is stopped")),
        _ => Err(conflict("AWS did not suspend it; wait until it has settled, and try again")),
    }
}

/// Whether a state needs a start to go on.
fn judge_resume(status: NodeState) -> Result<bool> {
    match status {
        NodeState::Running | NodeState::Pending => Ok(false),
        NodeState::Suspended => Ok(true),
        NodeState::Stopped => Err(conflict("it is stopped; start it")),
        _ => Err(conflict("it cannot be resumed as it is now; wait until it has settled")),
    }
}

fn conflict(message: &str) -> Error {
    Error::new(ErrorKind::Conflict, message)
}

#[cfg(test)]
mod tests {
    use super::{judge_resume, judge_suspend};
    use cloudmesh_abstract::NodeState;

    #[test]
    fn states_decide_what_was_suspended() {
        use NodeState as S;
        let table = [
            (S::Suspending, true, None),
            (S::Suspended, true, Some(true)),
            (S::Stopped, false, None),
            (S::Stopping, false, None),
            (S::Running, false, Some(false)),
            (S::Pending, false, Some(false)),
            (S::Deleting, false, None),
            (S::Unknown, false, None),
        ];
        for (status, suspended, resumed) in table {
            assert_eq!(judge_suspend(status).is_ok(), suspended, "{status}");
            assert_eq!(judge_resume(status).ok(), resumed, "{status}");
        }
    }
}
