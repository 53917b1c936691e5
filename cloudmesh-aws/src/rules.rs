//! The rules of security groups.
//!
//! What is missing goes in one request a direction, whatever its number; EC2 takes all of one request or nothing. Rules
//! are removed by their ids, so that no other is meant.

use std::collections::HashSet;

use aws_sdk_ec2::types::{IpPermission, SecurityGroup as Record, SecurityGroupRule};
use cloudmesh_abstract::{Direction, Effect, Error, ErrorKind, Page, Result, SecurityRule, all_pages};

use crate::Aws;
use crate::client::Client;
use crate::filter::exactly;
use crate::groups::{fits, groups, is_id, one_group, pick, told};
use crate::map::group::{Names, held};
use crate::map::rule::{Words, is_elsewhere, rule};
use crate::one::{as_input, one};

/// How many rules a page has.
const PAGE: i32 = 1000;
/// EC2's word for a rule that is there already.
const THERE: &str = "InvalidPermission.Duplicate";

/// The rules of one group, or of all, each with its id.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html>.
pub(crate) async fn rules_of(client: &Client, group: Option<&str>) -> Result<Vec<SecurityGroupRule>> {
    let filters = &group.map(|id| vec![exactly("group-id", [id])]);
    all_pages(|next| async move {
        let request = |ec2: aws_sdk_ec2::Client| {
            let request = ec2.describe_security_group_rules().set_filters(filters.clone());
            request.max_results(PAGE).set_next_token(next.clone()).send()
        };
        let answer = client.send(Effect::Read, "DescribeSecurityGroupRules", request).await?;
        let next = answer.next_token.filter(|token| !token.is_empty());
        Ok(Page::new(answer.security_group_rules.unwrap_or_default(), next))
    })
    .await
}

/// A group, and the rules that it is about, whose other ends are named by id; or why one cannot be.
struct Change {
    group: Record,
    rules: Vec<Result<SecurityRule>>,
}

impl Aws {
    /// The rules of a group, by name or id; groups at their other ends are called by their names.
    pub(crate) async fn rules_in(&self, which: &str) -> Result<Vec<SecurityRule>> {
        let group = one_group(&self.client, which).await?;
        let id = group.group_id().unwrap_or_default().to_owned();
        let records = rules_of(&self.client, Some(&id)).await?;
        let other = |record: &SecurityGroupRule| {
            record.referenced_group_info().and_then(|end| end.group_id()).is_some_and(|end| end != id)
        };
        // Only another group than itself has to be asked for.
        let names = if records.iter().any(other) {
            Names::of(&groups(&self.client, Vec::new()).await?)
        } else {
            Names::of(std::slice::from_ref(&group))
        };
        Ok(records.iter().filter_map(|record| rule(record, |id| names.label(id))).collect())
    }

    /// Adds what is missing. Somebody who adds the same at the same time is a reason to look again.
    pub(crate) async fn add_rules(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        rules.iter().try_for_each(|rule| rule.check().and_then(|()| Words::of(rule).map(|_| ())))?;
        let raced = |error: Error| match error.code() {
            Some(THERE) => error.with_kind(ErrorKind::Conflict),
            _ => error,
        };
        let add = || async { self.add_missing(group, rules).await.map_err(raced) };
        self.client.context().retry_on_conflict(add).await
    }

    async fn add_missing(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        let Change { group, rules } = self.change_of(group, rules).await?;
        let mut there: HashSet<SecurityRule> = held(&group).into_iter().map(bare).collect();
        let mut missing = rules.into_iter().collect::<Result<Vec<SecurityRule>>>().map_err(as_input)?;
        missing.retain(|rule| there.insert(bare(rule.clone())));
        let id = group.group_id().unwrap_or_default();
        let (inwards, outwards): (Vec<_>, Vec<_>) =
            missing.into_iter().partition(|rule| rule.direction == Direction::Ingress);
        let added = self.authorize(id, Direction::Ingress, &inwards).await?;
        let Err(error) = self.authorize(id, Direction::Egress, &outwards).await else { return Ok(()) };
        if added.is_empty() {
            return Err(error);
        }
        // All of them or none.
        match self.revoke(id, Direction::Ingress, &added).await {
            Ok(()) => Err(error),
            Err(left) => {
                let message = format!(
                    "{}; {} rules for what comes in were added before, and stay: {}",
                    error.message(),
                    added.len(),
                    left.message()
                );
                Err(error.with_message(message))
            }
        }
    }

