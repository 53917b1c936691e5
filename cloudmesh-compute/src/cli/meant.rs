//! What somebody may have meant by a name that was not found.

use super::Session;
use crate::nodes::Outcome;
use crate::state::{What, did_you_mean, near};
use crate::{ErrorKind, Result};

impl Session {
    /// Known names that are like one that was not found, the likeliest first.
    pub(crate) fn near(&self, what: What, cloud: &str, name: &str) -> Vec<String> {
        let known = || self.state()?.known_names(what, &self.origin(), Some(cloud), "").ok();
        near(what, name, &known().unwrap_or_default())
    }

    /// Adds to the outcomes of machines that were not found which ones may be meant.
    pub(crate) fn suggest_nodes(&self, mut shares: Vec<Result<Vec<Outcome>>>) -> Vec<Result<Vec<Outcome>>> {
        for outcome in shares.iter_mut().flatten().flatten() {
            if let Err(error) = &mut outcome.result
                && error.kind() == ErrorKind::NotFound
                && let Some(meant) = did_you_mean(&self.near(What::Node, &outcome.cloud, &outcome.name))
            {
                *error = error.clone().with_message(format!("{}; {meant}", error.message()));
            }
        }
        shares
    }
}
