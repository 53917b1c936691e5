//! `cms key delete`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::{Selector, select};

use super::Names;
use super::list::{Row, each_here};
use crate::cli::{Done, Report, Session, usage};
use crate::command::pick;
use crate::provider::fingerprint;
use crate::{ErrorKind, KeyPair, Keys, Provider, Result};

/// `cms key delete NAMES`
#[derive(Debug, Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    names: Names,
    /// From what `cms key add` keeps on this machine, not from clouds
    #[arg(long)]
    local: bool,
    /// Succeed when there is no such key
    #[arg(long)]
    if_exists: bool,
}

impl Delete {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let wanted = select(&self.names.names).map_err(usage)?;
        let done = if self.local { here(session, &wanted).await? } else { in_clouds(session, &wanted).await? };
        let Some(mut report) = done else {
            session.note("nothing was deleted");
            return Ok(ExitCode::FAILURE);
        };
        if self.if_exists {
            report.forgive(ErrorKind::NotFound);
        }
        report.finish_outcomes(session)
    }
}

fn question(count: usize) -> String {
    format!("delete {count} {}", if count == 1 { "key" } else { "keys" })
}

async fn in_clouds(session: &Session, wanted: &[Selector]) -> Result<Option<Report<Done>>> {
    session.needs_the_cloud()?;
    let find = async |provider: &Provider| Ok(pick::each(wanted, &provider.keys().await?));
    let lose = async |provider: &Provider, key: KeyPair| {
        provider.key_delete(&key.name).await.map(|()| Done::new(key.name, provider.name(), "deleted"))
    };
    let describe = |cloud: &str, key: &KeyPair| describe(&key.name, cloud, fingerprint(key).as_deref());
    session.after_asking(question, describe, find, lose).await
}

/// From the library.
async fn here(session: &Session, wanted: &[Selector]) -> Result<Option<Report<Done>>> {
    let library = session.key_library()?;
    let place = library.file().display().to_string();
    let describe = |row: &Row| describe(&row.name, &place, row.fingerprint.as_deref());
    let lose = |row: Row| library.remove(&row.name).map(|_| Done::here(row.name, "deleted"));
    session.after_asking_here(question, "delete", describe, each_here(session, wanted)?, lose).await
}

/// One line that says which key will be lost.
fn describe(name: &str, place: &str, fingerprint: Option<&str>) -> String {
    let fingerprint = fingerprint
        .filter(|fingerprint| !fingerprint.is_empty())
        .map_or_else(String::new, |fingerprint| format!(", {fingerprint}"));
    format!("{name} ({place}{fingerprint})")
}
