//! `cms key add`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::cli::Session;
use crate::config::{self, Environment, ProcessEnvironment};
use crate::library::{KeyLibrary, key_from};
use crate::{Error, ErrorKind, PublicKey, Result};

/// Where people have their public key, the likeliest first.
const USUAL: [&str; 3] = ["id_ed25519.pub", "id_ecdsa.pub", "id_rsa.pub"];

/// `cms key add NAME [FILE]`
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Name to keep the key under
    name: String,
    /// File of the public key [default: the profile's `publickey`, else `~/.ssh/id_ed25519.pub`]
    file: Option<PathBuf>,
    /// Replace a key of this name that is another one
    #[arg(long)]
    force: bool,
}

impl Add {
    pub(super) fn run(self, session: &Session) -> Result<ExitCode> {
        let file = self.file.clone().map_or_else(|| usual_file(session), Ok)?;
        let key = key_from(&file).map_err(typed)?;
        keep(session, &self.name, &key, self.force)
    }
}

/// Keeps a key in the library and says so.
pub(super) fn keep(session: &Session, name: &str, key: &PublicKey, force: bool) -> Result<ExitCode> {
    let library = session.key_library()?;
    let brought = library.add(name, key, force).map_err(typed)?;
    tell_of_twins(session, &library, name, key)?;
    session.finish_kept("", name, key.sha256(), brought)
}

/// Says that the same key is kept under another name as well.
fn tell_of_twins(session: &Session, library: &KeyLibrary, name: &str, key: &PublicKey) -> Result<()> {
    let twin = library.keys()?.into_iter().find(|(other, there)| other != name && there.is_same(key));
    if let Some((other, _)) = twin {
        session.note(&format!("`{other}` is the same key"));
    }
    Ok(())
}

/// A mistake in what was typed, or in a file that was named.
pub(in crate::command) fn typed(error: Error) -> Error {
    let typed = error.kind() == ErrorKind::InvalidInput || error.kind() == ErrorKind::NotFound;
    if typed { error.with_kind(ErrorKind::Config) } else { error }
}

/// The file that is meant when none is named.
fn usual_file(session: &Session) -> Result<PathBuf> {
    if let Some(file) = file_of_profile(session)? {
        return Ok(file);
    }
    let ssh = ssh_folder()?;
    let found = USUAL.iter().map(|name| ssh.join(name)).find(|file| file.exists());
    found.ok_or_else(|| {
        let message = format!(
            "there is no public key in `{}`; name a file, or make a key with `cms key gen NAME`",
            ssh.display()
        );
        Error::new(ErrorKind::Config, message)
    })
}

/// The file that the configuration names, where there is a configuration.
fn file_of_profile(session: &Session) -> Result<Option<PathBuf>> {
    let config = session.shared.config.clone().map_or_else(|| config::path(&ProcessEnvironment), Ok)?;
    if config.exists() { Ok(session.config()?.profile()?.publickey) } else { Ok(None) }
}

/// The folder that OpenSSH keeps keys in.
pub(super) fn ssh_folder() -> Result<PathBuf> {
    let home = ProcessEnvironment.home();
    let folder = home.as_deref().map(|home: &Path| home.join(".ssh"));
    folder.ok_or_else(|| {
        Error::new(ErrorKind::Config, "there is no home directory to look for `.ssh` in; name a file, or set `HOME`")
    })
}
