//! What providers tell while they work, on stderr: warnings, and with `--verbose` every request.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use cloudmesh_abstract::{Event, HeldBack, Trace};

use super::Shared;
use super::output;

/// Says on stderr what the options ask for, without secrets.
#[derive(Debug)]
pub(super) struct Spoken {
    verbose: bool,
    quiet: bool,
    warned: Mutex<BTreeSet<String>>,
}

impl Spoken {
    pub(super) fn new(shared: &Shared) -> Self {
        Self { verbose: shared.verbose, quiet: shared.quiet, warned: Mutex::default() }
    }
}

impl Trace for Spoken {
    fn record(&self, event: &Event<'_>) {
        if !self.verbose {
            return;
        }
        let took = event.took.as_millis();
        let again = if event.attempt > 1 { format!(", attempt {}", event.attempt) } else { String::new() };
        let outcome = match event.outcome {
            Ok(()) => "ok".to_owned(),
            Err(error) => format!("{:?}: {}", error.kind(), error.message()),
        };
        let line = format!("{}: {} ({took} ms{again}) {outcome}", event.cloud, event.request);
        output::say(&output::tame(&line));
    }

    fn warn(&self, cloud: &str, sentence: &str) {
        let line = format!("warning: {cloud}: {sentence}");
        let is_new = self.warned.lock().unwrap_or_else(PoisonError::into_inner).insert(line.clone());
        if is_new && !self.quiet {
            output::say(&output::tame(&line));
        }
    }

    fn hold_back(&self, held: &HeldBack<'_>) {
        if self.verbose {
            let line = format!("{}: {} was held back for {} ms", held.cloud, held.request, held.waited.as_millis());
            output::say(&output::tame(&line));
        }
    }
}
