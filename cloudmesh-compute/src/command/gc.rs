//! `cms gc`: what carries our mark and belongs to nothing.

use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;

use crate::cli::{Column, Done, Item, Session, heading, outcomes};
use crate::{Capability, Leftover, Leftovers, Provider, Result};

/// What can be done about it.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List what was left behind; addresses that we allocated and that lead nowhere are among it
    #[command(after_help = "Examples:\n  cms gc list\n  cms gc list --cloud all -o json")]
    List,
    /// Remove all of it, after asking
    #[command(after_help = "Examples:\n  cms gc remove\n  cms gc remove --cloud all --yes\n  cms gc remove --dry-run")]
    Remove,
}

impl Verb {
    /// Whether it may change anything in a cloud.
    pub(crate) fn changes(&self) -> bool {
        matches!(self, Self::Remove)
    }
}

/// Something that was left behind.
#[derive(Debug, Serialize)]
struct Row {
    what: String,
    name: String,
    cloud: String,
    id: String,
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: &Verb) -> Result<ExitCode> {
    session.needs_the_cloud()?;
    match verb {
        Verb::List => list(session).await,
        Verb::Remove => remove(session).await,
    }
}

/// What was left behind in a cloud, each sort together.
async fn left(provider: &Provider) -> Result<Vec<Leftover>> {
    provider.requires(Capability::Leftovers)?;
    let mut left = provider.leftovers().await?;
    left.sort_by(|a, b| (&a.what, &a.name, &a.id).cmp(&(&b.what, &b.name, &b.id)));
    Ok(left)
}

async fn list(session: &Session) -> Result<ExitCode> {
    session.shared.view.check(&columns())?;
    let rows = async |provider: &Provider| {
        let row = |left: Leftover| {
            Ok(Row { what: left.what, name: left.name, cloud: provider.name().to_owned(), id: left.id })
        };
        Ok(left(provider).await?.into_iter().map(row).collect())
    };
    session.on_each(rows).await?.finish(session, "leftovers", &columns())
}

async fn remove(session: &Session) -> Result<ExitCode> {
    session.shared.view.check(&outcomes())?;
    let question = |count| format!("remove {count} {}", if count == 1 { "leftover" } else { "leftovers" });
    let describe = |cloud: &str, left: &Leftover| format!("{} {} ({cloud}, {})", left.what, left.name, left.id);
    let find = async |provider: &Provider| {
        Ok(left(provider).await?.into_iter().map(|left| Item::new(left.id.clone(), Ok(left))).collect())
    };
    let lose = async |provider: &Provider, left: Leftover| {
        provider.remove_leftover(&left).await?;
        Ok(Done::new(left.name, provider.name(), "removed").with_detail(left.what).with_id(left.id))
    };
    let Some(report) = session.after_asking(question, describe, find, lose).await? else {
        session.note("nothing was removed");
        return Ok(ExitCode::FAILURE);
    };
    if report.is_blank() && session.format().is_table() {
        session.note("nothing was left behind");
        return Ok(ExitCode::SUCCESS);
    }
    report.finish_outcomes(session)
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("NAME", |row: &Row| row.name.clone()).rank(0),
        heading("WHAT", |row: &Row| row.what.clone()).rank(0),
        heading("CLOUD", |row: &Row| row.cloud.clone()).rank(2),
        heading("ID", |row: &Row| row.id.clone()).rank(0),
    ]
}
