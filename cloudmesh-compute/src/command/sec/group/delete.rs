//! `cms sec group delete`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::{Selector, select};

use super::Names;
use super::list::{Kept, kept};
use crate::cli::{Done, Report, Session, usage};
use crate::command::pick;
use crate::{ErrorKind, Provider, Result, SecurityGroup, SecurityGroups};

/// `cms sec group delete NAMES`
#[derive(Debug, Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    names: Names,
    /// From what is kept on this machine, not from clouds
    #[arg(long)]
    local: bool,
    /// Succeed when there is no such group
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
    format!("delete {count} security {}", if count == 1 { "group" } else { "groups" })
}

async fn in_clouds(session: &Session, wanted: &[Selector]) -> Result<Option<Report<Done>>> {
    session.needs_the_cloud()?;
    let find = async |provider: &Provider| Ok(pick::each(wanted, &provider.list_secgroups().await?));
    let lose = async |provider: &Provider, group: SecurityGroup| {
        provider.remove_secgroup(&group.id).await?;
        Ok(Done::new(group.name, provider.name(), "deleted").with_id(group.id))
    };
    session.after_asking(question, describe, find, lose).await
}

/// From the library.
async fn here(session: &Session, wanted: &[Selector]) -> Result<Option<Report<Done>>> {
    let library = session.rule_library()?;
    let place = library.file().display().to_string();
    let describe = |group: &Kept| format!("{} ({place}, {})", group.name, group.rules.join(", "));
    let lose = |group: Kept| library.remove_group(&group.name).map(|()| Done::here(group.name, "deleted"));
    session.after_asking_here(question, "delete group", describe, pick::each(wanted, &kept(&library)?), lose).await
}

/// One line that says which group will be lost.
fn describe(cloud: &str, group: &SecurityGroup) -> String {
    let rules = if group.rules.len() == 1 { "rule" } else { "rules" };
    format!("{} ({cloud}, {}, {} {rules})", group.name, group.id, group.rules.len())
}
