//! `cms vm rename`.

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;

use super::change::look_up;
use super::short_columns;
use crate::cli::{Session, usage};
use crate::rename::Renames;
use crate::{Capability, ErrorKind, Result};

/// `cms vm rename OLD NEW`
#[derive(Debug, Args)]
pub(crate) struct Rename {
    /// Names, ids or ranges such as `web[1-3]`
    #[arg(value_name = "OLD")]
    old: String,
    /// As many new names, or a range of the same length
    #[arg(value_name = "NEW")]
    new: String,
}

impl Rename {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let wanted = select([&self.old]).map_err(usage)?;
        // A mistake in what was typed is one of usage.
        let renames = Renames::new(&wanted, &self.new).map_err(|error| error.with_kind(ErrorKind::Config))?;
        let done = session.on_each_node(async |provider| {
            provider.requires(Capability::Rename)?;
            let found = look_up(session, provider, &renames.old).await?;
            renames.apply(provider, found, &session.pace()).await
        });
        done.await?.finish(session, "nodes", &short_columns())
    }
}
