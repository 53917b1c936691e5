//! Finding and reading the file.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{ErrorKind as IoKind, Read};
use std::path::{Path, PathBuf};

use cloudmesh_abstract::{Error, ErrorKind, Result};

use super::environment::Environment;
use super::guard;
use super::parse::MAX_BYTES;
use super::position::Position;
use super::problem::{Origin, Problem};

/// The variable that moves the folder.
const FOLDER: &str = "CLOUDMESH_CONFIG_DIR";
const NAME: &str = "cloudmesh.yaml";

/// Something that works, and that the user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A file with secrets in it that other users of the machine can read.
    Readable {
        /// The file.
        file: PathBuf,
        /// The file as messages show it.
        shown: String,
    },
    /// A file that other users of the machine can change.
    Writable {
        /// The file.
        file: PathBuf,
        /// The file as messages show it.
        shown: String,
    },
}

/// What others may do with a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) to_read: bool,
    pub(super) to_write: bool,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Readable { file, shown } => {
                let argument = argument(file, shown);
                write!(f, "`{shown}` holds secrets and others can read it; run `chmod 600 {argument}`")
            }
            Self::Writable { file, shown } => {
                let argument = argument(file, shown);
                write!(f, "others can write to `{shown}` and redirect your credentials; run `chmod go-w {argument}`")
            }
        }
    }
}

/// A path as a shell takes it for one word.
pub(super) fn argument(file: &Path, shown: &str) -> String {
    let simple = shown.chars().all(|sign| sign.is_ascii_alphanumeric() || "/~._-".contains(sign));
    if simple { shown.to_owned() } else { format!("'{}'", file.display().to_string().replace('\'', r"'\''")) }
}

/// The folder of the configuration and of all that is kept beside it: `CLOUDMESH_CONFIG_DIR`, else `~/.cloudmesh`.
///
/// # Errors
///
/// [`ErrorKind::Config`] when there is neither that variable nor a home
/// directory.
pub fn folder(environment: &dyn Environment) -> Result<PathBuf> {
    let moved = environment.variable(FOLDER).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let usual = || environment.home().map(|home| home.join(".cloudmesh"));
    moved.or_else(usual).ok_or_else(|| {
        Error::new(
            ErrorKind::Config,
            format!("there is no home directory to look for `.cloudmesh` in; set `HOME` or `{FOLDER}`"),
        )
    })
}

/// The file that is read unless another is named: `cloudmesh.yaml` in the [`folder`].
///
/// # Errors
///
/// As [`folder`].
pub fn path(environment: &dyn Environment) -> Result<PathBuf> {
    Ok(folder(environment)?.join(NAME))
}

/// The text of the file, and what others may do with it.
pub(super) fn read(path: &Path, origin: &Origin) -> Result<(String, Open)> {
    let refused = |error| unreadable(origin, error);
    let file = File::open(path).map_err(refused)?;
    let metadata = file.metadata().map_err(refused)?;
    if metadata.is_dir() {
        let advice = format!("name the file in it, such as `{}/{NAME}`", origin.shown.trim_end_matches('/'));
        return Err(Error::new(ErrorKind::Config, format!("`{}` is a folder; {advice}", origin.shown)));
    }
    // One byte more than is allowed, so that a file that is too large is told from one that just fits.
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() > MAX_BYTES {
        return Err(Error::new(
            ErrorKind::Config,
            format!("`{}` is larger than {} KiB", origin.shown, MAX_BYTES / 1024),
        ));
    }
    let open = Open { to_read: readable_by_others(&metadata), to_write: guard::is_open(&metadata) };
    Ok((decode(bytes, origin)?, open))
}

fn decode(bytes: Vec<u8>, origin: &Origin) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let place = Position::of(error.as_bytes(), error.utf8_error().valid_up_to());
        origin.error(Problem::new(place, "not UTF-8 text; save the file as UTF-8"))
    })
}

fn unreadable(origin: &Origin, error: std::io::Error) -> Error {
    let shown = &origin.shown;
    let message = match error.kind() {
        IoKind::NotFound => {
            format!(
                "there is no configuration `{shown}`; `cms config init` writes one, `--config` or `{FOLDER}` names another"
            )
        }
        IoKind::PermissionDenied => format!("`{shown}` must not be read by you; see its permissions and its folder's"),
        _ => format!("`{shown}` cannot be read"),
    };
    Error::new(ErrorKind::Config, message).with_source(error)
}

#[cfg(unix)]
fn readable_by_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    // A pipe has no permissions that mean anything here.
    metadata.is_file() && metadata.permissions().mode() & 0o044 != 0
}

#[cfg(not(unix))]
fn readable_by_others(_: &Metadata) -> bool {
    false
}
