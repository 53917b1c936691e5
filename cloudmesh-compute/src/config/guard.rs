//! Refusing a configuration that somebody else can change: whoever can, can redirect our credentials.

use std::path::Path;

use cloudmesh_abstract::Result;

use super::problem::Origin;

/// Refuses the usual file where it or its folder belongs to another user, the superuser aside, or can be written to by
/// others. What is missing is none of this. Links are followed.
///
/// # Errors
///
/// [`ErrorKind::Config`](cloudmesh_abstract::ErrorKind::Config) with the command that puts it right.
#[cfg(unix)]
pub(super) fn check(file: &Path, origin: &Origin) -> Result<()> {
    let real = std::fs::canonicalize(file);
    let folder = |file: &Path| file.parent().map(Path::to_owned);
    let folders = [folder(file), real.ok().as_deref().and_then(folder)];
    for folder in folders.iter().flatten() {
        unix::check_one(folder, origin)?;
    }
    unix::check_one(file, origin)
}

/// As [`check`], without a look at the folder.
///
/// # Errors
///
/// As there.
#[cfg(unix)]
pub(super) fn check_file(file: &Path, origin: &Origin) -> Result<()> {
    unix::check_one(file, origin)
}

/// Elsewhere permissions are not told by owner and mode.
#[cfg(not(unix))]
pub(super) fn check_file(_: &Path, _: &Origin) -> Result<()> {
    Ok(())
}

/// Elsewhere permissions are not told by owner and mode.
#[cfg(not(unix))]
pub(super) fn check(_: &Path, _: &Origin) -> Result<()> {
    Ok(())
}

/// Whether others than the owner can write to a file.
#[cfg(unix)]
pub(super) fn is_open(found: &std::fs::Metadata) -> bool {
    found.is_file() && unix::others_write(found)
}

/// Elsewhere permissions are not told by owner and mode.
#[cfg(not(unix))]
pub(super) fn is_open(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Metadata};
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use cloudmesh_abstract::{Error, ErrorKind, Result};

    use crate::config::problem::Origin;

    const ROOT: u32 = 0;
    const STICKY: u32 = 0o1000;
    const GROUP_WRITES: u32 = 0o020;
    const OTHERS_WRITE: u32 = 0o002;

    pub(super) fn check_one(path: &Path, origin: &Origin) -> Result<()> {
        let Ok(found) = fs::metadata(path) else { return Ok(()) };
        let (shown, argument) = (origin.other(path), origin.argument(path));
        let owner = found.uid();
        let refuse = |message| Err(Error::new(ErrorKind::Config, message));
        if owner != ROOT && owner != rustix::process::geteuid().as_raw() {
            return refuse(format!(
                "`{shown}` belongs to another user, who could redirect your credentials; run \
                 `sudo chown $(id -u) {argument}`, or name the file with `--config` if you mean it"
            ));
        }
        let kept = found.is_dir() && found.mode() & STICKY != 0;
        if others_write(&found) && !kept {
            return refuse(format!(
                "others can write to `{shown}` and redirect your credentials; run `chmod go-w {argument}`"
            ));
        }
        Ok(())
    }

    /// Whether others can write. A group with the owner's number is the owner's own, as most systems make it.
    pub(super) fn others_write(found: &Metadata) -> bool {
        let by_group = found.mode() & GROUP_WRITES != 0 && found.gid() != found.uid();
        by_group || found.mode() & OTHERS_WRITE != 0
    }
}
