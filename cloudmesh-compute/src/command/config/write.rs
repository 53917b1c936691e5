//! `cms config set` and `unset`

use std::io::{self, Read};
use std::process::ExitCode;

use clap::Args;

use crate::cli::Session;
use crate::config::ProcessEnvironment;
use crate::config::edit::{Change, edit};
use crate::{Error, ErrorKind, Result};

/// How much of a value is read from stdin.
const MAX_BYTES: u64 = 1 << 20;

/// A key and its value.
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Path of the key, such as `default.cloud`, or `PATH=VALUE`
    #[arg(value_name = "PATH")]
    path: String,
    /// The value; `-` reads it from stdin, so that no history keeps it
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    value: Option<String>,
}

impl Set {
    pub(super) fn run(&self, session: &Session) -> Result<ExitCode> {
        let (path, value) = match (&self.value, self.path.split_once('=')) {
            (Some(value), _) => (self.path.as_str(), value.clone()),
            (None, Some((path, value))) => (path, value.to_owned()),
            (None, None) => {
                let message =
                    format!("no value for `{0}`; write `cms config set {0} VALUE`, or `-` to read it", self.path);
                return Err(Error::new(ErrorKind::Config, message));
            }
        };
        let typed = value != "-";
        let value = if typed { value } else { read()? };
        let edited =
            edit(session.shared.config.as_deref(), &ProcessEnvironment, path, Change::Set(&value), session.dry_run())?;
        if edited.secret && typed {
            session.note(&format!(
                "warning: `{0}` is a secret; write `cms config set {0} '${{NAME}}'` to take it from a variable, or give \
                 `-` and type it on stdin",
                edited.key
            ));
        }
        told(session, "set", &edited.key, &edited.file);
        Ok(ExitCode::SUCCESS)
    }
}

pub(super) fn unset(session: &Session, path: &str) -> Result<ExitCode> {
    let edited = edit(session.shared.config.as_deref(), &ProcessEnvironment, path, Change::Unset, session.dry_run())?;
    told(session, "removed", &edited.key, &edited.file);
    Ok(ExitCode::SUCCESS)
}

fn told(session: &Session, done: &str, key: &str, file: &str) {
    if session.dry_run() {
        session.note(&format!("would have {done} `{key}` in `{file}`; nothing was changed"));
    } else {
        session.note(&format!("{done} `{key}` in `{file}`"));
    }
}

/// A value from stdin, without the end of its line.
fn read() -> Result<String> {
    let mut text = String::new();
    let read = io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text);
    read.map_err(|error| {
        Error::new(ErrorKind::Config, "cannot read the value from stdin; it must be UTF-8 text").with_source(error)
    })?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}
