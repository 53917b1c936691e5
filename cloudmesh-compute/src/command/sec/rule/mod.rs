//! `cms sec rule`: rules of security groups.

mod add;
mod delete;
mod list;

use std::process::ExitCode;

use clap::Subcommand;

use crate::Result;
use crate::cli::Session;

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the rules of security groups in clouds, or those kept on this machine
    #[command(after_help = "Examples:\n  cms sec rule list\n  cms sec rule list default --cloud all -o json\n  \
                            cms sec rule list --filter direction=ingress --filter protocol=tcp\n  \
                            cms sec rule list --local")]
    List(list::List),
    /// Add rules to security groups in clouds, or keep one on this machine
    #[command(after_help = concat!(
        "Examples:\n  cms sec rule add ssh tcp/8443@10.0.0.0/8 --group web --cloud all\n  \
         cms sec rule add postgres tcp/5432@10.0.0.0/8 --local\n  \
         cms sec rule add postgres tcp 5432 10.0.0.0/8 --local\n\n", "A rule in one word:\n", spelling!()
    ))]
    Add(add::Add),
    /// Delete rules from security groups in clouds, or from this machine
    #[command(after_help = "Examples:\n  cms sec rule delete tcp/22 --group web\n  \
                            cms sec rule delete ssh http --group web --cloud all --yes\n  \
                            cms sec rule delete postgres --local")]
    Delete(delete::Delete),
}

/// Runs a verb.
pub(super) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::List(list) => list.run(session).await,
        Verb::Add(add) => add.run(session).await,
        Verb::Delete(delete) => delete.run(session).await,
    }
}
