//! Whether a change could be done, found out by looking.

use super::{Call, DryRun};
use crate::{
    Error, ErrorKind, KeyPair, Keys, Operation, PublicIps, Request, Result, SecurityGroup, SecurityGroups, SecurityRule,
};

impl<C: Call> DryRun<C> {
    /// Refuses what no cloud takes, and what this one would refuse as it is now.
    ///
    /// What the same dry run would have made, removed or detached before counts as done.
    pub(super) async fn could(&self, request: &Request) -> Result<()> {
        match request {
            Request::KeyUpload(key) => self.could_upload(key).await,
            Request::AddSecgroup(name, _) if !self.would_before(Operation::RemoveSecgroup, name) => {
                let taken = self.list_secgroups().await?.iter().any(|group| group.name == *name);
                refuse(taken, ErrorKind::AlreadyExists, || {
                    format!("there is a security group `{name}`; give another name")
                })
            }
            Request::AddRulesToSecgroup(group, rules) => {
                rules.iter().try_for_each(SecurityRule::check)?;
                self.could_change(group).await
            }
            Request::RemoveRulesFromSecgroup(group, _) => self.could_change(group).await,
            Request::AttachPublicIp(_, address)
            | Request::DetachPublicIp(_, address)
            | Request::DeletePublicIp(address) => self.holds(address).await,
            _ => Ok(()),
        }
    }

    async fn could_upload(&self, key: &KeyPair) -> Result<()> {
        let name = key.clone().settled()?.name;
        if self.would_before(Operation::KeyDelete, &name) {
            return Ok(());
        }
        let taken = self.keys().await?.iter().any(|key| key.name == name);
        refuse(taken, ErrorKind::AlreadyExists, || {
            format!("there is a key `{name}`; give another name, or delete that one first")
        })
    }

    async fn could_change(&self, group: &str) -> Result<()> {
        if self.would_before(Operation::AddSecgroup, group) {
            return Ok(());
        }
        if self.group_once(group).await?.is_some() {
            return Ok(());
        }
        self.list_secgroup_rules(group).await.map(|_| ())
    }

    /// The group of this id, or the only one of this name, in a listing that is asked for once for all groups.
    pub(super) async fn group_once(&self, which: &str) -> Result<Option<SecurityGroup>> {
        let all = self.context.look_up_once("dry run, security groups", || self.list_secgroups()).await?;
        if let Some(group) = all.iter().find(|group| group.id == which) {
            return Ok(Some(group.clone()));
        }
        let mut named = all.into_iter().filter(|group| group.name == which);
        Ok(named.next().filter(|_| named.next().is_none()))
    }

    /// Whether the account has an address. One that this dry run pretends to have allocated is none.
    async fn holds(&self, address: &str) -> Result<()> {
        if self.plan().steps().iter().any(|step| step.operation == Operation::CreatePublicIp) {
            return Ok(());
        }
        let held = self.list_public_ips().await?.iter().any(|held| held.address.to_string() == address);
        refuse(!held, ErrorKind::NotFound, || format!("the account has no address `{address}`; list those it has"))
    }

    /// Whether the plan has this operation on this subject.
    fn would_before(&self, operation: Operation, subject: &str) -> bool {
        self.plan().steps().iter().any(|step| step.operation == operation && step.subject == subject)
    }
}

fn refuse(bad: bool, kind: ErrorKind, message: impl FnOnce() -> String) -> Result<()> {
    if bad { Err(Error::new(kind, message())) } else { Ok(()) }
}
