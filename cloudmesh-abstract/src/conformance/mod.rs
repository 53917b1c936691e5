//! What every provider must do, as checks that run against any cloud.
//!
//! A provider runs the suite with one line in a test without the usual harness:
//!
//! ```no_run
//! use cloudmesh_abstract::conformance;
//! use cloudmesh_abstract::memory::{self, Memory};
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     conformance::main::<Memory>(memory::target())
//! }
//! ```
//!
//! Each [`Check`] holds one promise of the contract. What a provider or a [`Target`] cannot offer shows as ignored, with
//! the reason; a target that does not open is a failure; what a target is known to fail stands in its
//! [`exceptions`](Target::exceptions), and passing in spite of that is a failure too.
//!
//! The suite is tested itself: a [`Flaw`] plants one fault in a provider, and exactly one check must find it.

#[cfg(feature = "conformance")]
mod bench;
#[cfg(feature = "conformance")]
mod check;
#[cfg(feature = "conformance")]
mod checks;
#[cfg(feature = "conformance")]
mod flawed;
#[cfg(feature = "conformance")]
mod suite;
#[cfg(feature = "conformance")]
mod sweep;
mod target;

#[cfg(feature = "conformance")]
pub use self::check::{Check, Need};
#[cfg(feature = "conformance")]
pub use self::checks::checks;
#[cfg(feature = "conformance")]
pub use self::flawed::{Flaw, Flawed};
#[cfg(feature = "conformance")]
pub use self::suite::{Suite, Verdict, main};
pub use self::target::{Disturbance, Exception, On, Props, Seen, Stage, Target, Trouble, Troubles};
