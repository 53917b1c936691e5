//! Security groups.
//!
//! A name is unique inside one network (VPC) only; what fits groups of several is none of them. New groups are made in
//! the default network.

use std::collections::HashMap;
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_ec2::types::{Filter, ResourceType, SecurityGroup as Record};
use cloudmesh_abstract::{
    Effect, Error, ErrorKind, Marks, Page, Result, SecurityGroup, SecurityGroups, SecurityRule, Token, all_pages,
};

use crate::Aws;
use crate::client::Client;
use crate::filter::exactly;
use crate::map::group::{Names, group};
use crate::map::marks::{TOKEN_KEY, tagged};
use crate::one::one;
use crate::rules::rules_of;
use crate::wearers::worn;

/// How many groups a page has.
const PAGE: i32 = 1000;
/// How long a group that was just made is looked for.
const SOON: Duration = Duration::from_secs(15);
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>.
const LONGEST: usize = 255;
const SIGNS: &str = " ._-:/()#,@[]+=&;{}!$*";

#[async_trait]
impl SecurityGroups for Aws {
    async fn list_secgroups(&self) -> Result<Vec<SecurityGroup>> {
        let (groups, rules) = futures::try_join!(groups(&self.client, Vec::new()), rules_of(&self.client, None))?;
        let names = Names::of(&groups);
        let mut by_group: HashMap<String, Vec<SecurityRule>> = HashMap::new();
        for record in &rules {
            if let (Some(id), Some(rule)) = (record.group_id(), crate::map::rule::rule(record, |id| names.label(id))) {
                by_group.entry(id.to_owned()).or_default().push(rule);
            }
        }
        let rules = |record: &Record| by_group.remove(record.group_id().unwrap_or_default()).unwrap_or_default();
        let mut rules = rules;
        Ok(groups.iter().map(|record| group(record, rules(record))).collect())
    }

    async fn list_secgroup_rules(&self, which: &str) -> Result<Vec<SecurityRule>> {
        self.rules_in(which).await
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>.
    async fn add_secgroup(&self, name: &str, description: &str) -> Result<SecurityGroup> {
        check_name(name)?;
        // There is none without a description.
        let description = if description.trim().is_empty() { name } else { description };
        check_letters("the description", description)?;
        let mut marks = Marks::new(name);
        // By the token it is found again when the answer is lost.
        let token = Token::random();
        marks.token = Some(token.clone());
        let what = ResourceType::SecurityGroup;
        let create = || async {
            let tagged = tagged(what.clone(), &marks);
            let request = |ec2: aws_sdk_ec2::Client| {
                let request = ec2.create_security_group().group_name(name).description(description);
                request.tag_specifications(tagged.clone()).send()
            };
            let answer = self.client.send(Effect::Once, "CreateSecurityGroup", request).await?;
            let id = answer.group_id.filter(|id| !id.is_empty());
            id.ok_or_else(|| Error::new(ErrorKind::Unexpected, format!("AWS tells no id of the new group `{name}`")))
        };
        let find = || async {
            let filters = vec![exactly(format!("tag:{TOKEN_KEY}"), [token.as_str()])];
            let found = groups(&self.client, filters).await?;
            Ok(found.first().and_then(|group| group.group_id()).map(str::to_owned))
        };
        let made = self.client.context().make_once(create, find).await;
        let id = made.map_err(|error| refused(name, error))?;
        let mut made = SecurityGroup::new(&id, name);
        description.clone_into(&mut made.description);
        made.rules = self.first_rules(&id, name).await?;
        Ok(made)
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html>.
    async fn remove_secgroup(&self, which: &str) -> Result<()> {
        let id = match one_group(&self.client, which).await {
            Ok(found) => found.group_id.unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let request = |ec2: aws_sdk_ec2::Client| ec2.delete_security_group().group_id(&id).send();
        match self.client.send(Effect::Idempotent, "DeleteSecurityGroup", request).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) if matches!(error.code(), Some("DependencyViolation" | "InvalidGroup.InUse")) => {
                Err(worn(&self.client, which, &id, error).await)
            }
            settled => settled.map(|_| ()),
        }
    }

    async fn add_rules_to_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        self.add_rules(group, rules).await
    }

    async fn remove_rules_from_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        self.remove_rules(group, rules).await
    }
}

impl Aws {
    /// What a new group lets out. EC2 may show a group a moment after it made it; one that it does not show by then is
    /// told without rules.
    async fn first_rules(&self, id: &str, name: &str) -> Result<Vec<SecurityRule>> {
        let label = |other: &str| if other == id { name.to_owned() } else { other.to_owned() };
        let look = || async {
            let rules = match rules_of(&self.client, Some(id)).await {
                Ok(rules) => rules,
                Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(error),
            };
            let rules: Vec<_> = rules.iter().filter_map(|record| crate::map::rule::rule(record, label)).collect();
            Ok(if rules.is_empty() { Poll::Pending } else { Poll::Ready(rules) })
        };
        let context = self.client.context();
        let policy = context.poll_policy();
        let context = context.with_poll(policy.with_limit(SOON.min(policy.limit)));
        match context.poll(&format!("the making of the group `{name}`"), look).await {
            Err(error) if error.kind() == ErrorKind::Timeout => Ok(Vec::new()),
            settled => settled,
        }
    }
}

