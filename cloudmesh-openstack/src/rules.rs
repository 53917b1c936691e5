//! The rules of security groups.
//!
//! Rules are compared as Neutron compares them, so that one that is there counts as done. What is missing goes in one
//! request, whatever its number; Neutron takes all of it or nothing.

use std::collections::HashSet;

use cloudmesh_abstract::{Effect, Error, ErrorKind, Result, SecurityRule};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::OpenStack;
use crate::catalog::Service;
use crate::catalogue::{as_input, is_uuid};
use crate::client::Ask;
use crate::groups::pick;
use crate::map::rule::{ADDRESS_GROUP, body, canonical, rule};
use crate::wire;

/// Neutron's word for a rule that is there already.
const THERE: &str = "SecurityGroupRuleExists";

/// A group, and the rules that it is about, whose other ends are named by id; or why one cannot be.
struct Change {
    group: wire::SecurityGroup,
    rules: Vec<Result<SecurityRule>>,
}

impl OpenStack {
    /// Adds what is missing. Somebody who adds the same at the same time is a reason to look again.
    pub(crate) async fn add_rules(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        rules.iter().try_for_each(SecurityRule::check)?;
        self.client.retry_on(THERE, || self.add_missing(group, rules)).await
    }

    async fn add_missing(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        let Change { group, rules } = self.change_of(group, rules).await?;
        let mut there: HashSet<SecurityRule> = held(&group).map(|(_, rule)| rule).collect();
        let mut missing = rules.into_iter().collect::<Result<Vec<SecurityRule>>>().map_err(as_input)?;
        missing.retain(|rule| there.insert(canonical(rule)));
        if missing.is_empty() {
            return Ok(());
        }
        match self.post_rules(&group.id, &missing).await {
            Err(refused) if missing.len() > 1 && names_no_rule(&refused) => {
                self.one_by_one(&group.id, &missing, refused).await
            }
            settled => settled,
        }
    }

    /// <https://docs.openstack.org/api-ref/network/v2/index.html#bulk-create-security-group-rule>. Neutron makes no rule
    /// twice, so the request may be repeated.
    async fn post_rules(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        let rules = rules.iter().map(|rule| body(rule, group)).collect::<Result<Vec<Value>>>()?;
        let body = json!({"security_group_rules": rules});
        let ask = Ask::post(Service::Network, &["security-group-rules"], Effect::Idempotent, body);
        self.client.send(&ask.accepted_with(201)).await.map(|_| ()).map_err(|error| refused_rules(rules.len(), error))
    }

    /// Sends rules alone that were refused together: Neutron does not say which of them it means.
    async fn one_by_one(&self, group: &str, rules: &[SecurityRule], refused: Error) -> Result<()> {
        let sent = join_all(rules.iter().map(|rule| self.post_rules(group, std::slice::from_ref(rule)))).await;
        let told = rules.iter().zip(sent).filter_map(|(rule, sent)| Some((rule, sent.err()?)));
        let failed: Vec<(&SecurityRule, Error)> = told.filter(|(_, error)| error.code() != Some(THERE)).collect();
        if failed.is_empty() {
            return Ok(());
        }
        let each: Vec<String> = failed.iter().map(|(rule, error)| format!("`{rule}`: {}", error.message())).collect();
        let added = rules.len() - failed.len();
        let message = format!(
            "{} of {} rules are refused, the others are there: {}",
            failed.len(),
            added + failed.len(),
            each.join("; ")
        );
        Err(as_input(refused).with_message(message))
    }

    /// Removes these rules, each by its id. One whose other end is gone is gone as well.
    pub(crate) async fn remove_rules(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        let Change { group, rules } = self.change_of(group, rules).await?;
        if let Some(Err(error)) =
            rules.iter().find(|rule| rule.as_ref().is_err_and(|error| error.kind() != ErrorKind::NotFound))
        {
            return Err(error.clone());
        }
        let going: HashSet<SecurityRule> = rules.iter().flatten().map(canonical).collect();
        let ids = held(&group).filter(|(_, rule)| going.contains(rule)).map(|(id, _)| id.to_owned());
        let deletes = ids.map(|id| async move {
            match self.client.send(&Ask::delete(Service::Network, &["security-group-rules", &id])).await {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                settled => settled.map(|_| ()),
            }
        });
        let ended = join_all(deletes).await;
        ended.into_iter().collect()
    }

    /// The group with its rules, and the rules that are to be changed in it. One listing gives all groups where other
    /// ends are named.
    async fn change_of(&self, group: &str, rules: &[SecurityRule]) -> Result<Change> {
        if !rules.iter().any(|rule| named_end(rule).is_some()) {
            return Ok(Change { group: self.group(group).await?, rules: rules.iter().cloned().map(Ok).collect() });
        }
        let (all, project) = (self.groups(None).await?, self.client.project().await?);
        let find = |which: &str| find(which, &all, project.as_deref());
        let by_id = |rule: &SecurityRule| {
            let end = match named_end(rule).map(|end| (end, find(end))) {
                None => rule.remote_group.clone(),
                Some((_, Ok(found))) => Some(found.id),
                // It may be one that only Neutron sees.
                Some((end, Err(_))) if is_uuid(end) => Some(end.to_owned()),
                Some((_, Err(error))) => return Err(error),
            };
            let mut rule = rule.clone();
            rule.remote_group = end;
            Ok(rule)
        };
        Ok(Change { group: find(group)?, rules: rules.iter().map(by_id).collect() })
    }
}

/// The group that is a rule's other end, by name or id.
fn named_end(rule: &SecurityRule) -> Option<&str> {
    rule.remote_group.as_deref().filter(|end| !end.starts_with(ADDRESS_GROUP))
}

/// The group of this name or id among all.
fn find(which: &str, all: &[wire::SecurityGroup], project: Option<&str>) -> Result<wire::SecurityGroup> {
    let by_id = all.iter().find(|group| group.id == which && is_uuid(which));
    by_id.map_or_else(
        || pick(which, all.iter().filter(|group| group.name == which).cloned().collect(), project),
        |found| Ok(found.clone()),
    )
}

/// The rules that a group has, each with its id.
fn held(group: &wire::SecurityGroup) -> impl Iterator<Item = (&str, SecurityRule)> {
    group.rules.iter().map(|record| (record.id.as_str(), canonical(&rule(record, str::to_owned))))
}

/// Whether a refusal is about some of the rules, not about their number.
fn names_no_rule(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::NotFound)
}

/// What the refusal of several rules means for each of them.
fn refused_rules(number: usize, error: Error) -> Error {
    match error.kind() {
        ErrorKind::QuotaExceeded if number > 1 => {
            let message = format!("{}; none of the {number} rules was added", error.message());
            error.with_message(message)
        }
        _ => error,
    }
}
