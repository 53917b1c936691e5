//! `cms sec group clear`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;

use super::Names;
use crate::cli::{Done, Session, usage};
use crate::command::pick;
use crate::{Provider, Result, SecurityGroup, SecurityGroups};

/// `cms sec group clear NAMES`
#[derive(Debug, Args)]
pub(crate) struct Clear {
    #[command(flatten)]
    names: Names,
}

impl Clear {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        session.needs_the_cloud()?;
        let wanted = select(&self.names.names).map_err(usage)?;
        let question =
            |count| format!("remove all rules of {count} security {}", if count == 1 { "group" } else { "groups" });
        let find = async |provider: &Provider| Ok(pick::each(&wanted, &provider.list_secgroups().await?));
        let lose = async |provider: &Provider, group: SecurityGroup| {
            let done = |outcome: &str| Done::new(&group.name, provider.name(), outcome).with_id(&group.id);
            if group.rules.is_empty() {
                return Ok(done("had no rules"));
            }
            provider.remove_rules_from_secgroup(&group.id, &group.rules).await?;
            let count = group.rules.len();
            Ok(done("cleared").with_detail(format!("{count} {}", if count == 1 { "rule" } else { "rules" })))
        };
        let Some(report) = session.after_asking(question, describe, find, lose).await? else {
            session.note("nothing was changed");
            return Ok(ExitCode::FAILURE);
        };
        report.finish_outcomes(session)
    }
}

/// One line that says which rules will be lost.
fn describe(cloud: &str, group: &SecurityGroup) -> String {
    let rules: Vec<String> = group.rules.iter().map(ToString::to_string).collect();
    let rules = if rules.is_empty() { "no rules".to_owned() } else { rules.join(", ") };
    format!("{} ({cloud}, {}): {rules}", group.name, group.id)
}
