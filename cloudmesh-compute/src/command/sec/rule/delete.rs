//! `cms sec rule delete`

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use cloudmesh_abstract::names::select;
use tokio::sync::OnceCell;

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
    /// Groups in the clouds: names, ids, ranges, globs, or several with commas (repeatable)
    #[arg(long, value_name = "GROUP", required_unless_present = "local")]
    group: Vec<String>,
    /// From what is kept on this machine, not from clouds
    #[arg(long, conflicts_with = "group")]
    local: bool,
    /// Succeed when there is no such rule
    #[arg(long)]
    if_exists: bool,
}

/// A rule of a group, and the rules that go with it.
struct Held {
    group: String,
    rule: SecurityRule,
    together: Arc<Together>,
}

/// The rules of one group that are to be removed: by one request to the provider, whatever their number.
struct Together {
    group: String,
    rules: Vec<SecurityRule>,
    gone: OnceCell<bool>,
}

impl Together {
    /// Removes them all, once. Where not all could be, each is removed alone, to learn what became of it.
    async fn remove(&self, provider: &Provider, rule: &SecurityRule) -> Result<()> {
        let all = || async { provider.remove_rules_from_secgroup(&self.group, &self.rules).await.is_ok() };
        if self.rules.len() > 1 && *self.gone.get_or_init(all).await {
            return Ok(());
        }
        provider.remove_rules_from_secgroup(&self.group, std::slice::from_ref(rule)).await
    }
}

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
        let describe = |cloud: &str, held: &Held| format!("{} of {} ({cloud})", held.rule, held.group);
        let lose = async |provider: &Provider, Held { group, rule, together }: Held| {
            together.remove(provider, &rule).await?;
            let done = Done::new(rule.to_string(), provider.name(), "deleted");
            Ok(done.with_detail(format!("group {group}")).with_id(rule.id.unwrap_or_default()))
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

    fn missing_in(&self, group: &str) -> Error {
        let message = format!("no rule `{}` in `{group}`; `cms sec rule list {group}` shows what there is", self.text);
        Error::new(ErrorKind::NotFound, message)
    }

    fn is(&self, rule: &SecurityRule) -> bool {
        self.rule.as_ref().is_some_and(|wanted| wanted.is_same(rule)) || rule.id.as_ref() == Some(&self.text)
    }
}

/// The rules of a group that are meant, each once, and an error for each word that fits none.
fn held(group: Item<SecurityGroup>, words: &[Word]) -> Vec<Item<Held>> {
    let group = match group.result {
        Ok(group) => group,
        Err(error) => return vec![Item::new(group.name, Err(error))],
    };
    let mut rules: Vec<SecurityRule> = Vec::new();
    let mut found = Vec::new();
    for word in words {
        let rule = group.rules.iter().find(|rule| word.is(rule));
        match rule {
            Some(rule) if rules.contains(rule) => continue,
            Some(rule) => rules.push(rule.clone()),
            None => {}
        }
        found.push((word, rule.cloned()));
    }
    let together = Arc::new(Together { group: group.id, rules, gone: OnceCell::new() });
    let item = |(word, rule): (&Word, Option<SecurityRule>)| {
        let name = format!("{} of {}", word.text, group.name);
        let held = |rule| Held { group: group.name.clone(), rule, together: Arc::clone(&together) };
        Item::new(name, rule.map(held).ok_or_else(|| word.missing_in(&group.name)))
    };
    found.into_iter().map(item).collect()
}
