//! The program `cms`.

fn main() -> std::process::ExitCode {
    cloudmesh_compute::cli::main()
}
