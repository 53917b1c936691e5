//! Faults in what some clouds lack.

use super::{Flaw, Flawed};
use crate::{
    Call, ComputeNodeABC, Connect, Effect, Error, ErrorKind, Metadata, NodeState, PublicIps, Reply, Request, Result,
};

pub(super) fn missing(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no such {what}"))
}

impl<P: Connect> Flawed<P> {
    /// As [`detour`](Self::detour), for what is not required of every cloud.
    pub(super) async fn extra(&self, request: &Request) -> Option<Result<Reply>> {
        match (self.flaw, request) {
            (Flaw::ResumesByStarting, Request::Resume(id)) => {
                let suspended = self.good.info(id).await.ok()?.status == NodeState::Suspended;
                if suspended { Some(self.good.call(Request::Start(id.clone())).await) } else { None }
            }
            (Flaw::StopsInsteadOfSuspending, Request::Suspend(id)) => {
                let made_for_it = self.memo().hibernating.contains(id);
                if made_for_it { None } else { Some(self.good.call(Request::Stop(id.clone())).await) }
            }
            (Flaw::ForgetsToRename, Request::Rename(_, name)) if !name.is_empty() => Some(Ok(Reply::Done)),
            (Flaw::ForgetsToResize, Request::Resize(id, flavor)) => {
                let runs = self.good.info(id).await.ok()?.status == NodeState::Running;
                (runs && self.good.flavor(flavor).await.is_ok()).then_some(Ok(Reply::Done))
            }
            (Flaw::ReplacesAllMetadata, Request::SetServerMetadata(id, pairs)) if pairs.len() > 1 => {
                let held = self.good.get_server_metadata(id).await.ok()?;
                let gone: Vec<String> = held.into_keys().filter(|key| !pairs.contains_key(key)).collect();
                self.good.delete_server_metadata(id, &gone).await.ok()?;
                None
            }
            (Flaw::RefusesToRemoveMissingKeys, Request::DeleteServerMetadata(id, keys)) => {
                let held = self.good.get_server_metadata(id).await.ok()?;
                keys.iter().any(|key| !held.contains_key(key)).then(|| Err(missing("key of the metadata")))
            }
            (Flaw::RefusesToRemoveTwice, Request::RemoveLeftover(leftover)) => {
                let removed_before = !self.memo().removed.insert(leftover.id.clone());
                removed_before.then(|| Err(missing("leftover")))
            }
            (Flaw::LosesMetadataWhenRenaming, Request::Rename(id, _))
            | (Flaw::LosesMetadataWhenResizing, Request::Resize(id, _)) => {
                _ = self.good.delete_server_metadata(id, &["colour".to_owned()]).await;
                None
            }
            (Flaw::ResizesOnlyWhatRuns, Request::Resize(id, _)) => {
                let status = self.good.info(id).await.ok()?.status;
                let refusal = || Err(Error::new(ErrorKind::Conflict, "the node does not run"));
                (status == NodeState::Stopped).then(refusal)
            }
            (Flaw::TakesABrokenNodeForMissing, Request::Log(id)) => {
                let broken = self.good.info(id).await.ok()?.status == NodeState::Error;
                broken.then(|| Err(missing("node")))
            }
            (Flaw::RemovesWhatIsInUse, Request::RemoveLeftover(leftover)) => {
                let held = self.good.list_public_ips().await.ok()?.into_iter().find(|held| held.id == leftover.id)?;
                self.good.detach_public_ip(&held.node?, &held.address.to_string()).await.ok()?;
                None
            }
            (Flaw::TakesALookForAChange, Request::Raw(call)) => {
                let sent = self.context.send(Effect::Once, &call.path, || async { Ok(()) }).await;
                sent.err().map(Err)
            }
            (_, request) => self.object(request).await,
        }
    }
}
