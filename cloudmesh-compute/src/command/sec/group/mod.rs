//! `cms sec group`: security groups.

mod add;
mod clear;
mod delete;
mod list;
mod load;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::Result;
use crate::cli::Session;

/// What can be done with security groups.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the security groups of clouds, or those kept on this machine
    #[command(after_help = "Examples:\n  cms sec group list\n  cms sec group list 'web*' --cloud all -o json\n  \
                            cms sec group list --local")]
    List(list::List),
    /// Make a security group, with rules
    #[command(after_help = "Examples:\n  cms sec group add web ssh http https --cloud all\n  \
                            cms sec group add db ssh tcp/5432@10.0.0.0/8 --local\n\n\
                            A rule is one that this machine keeps (`cms sec rule list --local`), or is\n\
                            spelled out (`cms sec rule --help`).")]
    Add(add::Add),
    /// Delete security groups, with their rules
    #[command(
        after_help = "Examples:\n  cms sec group delete web\n  cms sec group delete 'old-*' --cloud all --yes\n  \
                            cms sec group delete web --local"
    )]
    Delete(delete::Delete),
    /// Bring the security groups that this machine keeps to clouds
    #[command(after_help = "Examples:\n  cms sec group load default\n  cms sec group load --cloud all\n  \
                            cms sec group load web --exact\n\n\
                            Rules that are there already are left alone. A group that says what may go out\n\
                            lets nothing else out; one that does not keeps what the cloud lets out.")]
    Load(load::Load),
    /// Remove all rules of security groups in clouds, and keep the groups
    #[command(after_help = "Examples:\n  cms sec group clear web\n  cms sec group clear web --cloud all --yes")]
    Clear(clear::Clear),
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
    match verb {
        Verb::List(list) => list.run(session).await,
        Verb::Add(add) => add.run(session).await,
        Verb::Delete(delete) => delete.run(session).await,
        Verb::Load(load) => load.run(session).await,
        Verb::Clear(clear) => clear.run(session).await,
    }
}
