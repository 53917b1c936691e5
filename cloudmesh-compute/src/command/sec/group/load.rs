//! `cms sec group load`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::{Selector, select};

use crate::cli::{Done, Item, Report, Session, confirm, usage};
use crate::command::key::typed;
use crate::library::RuleLibrary;
use crate::partial::Partial;
use crate::{Error, ErrorKind, GroupChanges, Provider, Result, SecurityGroup, SecurityRule};

/// `cms sec group load [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// Groups that this machine keeps: names, ranges such as `lab[1-3]`, globs such as `lab*`; none: all
    #[arg(value_name = "NAMES")]
    names: Vec<String>,
    /// Remove the rules that the clouds' groups have beside
    #[arg(long)]
    exact: bool,
}

/// A group that is wanted, and what has to be done for it.
type Task = (SecurityGroup, GroupChanges);

impl Load {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        session.needs_the_cloud()?;
        let groups = wanted(&session.rule_library()?, &self.names)?;
        let (clouds, groups, exact) = (session.chosen()?, &groups, self.exact);
        let look = |cloud: Provider| async move {
            session.interrupt.unless_asked(cloud.secgroup_changes(groups, exact)).await
        };
        let looks = clouds.shares(look).await;
        let of_cloud = |(cloud, changes): (&str, &Result<Vec<Result<GroupChanges>>>)| -> Vec<String> {
            let changes = changes.iter().flatten().flatten();
            changes.flat_map(|changes| losses(cloud, changes)).collect()
        };
        let lost: Vec<String> = clouds.names().zip(&looks).flat_map(of_cloud).collect();
        let question = format!("remove {} {}", lost.len(), if lost.len() == 1 { "rule" } else { "rules" });
        if !lost.is_empty() && !confirm(session, &question, &lost).await? {
            session.note("nothing was changed");
            return Ok(ExitCode::FAILURE);
        }
        let work = |cloud: Provider, changes: Result<Vec<Result<GroupChanges>>>| async move {
            Ok(carry_out(&cloud, groups, changes?).await)
        };
        let done = Partial::of_items(clouds.shares_of(looks, work).await);
        Report::of_clouds(done, &clouds).finish_outcomes(session)
    }
}

/// The groups of these names that are kept; all, if none are named.
fn wanted(library: &RuleLibrary, names: &[String]) -> Result<Vec<SecurityGroup>> {
    let known: Vec<String> = library.groups()?.into_keys().collect();
    let mut chosen: Vec<String> = Vec::new();
    for wanted in select(names).map_err(usage)? {
        match wanted {
            Selector::Name(name) => chosen.push(name),
            glob => {
                let before = chosen.len();
                chosen.extend(known.iter().filter(|name| glob.matches(name)).cloned());
                if chosen.len() == before {
                    let message = format!("no group fits `{glob}`; `cms sec group list --local` shows what there is");
                    return Err(Error::new(ErrorKind::NotFound, message));
                }
            }
        }
    }
    if names.is_empty() {
        chosen = known;
    }
    let mut seen = std::collections::HashSet::new();
    chosen.retain(|name| seen.insert(name.clone()));
    chosen.iter().map(|name| library.group(name)).collect()
}

/// A line for each rule that would be lost.
fn losses(cloud: &str, changes: &GroupChanges) -> Vec<String> {
    changes.removed.iter().map(|rule| format!("{rule} of {} ({cloud})", changes.group.name)).collect()
}

/// Looks what has to be done for groups on a cloud, and does it.
///
/// # Errors
///
/// When the cloud cannot be asked, and for a rule that is none.
pub(super) async fn bring(provider: &Provider, groups: &[SecurityGroup], exact: bool) -> Result<Vec<Item<Done>>> {
    let changes = provider.secgroup_changes(groups, exact).await.map_err(typed_rule)?;
    Ok(carry_out(provider, groups, changes).await)
}

fn typed_rule(error: Error) -> Error {
    if error.kind() == ErrorKind::InvalidInput { typed(error) } else { error }
}

/// Does what has to be done for groups on a cloud.
async fn carry_out(
    provider: &Provider,
    groups: &[SecurityGroup],
    changes: Vec<Result<GroupChanges>>,
) -> Vec<Item<Done>> {
    let (mut tasks, mut items): (Vec<Task>, Vec<Item<Done>>) = (Vec::new(), Vec::new());
    for (group, changes) in groups.iter().zip(changes) {
        match changes {
            Ok(changes) => tasks.push((group.clone(), changes)),
            Err(error) => items.push(Item::new(&group.name, Err(error))),
        }
    }
    for (name, done) in provider.make_secgroups(tasks).await {
        items.push(Item::new(name, done.map(|changes| told(provider.name(), &changes))));
    }
    items
}

/// What was done for a group.
fn told(cloud: &str, changes: &GroupChanges) -> Done {
    let outcome = match changes {
        changes if changes.is_empty() => "already there",
        changes if changes.is_new => "made",
        _ => "changed",
    };
    let mut detail = Vec::new();
    for (word, rules) in [("added", &changes.added), ("removed", &changes.removed)] {
        if !rules.is_empty() {
            detail.push(format!("{word} {}", list(rules)));
        }
    }
    let done = Done::new(&changes.group.name, cloud, outcome).with_id(&changes.group.id);
    if detail.is_empty() { done } else { done.with_detail(detail.join("; ")) }
}

/// A few rules, and how many more there are.
fn list(rules: &[SecurityRule]) -> String {
    crate::work::names(&rules.iter().map(ToString::to_string).collect::<Vec<_>>())
}
