//! The conformance suite on the cloud in memory.

use std::process::ExitCode;

use cloudmesh_abstract::conformance;
use cloudmesh_abstract::memory::{self, Memory};

fn main() -> ExitCode {
    conformance::main::<Memory>(memory::target())
}
