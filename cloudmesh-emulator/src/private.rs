//! Files that only their owner can read.

use std::fs::{OpenOptions, create_dir_all, remove_file};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use cloudmesh_abstract::{Error, ErrorKind, Result};

/// Writes such a file, and makes its folder.
///
/// # Errors
///
/// [`ErrorKind::Config`] when it cannot be written.
pub(crate) fn write(file: &Path, text: &str) -> Result<()> {
    let failed = |error| Error::new(ErrorKind::Config, format!("cannot write {}", file.display())).with_source(error);
    if let Some(folder) = file.parent() {
        create_dir_all(folder).map_err(failed)?;
    }
    // A file that was there keeps its permissions when it is opened, so it goes first.
    if file.exists() {
        remove_file(file).map_err(failed)?;
    }
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed)
}
