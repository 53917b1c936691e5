//! Which clouds of a configuration are meant.

use std::collections::HashSet;

use cloudmesh_abstract::names::{Selector, select};
use cloudmesh_abstract::{Error, ErrorKind, Result};

use crate::config::Config;

/// The names that patterns choose, in their order, each once. `all` are all that are active; globs choose among those.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] for a mistake in a pattern, [`ErrorKind::Config`] when `all` or a glob fits none.
pub(crate) fn chosen<S: AsRef<str>>(config: &Config, patterns: &[S]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for selector in select(patterns)? {
        match selector {
            Selector::Name(name) if name == "all" => names.extend(some(active(config), || none_active(config))?),
            Selector::Name(name) => names.push(name),
            glob => {
                let fitting = active(config).filter(|name| glob.matches(name));
                names.extend(some(fitting, || none_fits(config, &glob))?);
            }
        }
    }
    let mut known = HashSet::new();
    names.retain(|name| known.insert(name.clone()));
    Ok(names)
}

fn active(config: &Config) -> impl Iterator<Item = String> {
    config.clouds().filter(|cloud| cloud.active).map(|cloud| cloud.name.clone())
}

fn some(names: impl Iterator<Item = String>, none: impl FnOnce() -> Error) -> Result<Vec<String>> {
    let names: Vec<String> = names.collect();
    if names.is_empty() { Err(none()) } else { Ok(names) }
}

fn none_fits(config: &Config, glob: &Selector) -> Error {
    let known = active(config).collect::<Vec<_>>().join(", ");
    if known.is_empty() {
        return none_active(config);
    }
    Error::new(ErrorKind::Config, format!("no active cloud's name fits `{glob}`; `{}` has {known}", config.origin()))
}

/// The error where there is no cloud to use.
pub(crate) fn none_active(config: &Config) -> Error {
    let message = format!("no active cloud in `{}`; add one under `compute`, or write `active: true`", config.origin());
    Error::new(ErrorKind::Config, message)
}
