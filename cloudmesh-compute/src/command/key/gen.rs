//! `cms key gen`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::add::{keep, ssh_folder, typed};
use super::passphrase;
use crate::cli::{Session, failed};
use crate::config::{Environment, ProcessEnvironment, write};
use crate::library::{check_name, key_from};
use crate::{Error, ErrorKind, ExposeSecret, Result, Secret};

use super::make::{Made, Recipe, make};

/// `cms key gen NAME`
#[derive(Debug, Args)]
pub(crate) struct Gen {
    /// Name to keep the public half under
    name: String,
    /// Kind of key
    #[arg(long = "type", value_enum, value_name = "TYPE", default_value = "ed25519")]
    kind: Kind,
    /// Size of an RSA key, from 2048 to 4096 [default: 3072]
    #[arg(long, value_name = "N")]
    bits: Option<u16>,
    /// File of the private half; the public one goes to FILE.pub [default: ~/.ssh/NAME]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// File whose first line is the pass phrase of the private half
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_prompt")]
    passphrase_file: Option<PathBuf>,
    /// Ask for the pass phrase of the private half
    #[arg(long)]
    passphrase_prompt: bool,
    /// Replace the files, and the key of this name that is kept
    #[arg(long)]
    force: bool,
}

/// A kind of key that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Short, and taken by every cloud but the oldest
    Ed25519,
    /// Taken everywhere
    Rsa,
}

impl Gen {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let recipe = self.recipe()?;
        check_name(&self.name).map_err(typed)?;
        let private = self.private_file()?;
        let public = beside(&private);
        self.refuse_to_replace(session, &[&private, &public])?;
        if session.dry_run() {
            let what = format!("{} and {}", private.display(), public.display());
            return plan(session, &self.name, &what);
        }
        let passphrase = self.passphrase(session).await?;
        let Made { private: secret, public: line } = make(&recipe, passphrase.as_ref())?;
        self.put(&private, secret.expose_secret())?;
        self.put(&public, &format!("{line}\n"))?;
        session.note(&format!("the private half is in `{}`, and nowhere else", private.display()));
        keep(session, &self.name, &key_from(&public)?, self.force)
    }

    /// What key to make.
    fn recipe(&self) -> Result<Recipe> {
        let wrong = |message: &str| Err(Error::new(ErrorKind::Config, message.to_owned()));
        let user = ProcessEnvironment.variable("USER").filter(|user| !user.is_empty());
        let user = user.map_or_else(|| "cms".to_owned(), |user| user.to_string_lossy().into_owned());
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let comment = format!("{user}@{host}");
        match (self.kind, self.bits) {
            (Kind::Ed25519, None) => Ok(Recipe { rsa_bits: None, comment }),
            (Kind::Ed25519, Some(_)) => wrong("`--bits` goes with `--type rsa`; an ed25519 key has one size"),
            (Kind::Rsa, bits) => match usize::from(bits.unwrap_or(3072)) {
                bits @ 2048..=4096 => Ok(Recipe { rsa_bits: Some(bits), comment }),
                _ => wrong("`--bits` must be from 2048 to 4096"),
            },
        }
    }

    fn private_file(&self) -> Result<PathBuf> {
        if let Some(file) = &self.file {
            return Ok(file.clone());
        }
        if self.name.contains(['/', '\\']) || self.name.starts_with('.') {
            let message = format!("`{}` is no name of a file; say where to write the key, with `--file`", self.name);
            return Err(Error::new(ErrorKind::Config, message));
        }
        Ok(ssh_folder()?.join(&self.name))
    }

    /// Refuses where something would be lost, and where the key could not be kept under its name afterwards.
    fn refuse_to_replace(&self, session: &Session, files: &[&Path]) -> Result<()> {
        let kept = session.key_library()?.keys()?;
        if self.force {
            return Ok(());
        }
        if let Some(file) = files.iter().find(|file| file.symlink_metadata().is_ok()) {
            let message = format!(
                "`{}` is there already; name another with `--file`, or replace it with `--force`",
                file.display()
            );
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        if kept.contains_key(&self.name) {
            let message = format!(
                "a key `{}` is kept already; give this one another name, or replace that one with `--force`",
                self.name
            );
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        Ok(())
    }

    async fn passphrase(&self, session: &Session) -> Result<Option<Secret>> {
        match &self.passphrase_file {
            Some(file) => passphrase::from_file(file).map(Some),
            None if self.passphrase_prompt => passphrase::ask(session).await.map(Some),
            None => Ok(None),
        }
    }

    /// Writes one of the files, for its owner alone.
    fn put(&self, file: &Path, text: &str) -> Result<()> {
        let written = || {
            if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                write::make_folder(folder)?;
            }
            if self.force { write::put(file, text) } else { write::create(file, text) }
        };
        written().map_err(|error| failed(&format!("write `{}`", file.display()), error))
    }
}

fn plan(session: &Session, name: &str, what: &str) -> Result<ExitCode> {
    let mut report = crate::cli::Report::default();
    report.plan("make", name, what);
    report.finish_outcomes(session)
}

/// The file of the public half.
fn beside(private: &Path) -> PathBuf {
    let mut name = private.as_os_str().to_owned();
    name.push(".pub");
    PathBuf::from(name)
}
