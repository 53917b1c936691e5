//! What a session knows without asking.

use std::sync::Arc;

use super::Session;
use crate::Error;
use crate::config::{ProcessEnvironment, folder};
use crate::state::State;

impl Session {
    /// What is known of the clouds, opened on first use. `None` when it cannot be used, which is said once.
    #[expect(dead_code, reason = "the commands that use it follow")]
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
}
