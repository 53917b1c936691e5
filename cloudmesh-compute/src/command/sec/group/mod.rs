//! `cms sec group`: security groups.

mod delete;
mod list;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::Result;
use crate::cli::{Session, outcomes};

/// What can be done with security groups.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List security groups
    #[command(after_help = "Examples:\n  cms sec group list\n  cms sec group list 'web*' --cloud all -o json")]
    List(list::List),
    /// Delete security groups from clouds, with their rules
    #[command(after_help = "Examples:\n  cms sec group delete web\n  cms sec group delete 'old-*' --cloud all --yes")]
    Delete(delete::Delete),
}

/// Groups that must be named.
#[derive(Debug, Args)]
pub(super) struct Names {
    /// Names, ids, ranges such as `lab[1-3]`, globs such as `lab*`, or several with commas
    #[arg(required = true, value_name = "NAMES")]
    pub(super) names: Vec<String>,
}

/// Runs a verb.
pub(super) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    if !matches!(verb, Verb::List(_)) {
        // A slip is told before anything is done.
        session.shared.view.check(&outcomes())?;
    }
    match verb {
        Verb::List(list) => list.run(session).await,
        Verb::Delete(delete) => delete.run(session).await,
    }
}
