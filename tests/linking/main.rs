//! What somebody's own program does with the library.

use cloudmesh_compute::config::Config;
use cloudmesh_compute::{ComputeNodeABC, Goal, NodeQuery, Provider, Result, Wishes, memory};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let kinds: Vec<&str> = cloudmesh_compute::registrations()?.iter().map(|found| found.kind).collect();
    assert_eq!(kinds, ["memory"], "the linked providers");

    let text = format!(
        "cloudmesh: {{compute: {{lab: {{cm: {{kind: memory}}, credentials: {{user: somebody, password: {}}}, \
         defaults: {{image: ubuntu-24.04, size: m1.small}}}}}}}}",
        memory::PASSWORD
    );
    let config = Config::from_text(&text, "text")?;
    let lab = Provider::builder("lab").config(config.into()).build()?;
    lab.create(&Wishes::default().spec(&lab, "web-1")?).await?;
    for outcome in lab.nodes("web-1")?.wait(Goal::Running).await? {
        outcome.result?;
    }
    let nodes = lab.list(&NodeQuery::new()).await?;
    println!("found the provider `memory` and booted {} with it", nodes[0].name);
    Ok(())
}
