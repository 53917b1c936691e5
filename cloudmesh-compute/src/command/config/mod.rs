//! `cms config`: the configuration file.

mod check;
mod init;
mod show;
mod write;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::Result;
use crate::cli::Session;
use crate::config::{self, Config, ProcessEnvironment};

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Write a file to begin with
    #[command(after_help = "Examples:\n  cms config init\n  cms config init --force")]
    Init(init::Init),
    /// Look for mistakes, and say which clouds are usable; nothing is sent
    #[command(after_help = "Examples:\n  cms config check\n  cms config check lab -o json\n\n\
                            `cms cloud check` signs in as well.")]
    Check(Clouds),
    /// Show the value of a key, or the keys in a group
    #[command(after_help = "Examples:\n  cms config get default.cloud\n  cms config get compute.lab\n  \
                            cms config get profile.publickey --resolved")]
    Get(Get),
    /// Write the value of a key; comments and all else stay as they are
    #[command(
        after_help = "Examples:\n  cms config set default.cloud lab\n  cms config set compute.lab.defaults.size=m1.small\n  \
                            cms config set compute.lab.credentials.auth.password '${OS_PASSWORD}'\n  \
                            pass show lab | cms config set compute.lab.credentials.auth.password -"
    )]
    Set(write::Set),
    /// Remove a key
    #[command(after_help = "Examples:\n  cms config unset default.group\n  cms config unset compute.lab")]
    Unset(Key),
    /// Print where the file is
    #[command(after_help = "Examples:\n  cms config path\n  $EDITOR \"$(cms config path)\"")]
    Path,
    /// Show all keys with their values, secrets left out
    #[command(after_help = "Examples:\n  cms config list\n  cms config list --resolved -o json")]
    List(List),
}

/// Clouds that may be named.
#[derive(Debug, Args)]
pub(crate) struct Clouds {
    /// Names of clouds, globs such as `lab*`, or several with commas; none: all
    #[arg(value_name = "CLOUDS")]
    pub(super) names: Vec<String>,
}

/// A key that must be named.
#[derive(Debug, Args)]
pub(crate) struct Key {
    /// Path of the key, such as `default.cloud`
    #[arg(value_name = "PATH")]
    path: String,
}

/// A key to show.
#[derive(Debug, Args)]
pub(crate) struct Get {
    #[command(flatten)]
    key: Key,
    /// Follow references such as `${NAME}`
    #[arg(long)]
    resolved: bool,
}

/// How to show keys.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Follow references such as `${NAME}`
    #[arg(long)]
    resolved: bool,
}

impl Verb {
    /// Whether it may change the file.
    pub(crate) fn changes(&self) -> bool {
        matches!(self, Self::Init(_) | Self::Set(_) | Self::Unset(_))
    }
}

/// Runs a verb.
pub(crate) fn run(session: &Session, verb: &Verb) -> Result<ExitCode> {
    match verb {
        Verb::Init(init) => init.run(session),
        Verb::Check(clouds) => check::run(session, &clouds.names),
        Verb::Get(get) => show::get(session, &get.key.path, get.resolved),
        Verb::Set(set) => set.run(session),
        Verb::Unset(key) => write::unset(session, &key.path),
        Verb::Path => show::path(session),
        Verb::List(list) => show::list(session, list.resolved),
    }
}

/// The file that is meant, whether it is there or not.
fn file(session: &Session) -> Result<PathBuf> {
    let usual = || config::path(&ProcessEnvironment);
    session.shared.config.clone().map_or_else(usual, Ok)
}

/// The file as it is, also where what it says about printing is wrong.
fn load(session: &Session) -> Result<Config> {
    let config = Config::load(session.shared.config.as_deref())?;
    for warning in config.warnings() {
        session.note(&format!("warning: {warning}"));
    }
    Ok(config)
}

/// A file as messages show it.
fn shown(file: &Path) -> String {
    config::shown(file, &ProcessEnvironment)
}