    /// Adds rules of one direction, and says their ids. EC2 makes no rule twice, so the request may be repeated.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html>.
    async fn authorize(&self, group: &str, direction: Direction, rules: &[SecurityRule]) -> Result<Vec<String>> {
        if rules.is_empty() {
            return Ok(Vec::new());
        }
        let words = rules.iter().map(Words::of).collect::<Result<Vec<Words>>>()?;
        let permissions: Vec<IpPermission> = words.iter().map(Words::permission).collect();
        let permissions = Some(permissions);
        let added = match direction {
            Direction::Ingress => {
                let request = |ec2: aws_sdk_ec2::Client| {
                    let request = ec2.authorize_security_group_ingress().group_id(group);
                    request.set_ip_permissions(permissions.clone()).send()
                };
                let answer = self.client.send(Effect::Idempotent, "AuthorizeSecurityGroupIngress", request).await;
                answer.map(|answer| answer.security_group_rules)
            }
            Direction::Egress => {
                let request = |ec2: aws_sdk_ec2::Client| {
                    let request = ec2.authorize_security_group_egress().group_id(group);
                    request.set_ip_permissions(permissions.clone()).send()
                };
                let answer = self.client.send(Effect::Idempotent, "AuthorizeSecurityGroupEgress", request).await;
                answer.map(|answer| answer.security_group_rules)
            }
        };
        match added {
            Err(error) if error.code() == Some(THERE) && rules.len() == 1 => Ok(Vec::new()),
            Err(error) => Err(refused(rules.len(), error)),
            Ok(added) => {
                let ids = added.unwrap_or_default().into_iter().filter_map(|rule| rule.security_group_rule_id);
                Ok(ids.collect())
            }
        }
    }

    /// Removes these rules, each by its id. One whose other end is gone is gone as well. Somebody who removes one of them
    /// at the same time is a reason to look again.
    pub(crate) async fn remove_rules(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        self.client.context().retry_on_conflict(|| self.remove_found(group, rules)).await
    }

    async fn remove_found(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        let Change { group, rules } = self.change_of(group, rules).await?;
        let unclear = |rule: &&Result<SecurityRule>| matches!(rule, Err(error) if error.kind() != ErrorKind::NotFound);
        if let Some(Err(error)) = rules.iter().find(unclear) {
            return Err(error.clone());
        }
        let going: HashSet<SecurityRule> = rules.into_iter().flatten().map(bare).collect();
        let id = group.group_id().unwrap_or_default();
        let records = rules_of(&self.client, Some(id)).await?;
        let found = records.iter().filter_map(|record| rule(record, str::to_owned));
        let (mut inwards, mut outwards) = (Vec::new(), Vec::new());
        for found in found {
            let list = if found.direction == Direction::Ingress { &mut inwards } else { &mut outwards };
            let id = found.id.clone();
            list.extend(id.filter(|_| going.contains(&bare(found))));
        }
        let (inwards, outwards) = futures::join!(
            self.revoke(id, Direction::Ingress, &inwards),
            self.revoke(id, Direction::Egress, &outwards)
        );
        inwards.and(outwards)
    }

    /// Removes rules of one direction by their ids. What is gone already is what was wanted; but where one of several
    /// is gone, EC2 leaves all others, which is a conflict.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html>.
    async fn revoke(&self, group: &str, direction: Direction, ids: &[String]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let (number, ids) = (ids.len(), Some(ids.to_vec()));
        let revoked = match direction {
            Direction::Ingress => {
                let request = |ec2: aws_sdk_ec2::Client| {
                    let request = ec2.revoke_security_group_ingress().group_id(group);
                    request.set_security_group_rule_ids(ids.clone()).send()
                };
                self.client.send(Effect::Idempotent, "RevokeSecurityGroupIngress", request).await.map(|_| ())
            }
            Direction::Egress => {
                let request = |ec2: aws_sdk_ec2::Client| {
                    let request = ec2.revoke_security_group_egress().group_id(group);
                    request.set_security_group_rule_ids(ids.clone()).send()
                };
                self.client.send(Effect::Idempotent, "RevokeSecurityGroupEgress", request).await.map(|_| ())
            }
        };
        match revoked {
            Err(error) if error.kind() == ErrorKind::NotFound && number < 2 => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(error.with_kind(ErrorKind::Conflict)),
            settled => settled,
        }
    }

