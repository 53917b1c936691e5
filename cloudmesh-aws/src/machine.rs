//! What the machine knows: its environment.

use std::env;
use std::fmt::Debug;

/// Where the program runs.
pub(crate) trait Surroundings: Debug + Send + Sync {
    /// A variable of the environment, unless it is empty.
    fn variable(&self, name: &str) -> Option<String>;
}

/// This machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine;

impl Surroundings for Machine {
    fn variable(&self, name: &str) -> Option<String> {
        env::var(name).ok().filter(|value| !value.is_empty())
    }
}
