//! Many names in few characters: `web[1-3]` is `web1`, `web2` and `web3`.
//!
//! There are two kinds of patterns, told apart by [`is_glob`]:
//!
//! * A **range pattern** makes names out of nothing, so it fits new nodes and existing ones. Brackets hold whole
//!   numbers and ranges of them, separated by commas; several brackets multiply, and the first is the slowest. Text may
//!   stand before, between and after brackets. Leading zeros of a range's start are kept. Outside of brackets a comma
//!   separates patterns. Spaces around names and numbers do not count.
//! * A **glob** chooses among names that exist: `*` is any text, `?` any one character, and `[a-z]`, `[!0-9]` one
//!   character of a class.
//!
//! A pattern with a `*` or a `?` is a glob; every other one is a range pattern. So the brackets of `web[1-3]` are the
//! numbers 1, 2 and 3, those of `web[1-3]*` are a class of characters, and `web[a-c]` is an error: write `web[a-c]*`.
//!
//! ```
//! use cloudmesh_abstract::names;
//!
//! assert_eq!(names::expand("vm[1,07-09]")?, ["vm1", "vm07", "vm08", "vm09"]);
//! assert_eq!(names::expand("r[1-2]n[1-2].lab,login")?, ["r1n1.lab", "r1n2.lab", "r2n1.lab", "r2n2.lab", "login"]);
//!
//! let error = names::expand("vm[3-1]").unwrap_err();
//! assert_eq!(error.to_string(), "the range `3-1` goes down at position 4 of `vm[3-1]`; write the lower number first");
//! # Ok::<(), names::PatternError>(())
//! ```

mod error;
mod glob;
mod pattern;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;

pub use self::error::{At, PatternError};
pub use self::glob::{is_glob, matches};
use self::pattern::Item;

/// How many names patterns may make in one call, counted before duplicates are removed.
pub const MAX_NAMES: usize = 100_000;

/// How many characters a name may have: as many as the most generous cloud allows.
pub const MAX_LENGTH: usize = 255;

/// What a user asks for among things that exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Selector {
    /// The one with this name or id.
    Name(String),
    /// All whose names fit this glob, which may be none.
    Glob(String),
}

impl Selector {
    /// Whether `name` is asked for.
    pub fn matches(&self, name: &str) -> bool {
        match self {
            Self::Name(wanted) => wanted == name,
            Self::Glob(glob) => matches(glob, name),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Name(text) | Self::Glob(text)) = self;
        f.write_str(text)
    }
}

/// The names that a range pattern stands for, in its order, each once.
///
/// # Errors
///
/// [`PatternError`] with the position of the mistake. How many names there will be is checked before any is made.
pub fn expand(pattern: &str) -> Result<Vec<String>, PatternError> {
    expand_all([pattern])
}

/// The names that several range patterns stand for, in their order, each once.
///
/// # Errors
///
/// As [`expand`]; [`MAX_NAMES`] holds for all patterns together.
pub fn expand_all<I>(patterns: I) -> Result<Vec<String>, PatternError>
where
    I: IntoIterator<Item: AsRef<str>>,
{
    let mut names = Vec::new();
    for pattern in patterns {
        for item in counted(pattern.as_ref(), names.len())? {
            if let Some(at) = item.glob_sign() {
                return Err(PatternError::Glob { at });
            }
            names.extend(item.expand());
        }
    }
    Ok(once(names))
}

/// What patterns of both kinds ask for among things that exist, in their order, each once.
///
/// ```
/// use cloudmesh_abstract::names::{Selector, select};
///
/// let wanted = select(["db[1-2],web*"])?;
/// assert_eq!(wanted[1], Selector::Name("db2".to_owned()));
/// assert!(wanted[2].matches("web-7"));
/// # Ok::<(), cloudmesh_abstract::names::PatternError>(())
/// ```
///
/// # Errors
///
/// As [`expand_all`], except that globs are welcome.
pub fn select<I>(patterns: I) -> Result<Vec<Selector>, PatternError>
where
    I: IntoIterator<Item: AsRef<str>>,
{
    let mut wanted = Vec::new();
    for pattern in patterns {
        for item in counted(pattern.as_ref(), wanted.len())? {
            if item.glob_sign().is_some() {
                wanted.push(Selector::Glob(item.text().to_owned()));
            } else {
                wanted.extend(item.expand().into_iter().map(Selector::Name));
            }
        }
    }
    Ok(once(wanted))
}

/// The names `base-1` to `base-n`.
///
/// ```
/// use cloudmesh_abstract::names;
///
/// assert_eq!(names::number("web", 3)?, ["web-1", "web-2", "web-3"]);
/// # Ok::<(), names::PatternError>(())
/// ```
///
/// # Errors
///
/// [`PatternError`] when `base` is empty, or when there are too many names or too long ones.
pub fn number(base: &str, n: usize) -> Result<Vec<String>, PatternError> {
    let at = || At::new(base, 0);
    if base.is_empty() {
        return Err(PatternError::EmptyName { at: at() });
    }
    if n > MAX_NAMES {
        return Err(PatternError::TooMany { at: at() });
    }
    if base.chars().count() + 1 + n.to_string().len() > MAX_LENGTH {
        return Err(PatternError::LongName { at: at() });
    }
    Ok((1..=n).map(|number| format!("{base}-{number}")).collect())
}

/// The items of a pattern, after a check that with `already` others they make no more names than allowed.
fn counted(pattern: &str, already: usize) -> Result<Vec<Item<'_>>, PatternError> {
    let items = pattern::parse(pattern)?;
    let mut total = already;
    for item in &items {
        total = total.saturating_add(item.count());
        if total > MAX_NAMES {
            return Err(PatternError::TooMany { at: item.at(0) });
        }
    }
    Ok(items)
}

/// Keeps the first of equal things.
fn once<T: Clone + Eq + std::hash::Hash>(mut things: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::with_capacity(things.len());
    things.retain(|thing| seen.insert(thing.clone()));
    things
}
