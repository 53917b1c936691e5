//! What can be wrong with a pattern.

use std::fmt;

use super::{MAX_LENGTH, MAX_NAMES};
use crate::{Error, ErrorKind};

/// Patterns longer than this are not repeated in messages.
const SHOWN: usize = 80;

/// A mistake in a name pattern, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Nothing where a name belongs: an empty pattern, or two commas in a row.
    #[error("a name is missing {at}")]
    EmptyName {
        /// Where the name belongs.
        at: At,
    },
    /// Nothing where a number belongs: `[]`, `[1,]` or `[1-]`.
    #[error("a number is missing {at}")]
    EmptyRange {
        /// Where the number belongs.
        at: At,
    },
    /// A range whose start is above its end.
    #[error("the range `{range}` goes down {at}; write the lower number first")]
    Descending {
        /// The range as it was written.
        range: String,
        /// Where the range begins.
        at: At,
    },
    /// Something other than a whole number in brackets.
    #[error("`{found}` is no whole number {at}; brackets hold numbers and ranges such as `[1-3,7]`")]
    NotANumber {
        /// What was written.
        found: String,
        /// Where it begins.
        at: At,
    },
    /// A number with more digits than a range may have.
    #[error("a number with more than {} digits {at}", super::pattern::MAX_DIGITS)]
    LongNumber {
        /// Where the number begins.
        at: At,
    },
    /// A range whose end has leading zeros to another width than its start.
    #[error("the range `{range}` is padded to two widths {at}; write as many digits at both ends")]
    Padding {
        /// The range as it was written.
        range: String,
        /// Where the range begins.
        at: At,
    },
    /// A bracket within brackets.
    #[error("a bracket within brackets {at}; put one behind the other")]
    Nested {
        /// Where the inner bracket is.
        at: At,
    },
    /// A bracket that is never closed.
    #[error("a bracket is never closed {at}")]
    Open {
        /// Where the bracket is.
        at: At,
    },
    /// A closing bracket that no other opened.
    #[error("a bracket is closed that was never opened {at}")]
    Stray {
        /// Where the bracket is.
        at: At,
    },
    /// A glob where new names are to be made.
    #[error("a glob {at} where a name is needed; `*` and `?` choose among what exists")]
    Glob {
        /// Where the `*` or `?` is.
        at: At,
    },
    /// A name longer than any cloud allows.
    #[error("a name of more than {MAX_LENGTH} characters {at}")]
    LongName {
        /// Where the name begins.
        at: At,
    },
    /// More names than one call may make.
    #[error("more than {MAX_NAMES} names {at}; use fewer at a time")]
    TooMany {
        /// Where the pattern begins that made it too many.
        at: At,
    },
}

/// A place in a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct At {
    /// The pattern.
    pub pattern: String,
    /// The character in it, counted from 1.
    pub position: usize,
}

impl At {
    /// The place of the byte `offset` in `pattern`.
    pub(super) fn new(pattern: &str, offset: usize) -> Self {
        let position = pattern.char_indices().take_while(|(index, _)| *index < offset).count() + 1;
        Self { pattern: pattern.to_owned(), position }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at position {}", self.position)?;
        if self.pattern.chars().count() > SHOWN {
            return Ok(());
        }
        write!(f, " of `{}`", self.pattern)
    }
}

impl From<PatternError> for Error {
    fn from(error: PatternError) -> Self {
        Self::new(ErrorKind::InvalidInput, error.to_string())
    }
}