    /// The group with its rules, and the rules that are to be changed in it. One listing gives all groups where other
    /// ends are named.
    async fn change_of(&self, which: &str, rules: &[SecurityRule]) -> Result<Change> {
        let named = |rule: &SecurityRule| rule.remote_group.as_deref().is_some_and(is_named);
        if !rules.iter().any(named) {
            let group = one_group(&self.client, which).await?;
            return Ok(Change { group, rules: rules.iter().cloned().map(Ok).collect() });
        }
        let all = groups(&self.client, Vec::new()).await?;
        let group = pick(which, all.clone())?;
        let rules = rules.iter().map(|rule| by_id(rule, &group, &all)).collect();
        Ok(Change { group, rules })
    }
}

/// Whether the other end of a rule is called by a name of ours.
fn is_named(end: &str) -> bool {
    !is_id(end) && !is_elsewhere(end)
}

/// The rule with the group at its other end by id: one of the same network where there is one of the name.
fn by_id(rule: &SecurityRule, group: &Record, all: &[Record]) -> Result<SecurityRule> {
    let mut rule = rule.clone();
    if let Some(end) = rule.remote_group.clone().filter(|end| is_named(end)) {
        let mut found: Vec<Record> = all.iter().filter(|other| fits(other, &end)).cloned().collect();
        if found.iter().any(|other| other.vpc_id() == group.vpc_id()) {
            found.retain(|other| other.vpc_id() == group.vpc_id());
        }
        rule.remote_group = one("security group", &end, found, told)?.group_id;
    }
    Ok(rule)
}

/// A rule as it is compared: without its id, in the one spelling of all.
fn bare(rule: SecurityRule) -> SecurityRule {
    let mut rule = rule.normalized();
    rule.id = None;
    rule
}

/// What the refusal of several rules means for each of them.
fn refused(number: usize, error: Error) -> Error {
    if number < 2 || error.code() == Some(THERE) {
        return error;
    }
    let message = format!("{}; none of the {number} rules was added", error.message());
    error.with_message(message)
}

#[cfg(test)]
mod tests {
    use super::{by_id, refused};
    use aws_sdk_ec2::types::SecurityGroup;
    use cloudmesh_abstract::{Error, ErrorKind, SecurityRule};

    fn group(id: &str, name: &str, vpc: &str) -> SecurityGroup {
        SecurityGroup::builder().group_id(id).group_name(name).vpc_id(vpc).build()
    }

    #[test]
    fn a_group_at_the_other_end_is_one_of_the_same_network() {
        let all = [
            group("sg-1", "web", "vpc-1"),
            group("sg-2", "db", "vpc-1"),
            group("sg-3", "db", "vpc-2"),
            group("sg-4", "far", "vpc-2"),
            group("sg-5", "many", "vpc-2"),
            group("sg-6", "many", "vpc-3"),
        ];
        let end = |word: &str| {
            let rule: SecurityRule = word.parse().unwrap();
            by_id(&rule, &all[0], &all).map(|rule| rule.remote_group.unwrap_or_default())
        };
        for (word, id) in [
            ("any@group:db", "sg-2"),
            ("any@group:web", "sg-1"),
            ("any@group:far", "sg-4"),
            ("any@group:sg-0123abcd", "sg-0123abcd"),
            ("any@group:pl-0123abcd", "pl-0123abcd"),
            ("any", ""),
        ] {
            assert_eq!(end(word).unwrap(), id, "{word}");
        }
        assert_eq!(end("any@group:many").unwrap_err().kind(), ErrorKind::Ambiguous);
        assert_eq!(end("any@group:none").unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn of_several_rules_it_is_said_that_none_was_added() {
        let error = || Error::new(ErrorKind::QuotaExceeded, "too many rules");
        assert_eq!(refused(3, error()).message(), "too many rules; none of the 3 rules was added");
        assert_eq!(refused(1, error()).message(), "too many rules");
    }
}
