//! What a session knows without asking.

use std::path::Path;
use std::sync::Arc;

use super::Session;
use crate::config::{ProcessEnvironment, folder, path};
use crate::state::{Cloud, Journal, State};
use crate::{Error, ErrorKind, Provider, Result};

impl Session {
    /// What is known of the clouds, opened on first use. `None` when it cannot be used, which is said once.
    pub(crate) fn state(&self) -> Option<&State> {
        self.state.get_or_init(|| self.open_state()).as_deref()
    }

    fn open_state(&self) -> Option<Arc<State>> {
        let opened = folder(&ProcessEnvironment).and_then(|folder| State::open(&folder));
        let state = opened.inspect_err(|error| self.warn_of(error)).ok()?;
        for sentence in state.said() {
            self.note(&format!("warning: {sentence}"));
        }
        Some(Arc::new(state))
    }

    /// Says why the known state is not used.
    fn warn_of(&self, error: &Error) {
        let cause = std::error::Error::source(error).map_or_else(String::new, |cause| format!(" ({cause})"));
        self.note(&format!("warning: known state is not used: {}{cause}", error.message()));
    }

    /// The known state, or why it cannot be used.
    fn opened(&self) -> Result<&State> {
        let Some(state) = self.state() else {
            let again = folder(&ProcessEnvironment).and_then(|folder| State::open(&folder));
            let passed = || Error::new(ErrorKind::Unavailable, "the known state could not be used; try again");
            return Err(again.err().unwrap_or_else(passed));
        };
        Ok(state)
    }

    /// The journal of creates, without which nothing is made.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn journal(&self) -> Result<Journal<'_>> {
        self.opened().and_then(Journal::open).map_err(not_written)
    }

    /// How the journal calls a cloud.
    pub(crate) fn place_of(&self, provider: &Provider) -> Cloud {
        let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let usual = path(&ProcessEnvironment).map(|path| real(&path)).ok();
        let other = self.shared.config.as_deref().map(real).filter(|file| Some(file) != usual.as_ref());
        let origin = other.map_or_else(String::new, |file| file.display().to_string());
        Cloud { origin, name: provider.name().to_owned() }
    }

    /// The next number of a counter; in a dry run the one that would be next after `skipped` others.
    ///
    /// # Errors
    ///
    /// When the known state cannot be used.
    pub(crate) fn next_number(&self, counter: &str, skipped: u64) -> Result<u64> {
        let state = self.opened().map_err(not_written)?;
        if self.dry_run() { Ok(state.last_number(counter)? + skipped + 1) } else { state.next_number(counter) }
    }
}

/// The error of a journal that cannot be written.
pub(crate) fn not_written(error: Error) -> Error {
    let message = format!(
        "nothing was made, since what is begun must be written down first: {}; put that right, or keep it elsewhere with \
         `CLOUDMESH_CONFIG_DIR` and `--config`",
        error.message()
    );
    error.with_message(message)
}
