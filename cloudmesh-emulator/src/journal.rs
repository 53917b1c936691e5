//! The requests that have arrived.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use cloudmesh_abstract::Operation;
use cloudmesh_abstract::conformance::Seen;

/// How many requests are remembered.
const REMEMBERED: usize = 100_000;

/// The requests, in the order of their arrival.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    forgotten: usize,
    seen: VecDeque<Seen>,
}

impl Journal {
    /// Notes a request that has arrived, and gives its number.
    pub(crate) fn arrived(&self, operation: Option<Operation>, line: String) -> usize {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.seen.len() == REMEMBERED {
            entries.seen.pop_front();
            entries.forgotten += 1;
        }
        entries.seen.push_back(Seen::new(operation, line, None));
        entries.forgotten + entries.seen.len() - 1
    }

    /// Notes the status of the answer to a request.
    pub(crate) fn answered(&self, number: usize, status: u16) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = number.checked_sub(entries.forgotten);
        if let Some(seen) = place.and_then(|place| entries.seen.get_mut(place)) {
            seen.status = Some(status);
        }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).seen.iter().cloned().collect()
    }
}
