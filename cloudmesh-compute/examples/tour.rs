//! The main job without any account: an emulated OpenStack is started in this process, three machines are booted,
//! stopped, started and deleted on it. Nothing outside a temporary folder is read or written.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use cloudmesh_compute::{ComputeNodeABC, Goal, Node, NodeQuery, Outcome, Provider, Wishes};
use cloudmesh_emulator::Emulator;
use futures::future::try_join_all;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("cloudmesh.yaml");
    write_private(&file, &emulator.cloudmesh_yaml())?;
    println!("an emulated OpenStack answers at {}\n", emulator.url());

    let cloud = Provider::with_config("emulator", &file)?;
    let names = cloudmesh_compute::names::expand("web[1-3]")?;
    let specs = names.iter().map(|name| Wishes::default().spec(&cloud, name)).collect::<Result<Vec<_>, _>>()?;
    try_join_all(specs.iter().map(|spec| cloud.create(spec))).await?;
    show("booted", &cloud, Some(Goal::Running)).await?;

    done(cloud.nodes("web[1-3]")?.stop().await?)?;
    show("stopped", &cloud, Some(Goal::Stopped)).await?;

    done(cloud.nodes("web[1-3]")?.start().await?)?;
    show("started", &cloud, Some(Goal::Running)).await?;

    done(cloud.nodes("web[1-3]")?.destroy().await?)?;
    done(cloud.nodes("web[1-3]")?.wait(Goal::Gone).await?)?;
    show("deleted, left", &cloud, None).await?;

    println!("{REAL}");
    Ok(())
}

const REAL: &str = "\
On a real cloud: write its entry into ~/.cloudmesh/cloudmesh.yaml,

  cloudmesh:
    default: {cloud: mycloud}
    compute:
      mycloud:
        cm: {kind: openstack}
        credentials:
          auth:
            auth_url: https://keystone.example.org:5000
            username: albert
            password: ${OS_PASSWORD}
            project_name: relativity
        defaults: {image: ubuntu-24.04, size: m1.small}

then chmod 600 it, install `cms` and try `cms vm list`; the README says how.";

/// Waits for the goal, then lists what the cloud has.
async fn show(what: &str, cloud: &Provider, goal: Option<Goal>) -> Result<(), Box<dyn Error>> {
    if let Some(goal) = goal {
        done(cloud.nodes("web[1-3]")?.wait(goal).await?)?;
    }
    let mut nodes = cloud.list(&NodeQuery::new()).await?;
    nodes.retain(|node| node.name.starts_with("web"));
    nodes.sort_by(|a, b| a.name.cmp(&b.name));
    println!("{what}: {} machines", nodes.len());
    if !nodes.is_empty() {
        println!("  {:<8}{:<10}{:<12}{:<14}CLOUD", "NAME", "STATUS", "SIZE", "PRIVATE");
    }
    nodes.iter().for_each(print);
    println!();
    Ok(())
}

fn print(node: &Node) {
    let address = node.private_ips.first().map(ToString::to_string).unwrap_or_default();
    let size = node.flavor.as_deref().unwrap_or("-");
    println!("  {:<8}{:<10}{:<12}{:<14}{}", node.name, node.status, size, address, node.cloud);
}

/// The first error among the outcomes, if there is one.
fn done(outcomes: Vec<Outcome>) -> Result<(), cloudmesh_compute::Error> {
    outcomes.into_iter().try_for_each(|outcome| outcome.result.map(|_| ()))
}

#[cfg(unix)]
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(file)?.write_all(text.as_bytes())
}
