//! A check: a promise of the contract, and what shows that it is kept.

use std::fmt::{self, Debug, Display};

use futures::future::BoxFuture;

use super::bench::Bench;
use crate::{Capability, Error, ErrorKind};

/// One promise of the contract, and the way to see that a provider keeps it.
#[derive(Clone, Copy)]
pub struct Check {
    pub(super) name: &'static str,
    pub(super) promise: &'static str,
    pub(super) needs: &'static [Need],
    pub(super) run: Run,
}

/// What a check does with its bench.
pub(super) type Run = fn(&Bench) -> BoxFuture<'_, Outcome>;

/// How a check ends.
pub(super) type Outcome = Result<(), Failure>;

/// What a check cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// A target that can be [disturbed](super::Stage::troubles).
    Troubles,
    /// Settings with a [wrong secret](super::Stage::wrong_settings).
    WrongSettings,
    /// A provider with this capability.
    Capability(Capability),
}

impl Check {
    /// Its name: a sentence in snake case.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What a provider promises.
    pub fn promise(&self) -> &'static str {
        self.promise
    }

    /// What it cannot do without.
    pub fn needs(&self) -> &'static [Need] {
        self.needs
    }

    pub(super) fn needs_capability(&self, capability: Capability) -> bool {
        self.needs.contains(&Need::Capability(capability))
    }
}

impl Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("name", &self.name).field("needs", &self.needs).finish_non_exhaustive()
    }
}

/// Why a check fails: a sentence for whoever writes the provider.
#[derive(Debug)]
pub(super) struct Failure(String);

impl Failure {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Adds something else that went wrong.
    pub(super) fn and(self, more: &Self) -> Self {
        Self(format!("{self}; {more}"))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        let sentences: Vec<String> =
            std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect();
        Self(format!("{:?}: {}", error.kind(), sentences.join(": ")))
    }
}

/// The error of something that had to fail with one of these kinds.
pub(super) fn refused<T>(what: &str, answer: Result<T, Error>, kinds: &[ErrorKind]) -> Result<Error, Failure> {
    match answer {
        Ok(_) => Err(Failure::new(format!("{what} succeeded and should have failed with {kinds:?}"))),
        Err(error) if kinds.contains(&error.kind()) => Ok(error),
        Err(error) => {
            let kind = error.kind();
            Err(Failure::new(format!("{what} failed with {kind:?} and should have failed with {kinds:?}: {error}")))
        }
    }
}

/// Fails the check unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::conformance::check::Failure::new(format!($($message)+)));
        }
    };
}
pub(super) use ensure;

/// Names a check after its function.
macro_rules! check {
    ($function:ident: $promise:literal $(, $need:expr)* $(,)?) => {
        $crate::conformance::check::Check {
            name: stringify!($function),
            promise: $promise,
            needs: &[$($need),*],
            run: |bench| Box::pin($function(bench)),
        }
    };
}
pub(super) use check;
