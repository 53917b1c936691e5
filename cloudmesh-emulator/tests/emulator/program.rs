//! The program, and the files it makes.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use cloudmesh_emulator::{CLOUD, Emulator};
use serde_json::Value;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloudmesh-emulator"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Ends the program when the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts it and waits until it says how to end it.
fn start(arguments: &[&str]) -> (Running, String) {
    let mut child = program(arguments).spawn().unwrap();
    let mut told = String::new();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    while !told.contains("Ctrl-C") {
        assert_ne!(lines.read_line(&mut told).unwrap(), 0, "{told}");
    }
    (Running(child), told)
}

#[test]
fn it_prints_a_configuration() {
    let (mut running, told) = start(&[]);
    running.0.kill().unwrap();
    let mut printed = String::new();
    running.0.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
    let file: Value = serde_yaml::from_str(&printed).unwrap();
    let cloud = &file["cloudmesh"]["compute"][CLOUD];
    assert_eq!(cloud["cm"]["kind"], "openstack");
    assert!(told.contains(cloud["credentials"]["auth"]["auth_url"].as_str().unwrap()), "{told}");
}

#[test]
fn it_writes_files_that_only_the_owner_reads() {
    let folder = tempfile::tempdir().unwrap();
    let _running = start(&["--write", folder.path().to_str().unwrap()]);
    for name in ["cloudmesh.yaml", "clouds.yaml", "aws/config", "aws/credentials"] {
        let mode = folder.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn its_root_stands_beside_the_configuration_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_running, told) = start(&["--tls", "--write", folder.path().to_str().unwrap()]);
    assert!(told.contains("listens on https://127.0.0.1:"), "{told}");
    let root = folder.path().join("ca.pem");
    assert_eq!(root.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let read = |name: &str| -> Value {
        serde_yaml::from_str(&std::fs::read_to_string(folder.path().join(name)).unwrap()).unwrap()
    };
    assert_eq!(read("cloudmesh.yaml")["cloudmesh"]["compute"][CLOUD]["ca_file"], root.to_str().unwrap());
    for cloud in [CLOUD, "emulator-appcred"] {
        assert_eq!(read("clouds.yaml")["clouds"][cloud]["cacert"], root.to_str().unwrap());
    }
}

#[tokio::test]
async fn it_throttles_and_is_slow_when_told_to() {
    let (_running, told) = start(&["--throttle-every", "3", "--latency", "1ms"]);
    let url = told.split_whitespace().find(|word| word.starts_with("http")).unwrap().to_owned();
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(reqwest::get(format!("{url}/compute/v2.1/")).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 429, 200, 200, 429]);
    let refused = program(&["--latency", "soon"]).output().unwrap();
    assert!(String::from_utf8(refused.stderr).unwrap().contains("`soon` is no time; write one such as `100ms`"));
}

#[test]
fn it_listens_on_loopback_only() {
    let ended = program(&["--address", "0.0.0.0"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("loopback"));
}

#[tokio::test]
async fn passwords_differ_from_start_to_start() {
    let (one, other) = (Emulator::start().await.unwrap(), Emulator::start().await.unwrap());
    let password = |emulator: &Emulator| {
        emulator.settings("openstack").unwrap().get("credentials.auth.password").cloned().unwrap()
    };
    assert_ne!(password(&one), password(&other));
    assert_ne!(one.url(), other.url());
}

#[tokio::test]
async fn a_kind_that_is_not_emulated_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let error = emulator.settings("mainframe").unwrap_err();
    assert_eq!(error.kind(), cloudmesh_abstract::ErrorKind::Unsupported);
}

#[tokio::test]
async fn the_port_is_free_after_the_end() {
    let emulator = Emulator::start().await.unwrap();
    let port: u16 = emulator.url().rsplit(':').next().unwrap().parse().unwrap();
    emulator.stop();
    let again = loop {
        // The listener is closed when its task is dropped, which takes a moment.
        match Emulator::builder().port(port).start().await {
            Ok(emulator) => break emulator,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert!(again.url().ends_with(&port.to_string()));
}
