//! Names from the known state, of all clouds of the configuration that is meant.

use super::candidates::other_file;
use crate::cli::known::origin;
use crate::config::{ProcessEnvironment, folder};
use crate::state::{What, glimpsed};

/// The names that begin so. They are only read: a database that is missing or broken has none.
pub(super) fn names(what: What, prefix: &str) -> Vec<String> {
    let folder = folder(&ProcessEnvironment);
    folder.map_or_else(|_| Vec::new(), |folder| glimpsed(&folder, what, &origin(other_file().as_deref()), prefix))
}
