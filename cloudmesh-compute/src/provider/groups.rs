//! Bringing security groups to a cloud.

use cloudmesh_abstract::{Error, ErrorKind, Result, SecurityGroup, SecurityGroups, SecurityRule};
use futures::future::join_all;

use crate::Provider;

/// What has to be done so that a cloud's security group is as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GroupChanges {
    /// The group, as the cloud has it or would have it.
    pub group: SecurityGroup,
    /// Whether it has to be made.
    pub is_new: bool,
    /// Rules that it lacks.
    pub added: Vec<SecurityRule>,
    /// Rules that it has and should not have.
    pub removed: Vec<SecurityRule>,
}

impl GroupChanges {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        !self.is_new && self.added.is_empty() && self.removed.is_empty()
    }

    /// What a group that was just made lets out by itself goes where the wish says what may go out.
    fn settle(&mut self, wanted: &SecurityGroup, made: SecurityGroup) {
        let whole = wanted.rules.iter().any(is_egress);
        self.added.retain(|rule| !has(&made.rules, rule));
        let goes = |rule: &SecurityRule| whole && is_egress(rule) && !has(&wanted.rules, rule);
        self.removed = made.rules.iter().filter(|rule| goes(rule)).cloned().collect();
        self.group = made;
    }
}

impl Provider {
    /// Brings a security group to the cloud: makes it if there is none of its name, and adds the rules that it lacks.
    /// Rules that it has beside stay, unless it is to be `exact`. Where the wish says what may go out, nothing else may.
    ///
    /// ```no_run
    /// use cloudmesh_compute::{Provider, SecurityGroup};
    ///
    /// # async fn example() -> cloudmesh_compute::Result<()> {
    /// let mut web = SecurityGroup::new("", "web");
    /// web.rules = vec!["tcp/443".parse()?, "tcp/443@::/0".parse()?, "tcp/22@10.0.0.0/8".parse()?];
    /// let done = Provider::new("mycloud")?.upload_secgroup(&web, false).await?;
    /// println!("added {} rules", done.added.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a rule that is none, before anything is sent; [`ErrorKind::Ambiguous`] when
    /// several groups have the name; [`ErrorKind::Unsupported`] where a cloud has no security groups; those of the
    /// [`SecurityGroups`] methods.
    pub async fn upload_secgroup(&self, wanted: &SecurityGroup, exact: bool) -> Result<GroupChanges> {
        let changes = self.secgroup_changes(std::slice::from_ref(wanted), exact).await?;
        let tasks = changes.into_iter().map(|changes| Ok((wanted.clone(), changes?))).collect::<Result<_>>()?;
        self.make_secgroups(tasks).await.pop().ok_or_else(nothing)?.1
    }

    /// What [`upload_secgroup`](Self::upload_secgroup) would do for each of these groups; nothing is changed. The cloud
    /// is asked once for all of them.
    ///
    /// # Errors
    ///
    /// Those of [`list_secgroups`](SecurityGroups::list_secgroups); [`ErrorKind::InvalidInput`] for a rule that is none,
    /// before anything is sent. Of one group: [`ErrorKind::Ambiguous`] when several have the name.
    pub async fn secgroup_changes(&self, wanted: &[SecurityGroup], exact: bool) -> Result<Vec<Result<GroupChanges>>> {
        wanted.iter().flat_map(|group| &group.rules).try_for_each(SecurityRule::check)?;
        let there = self.list_secgroups().await?;
        Ok(wanted
            .iter()
            .map(|group| compare(group, &there, exact).map_err(|error| error.in_cloud(self.name())))
            .collect())
    }

