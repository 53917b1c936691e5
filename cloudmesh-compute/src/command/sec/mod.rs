//! `cms sec`: security groups and their rules.

mod group;
mod rule;

use std::process::ExitCode;

use clap::Subcommand;

use crate::Result;
use crate::cli::Session;

/// What can be done with security groups.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Security groups
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms sec group list --cloud all")]
    Group(group::Verb),
    /// Rules of security groups
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms sec rule list default")]
    Rule(rule::Verb),
}

impl Verb {
    /// Whether it may change anything.
    pub(crate) fn changes(&self) -> bool {
        !self.lists()
    }

    /// Whether it lists what there is.
    pub(crate) fn lists(&self) -> bool {
        matches!(self, Self::Group(group::Verb::List(_)) | Self::Rule(rule::Verb::List(_)))
    }
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    session.needs_the_cloud()?;
    match verb {
        Verb::Group(verb) => group::run(session, verb).await,
        Verb::Rule(verb) => rule::run(session, verb).await,
    }
}
