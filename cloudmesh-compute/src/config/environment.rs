//! Where variables and the home directory come from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

/// The environment that a configuration refers to: that of the process, or one made up for a test.
pub trait Environment: fmt::Debug + Send + Sync {
    /// The value of a variable, if it is set.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// The user's home directory, if there is one.
    fn home(&self) -> Option<PathBuf>;
}

/// The environment of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
    }
}

/// Variables that stand for an environment; `HOME` is the home directory. `Debug` shows the names only.
///
/// ```
/// use cloudmesh_compute::config::{Environment, Variables};
///
/// let variables = Variables::new([("HOME", "/home/albert"), ("OS_PASSWORD", "secret")]);
/// assert_eq!(variables.home(), Some("/home/albert".into()));
/// assert_eq!(format!("{variables:?}"), r#"{"HOME", "OS_PASSWORD"}"#);
/// ```
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<String, OsString>);

impl Variables {
    /// An environment of these variables and no others.
    pub fn new<N: Into<String>, V: Into<OsString>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl Environment for Variables {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.0.get(name).cloned()
    }

    fn home(&self) -> Option<PathBuf> {
        self.variable("HOME").filter(|home| !home.is_empty()).map(PathBuf::from)
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
