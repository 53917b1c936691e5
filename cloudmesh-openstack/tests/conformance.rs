//! The conformance suite, on the emulator.

use std::process::ExitCode;

use cloudmesh_openstack::OpenStack;

fn main() -> ExitCode {
    cloudmesh_abstract::conformance::main::<OpenStack>(cloudmesh_emulator::target("openstack"))
}
