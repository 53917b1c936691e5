//! The machine that credentials are looked for on.

use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};

/// What this process can see of its machine, so that tests can show it another one.
pub(crate) trait Surroundings: Debug + Send + Sync {
    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<String>;

    /// The text of a file.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// The user's folder.
    fn home(&self) -> Option<PathBuf>;
}

/// The machine as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine;

impl Surroundings for Machine {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir()
    }
}
