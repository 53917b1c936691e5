//! The conformance suite, on the emulator.

use std::process::ExitCode;

use cloudmesh_aws::Aws;

fn main() -> ExitCode {
    cloudmesh_abstract::conformance::main::<Aws>(cloudmesh_emulator::target("aws"))
}
