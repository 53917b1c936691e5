//! The configuration: `~/.cloudmesh/cloudmesh.yaml`.
//!
//! ```yaml
//! cloudmesh:
//!   profile: {user: albert, publickey: ~/.ssh/id_ed25519.pub}
//!   default: {cloud: mycloud, group: cloudmesh}
//!   compute:                      # or `cloud:`
//!     mycloud:
//!       cm: {kind: openstack, label: my cloud, active: true}   # only `kind` is required
//!       credentials:              # what belongs here is the provider's business
//!         auth:
//!           auth_url: https://keystone.example.org:5000
//!           username: "{cloudmesh.profile.user}"
//!           password: ${OS_PASSWORD}
//!       defaults: {size: m1.small, image: ubuntu-24.04}        # or `default:`
//! ```
//!
//! # References
//!
//! | written | is |
//! |---|---|
//! | `${NAME}` | the environment variable; an error when it is not set |
//! | `${NAME:-fallback}` | the variable, or the fallback when it is not set or empty; the fallback may hold references |
//! | `{cloudmesh.profile.user}` | another value of the file, by its path |
//! | `~/` at the beginning | the home directory |
//! | `$${` | a plain `${` |
//!
//! Nothing else is special: `$HOME`, `{x}` and backquotes are text. What a variable holds is text, and is not searched
//! for references again. A value that is one `{cloudmesh.…}` and nothing more keeps the type of what it refers to.
//!
//! # Mistakes
//!
//! A file that is no YAML, or whose sections cannot be told, cannot be loaded. All else is looked at when it is used,
//! so that a mistake in one cloud does not stop the others. Messages begin with file, line and column. They name keys
//! and variables, and never hold a value that stands under `credentials` or comes from a variable.

#[cfg(feature = "cli")]
mod account;
#[cfg(feature = "cli")]
pub(crate) mod check;
mod cloud;
pub(crate) mod companion;
#[cfg(feature = "cli")]
pub(crate) mod edit;
mod environment;
mod file;
pub(crate) mod flat;
mod guard;
#[cfg(feature = "cli")]
mod keys;
#[cfg(feature = "cli")]
pub(crate) mod listing;
mod model;
mod parse;
mod places;
mod position;
mod problem;
mod references;
mod scalar;
mod section;
#[cfg(feature = "cli")]
pub(crate) mod starter;
#[cfg(feature = "cli")]
mod steps;
mod template;
#[cfg(test)]
mod tests;
mod tree;
pub(crate) mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloudmesh_abstract::{Describe, Error, ErrorKind, Result, Settings};
use serde_json::{Map, Value};

pub use self::environment::{Environment, ProcessEnvironment, Variables};
pub use self::file::{Warning, folder, path};
pub use self::model::{Cloud, CloudEntry, Defaults, Profile};
use self::position::Position;
use self::problem::{Origin, Problem};
use self::references::Resolver;
use self::section::Sections;
use self::tree::Node;

/// A configuration that was read, with its clouds and defaults still to be looked at.
///
/// ```
/// use cloudmesh_compute::config::{Config, Variables};
///
/// let text = "
/// cloudmesh:
///   default: {cloud: lab}
///   compute:
///     lab:
///       cm: {kind: openstack}
///       credentials: {auth: {password: '${OS_PASSWORD}'}}
/// ";
/// let environment = Variables::new([("OS_PASSWORD", "secret")]);
/// let config = Config::from_text(text, "example.yaml")?.with_environment(environment);
/// assert_eq!(config.default_cloud()?.as_deref(), Some("lab"));
///
/// let cloud = config.cloud("lab")?;
/// assert_eq!(cloud.kind, "openstack");
/// assert_eq!(cloud.settings.get("credentials.auth.password").unwrap(), "secret");
///
/// let error = config.cloud("lap").unwrap_err();
/// assert_eq!(error.to_string(), "no cloud `lap` in `example.yaml`, did you mean `lab`? it has `lab`");
/// # Ok::<(), cloudmesh_abstract::Error>(())
/// ```
#[derive(Clone)]
pub struct Config {
    origin: Origin,
    folder: Option<PathBuf>,
    environment: Arc<dyn Environment>,
    sections: Sections,
    warnings: Vec<Warning>,
}

impl Config {
    /// Reads `path`, or the usual file when there is none, see [`path`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the file is missing, unreadable, too large or a folder, not UTF-8, not YAML, or does
    /// not begin with `cloudmesh:`.
    pub fn load(path: Option<&Path>) -> Result<Self> {
        Self::load_with(path, ProcessEnvironment)
    }