    /// Makes a group that is not there yet, still without the rules that are wanted.
    async fn begin_secgroup(&self, wanted: &SecurityGroup, mut changes: GroupChanges) -> Result<GroupChanges> {
        if changes.is_new {
            let made = match self.add_secgroup(&wanted.name, &wanted.description).await {
                // Somebody was faster.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    changes.is_new = false;
                    let there = self.list_secgroups().await?;
                    there.into_iter().find(|group| group.name == wanted.name).ok_or(error)?
                }
                made => made?,
            };
            changes.settle(wanted, made);
        }
        Ok(changes)
    }

    /// Adds and removes rules of a group that is there.
    async fn finish_secgroup(&self, changes: GroupChanges) -> Result<GroupChanges> {
        let GroupChanges { group, is_new, added, removed } = &changes;
        let which = if group.id.is_empty() { &group.name } else { &group.id };
        if *is_new && self.context().rehearsal().is_some() {
            // What comes after its making depends on the cloud's answer.
            return Ok(changes);
        }
        if !added.is_empty()
            && let Err(refused) = self.add_rules_to_secgroup(which, added).await
        {
            return Err(if *is_new { self.take_back(group, refused).await } else { refused });
        }
        if !removed.is_empty() {
            self.remove_rules_from_secgroup(which, removed).await?;
        }
        Ok(changes)
    }

    /// Removes a group that was made for rules which were refused, and says what became of it.
    async fn take_back(&self, group: &SecurityGroup, refused: Error) -> Error {
        let message = match self.remove_secgroup(&group.id).await {
            Ok(()) => format!("{}; the group `{}` was removed again", refused.message(), group.name),
            Err(error) => format!(
                "{}; the group `{name}` was made and could not be removed ({error}): `cms sec group delete {name}` \
                 removes it",
                refused.message(),
                name = group.name,
            ),
        };
        refused.with_message(message)
    }

    /// Brings groups to the cloud; all are made before any gets its rules, since rules may name other groups.
    pub(crate) async fn make_secgroups(
        &self,
        wanted: Vec<(SecurityGroup, GroupChanges)>,
    ) -> Vec<(String, Result<GroupChanges>)> {
        let begun = wanted.into_iter().map(async |(group, changes)| {
            let begun = self.begin_secgroup(&group, changes).await;
            (group.name, begun)
        });
        let finish = async |(name, begun): (String, Result<GroupChanges>)| match begun {
            Ok(changes) => (name, self.finish_secgroup(changes).await),
            Err(error) => (name, Err(error)),
        };
        join_all(join_all(begun).await.into_iter().map(finish)).await
    }
}

/// What a group lacks of what is wanted, and has beside.
fn compare(wanted: &SecurityGroup, there: &[SecurityGroup], exact: bool) -> Result<GroupChanges> {
    let named: Vec<&SecurityGroup> = there.iter().filter(|group| group.name == wanted.name).collect();
    let rules = once(&wanted.rules);
    let group = match named.as_slice() {
        [] => {
            let mut group = SecurityGroup::new("", &wanted.name);
            group.description.clone_from(&wanted.description);
            return Ok(GroupChanges { group, is_new: true, added: rules, removed: Vec::new() });
        }
        [group] => *group,
        several => return Err(ambiguous(&wanted.name, several)),
    };
    let ids = |rule: &SecurityRule| by_id(rule, there);
    let held: Vec<SecurityRule> = group.rules.iter().map(ids).collect();
    let asked: Vec<SecurityRule> = rules.iter().map(ids).collect();
    let added = rules.iter().zip(&asked).filter(|(_, rule)| !has(&held, rule)).map(|(rule, _)| rule.clone()).collect();
    let says_egress = wanted.rules.iter().any(is_egress);
    // What a group lets out by itself stays, unless the wish says what may go out.
    let goes = |rule: &SecurityRule| if is_egress(rule) { says_egress } else { exact };
    let beside = group.rules.iter().zip(&held).filter(|(rule, held)| goes(rule) && !has(&asked, held));
    let removed = beside.map(|(rule, _)| rule.clone()).collect();
    Ok(GroupChanges { group: group.clone(), is_new: false, added, removed })
}

fn is_egress(rule: &SecurityRule) -> bool {
    rule.direction == cloudmesh_abstract::Direction::Egress
}

