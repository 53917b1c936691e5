//! `cms sec rule add`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::{Selector, select};

use crate::cli::{Done, Item, Session, usage};
use crate::command::key::typed;
use crate::command::pick;
use crate::{Error, ErrorKind, Provider, Result, SecurityGroup, SecurityGroups, SecurityRule};

/// `cms sec rule add RULES --group GROUP`, `cms sec rule add NAME RULE --local`
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Rules: names of those that this machine keeps, or spelled out, such as `tcp/22`; with --local a name, and a rule
    /// spelled out or as PROTOCOL [PORTS] [NETWORK]
    #[arg(required = true, value_name = "RULES")]
    words: Vec<String>,
    /// Groups in the clouds: names, ids, ranges, globs, or several with commas (repeatable)
    #[arg(long, value_name = "GROUP", required_unless_present = "local")]
    group: Vec<String>,
    /// Keep the rule on this machine, under a name
    #[arg(long, conflicts_with = "group")]
    local: bool,
    /// With --local, replace a rule of this name
    #[arg(long, requires = "local")]
    force: bool,
}

impl Add {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        if self.local { self.here(session) } else { self.in_clouds(session).await }
    }

    fn here(&self, session: &Session) -> Result<ExitCode> {
        let (name, rule) = self.named()?;
        let brought = session.rule_library()?.add_rule(name, &rule, self.force).map_err(typed)?;
        session.finish_kept(" rule", name, rule.to_string(), brought)
    }

    /// The name, and the rule that the other words spell.
    fn named(&self) -> Result<(&str, SecurityRule)> {
        let (name, text) = match self.words.as_slice() {
            [name, rule] => (name, rule.clone()),
            [name, protocol, ports] if ports.contains(['.', ':']) => (name, format!("{protocol}@{ports}")),
            [name, protocol, ports] => (name, format!("{protocol}/{ports}")),
            [name, protocol, ports, network] => (name, format!("{protocol}/{ports}@{network}")),
            _ => {
                let message = "say a name and a rule, such as `cms sec rule add postgres tcp/5432@10.0.0.0/8 --local`";
                return Err(Error::new(ErrorKind::Config, message));
            }
        };
        Ok((name, text.parse().map_err(typed)?))
    }

    async fn in_clouds(&self, session: &Session) -> Result<ExitCode> {
        session.needs_the_cloud()?;
        let library = session.rule_library()?;
        let mut rules: Vec<SecurityRule> = Vec::new();
        for word in &self.words {
            let rule = library.rule(word).map_err(typed)?;
            if !rules.iter().any(|other| other.is_same(&rule)) {
                rules.push(rule);
            }
        }
        let wanted = select(&self.group).map_err(usage)?;
        let done = session.items(async |provider| add(session, provider, &wanted, &rules).await);
        done.await?.each(|done| done).finish_outcomes(session)
    }
}

/// Adds rules to groups of a cloud: an outcome for each rule of each group.
async fn add(
    session: &Session,
    provider: &Provider,
    wanted: &[Selector],
    rules: &[SecurityRule],
) -> Result<Vec<Item<Vec<Done>>>> {
    let groups = pick::each(wanted, &provider.list_secgroups().await?);
    let work = async |provider: &Provider, group: SecurityGroup| {
        let lacks = |rule: &&SecurityRule| !group.rules.iter().any(|held| held.is_same(rule));
        let lacking: Vec<SecurityRule> = rules.iter().filter(lacks).cloned().collect();
        if !lacking.is_empty() {
            provider.add_rules_to_secgroup(&group.id, &lacking).await?;
        }
        let outcome = |rule: &SecurityRule| {
            let is_new = lacks(&rule);
            let detail = format!("group {}", group.name);
            Done::new(rule.to_string(), provider.name(), if is_new { "added" } else { "already there" })
                .with_detail(detail)
        };
        Ok(rules.iter().map(outcome).collect())
    };
    Ok(session.do_each(provider, groups, &work).await)
}
