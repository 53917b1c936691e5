//! `cms ip`: public addresses that the account holds.

mod attach;
mod create;
mod delete;
mod detach;
mod find;
mod list;

use std::process::ExitCode;

use clap::Subcommand;

use crate::Result;
use crate::cli::{Session, outcomes};

/// What can be done with addresses.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the addresses, and the machines that they lead to
    #[command(after_help = "Examples:\n  cms ip list\n  cms ip list --cloud all -o json\n  \
                            cms ip list --filter node=     those that lead nowhere")]
    List,
    /// Allocate addresses
    #[command(after_help = "Examples:\n  cms ip create\n  cms ip create --n 3 --pool public")]
    Create(create::Create),
    /// Release addresses, exactly these; one that leads to a machine is refused
    #[command(after_help = "Examples:\n  cms ip delete 203.0.113.7\n  \
                            cms ip delete 203.0.113.7,203.0.113.9 --yes --if-exists")]
    Delete(delete::Delete),
    /// Make an address lead to a machine
    #[command(after_help = "Examples:\n  cms ip attach web-1 203.0.113.7\n  cms ip attach web-1\n\n\
                            Without an address, one that leads nowhere is taken. `cms vm ip assign` allocates \
                            a new one where there is none.")]
    Attach(attach::Attach),
    /// Take addresses off machines; they stay in the account
    #[command(after_help = "Examples:\n  cms ip detach web-1\n  cms ip detach 203.0.113.7")]
    Detach(detach::Detach),
}

impl Verb {
    /// Whether it may change anything in a cloud.
    pub(crate) fn changes(&self) -> bool {
        !self.lists()
    }

    /// Whether it lists what there is.
    pub(crate) fn lists(&self) -> bool {
        matches!(self, Self::List)
    }
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    session.needs_the_cloud()?;
    if verb.changes() {
        // A slip is told before anything is done.
        session.shared.view.check(&outcomes())?;
    }
    match verb {
        Verb::List => list::run(session).await,
        Verb::Create(create) => create.run(session).await,
        Verb::Delete(delete) => delete.run(session).await,
        Verb::Attach(attach) => attach.run(session).await,
        Verb::Detach(detach) => detach.run(session).await,
    }
}
