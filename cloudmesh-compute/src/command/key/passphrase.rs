//! The pass phrase of a private key: from a file, or typed where nobody sees it.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::cli::{Session, failed, typed_line};
use crate::{Error, ErrorKind, ExposeSecret, Result, Secret};

/// The first line of a file.
///
/// # Errors
///
/// [`ErrorKind::Config`] when it cannot be read, or is empty.
pub(super) fn from_file(file: &Path) -> Result<Secret> {
    let text = fs::read_to_string(file).map(Secret::from).map_err(|error| {
        let message = format!("cannot read the pass phrase in `{}`; see its spelling and permissions", file.display());
        Error::new(ErrorKind::Config, message).with_source(error)
    })?;
    let line = text.expose_secret().lines().next().unwrap_or_default();
    if line.is_empty() {
        let message = format!("`{}` is empty; write the pass phrase into its first line", file.display());
        return Err(Error::new(ErrorKind::Config, message));
    }
    Ok(Secret::from(line))
}

/// Asks for it, twice.
///
/// # Errors
///
/// [`ErrorKind::Config`] without a terminal, for none at all, and for two different ones; [`ErrorKind::Cancelled`] when
/// the answer is Ctrl-C.
pub(super) async fn ask(session: &Session) -> Result<Secret> {
    let wrong = |message: &str| Err(Error::new(ErrorKind::Config, message.to_owned()));
    if !io::stdin().is_terminal() {
        return wrong("there is no terminal to type the pass phrase at; use `--passphrase-file`");
    }
    let first = typed(session, "pass phrase: ").await?;
    if first.expose_secret().is_empty() {
        return wrong("the pass phrase is empty; leave `--passphrase-prompt` out to do without one");
    }
    if typed(session, "the same again: ").await?.expose_secret() != first.expose_secret() {
        return wrong("these were two different pass phrases; try again");
    }
    Ok(first)
}

/// What is typed, without being shown.
async fn typed(session: &Session, prompt: &str) -> Result<Secret> {
    let _quiet = Quiet::begin().map_err(|error| failed("hide what is typed", error))?;
    _ = write!(io::stderr(), "{prompt}");
    let line = tokio::select! {
        line = typed_line() => line.map_err(|error| failed("read the pass phrase", error)),
        () = session.interrupt.asked() => Err(Error::new(ErrorKind::Cancelled, "interrupted; no key was made")),
    };
    _ = writeln!(io::stderr());
    Ok(Secret::from(line?.trim_end_matches(['\r', '\n'])))
}

/// While it lives the terminal does not show what is typed.
struct Quiet(Termios);

impl Quiet {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // There is nobody to tell.
        _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
