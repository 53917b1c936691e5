//! `cms sec rule`: rules of security groups.

mod list;

use std::process::ExitCode;

use clap::Subcommand;

use crate::Result;
use crate::cli::Session;

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List rules, of all security groups or only some
    #[command(after_help = "Examples:\n  cms sec rule list\n  cms sec rule list default --cloud all -o json\n  \
                            cms sec rule list --filter direction=ingress --filter protocol=tcp")]
    List(list::List),
}

/// Runs a verb.
pub(super) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::List(list) => list.run(session).await,
    }
}
