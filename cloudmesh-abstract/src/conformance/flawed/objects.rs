//! Faults with keys, addresses and groups.

use super::extras::missing;
use super::{Flaw, Flawed};
use crate::{
    Call, Connect, Direction, Error, ErrorKind, Ethertype, KeyPair, Keys, NodeId, Protocol, PublicIp, PublicIps, Reply,
    Request, Result, SecurityGroups, SecurityRule,
};

impl<P: Connect> Flawed<P> {
    /// As [`extra`](Self::extra), for what stands around nodes.
    pub(super) async fn object(&self, request: &Request) -> Option<Result<Reply>> {
        match request {
            Request::KeyUpload(key) => self.key_upload(key).await,
            Request::KeyDelete(name) => self.key_delete(name).await,
            Request::AttachPublicIp(id, address) => self.attach(id, address).await,
            Request::DetachPublicIp(id, address) => self.detach(id, address).await,
            Request::DeletePublicIp(address) if self.flaw == Flaw::KeepsAddresses => {
                self.held(address).await?.node.is_none().then_some(Ok(Reply::Done))
            }
            Request::AddSecgroup(name, about) if self.flaw == Flaw::OpensNewGroups => self.open(name, about).await,
            Request::RemoveSecgroup(group) if self.flaw == Flaw::RefusesToDeleteMissingGroups => {
                let groups = self.good.list_secgroups().await.ok()?;
                let known = groups.iter().any(|known| known.name == *group || known.id == *group);
                (!known).then(|| Err(missing("security group")))
            }
            Request::AddRulesToSecgroup(group, rules) => self.add_rules(group, rules).await,
            Request::RemoveRulesFromSecgroup(group, rules) if self.flaw == Flaw::RemovesSimilarRules => {
                let mut similar = self.good.list_secgroup_rules(group).await.ok()?;
                similar.retain(|held| rules.iter().any(|rule| is_similar(held, rule)));
                Some(self.good.remove_rules_from_secgroup(group, &similar).await.map(Reply::from))
            }
            _ => None,
        }
    }

    async fn key_upload(&self, key: &KeyPair) -> Option<Result<Reply>> {
        let text = key.public_key.as_deref()?;
        let refusal = |why: String| Some(Err(Error::new(ErrorKind::InvalidInput, why)));
        match self.flaw {
            Flaw::ReplacesKeys if text.starts_with("ssh-rsa") => {
                self.good.key_delete(&key.name).await.ok()?;
                None
            }
            Flaw::TakesNoRsaKeys if text.starts_with("ssh-rsa") => refusal("only Ed25519 keys are taken".to_owned()),
            Flaw::StumblesOverLineEnds if text.contains('\r') => refusal("the key is damaged".to_owned()),
            Flaw::RepeatsWhatIsNoKey if text.contains("PRIVATE") => refusal(format!("`{text}` is no public key")),
            _ => None,
        }
    }

    async fn key_delete(&self, name: &str) -> Option<Result<Reply>> {
        match self.flaw {
            Flaw::ForgetsToDeleteKeys => Some(Ok(Reply::Done)),
            Flaw::RefusesToDeleteMissingKeys => {
                let keys = self.good.keys().await.ok()?;
                keys.iter().all(|key| key.name != *name).then(|| Err(missing("key")))
            }
            _ => None,
        }
    }

    async fn attach(&self, id: &NodeId, address: &str) -> Option<Result<Reply>> {
        match self.flaw {
            Flaw::StealsAddresses => {
                let owner: NodeId = self.held(address).await?.node?;
                self.good.detach_public_ip(&owner, address).await.ok()?;
                None
            }
            Flaw::RefusesToAttachTwice => {
                let there = self.held(address).await?.node.as_ref() == Some(id);
                there.then(|| Err(Error::new(ErrorKind::Conflict, "the address leads to the node")))
            }
            _ => None,
        }
    }

    async fn detach(&self, id: &NodeId, address: &str) -> Option<Result<Reply>> {
        match self.flaw {
            Flaw::LosesDetachedAddresses => {
                let was_there = self.held(address).await?.node.as_ref() == Some(id);
                let answer = self.good.detach_public_ip(id, address).await;
                if was_there {
                    _ = self.good.delete_public_ip(address).await;
                }
                Some(answer.map(Reply::from))
            }
            Flaw::RefusesToDetachTwice => self.held(address).await?.node.is_none().then(|| Err(missing("attachment"))),
            Flaw::DetachesFromAnyNode => {
                let owner: NodeId = self.held(address).await?.node?;
                Some(self.good.detach_public_ip(&owner, address).await.map(Reply::from))
            }
            _ => None,
        }
    }

    async fn open(&self, name: &str, about: &str) -> Option<Result<Reply>> {
        let made = self.good.add_secgroup(name, about).await.ok()?;
        let ssh = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(22, 22));
        self.good.add_rules_to_secgroup(name, &[ssh]).await.ok()?;
        Some(Ok(made.into()))
    }

    async fn add_rules(&self, group: &str, rules: &[SecurityRule]) -> Option<Result<Reply>> {
        match self.flaw {
            Flaw::RefusesARuleThatIsThere => {
                let held = self.good.list_secgroup_rules(group).await.ok()?;
                let there = rules.iter().any(|rule| held.contains(rule));
                there.then(|| Err(Error::new(ErrorKind::AlreadyExists, "the rule is there")))
            }
            Flaw::OverlooksDirections => {
                let held = self.good.list_secgroup_rules(group).await.ok()?;
                let turned = |rule: &SecurityRule| SecurityRule { direction: Direction::Ingress, ..rule.clone() };
                let there = |rule: &SecurityRule| held.iter().any(|held| turned(held).is_same(&turned(rule)));
                rules.iter().all(there).then_some(Ok(Reply::Done))
            }
            Flaw::AddsWhatIsGood => {
                let good: Vec<_> = rules.iter().filter(|rule| rule.check().is_ok()).cloned().collect();
                _ = self.good.add_rules_to_secgroup(group, &good).await;
                None
            }
            _ => None,
        }
    }

    /// What is done with addresses around the deletion of a node.
    pub(super) async fn bury(&self, id: &NodeId) -> Option<Result<Reply>> {
        let mut leading = self.good.list_public_ips().await.ok()?;
        leading.retain(|held| held.node.as_ref() == Some(id));
        if self.flaw == Flaw::ListsReleasedAddresses {
            let freed = leading.into_iter().map(|held| PublicIp { node: None, ..held });
            self.memo().released.extend(freed);
            return None;
        }
        for held in &leading {
            _ = self.good.detach_public_ip(id, &held.address.to_string()).await;
            _ = self.good.delete_public_ip(&held.address.to_string()).await;
        }
        None
    }

    /// Whether a repeated create gets another address.
    pub(super) async fn allocate_again(&self, request: Request) -> Option<Result<Reply>> {
        let made = self.good.call(request).await;
        if let Ok(Reply::Node(node)) = &made {
            let more = self.good.create_public_ip(None).await.ok()?;
            self.good.attach_public_ip(&node.id, &more.address.to_string()).await.ok()?;
        }
        Some(made)
    }

    async fn held(&self, address: &str) -> Option<PublicIp> {
        let held = self.good.list_public_ips().await.ok()?;
        held.into_iter().find(|held| held.address.to_string() == address)
    }
}

fn is_similar(one: &SecurityRule, other: &SecurityRule) -> bool {
    (one.direction, &one.protocol) == (other.direction, &other.protocol)
}
