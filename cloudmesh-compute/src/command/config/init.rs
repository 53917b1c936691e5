//! `cms config init`

use std::io::ErrorKind as IoKind;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::{file, shown};
use crate::cli::Session;
use crate::config::{starter, write};
use crate::{Error, ErrorKind, Result, registrations};

/// Whether to write over what there is.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Replace the file that is there, and keep it beside the new one
    #[arg(long)]
    force: bool,
}

impl Init {
    pub(super) fn run(&self, session: &Session) -> Result<ExitCode> {
        let path = file(session)?;
        let text = starter::starter(&registrations()?);
        let exists = path.symlink_metadata().is_ok();
        if exists && !self.force {
            return Err(there_already(&path));
        }
        if session.dry_run() {
            session.note(&format!("would have written `{}`; nothing was changed", shown(&path)));
            return Ok(ExitCode::SUCCESS);
        }
        let failed = |error: std::io::Error| {
            if error.kind() == IoKind::AlreadyExists {
                return there_already(&path);
            }
            let message = format!("`{}` cannot be written; see the permissions of its folder", shown(&path));
            Error::new(ErrorKind::Config, message).with_source(error)
        };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            write::make_folder(folder).map_err(failed)?;
        }
        if exists {
            let kept = keep(&path).map_err(failed)?;
            write::replace(&path, &text).map_err(failed)?;
            session.note(&format!("the former file is `{}`", shown(&kept)));
        } else {
            write::create(&path, &text).map_err(failed)?;
        }
        start(session, &path);
        Ok(ExitCode::SUCCESS)
    }
}

/// Keeps a copy that only its owner can read, in place of an older one.
fn keep(path: &Path) -> std::io::Result<std::path::PathBuf> {
    let kept = path.with_extension("yaml.old");
    let text = std::fs::read(path)?;
    if kept.symlink_metadata().is_ok() {
        std::fs::remove_file(&kept)?;
    }
    write::create_bytes(&kept, &text)?;
    Ok(kept)
}

/// Says what to do next.
fn start(session: &Session, path: &Path) {
    session.note(&format!("wrote `{}`", shown(path)));
    session.note("next:");
    session.note("  1. edit it: choose a cloud, fill in what it needs, write `active: true`, remove the others");
    session.note("  2. cms config check    what is usable, and what is missing");
    session.note("  3. cms cloud check     sign in");
    session.note("  4. cms vm list");
}

fn there_already(path: &Path) -> Error {
    let message = format!(
        "there is `{}` already; edit it, or write a new one with `--force`, which keeps the old one",
        shown(path)
    );
    Error::new(ErrorKind::Config, message)
}
