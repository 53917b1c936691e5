//! Asking before something is lost.

use std::io::{self, BufRead, IsTerminal, Write};

use super::Session;
use super::exit::failed;
use super::output::tame;
use crate::{Error, ErrorKind, Result};

/// Shows what will be lost and asks; without a terminal it refuses, since nobody can answer.
///
/// # Errors
///
/// [`ErrorKind::Config`] when there is nobody to ask and `--yes` was not given, [`ErrorKind::Cancelled`] when the
/// answer is Ctrl-C.
pub(crate) async fn confirm(session: &Session, question: &str, losses: &[String]) -> Result<bool> {
    if session.shared.yes || session.dry_run() {
        return Ok(true);
    }
    for loss in losses {
        _ = writeln!(io::stderr(), "  {}", tame(loss));
    }
    if !io::stdin().is_terminal() {
        let message = format!("refused to {question} without being asked on a terminal; pass `--yes` if you mean it");
        return Err(Error::new(ErrorKind::Config, message));
    }
    _ = write!(io::stderr(), "{question}? [y/N] ");
    let answer = tokio::select! {
        answer = typed_line() => answer.map_err(|error| failed("read the answer", error))?,
        () = session.interrupt.asked() => {
            _ = writeln!(io::stderr());
            return Err(Error::new(ErrorKind::Cancelled, "interrupted; nothing was done"));
        }
    };
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Reads a line, on a thread of its own: an interruption need not wait for it.
pub(crate) async fn typed_line() -> io::Result<String> {
    let read = || {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    };
    tokio::task::spawn_blocking(read).await?
}
