//! `cms vm delete`.

use std::process::ExitCode;

use clap::Args;

use super::change::{Waiting, look_up, settle};
use super::{late, short_columns};
use crate::cli::{Progress, Report, Session, confirm};
use crate::nodes::Outcome;
use crate::partial::Partial;
use crate::work::apply;
use crate::{ComputeNodeABC, ErrorKind, Goal, Node, Provider, Result};

/// `cms vm delete NAMES`
#[derive(Debug, Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    names: super::Names,
    /// Succeed when there is no such machine
    #[arg(long)]
    if_exists: bool,
    #[command(flatten)]
    waiting: Waiting,
}

impl Delete {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let clouds = session.chosen()?;
        let found = clouds.shares(async |cloud| find(session, &cloud, &self.names.names).await).await;
        let doomed: Vec<String> = found.iter().flatten().flatten().filter_map(describe).collect();
        if !agreed(session, &doomed).await? {
            session.note("nothing was deleted");
            return Ok(ExitCode::FAILURE);
        }
        let wait = self.waiting.is_wanted(session);
        let progress = session.progress("delete");
        let destroy = async |cloud: Provider, found| destroy(session, &cloud, found, wait, &progress).await;
        let done = clouds.shares_of(found, destroy).await;
        drop(progress);
        let mut report = Report::of_clouds(Partial::of_outcomes(session.suggest_nodes(done)), &clouds);
        if self.if_exists {
            report.forgive(ErrorKind::NotFound);
        }
        report.finish(session, "nodes", &short_columns())
    }
}

async fn agreed(session: &Session, doomed: &[String]) -> Result<bool> {
    let question = format!("delete {} {}", doomed.len(), if doomed.len() == 1 { "machine" } else { "machines" });
    Ok(doomed.is_empty() || confirm(session, &question, doomed).await?)
}

/// One line that says which node will be lost.
fn describe(outcome: &Outcome) -> Option<String> {
    let node = outcome.result.as_ref().ok()?.as_ref()?;
    Some(format!("{} ({}, {}, {})", node.label(), outcome.cloud, node.id, node.status))
}

/// Looks the machines up, also those that an interrupted boot has asked for a moment ago.
async fn find(session: &Session, provider: &Provider, names: &[String]) -> Result<Vec<Outcome>> {
    let mut found = look_up(session, provider, names).await?;
    let mut coming = coming(session, provider, &found);
    let mut looks = late::Looks::new();
    while !coming.is_empty() && looks.next(session, provider, &coming).await? {
        for again in look_up(session, provider, &coming).await?.into_iter().filter(|again| again.result.is_ok()) {
            coming.retain(|name| *name != again.name);
            found.retain(|outcome| outcome.name != again.name);
            found.push(again);
        }
    }
    Ok(found)
}

/// Of the names that fit nothing, those that an interrupted boot has asked for so lately that they may still come.
fn coming(session: &Session, provider: &Provider, found: &[Outcome]) -> Vec<String> {
    let missing = names_of(found.iter().filter(|outcome| is_missing(outcome)));
    let left = session.state().filter(|_| !missing.is_empty());
    // Where nothing is known, nothing can be waited for.
    let left = left.and_then(|state| state.left_over(&session.place_of(provider), &missing).ok()).unwrap_or_default();
    left.into_iter().filter(|(_, left)| late::may_come(left)).map(|(name, _)| name).collect()
}

fn is_missing(outcome: &Outcome) -> bool {
    outcome.result.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

fn names_of<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Vec<String> {
    outcomes.map(|outcome| outcome.name.clone()).collect()
}

async fn destroy(
    session: &Session,
    provider: &Provider,
    found: Result<Vec<Outcome>>,
    wait: bool,
    progress: &Progress,
) -> Result<Vec<Outcome>> {
    let destroy = |provider: &Provider, node: Node| {
        let provider = provider.clone();
        async move { provider.destroy(&node.id).await }
    };
    let outcomes = apply(provider, found?, &session.pace(), destroy).await;
    let outcomes = settle(session, provider, outcomes, Goal::Gone, wait, progress).await;
    forget(session, provider, &outcomes);
    Ok(outcomes)
}

/// Removes from the journal what an interrupted boot wanted and the user does not want any more.
fn forget(session: &Session, provider: &Provider, outcomes: &[Outcome]) {
    let Some(state) = session.state().filter(|_| !session.dry_run()) else { return };
    let unwanted = names_of(outcomes.iter().filter(|outcome| outcome.result.is_ok() || is_missing(outcome)));
    if let Err(error) = state.forget_creates(&session.place_of(provider), &unwanted) {
        session.note(&format!("warning: {error}"));
    }
}
