//! `cms key delete`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;

use super::Names;
use crate::cli::{Done, Session, usage};
use crate::command::pick;
use crate::{ErrorKind, KeyPair, Keys, Provider, Result};

/// `cms key delete NAMES`
#[derive(Debug, Args)]
pub(crate) struct Delete {
    #[command(flatten)]
    names: Names,
    /// Succeed when there is no such key
    #[arg(long)]
    if_exists: bool,
}

impl Delete {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let wanted = select(&self.names.names).map_err(usage)?;
        let question = |count| format!("delete {count} {}", if count == 1 { "key" } else { "keys" });
        let find = async |provider: &Provider| Ok(pick::each(&wanted, &provider.keys().await?));
        let lose = async |provider: &Provider, key: KeyPair| {
            provider.key_delete(&key.name).await.map(|()| Done::new(key.name, provider.name(), "deleted"))
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

/// One line that says which key will be lost.
fn describe(cloud: &str, key: &KeyPair) -> String {
    let fingerprint = key.fingerprint.as_ref().map_or_else(String::new, |fingerprint| format!(", {fingerprint}"));
    format!("{} ({cloud}{fingerprint})", key.name)
}
