//! A configuration in a folder of its own, with clouds in memory.

use std::path::PathBuf;
use std::time::Duration;

use cloudmesh_compute::memory::{PASSWORD, World};
use cloudmesh_compute::{
    ComputeNodeABC, Goal, Node, NodeSpec, Outcome, PollPolicy, Provider, ProviderBuilder, RetryPolicy,
};
use tempfile::TempDir;

/// A folder with a `cloudmesh.yaml`, and the world that its cloud `lab` is in.
pub(crate) struct Lab {
    pub(crate) folder: TempDir,
    pub(crate) world: World,
}

impl Lab {
    /// One cloud, `lab`, with an image and a size by default.
    pub(crate) fn new() -> Self {
        Self::with("defaults: {image: ubuntu-24.04, size: m1.small}")
    }

    /// One cloud, `lab`, with these lines in its entry.
    pub(crate) fn with(lines: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = World::named(&format!("library-{}", folder.path().display()));
        let lab = Self { folder, world };
        lab.write(&format!("cloudmesh:\n  compute:\n    lab:\n{}", lab.entry(lines)));
        lab
    }

    /// The lines of an entry for this lab's world.
    pub(crate) fn entry(&self, lines: &str) -> String {
        let entry = format!(
            "      cm: {{kind: memory}}\n      world: {}\n      credentials: {{user: albert, password: {PASSWORD}}}\n",
            self.world.name()
        );
        let lines = lines.lines().map(|line| format!("      {line}\n"));
        lines.fold(entry, |entry, line| entry + &line)
    }

    /// Replaces the file.
    pub(crate) fn write(&self, text: &str) {
        std::fs::write(self.file(), text).unwrap();
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("cloudmesh.yaml")
    }

    /// A builder that loses no time with waiting.
    pub(crate) fn builder(&self, name: &str) -> ProviderBuilder {
        Provider::builder(name).config_file(&self.file()).retry(RetryPolicy::quick()).poll(PollPolicy::quick())
    }

    /// The cloud `lab`.
    pub(crate) fn cloud(&self) -> Provider {
        self.builder("lab").build().unwrap()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        World::forget(self.world.name());
    }
}

/// The specification of a small node.
pub(crate) fn small(name: &str) -> NodeSpec {
    NodeSpec::new(name, "ubuntu-24.04", "m1.small")
}

/// Makes these nodes and waits until they run.
pub(crate) async fn boot(cloud: &Provider, names: &[&str]) -> Vec<Node> {
    for name in names {
        cloud.create(&small(name)).await.unwrap();
    }
    nodes_of(cloud.nodes_of(names).unwrap().wait(Goal::Running).await.unwrap())
}

/// The nodes of outcomes that all went well.
pub(crate) fn nodes_of(outcomes: Vec<Outcome>) -> Vec<Node> {
    outcomes.into_iter().map(|outcome| outcome.result.unwrap().unwrap()).collect()
}

/// Outcomes as a table: the name, and the state of the node or the error.
pub(crate) fn told(outcomes: &[Outcome]) -> Vec<(String, String)> {
    let told = |outcome: &Outcome| match &outcome.result {
        Ok(Some(node)) => node.status.to_string(),
        Ok(None) => "gone".to_owned(),
        Err(error) => error.to_string(),
    };
    outcomes.iter().map(|outcome| (outcome.name.clone(), told(outcome))).collect()
}

/// The names of everything that is there, in order.
pub(crate) async fn names(cloud: &Provider) -> Vec<String> {
    let mut names: Vec<String> =
        cloud.list(&cloudmesh_compute::NodeQuery::new()).await.unwrap().into_iter().map(|node| node.name).collect();
    names.sort();
    names
}

/// Longer than any test should take, shorter than anybody waits.
pub(crate) const SOON: Duration = Duration::from_millis(200);
