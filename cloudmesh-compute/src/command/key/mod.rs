//! `cms key`: ssh keys.

mod add;
mod delete;
mod r#gen;
mod list;
mod make;
mod passphrase;
mod upload;

use std::process::ExitCode;

use clap::{Args, Subcommand};

pub(super) use self::add::typed;
use crate::Result;
use crate::cli::{Session, outcomes};

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the keys that clouds keep, or this machine
    #[command(after_help = "Examples:\n  cms key list\n  cms key list 'lab*' --cloud all -o json\n  \
                            cms key list --local\n  cms key list --ssh")]
    List(list::List),
    /// Keep a public key on this machine under a name
    #[command(after_help = "Examples:\n  cms key add laptop\n  cms key add tower ~/.ssh/tower.pub\n\n\
                            Public halves only are kept, in `keys.yaml` beside the configuration.\n\
                            `cms key upload` brings them to clouds.")]
    Add(add::Add),
    /// Bring public keys to clouds
    #[command(after_help = "Examples:\n  cms key upload laptop\n  cms key upload --cloud all\n  \
                            cms key upload tower --file ~/.ssh/tower.pub --cloud all\n\n\
                            A key that is there already is left alone.")]
    Upload(upload::Upload),
    /// Delete keys from clouds, or from this machine
    #[command(after_help = "Examples:\n  cms key delete laptop\n  cms key delete 'old-*' --cloud all --yes\n  \
                            cms key delete laptop --local")]
    Delete(delete::Delete),
    /// Make a key: both halves in files, the public one kept under a name
    #[command(after_help = "Examples:\n  cms key gen laptop\n  cms key gen tower --type rsa --bits 4096\n  \
                            cms key gen lab --file ~/.ssh/id_lab --passphrase-prompt")]
    Gen(r#gen::Gen),
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
    if verb.changes() {
        // A slip is told before anything is done.
        session.shared.view.check(&outcomes())?;
    }
    match verb {
        Verb::List(list) => list.run(session).await,
        Verb::Add(add) => add.run(session),
        Verb::Upload(upload) => upload.run(session).await,
        Verb::Delete(delete) => delete.run(session).await,
        Verb::Gen(make) => make.run(session).await,
    }
}
