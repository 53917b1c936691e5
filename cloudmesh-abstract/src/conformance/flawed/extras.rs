//! Faults in what some clouds lack.

use std::collections::BTreeMap;

use super::{Flaw, Flawed};
use crate::{
    Call, ComputeNodeABC, Connect, Error, ErrorKind, Keys, Metadata, NodeId, PublicIp, PublicIps, Reply, Request,
    Result, SecurityGroups, SecurityRule,
};

fn missing(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no such {what}"))
}

impl<P: Connect> Flawed<P> {
    /// As [`detour`](Self::detour), for what is not required of every cloud.
    pub(super) async fn extra(&self, request: &Request) -> Option<Result<Reply>> {
        match (self.flaw, request) {
            (Flaw::ResumesByStarting, Request::Resume(id)) => Some(self.good.call(Request::Start(id.clone())).await),
            (Flaw::RenamesTheMarkOnly, Request::Rename(id, name)) if !name.is_empty() => {
                let marks = BTreeMap::from([("cm-name".to_owned(), name.clone())]);
                Some(self.good.call(Request::SetServerMetadata(id.clone(), marks)).await)
            }
            (Flaw::ForgetsToResize, Request::Resize(_, flavor)) => {
                self.good.flavor(flavor).await.is_ok().then_some(Ok(Reply::Done))
            }
            (Flaw::ReplacesAllMetadata, Request::SetServerMetadata(id, pairs)) => {
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
            (Flaw::ForgetsToDeleteKeys, Request::KeyDelete(_)) => Some(Ok(Reply::Done)),
            (Flaw::RefusesToDeleteMissingKeys, Request::KeyDelete(name)) => {
                let keys = self.good.keys().await.ok()?;
                keys.iter().all(|key| key.name != *name).then(|| Err(missing("key")))
            }
            (_, request) => self.around(request).await,
        }
    }

    async fn around(&self, request: &Request) -> Option<Result<Reply>> {
        match (self.flaw, request) {
            (Flaw::KeepsAddresses, Request::DeletePublicIp(address)) => {
                self.held(address).await?.node.is_none().then_some(Ok(Reply::Done))
            }
            (Flaw::LosesDetachedAddresses, Request::DetachPublicIp(_, address)) => {
                let answer = self.good.call(request.clone()).await;
                _ = self.good.delete_public_ip(address).await;
                Some(answer)
            }
            (Flaw::StealsAddresses, Request::AttachPublicIp(_, address)) => {
                let owner: NodeId = self.held(address).await?.node?;
                self.good.detach_public_ip(&owner, address).await.ok()?;
                None
            }
            (Flaw::RefusesToDeleteMissingGroups, Request::RemoveSecgroup(group)) => {
                let groups = self.good.list_secgroups().await.ok()?;
                let known = groups.iter().any(|known| known.name == *group || known.id == *group);
                (!known).then(|| Err(missing("security group")))
            }
            (Flaw::RefusesARuleThatIsThere, Request::AddRulesToSecgroup(group, rules)) => {
                let held = self.good.list_secgroup_rules(group).await.ok()?;
                let there = rules.iter().any(|rule| held.contains(rule));
                there.then(|| Err(Error::new(ErrorKind::AlreadyExists, "the rule is there")))
            }
            (Flaw::RemovesSimilarRules, Request::RemoveRulesFromSecgroup(group, rules)) => {
                let mut similar = self.good.list_secgroup_rules(group).await.ok()?;
                similar.retain(|held| rules.iter().any(|rule| is_similar(held, rule)));
                Some(self.good.remove_rules_from_secgroup(group, &similar).await.map(Reply::from))
            }
            _ => None,
        }
    }

    async fn held(&self, address: &str) -> Option<PublicIp> {
        let held = self.good.list_public_ips().await.ok()?;
        held.into_iter().find(|held| held.address.to_string() == address)
    }
}

fn is_similar(one: &SecurityRule, other: &SecurityRule) -> bool {
    (one.direction, &one.protocol) == (other.direction, &other.protocol)
}
