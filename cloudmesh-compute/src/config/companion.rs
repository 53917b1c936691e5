//! Files that are kept beside a configuration: what `cms set` keeps, keys, rules.

use std::path::{Path, PathBuf};

use cloudmesh_abstract::{Error, ErrorKind, Result};

use super::environment::Environment;
use super::write;

/// A file that belongs to a configuration.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    /// Whether it stands beside the usual configuration, and not beside one that the user named.
    pub(crate) usual: bool,
    /// Whether it stays as it is: what would be changed is only said.
    pub(crate) kept: bool,
}

/// The file of this name that belongs to a configuration: beside the usual one `NAME.yaml`, beside another one `X.yaml`
/// the file `X.NAME.yaml`.
///
/// # Errors
///
/// [`ErrorKind::Config`] when there is no home directory to look in.
pub(crate) fn beside(config: Option<&Path>, name: &str, environment: &dyn Environment) -> Result<Place> {
    let usual = config.is_none();
    let config = config.map_or_else(|| super::path(environment), |path| Ok(path.to_owned()))?;
    let path = if config.file_name().is_some_and(|name| name == "cloudmesh.yaml") {
        config.with_file_name(format!("{name}.yaml"))
    } else {
        config.with_extension(format!("{name}.yaml"))
    };
    Ok(Place { path, usual, kept: false })
}

/// Changes the file while no other process does: `work` reads what there is, and says what is to be there instead, or
/// that it may stay.
///
/// # Errors
///
/// Those of the work, [`ErrorKind::Unexpected`] when the file cannot be written.
pub(crate) fn change<T>(place: &Place, work: impl FnOnce() -> Result<(Option<String>, T)>) -> Result<T> {
    if place.kept {
        return work().map(|(_, done)| done);
    }
    let file = &place.path;
    let wrong = |error| {
        let message = format!("cannot write `{}`; see its permissions and its folder's", file.display());
        Error::new(ErrorKind::Unexpected, message).with_source(error)
    };
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        write::make_folder(folder).map_err(wrong)?;
    }
    let _lock = write::Lock::on(file).map_err(wrong)?;
    let (text, done) = work()?;
    if let Some(text) = text {
        write::replace(file, &text).map_err(wrong)?;
    }
    Ok(done)
}