    /// As [`load`](Self::load), in another environment.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn load_with(path: Option<&Path>, environment: impl Environment + 'static) -> Result<Self> {
        let folder = if path.is_none() { Some(folder(&environment)?) } else { None };
        let path = path.map_or_else(|| self::path(&environment), |path| Ok(path.to_owned()))?;
        let origin = Origin::file(&path, environment.home().as_deref());
        if folder.is_some() {
            guard::check(&path, &origin)?;
        }
        let (text, open) = file::read(&path, &origin)?;
        let mut config = Self { folder, ..Self::read(&text, origin)?.with_environment(environment) };
        let shown = || config.origin.shown.clone();
        if open.to_write {
            config.warnings.push(Warning::Writable { file: path.clone(), shown: shown() });
        }
        if open.to_read && config.sections.hold_secrets() {
            let shown = shown();
            config.warnings.push(Warning::Readable { file: path, shown });
        }
        Ok(config)
    }

    /// Reads a text; messages call it `origin`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the text is not YAML, or does not begin with `cloudmesh:`.
    pub fn from_text(text: &str, origin: &str) -> Result<Self> {
        Self::read(text, Origin::text(origin))
    }

    /// Takes variables and the home directory from `environment` instead of the process.
    #[must_use]
    pub fn with_environment(mut self, environment: impl Environment + 'static) -> Self {
        self.environment = Arc::new(environment);
        self
    }

    fn read(text: &str, origin: Origin) -> Result<Self> {
        let sections = parse::parse(text).and_then(Sections::new).map_err(|problem| origin.error(problem))?;
        Ok(Self { origin, folder: None, environment: Arc::new(ProcessEnvironment), sections, warnings: Vec::new() })
    }

    /// The file that was read, unless it was a text without one.
    pub fn file(&self) -> Option<&Path> {
        self.origin.file.as_deref()
    }

    /// The folder that tokens are kept in: that of the usual file. `None` when another file was named, or none at all, so
    /// that nothing is written where nobody expects it.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Whether sign-in tokens may be kept for their lifetime; `token_cache: false` beside `profile` forbids it.
    pub fn token_cache(&self) -> bool {
        self.sections.token_cache()
    }

    /// What messages call the file.
    pub fn origin(&self) -> &str {
        &self.origin.shown
    }

    /// What works, and what the user should know nevertheless.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Where variables and the home directory come from.
    pub fn environment(&self) -> &dyn Environment {
        self.environment.as_ref()
    }

    /// The clouds in the order of the file, those with mistakes and those that are not active included.
    pub fn clouds(&self) -> impl Iterator<Item = &CloudEntry> {
        self.sections.clouds.iter()
    }

    /// Who uses the clouds. Other keys under `profile` are there to be referred to, and are not looked at.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for a mistake in a key of [`Profile`].
    pub fn profile(&self) -> Result<Profile> {
        let Some(node) = self.sections.profile() else { return Settings::default().parse() };
        let known = node.entries().iter().filter(|entry| Profile::KEYS.iter().any(|key| key.is(&entry.name)));
        let resolver = self.resolver();
        let mut settings = Map::new();
        for entry in known {
            let value = resolver.resolve(&entry.value, &entry.name);
            settings.insert(entry.name.clone(), value.map_err(|problem| self.problem(problem, "cloudmesh.profile"))?);
        }
        Settings::new(settings).parse().map_err(|error| self.place(error, node, "cloudmesh.profile"))
    }

    /// The cloud that is meant when none is named: `default.cloud`. Whether it exists is found out by
    /// [`cloud`](Self::cloud).
    ///
    /// # Errors
    ///
    /// As [`default`](Self::default).
    pub fn default_cloud(&self) -> Result<Option<String>> {
        self.default("cloud")
    }

    /// The default for all clouds of that name, such as `group`, as text: a list's items are joined by commas.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for a reference that cannot be resolved, or a group where text is wanted.
    pub fn default(&self, name: &str) -> Result<Option<String>> {
        let Some(entry) = self.sections.default(name) else { return Ok(None) };
        let value = self.resolver().resolve(&entry.value, name);
        let value = value.map_err(|problem| self.problem(problem, "cloudmesh.default"))?;
        if value.is_null() {
            return Ok(None);
        }
        words(&value).map(Some).ok_or_else(|| {
            let message = format!("`{name}` must be text or a list of texts, found {}", entry.value.found());
            self.problem(Problem::new(entry.place, message).at(name), "cloudmesh.default")
        })
    }

    /// Adds file, line and column of the cloud's key to a provider's complaint about its configuration.
    ///
    /// The place is that of the error's [`key`](Error::key), or of the deepest group above it that is written. Errors of
    /// other kinds, and errors that have their place already, stay as they are.
    #[must_use]
    pub fn locate(&self, error: Error, cloud: &str) -> Error {
        let Some(node) = self.sections.cloud(cloud) else { return error };
        self.place(error, node, &format!("cloudmesh.{}.{cloud}", self.sections.section_of(cloud)))
    }

    fn place(&self, error: Error, node: &Node, path: &str) -> Error {
        let located = error.message().starts_with(&format!("{}:", self.origin.shown));
        if error.kind() != ErrorKind::Config || located {
            return error;
        }
        let key = error.key().unwrap_or_default();
        let below = |key: &str| position::place(node, key);
        // Defaults are told by their right name and may stand under their other one.
        let other = || key.strip_prefix("defaults").and_then(|rest| below(&format!("default{rest}")));
        let place = below(key).or_else(other).or_else(|| self.sections.place_of(path)).unwrap_or(Position::START);
        let sentence = self.origin.sentence(place, error.message());
        error.with_message(sentence)
    }

    /// The error for a mistake below the key path `path`.
    fn problem(&self, problem: Problem, path: &str) -> Error {
        let key = if problem.key.is_empty() { path.to_owned() } else { format!("{path}.{}", problem.key) };
        self.origin.error(Problem { key, ..problem })
    }

    fn resolver(&self) -> Resolver<'_> {
        Resolver::new(&self.sections.root, self.environment.as_ref())
    }
}

/// A file as messages show it: below the home directory with a `~`.
#[cfg(feature = "cli")]
pub(crate) fn shown(file: &Path, environment: &dyn Environment) -> String {
    Origin::file(file, environment.home().as_deref()).shown
}

/// A value as a word, or a list as several; `None` for what is no text.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => items.iter().map(words).collect::<Option<Vec<_>>>().map(|words| words.join(",")),
        Value::Null | Value::Object(_) => None,
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Config");
        debug.field("origin", &self.origin).field("environment", &self.environment);
        debug.field("clouds", &self.sections.clouds).field("warnings", &self.warnings).finish_non_exhaustive()
    }
}
