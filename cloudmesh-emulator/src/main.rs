//! The emulator as a program.

use std::io::Write;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use cloudmesh_abstract::{Error, ErrorKind, Result};
use cloudmesh_emulator::{CLOUD, Emulator};
use jiff::SignedDuration;
use tokio::signal::unix::{SignalKind, signal};

/// A cloud on loopback, for trying out, teaching and testing.
///
/// Prints a `cloudmesh.yaml` that is ready to use, and runs until it is interrupted. Nothing outlives it.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// The address to listen on; loopback only
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
    /// The port to listen on; 0 for a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The cloud that is called `emulator`, and that nodes and quotas are about; the others are there too
    #[arg(long, value_name = "KIND", default_value = "openstack")]
    kind: String,
    /// How many running nodes there are at the start
    #[arg(long, default_value_t = 0)]
    nodes: usize,
    /// How many public images there are beside the usual ones
    #[arg(long, default_value_t = 0)]
    images: usize,
    /// How many more nodes can be made
    #[arg(long, default_value_t = 100)]
    quota: usize,
    /// How many of something of the compute service there may be, such as `cores=8`; -1 for any number
    #[arg(long, value_name = "NAME=N", value_parser = limit, allow_hyphen_values = true)]
    compute_quota: Vec<(String, i64)>,
    /// Lets there be a volume service
    #[arg(long)]
    volumes: bool,
    /// Lets nodes have screens, at addresses that a client can ask for
    #[arg(long)]
    consoles: bool,
    /// How many of something there may be on the network, such as `security_group_rule=500`; -1 for any number
    #[arg(long, value_name = "NAME=N", value_parser = limit, allow_hyphen_values = true)]
    network_quota: Vec<(String, i64)>,
    /// How long a node takes to be built, to stop and so on
    #[arg(long, value_name = "MS", default_value_t = 30)]
    build_time: u64,
    /// How much longer every answer takes, such as `100ms`
    #[arg(long, value_name = "TIME", default_value = "0ms", value_parser = time)]
    latency: Duration,
    /// Refuses every request of this number, such as every tenth, as one too many
    #[arg(long, value_name = "N")]
    throttle_every: Option<NonZeroUsize>,
    /// Speaks TLS, by a certificate whose root is made at start and named in the configuration
    #[arg(long)]
    tls: bool,
    /// Writes `cloudmesh.yaml`, `clouds.yaml` and `aws/` into this folder instead of printing the first
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(if error.kind() == ErrorKind::InvalidInput { 2 } else { 1 })
        }
    }
}

async fn run(options: Options) -> Result<()> {
    let mut builder = Emulator::builder()
        .kind(&options.kind)
        .address(options.address)
        .port(options.port)
        .nodes(options.nodes)
        .images(options.images)
        .quota(options.quota)
        .consoles(options.consoles)
        .volumes(options.volumes)
        .latency(options.latency);
    if let Some(requests) = options.throttle_every {
        builder = builder.throttle_every(requests.get());
    }
    if options.tls {
        builder = builder.tls();
    }
    if let Some(folder) = &options.write {
        builder = builder.root_file(folder.join("ca.pem"));
    }
    for (resource, limit) in &options.compute_quota {
        builder = builder.compute_quota(resource, *limit);
    }
    for (resource, limit) in &options.network_quota {
        builder = builder.network_quota(resource, *limit);
    }
    let emulator = builder.build_time(Duration::from_millis(options.build_time)).start().await?;
    let mut end = signal(SignalKind::terminate()).map_err(|error| failed("cannot wait for signals", error))?;
    match &options.write {
        Some(folder) => emulator.write(folder)?,
        None => print(&emulator.cloudmesh_yaml())?,
    }
    eprint!("{}", usage(&emulator, options.write.as_deref()));
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = end.recv() => {}
    }
    emulator.stop();
    Ok(())
}

/// Reads a time such as `100ms` or `2s`.
fn time(text: &str) -> std::result::Result<Duration, String> {
    let told = || format!("`{text}` is no time; write one such as `100ms` or `2s`");
    let time: SignedDuration = text.parse().map_err(|_| told())?;
    Duration::try_from(time).map_err(|_| told())
}

/// Reads a limit such as `floatingip=5`.
fn limit(text: &str) -> std::result::Result<(String, i64), String> {
    let read = text.split_once('=').and_then(|(name, limit)| Some((name.to_owned(), limit.parse().ok()?)));
    read.ok_or_else(|| format!("`{text}` is no limit; write one such as `floatingip=5`"))
}

fn usage(emulator: &Emulator, folder: Option<&Path>) -> String {
    let url = emulator.url();
    let use_it = folder.map_or_else(
        || "save what is printed as `cloudmesh.yaml`; then: cms --config cloudmesh.yaml vm list".to_owned(),
        |folder| {
            let [ours, theirs, config, credentials] =
                ["cloudmesh.yaml", "clouds.yaml", "aws/config", "aws/credentials"].map(|name| folder.join(name));
            let (ours, theirs) = (ours.display(), theirs.display());
            let (config, credentials) = (config.display(), credentials.display());
            format!(
                "cms --config {ours} vm list\nor: OS_CLIENT_CONFIG_FILE={theirs} OS_CLOUD={CLOUD} openstack server list\n\
                 or: AWS_CONFIG_FILE={config} AWS_SHARED_CREDENTIALS_FILE={credentials} aws ec2 describe-instances"
            )
        },
    );
    format!("The emulator listens on {url} (OpenStack: {url}/identity/v3)\n{use_it}\nEnd it with Ctrl-C\n")
}

fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| failed("cannot print the configuration", error))
}

fn failed(told: &str, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Config, told).with_source(error)
}
