//! `cms sec rule delete`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;

use super::list::{Kept, kept};
use crate::cli::{Done, Item, Report, Session, usage};
use crate::command::key::typed;
use crate::command::pick;
use crate::library::RuleLibrary;
use crate::{Error, ErrorKind, Provider, Result, SecurityGroup, SecurityGroups, SecurityRule};

/// `cms sec rule delete RULES --group GROUP`, `cms sec rule delete NAMES --local`
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Rules: names of those that this machine keeps, spelled out, such as `tcp/22`, or a cloud's ids
    #[arg(required = true, value_name = "RULES")]
    words: Vec<String>,
    /// Groups in the clouds, by name or id (repeatable)
    #[arg(long, value_name = "GROUP", value_delimiter = ',', required_unless_present = "local")]
    group: Vec<String>,
    /// From what is kept on this machine, not from clouds
    #[arg(long, conflicts_with = "group")]
    local: bool,
    /// Succeed when there is no such rule
    #[arg(long)]
    if_exists: bool,
}

/// A rule of a group.
type Held = (SecurityGroup, SecurityRule);

impl Delete {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let done = if self.local { self.here(session).await? } else { self.in_clouds(session).await? };
        let Some(mut report) = done else {
            session.note("nothing was deleted");
            return Ok(ExitCode::FAILURE);
        };
        if self.if_exists {
            report.forgive(ErrorKind::NotFound);
        }
        report.finish_outcomes(session)
    }

    async fn here(&self, session: &Session) -> Result<Option<Report<Done>>> {
        let library = session.rule_library()?;
        let wanted = select(&self.words).map_err(usage)?;
        let describe = |rule: &Kept| format!("{} ({})", rule.name, rule.rule);
        let lose = |rule: Kept| library.remove_rule(&rule.name).map(|_| Done::here(rule.name, "deleted"));
        session.after_asking_here(question, "delete rule", describe, pick::each(&wanted, &kept(&library)?), lose).await
    }

    async fn in_clouds(&self, session: &Session) -> Result<Option<Report<Done>>> {
        session.needs_the_cloud()?;
        let library = session.rule_library()?;
        let wanted = select(&self.group).map_err(usage)?;
        let words = self.words.iter().map(|word| Word::read(&library, word)).collect::<Result<Vec<_>>>()?;
        let find = async |provider: &Provider| {
            let groups = pick::each(&wanted, &provider.list_secgroups().await?);
            Ok(groups.into_iter().flat_map(|group| held(group, &words)).collect())
        };
        let describe = |cloud: &str, (group, rule): &Held| format!("{rule} of {} ({cloud})", group.name);
        let lose = async |provider: &Provider, (group, rule): Held| {
            provider.remove_rules_from_secgroup(&group.id, std::slice::from_ref(&rule)).await?;
            let done = Done::new(rule.to_string(), provider.name(), "deleted");
            Ok(done.with_detail(format!("group {}", group.name)).with_id(rule.id.unwrap_or_default()))
        };
        session.after_asking(question, describe, find, lose).await
    }
}

fn question(count: usize) -> String {
    format!("delete {count} {}", if count == 1 { "rule" } else { "rules" })
}

/// A rule as it was typed.
struct Word {
    text: String,
    /// `None`: it can only be an id.
    rule: Option<SecurityRule>,
}

impl Word {
    fn read(library: &RuleLibrary, text: &str) -> Result<Self> {
        match library.rule(text) {
            Ok(rule) => Ok(Self { text: text.to_owned(), rule: Some(rule) }),
            Err(error) if error.kind() == ErrorKind::InvalidInput && !text.contains(['/', '@', ':']) => {
                Ok(Self { text: text.to_owned(), rule: None })
            }
            Err(error) => Err(typed(error)),
        }
    }

    fn is(&self, rule: &SecurityRule) -> bool {
        self.rule.as_ref().is_some_and(|wanted| wanted.is_same(rule)) || rule.id.as_ref() == Some(&self.text)
    }
}

/// The rules of a group that are meant, and an error for each word that fits none.
fn held(group: Item<SecurityGroup>, words: &[Word]) -> Vec<Item<Held>> {
    let group = match group.result {
        Ok(group) => group,
        Err(error) => return vec![Item::new(group.name, Err(error))],
    };
    let of_word = |word: &Word| {
        let rule = group.rules.iter().find(|rule| word.is(rule)).cloned();
        let found = rule.map(|rule| (group.clone(), rule)).ok_or_else(|| {
            let message =
                format!("no rule `{}` in `{}`; `cms sec rule list {1}` shows what there is", word.text, group.name);
            Error::new(ErrorKind::NotFound, message)
        });
        Item::new(format!("{} of {}", word.text, group.name), found)
    };
    words.iter().map(of_word).collect()
}
