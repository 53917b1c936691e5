//! Which of several `cms` at once still live.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind as IoKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Token;

/// The folder beside the database in which each run keeps a file.
pub(super) const FOLDER: &str = "runs";
/// The ending of a file that is locked as long as its run lives.
const LOCKED: &str = "lock";
/// The ending of a file that its run has not locked yet.
const NEW: &str = "new";
/// How long a run may take to lock its file.
const BIRTH: Duration = Duration::from_mins(1);

/// A process that makes nodes. It keeps a file of its own locked: the system unlocks it when the process ends, however
/// it ends, and no other process is ever taken for it, as could happen with its number alone.
#[derive(Debug)]
pub(crate) struct Run {
    name: String,
    path: PathBuf,
    /// Holds the lock.
    _file: File,
}

impl Run {
    /// Begins the run of this process in a folder, and clears away what runs left there that were killed.
    pub(super) fn begin(folder: &Path) -> io::Result<Self> {
        let folder = folder.join(FOLDER);
        super::rights::make(&folder)?;
        sweep(&folder);
        let name = format!("{}-{}", std::process::id(), Token::random().as_str());
        let (new, path) = (folder.join(&name).with_extension(NEW), folder.join(&name).with_extension(LOCKED));
        let file = OpenOptions::new().write(true).create_new(true).open(&new)?;
        file.lock()?;
        // Only now it has the name by which others look for it: nobody finds it unlocked.
        fs::rename(&new, &path)?;
        Ok(Self { name, path, _file: file })
    }

    /// What the journal calls it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // What stays is cleared away by the next run.
        _ = fs::remove_file(&self.path);
    }
}

/// Whether the run of that name lives. One of which nothing can be found out is taken to live.
pub(super) fn is_alive(folder: &Path, name: &str) -> bool {
    let path = folder.join(FOLDER).join(name).with_extension(LOCKED);
    match File::open(path) {
        // Shared, so that two who ask at once do not take each other for it.
        Ok(file) => !matches!(file.try_lock_shared(), Ok(())),
        Err(error) => error.kind() != IoKind::NotFound,
    }
}

/// The number of the process of a run.
pub(super) fn process(name: &str) -> &str {
    name.split('-').next().unwrap_or(name)
}

/// Removes the files of runs that have ended.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let Ok(file) = File::open(&path) else { continue };
        let is = |ending: &str| path.extension().is_some_and(|extension| extension == ending);
        let is_old = || file.metadata().and_then(|found| found.modified()).is_ok_and(is_long_ago);
        let over = match file.try_lock_shared() {
            Ok(()) => is(LOCKED) || (is(NEW) && is_old()),
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        };
        if over {
            // Another process may have been faster.
            _ = fs::remove_file(&path);
        }
    }
}

fn is_long_ago(time: std::time::SystemTime) -> bool {
    time.elapsed().is_ok_and(|age| age > BIRTH)
}

#[cfg(test)]
mod tests {
    use super::{FOLDER, Run, is_alive, process};
    use std::fs;

    #[test]
    fn a_run_lives_as_long_as_its_file_is_locked() {
        let folder = tempfile::tempdir().unwrap();
        let run = Run::begin(folder.path()).unwrap();
        let name = run.name().to_owned();
        assert!(is_alive(folder.path(), &name));
        assert_eq!(process(&name), std::process::id().to_string());
        drop(run);
        assert!(!is_alive(folder.path(), &name));
        assert!(!is_alive(folder.path(), "1-never"));
    }

    #[test]
    fn what_a_killed_run_left_is_cleared_away_by_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let living = Run::begin(folder.path()).unwrap();
        let left = folder.path().join(FOLDER).join("7-killed.lock");
        fs::write(&left, "").unwrap();
        let newborn = folder.path().join(FOLDER).join("8-newborn.new");
        fs::write(&newborn, "").unwrap();
        let _next = Run::begin(folder.path()).unwrap();
        assert!(!left.exists());
        assert!(newborn.exists(), "it may be about to lock its file");
        assert!(is_alive(folder.path(), living.name()));
    }
}
