//! Every request on stderr, for `--verbose`.

use cloudmesh_abstract::{Event, HeldBack, Trace};

use super::output;

/// Says every attempt of every request on stderr, without secrets.
#[derive(Debug)]
pub(super) struct Spoken;

impl Trace for Spoken {
    fn record(&self, event: &Event<'_>) {
        let took = event.took.as_millis();
        let again = if event.attempt > 1 { format!(", attempt {}", event.attempt) } else { String::new() };
        let outcome = match event.outcome {
            Ok(()) => "ok".to_owned(),
            Err(error) => format!("{:?}: {}", error.kind(), error.message()),
        };
        let line = format!("{}: {} ({took} ms{again}) {outcome}", event.cloud, event.request);
        output::say(&output::tame(&line));
    }

    fn hold_back(&self, held: &HeldBack<'_>) {
        let line = format!("{}: {} was held back for {} ms", held.cloud, held.request, held.waited.as_millis());
        output::say(&output::tame(&line));
    }
}
