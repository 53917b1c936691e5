//! `cms key`: ssh keys.

mod delete;
mod list;
mod upload;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::Result;
use crate::cli::{Session, outcomes};

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the keys that clouds keep
    #[command(after_help = "Examples:\n  cms key list\n  cms key list 'lab*' --cloud all -o json")]
    List(list::List),
    /// Bring public keys to clouds
    #[command(after_help = "Examples:\n  cms key upload laptop --file ~/.ssh/id_ed25519.pub --cloud all")]
    Upload(upload::Upload),
    /// Delete keys from clouds
    #[command(after_help = "Examples:\n  cms key delete laptop\n  cms key delete 'old-*' --cloud all --yes")]
    Delete(delete::Delete),
}

impl Verb {
    /// Whether it may change anything.
    pub(crate) fn changes(&self) -> bool {
        !self.lists()
    }

    /// Whether it lists what there is.
    pub(crate) fn lists(&self) -> bool {
        matches!(self, Self::List(_))
    }
}

/// Keys that must be named.
#[derive(Debug, Args)]
pub(super) struct Names {
    /// Names, ranges such as `lab[1-3]`, globs such as `lab*`, or several with commas
    #[arg(required = true, value_name = "NAMES")]
    pub(super) names: Vec<String>,
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    session.needs_the_cloud()?;
    if verb.changes() {
        // A slip is told before anything is done.
        session.shared.view.check(&outcomes())?;
    }
    match verb {
        Verb::List(list) => list.run(session).await,
        Verb::Upload(upload) => upload.run(session).await,
        Verb::Delete(delete) => delete.run(session).await,
    }
}