fn has(rules: &[SecurityRule], rule: &SecurityRule) -> bool {
    rules.iter().any(|other| other.is_same(rule))
}

/// Each rule once.
fn once(rules: &[SecurityRule]) -> Vec<SecurityRule> {
    let mut seen: Vec<SecurityRule> = Vec::new();
    for rule in rules {
        if !has(&seen, rule) {
            seen.push(rule.clone());
        }
    }
    seen
}

/// The rule with the group at its other end called by its id, since a cloud may list it so.
fn by_id(rule: &SecurityRule, there: &[SecurityGroup]) -> SecurityRule {
    let mut rule = rule.clone();
    let of_name = |name: &String| there.iter().find(|group| group.name == *name);
    if let Some(group) = rule.remote_group.as_ref().and_then(of_name) {
        rule.remote_group = Some(group.id.clone());
    }
    rule
}

fn ambiguous(name: &str, found: &[&SecurityGroup]) -> Error {
    let ids: Vec<&str> = found.iter().map(|group| group.id.as_str()).collect();
    let message = format!(
        "`{name}` fits {} security groups ({}); delete or rename all but one, or bring the rules to one by its id, with \
         `cms sec rule add`",
        ids.len(),
        ids.join(", ")
    );
    Error::new(ErrorKind::Ambiguous, message)
}

fn nothing() -> Error {
    Error::new(ErrorKind::Unexpected, "there is no group to bring")
}

#[cfg(test)]
mod tests {
    use super::{GroupChanges, compare};
    use cloudmesh_abstract::{ErrorKind, SecurityGroup, SecurityRule};

    fn rules(words: &str) -> Vec<SecurityRule> {
        words.split_whitespace().map(|word| word.parse().unwrap()).collect()
    }

    fn group(id: &str, name: &str, words: &str) -> SecurityGroup {
        let mut group = SecurityGroup::new(id, name);
        group.rules = rules(words);
        group
    }

    fn words(rules: &[SecurityRule]) -> String {
        rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_lacking_is_added_and_what_is_beside_goes_where_it_should() {
        let out = "egress:any egress:any@::/0";
        let table = [
            ("tcp/22 tcp/22", &format!("tcp/22 {out}"), false, "", ""),
            ("tcp/22 icmp", &format!("tcp/80 {out}"), false, "tcp/22 icmp", ""),
            ("tcp/22 icmp", &format!("tcp/80 {out}"), true, "tcp/22 icmp", "tcp/80"),
            ("tcp/22 egress:udp/53", &format!("tcp/22 {out}"), false, "egress:udp/53", out),
            ("", &format!("tcp/22 {out}"), true, "", "tcp/22"),
            ("any@group:web", &"any@group:7".to_owned(), true, "", ""),
        ];
        for (wanted, held, exact, added, removed) in table {
            let there = [group("7", "web", held), group("8", "db", "")];
            let GroupChanges { added: lacking, removed: beside, .. } =
                compare(&group("", "web", wanted), &there, exact).unwrap();
            assert_eq!((words(&lacking).as_str(), words(&beside).as_str()), (added, removed), "{wanted} of {held}");
        }
    }

    #[test]
    fn what_somebody_else_let_in_meanwhile_stays() {
        let wanted = group("", "web", "tcp/22 egress:udp/53");
        let mut changes = compare(&wanted, &[], false).unwrap();
        changes.settle(&wanted, group("7", "web", "tcp/22 tcp/80 egress:any"));
        assert_eq!((words(&changes.added), words(&changes.removed)), ("egress:udp/53".into(), "egress:any".into()));
    }

    #[test]
    fn a_name_of_several_groups_is_an_error_that_lists_them() {
        let there = [group("7", "web", ""), group("8", "web", "")];
        let error = compare(&group("", "web", ""), &there, false).unwrap_err();
        assert!(error.kind() == ErrorKind::Ambiguous && error.message().contains("(7, 8)"), "{error}");
    }
}