/// The groups that fit all of these filters, with their rules.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html>.
pub(crate) async fn groups(client: &Client, filters: Vec<Filter>) -> Result<Vec<Record>> {
    let filters = Some(filters).filter(|filters| !filters.is_empty());
    let filters = &filters;
    all_pages(|next| async move {
        let request = |ec2: aws_sdk_ec2::Client| {
            let request = ec2.describe_security_groups().set_filters(filters.clone());
            request.max_results(PAGE).set_next_token(next.clone()).send()
        };
        let answer = client.send(Effect::Read, "DescribeSecurityGroups", request).await?;
        let next = answer.next_token.filter(|token| !token.is_empty());
        Ok(Page::new(answer.security_groups.unwrap_or_default(), next))
    })
    .await
}

/// The group of this name or id.
pub(crate) async fn one_group(client: &Client, which: &str) -> Result<Record> {
    let filter = exactly(if is_id(which) { "group-id" } else { "group-name" }, [which]);
    pick(which, groups(client, vec![filter]).await?)
}

/// The only group of a name or id among some.
pub(crate) fn pick(which: &str, mut found: Vec<Record>) -> Result<Record> {
    found.retain(|group| fits(group, which));
    one("security group", which, found, told)
}

/// Whether a group is called so.
pub(crate) fn fits(group: &Record, which: &str) -> bool {
    if is_id(which) { group.group_id() == Some(which) } else { group.group_name() == Some(which) }
}

/// Whether a text is an id: no name begins like one.
pub(crate) fn is_id(which: &str) -> bool {
    which.starts_with("sg-")
}

/// A group among several of its name.
pub(crate) fn told(group: &Record) -> String {
    let vpc = group.vpc_id().map(|vpc| format!(" (in {vpc})")).unwrap_or_default();
    format!("`{}`{vpc}", group.group_id().unwrap_or_default())
}

/// The refusal of a new group.
fn refused(name: &str, error: Error) -> Error {
    match error.code() {
        Some("InvalidGroup.Duplicate") => {
            error.with_message(format!("there is a security group `{name}` already; use that, or choose another name"))
        }
        _ => error,
    }
}

/// Refuses what EC2 would refuse.
fn check_name(name: &str) -> Result<()> {
    let why = if name.is_empty() {
        "must not be empty"
    } else if is_id(name) {
        "must not begin like an id, with `sg-`"
    } else if name.trim() != name {
        "must not begin or end with a blank"
    } else {
        return check_letters("the name", name);
    };
    Err(Error::new(ErrorKind::InvalidInput, format!("the name `{name}` of a security group {why}")))
}

fn check_letters(what: &str, text: &str) -> Result<()> {
    let refusal = |why: String| Err(Error::new(ErrorKind::InvalidInput, format!("{what} `{text}` of a group {why}")));
    if text.chars().count() > LONGEST {
        return refusal(format!("must not be longer than {LONGEST} letters"));
    }
    match text.chars().find(|letter| !letter.is_ascii_alphanumeric() && !SIGNS.contains(*letter)) {
        Some(odd) => refusal(format!("must not have `{odd}` in it; AWS takes a-z, A-Z, 0-9 and `{}`", SIGNS.trim())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_letters, check_name, pick};
    use aws_sdk_ec2::types::SecurityGroup;
    use cloudmesh_abstract::ErrorKind;

    #[test]
    fn what_ec2_would_refuse_is_not_sent() {
        for (name, told) in [
            ("", "must not be empty"),
            ("sg-web", "must not begin like an id"),
            (" web", "must not begin or end with a blank"),
            ("web?", "must not have `?` in it; AWS takes"),
            ("wéb", "must not have `é` in it"),
            (&"x".repeat(256), "must not be longer than 255 letters"),
        ] {
            let error = check_name(name).unwrap_err();
            assert!(error.kind() == ErrorKind::InvalidInput && error.message().contains(told), "{error}");
        }
        check_name("my group (lab) *#1").unwrap();
        assert!(
            check_letters("the description", "isn't").unwrap_err().message().starts_with("the description `isn't`")
        );
    }

    #[test]
    fn a_name_of_groups_in_several_networks_is_told_with_their_ids() {
        let group = |id: &str, vpc: &str| SecurityGroup::builder().group_id(id).group_name("web").vpc_id(vpc).build();
        let both = vec![group("sg-1", "vpc-1"), group("sg-2", "vpc-2")];
        let error = pick("web", both.clone()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ambiguous);
        assert!(error.message().ends_with("`sg-1` (in vpc-1), `sg-2` (in vpc-2)"), "{error}");
        assert_eq!(pick("sg-2", both).unwrap().group_id(), Some("sg-2"));
        assert_eq!(pick("web", Vec::new()).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
