//! `cms cloud default`

use std::process::ExitCode;

use crate::Result;
use crate::cli::{Session, answer};
use crate::config::ProcessEnvironment;
use crate::config::edit::{Change, edit};
use crate::variables;

/// Shows the cloud that is used when none is named, or writes it into the configuration.
pub(super) fn run(session: &Session, name: Option<&str>) -> Result<ExitCode> {
    let Some(name) = name else { return show(session) };
    variables::check_clouds(&*session.config()?, name)?;
    let file = session.shared.config.as_deref();
    let edited = edit(file, &ProcessEnvironment, "default.cloud", Change::Set(name), session.dry_run())?;
    if session.dry_run() {
        session.note(&format!("would have set `{}` in `{}`; nothing was changed", edited.key, edited.file));
        return Ok(ExitCode::SUCCESS);
    }
    session.note(&format!("set `{}` in `{}`", edited.key, edited.file));
    if let (source, _) = session.source_of_clouds()?
        && source != "default"
    {
        session.note(&format!("warning: what {source} says wins over it"));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(session: &Session) -> Result<ExitCode> {
    let wanted = session.wanted_clouds(&*session.config()?)?;
    answer(&wanted)?;
    let (source, place) = session.source_of_clouds()?;
    let place = place.map_or_else(String::new, |place| format!(" ({place})"));
    session.note(&format!("from: {source}{place}"));
    Ok(ExitCode::SUCCESS)
}
