//! Whose the folder and the file are, and who else may read and write them.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind as IoKind};
use std::path::Path;

use super::file::{cannot, not, shown, with};
use crate::{Error, ErrorKind, Result};

#[cfg(unix)]
pub(super) fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
pub(super) fn create(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != IoKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Refuses what belongs to another user, who could read what we write and make up what we read; and, for root, what
/// its owner could no longer use afterwards.
#[cfg(unix)]
pub(super) fn check_owner(path: &Path, found: &Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    if found.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    let message = format!("`{}` belongs to another user (its number is {})", shown(path), found.uid());
    Err(Error::new(ErrorKind::PermissionDenied, message))
}

/// Refuses a folder that everybody can write to.
#[cfg(unix)]
pub(super) fn check_folder(folder: &Path, found: &Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    const STICKY: u32 = 0o1000;
    const OTHERS_WRITE: u32 = 0o002;
    if found.mode() & (STICKY | OTHERS_WRITE) != OTHERS_WRITE {
        return Ok(());
    }
    let folder = shown(folder);
    let message = format!("everybody can write to `{folder}`; run `chmod o-w {folder}`");
    Err(Error::new(ErrorKind::PermissionDenied, message))
}

/// Refuses what is no file of ours, and takes from others the right to read it.
#[cfg(unix)]
pub(super) fn check_file(file: &Path, found: &Metadata) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    check_kind(file, found)?;
    check_owner(file, found)?;
    let owners = 0o700;
    if found.permissions().mode() & 0o777 & !owners == 0 {
        return Ok(());
    }
    for part in ["", "-wal", "-shm"] {
        match fs::set_permissions(with(file, part), fs::Permissions::from_mode(0o600)) {
            Err(error) if error.kind() != IoKind::NotFound => return Err(cannot("protect", file, error)),
            _ => {}
        }
    }
    Ok(())
}

fn check_kind(file: &Path, found: &Metadata) -> Result<()> {
    if found.is_dir() {
        return Err(not(file, "a folder"));
    }
    if found.is_file() { Ok(()) } else { Err(not(file, "no ordinary file")) }
}

#[cfg(not(unix))]
pub(super) fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
pub(super) fn create(file: &Path) -> io::Result<()> {
    match fs::OpenOptions::new().write(true).create_new(true).open(file) {
        Err(error) if error.kind() != IoKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
pub(super) fn check_owner(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn check_folder(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn check_file(file: &Path, found: &Metadata) -> Result<()> {
    check_kind(file, found)
}
