//! `cms sec group delete`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;

use super::Names;
use crate::cli::{Done, Session, usage};
use crate::command::pick;
use crate::{ErrorKind, Provider, Result, SecurityGroup, SecurityGroups};

/// `cms sec group delete NAMES`
#[derive(Debug, Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    names: Names,
    /// Succeed when there is no such group
    #[arg(long)]
    if_exists: bool,
}

impl Delete {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let wanted = select(&self.names.names).map_err(usage)?;
        let question = |count| format!("delete {count} security {}", if count == 1 { "group" } else { "groups" });
        let find = async |provider: &Provider| Ok(pick::each(&wanted, &provider.list_secgroups().await?));
        let lose = async |provider: &Provider, group: SecurityGroup| {
            provider.remove_secgroup(&group.id).await?;
            Ok(Done::new(group.name, provider.name(), "deleted").with_id(group.id))
        };
        let Some(mut report) = session.after_asking(question, describe, find, lose).await? else {
            session.note("nothing was deleted");
            return Ok(ExitCode::FAILURE);
        };
        if self.if_exists {
            report.forgive(ErrorKind::NotFound);
        }
        report.finish_outcomes(session)
    }
}

/// One line that says which group will be lost.
fn describe(cloud: &str, group: &SecurityGroup) -> String {
    let rules = if group.rules.len() == 1 { "rule" } else { "rules" };
    format!("{} ({cloud}, {}, {} {rules})", group.name, group.id, group.rules.len())
}
