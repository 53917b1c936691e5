//! Opening the file: what it is, and what to do when it is broken.

use std::fs::{self, File};
use std::io::{self, ErrorKind as IoKind};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::rights::{check_file, check_folder, check_owner, create, make};
use super::schema;
use crate::config::{Environment, ProcessEnvironment};
use crate::{Error, ErrorKind, Result};

/// The name of the database.
pub(super) const NAME: &str = "state.db";
/// How long another process may keep the file to itself.
const BUSY: Duration = Duration::from_secs(5);

/// The database file, whose folder exists and is ours.
#[derive(Debug, Clone)]
pub(super) struct Place {
    folder: PathBuf,
    file: PathBuf,
}

impl Place {
    /// The place of the database in a folder, which is made if it is missing.
    ///
    /// # Errors
    ///
    /// When the folder or the file is somebody else's, or is not what it must be.
    pub(super) fn new(folder: &Path) -> Result<Self> {
        make(folder).map_err(|error| cannot("make", folder, error))?;
        let folder = fs::canonicalize(folder).map_err(|error| cannot("read", folder, error))?;
        let found = fs::metadata(&folder).map_err(|error| cannot("read", &folder, error))?;
        check_owner(&folder, &found)?;
        check_folder(&folder, &found)?;
        let file = folder.join(NAME);
        match fs::metadata(&file) {
            Ok(found) => check_file(&file, &found)?,
            Err(error) if error.kind() == IoKind::NotFound => {}
            Err(error) => return Err(cannot("read", &file, error)),
        }
        Ok(Self { folder, file })
    }

    /// The folder that it is in.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What messages call the file.
    pub(super) fn shown(&self) -> String {
        shown(&self.file)
    }

    /// Opens the database; one that is broken is put aside, and a new one begun. The sentences say what happened.
    pub(super) fn open(&self, said: &mut Vec<String>) -> Result<Connection> {
        match self.attempt(None) {
            Err(Trouble::Sqlite(error)) if is_broken(&error) => self.replace(said),
            other => other.map_err(|trouble| self.told(trouble)),
        }
    }

    /// Puts a broken database aside and begins a new one, unless another process has done so already.
    pub(super) fn replace(&self, said: &mut Vec<String>) -> Result<Connection> {
        let alone = lock(&self.folder).map_err(|error| cannot("lock", &self.folder, error))?;
        let broken = |connection: &Connection| {
            let word: rusqlite::Result<String> =
                connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
            !matches!(word.as_deref(), Ok("ok"))
        };
        if let Ok(connection) = self.attempt(Some(&alone))
            && !broken(&connection)
        {
            return Ok(connection);
        }
        let aside = self.put_aside().map_err(|error| cannot("rename", &self.file, error))?;
        let told = format!("`{}` was broken; it is kept as `{}`, and a new one is begun", self.shown(), shown(&aside));
        said.push(told);
        self.attempt(Some(&alone)).map_err(|trouble| self.told(trouble))
    }

    fn put_aside(&self) -> io::Result<PathBuf> {
        let now = Timestamp::now().strftime("%Y%m%dT%H%M%S");
        let names = (0..).map(|n| if n == 0 { String::new() } else { format!("-{n}") });
        let mut names = names.map(|more| self.folder.join(format!("{NAME}.broken-{now}{more}")));
        let aside = names.find(|path| !path.exists()).unwrap_or_else(|| self.folder.join(format!("{NAME}.broken")));
        for part in ["-shm", "-wal", ""] {
            match fs::rename(with(&self.file, part), with(&aside, part)) {
                Err(error) if error.kind() != IoKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(aside)
    }

    /// Opens what is there or begins it; `alone` is the lock, where it is held already.
    fn attempt(&self, alone: Option<&File>) -> Result<Connection, Trouble> {
        create(&self.file)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(BUSY)?;
        // The write-ahead log stays behind: to write it back at the end of every command would cost each two syncs.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        match schema::version(&connection)? {
            schema::VERSION => {}
            newer if newer > schema::VERSION => return Err(Trouble::Newer(newer)),
            _ if alone.is_some() => begin(&mut connection)?,
            _ => {
                let _alone = lock(&self.folder)?;
                begin(&mut connection)?;
            }
        }
        // Survives the death of the process; what must survive a power cut asks for it, see `State::durably`.
        connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")?;
        Ok(connection)
    }

    fn told(&self, trouble: Trouble) -> Error {
        match trouble {
            Trouble::Io(error) => cannot("write", &self.file, error),
            Trouble::Sqlite(error) => told(&self.file, error),
            Trouble::Foreign => not(&self.file, "another program's database"),
            Trouble::Newer(version) => {
                let message = format!(
                    "`{}` was written by a newer version of cms (its schema is {version}, this one knows {}); upgrade \
                     cms, or move the file away to begin anew",
                    self.shown(),
                    schema::VERSION
                );
                Error::new(ErrorKind::Config, message)
            }
        }
    }

    /// The error of a database that could not be used.
    pub(super) fn refused(&self, error: rusqlite::Error) -> Error {
        told(&self.file, error)
    }
}

/// Makes a database of this version of a new or older one. The journal's mode cannot be changed by two at once, and
/// what another process is just making must not be taken for another program's, so this is done under the lock.
fn begin(connection: &mut Connection) -> Result<(), Trouble> {
    if schema::is_foreign(connection)? {
        return Err(Trouble::Foreign);
    }
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    Ok(schema::migrate(connection)?)
}

/// Why a database cannot be opened.
enum Trouble {
    Io(io::Error),
    Sqlite(rusqlite::Error),
    Newer(usize),
    Foreign,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Whether the file is no database, or not a whole one.
pub(super) fn is_broken(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn told(file: &Path, error: rusqlite::Error) -> Error {
    let file = shown(file);
    let message = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("another program keeps `{file}` locked; try again when it has ended")
        }
        Some(ErrorCode::DiskFull) => format!("there is no room to write `{file}`; free some"),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
            format!("cannot write `{file}`; look at the rights of the file and of its folder")
        }
        _ => format!("cannot use `{file}`; if that stays so, move it away to begin anew"),
    };
    Error::new(ErrorKind::Unexpected, message).with_source(error)
}

pub(super) fn cannot(doing: &str, path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Unexpected, format!("cannot {doing} `{}`", shown(path))).with_source(error)
}

/// A path as messages show it.
pub(super) fn shown(path: &Path) -> String {
    let home = ProcessEnvironment.home().and_then(|home| fs::canonicalize(home).ok());
    match home.as_deref().and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => Path::new("~").join(rest).display().to_string(),
        None => path.display().to_string(),
    }
}

/// The path of a part of a database, such as its `-wal`.
pub(super) fn with(file: &Path, part: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(part);
    path.into()
}

/// Waits until no other process makes or replaces the database.
fn lock(folder: &Path) -> io::Result<File> {
    let handle = File::open(folder)?;
    let begun = Instant::now();
    loop {
        match handle.try_lock() {
            Ok(()) => return Ok(handle),
            Err(fs::TryLockError::Error(error)) => return Err(error),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() > BUSY => {
                return Err(io::Error::new(IoKind::TimedOut, "another program keeps it locked"));
            }
            Err(fs::TryLockError::WouldBlock) => sleep(Duration::from_millis(5)),
        }
    }
}

pub(super) fn not(path: &Path, what: &str) -> Error {
    let message = format!("`{}` is {what}; move it away", shown(path));
    Error::new(ErrorKind::Config, message)
}
