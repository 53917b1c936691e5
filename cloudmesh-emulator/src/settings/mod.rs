//! What to tell clients about an emulator: settings, `cloudmesh.yaml`, and the files of the vendors' own clients.

mod aws;
mod openstack;
mod proofs;

use std::path::Path;

use cloudmesh_abstract::conformance::Props;
use cloudmesh_abstract::{Error, ErrorKind, Result, Settings};
use serde_json::{Map, Value, json};

pub use self::proofs::AwsProofs;
use crate::world::seed;
use crate::{Emulator, private};

/// The kinds of clouds there are, as a configuration names them.
pub const KINDS: [&str; 2] = ["aws", "openstack"];

/// The name that the emulator has in the files.
pub const CLOUD: &str = "emulator";

/// A kind of cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Aws,
    OpenStack,
}

impl Kind {
    /// All of them.
    const ALL: [Self; 2] = [Self::Aws, Self::OpenStack];

    /// The kind of that name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] for a kind that is not emulated.
    pub(crate) fn named(name: &str) -> Result<Self> {
        let unknown = || {
            let told = format!("`{name}` is not emulated, but `{}` are", KINDS.join("`, `"));
            Error::new(ErrorKind::Unsupported, told)
        };
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(unknown)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::OpenStack => "openstack",
        }
    }

    /// The cloud's name, as people write it.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::OpenStack => "OpenStack",
        }
    }

    /// What exists in a cloud of that kind to make nodes from.
    pub(crate) fn props(self) -> Props {
        match self {
            Self::Aws => aws::props(),
            Self::OpenStack => openstack::props(),
        }
    }
}

impl Emulator {
    /// What a provider of that kind is told: the `credentials` and what else stands in
    /// [`cloudmesh_yaml`](Self::cloudmesh_yaml).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] for a kind that is not emulated.
    pub fn settings(&self, kind: &str) -> Result<Settings> {
        let told = self.told(Kind::named(kind)?);
        Ok(told.into_iter().fold(Settings::default(), |settings, (key, value)| settings.with(&key, value)))
    }

    /// Writes [`cloudmesh.yaml`](Self::cloudmesh_yaml) and what the vendors' own clients read into a folder, for their
    /// owner's eyes only: [`clouds.yaml`](Self::clouds_yaml), `aws/config` and `aws/credentials`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when they cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        private::write(&folder.join("cloudmesh.yaml"), &self.cloudmesh_yaml())?;
        private::write(&folder.join("aws/config"), &self.aws_config())?;
        private::write(&folder.join("aws/credentials"), &self.aws_credentials())?;
        private::write(&folder.join("clouds.yaml"), &self.clouds_yaml())
    }

    /// A complete `cloudmesh.yaml` with a cloud of each kind in it: the one it was started for is called [`CLOUD`], the
    /// others `emulator-aws` and the like. It holds secrets.
    pub fn cloudmesh_yaml(&self) -> String {
        let clouds: Map<String, Value> = self.kinds().map(|kind| (self.name(kind), self.entry(kind))).collect();
        yaml(&json!({"cloudmesh": {
            "profile": {"user": seed::NAME},
            "default": {"cloud": CLOUD, "group": "cloudmesh"},
            "compute": clouds,
        }}))
    }

    /// All kinds, the one it was started for first.
    fn kinds(&self) -> impl Iterator<Item = Kind> {
        let main = self.world().kind();
        std::iter::once(main).chain(Kind::ALL.into_iter().filter(move |kind| *kind != main))
    }

    /// What the cloud of a kind is called in the files.
    fn name(&self, kind: Kind) -> String {
        if kind == self.world().kind() { CLOUD.to_owned() } else { format!("{CLOUD}-{}", kind.name()) }
    }

    /// A cloud of the `cloudmesh.yaml`.
    fn entry(&self, kind: Kind) -> Value {
        let about = format!("emulated {}", kind.about());
        let props = kind.props();
        let mut cloud = Map::new();
        cloud
            .insert("cm".into(), json!({"name": self.name(kind), "kind": kind.name(), "label": about, "active": true}));
        cloud.extend(self.told(kind));
        let defaults = match kind {
            Kind::Aws => json!({"image": aws::IMAGE, "size": props.flavor}),
            Kind::OpenStack => json!({"image": props.image, "size": props.flavor, "network": props.network}),
        };
        cloud.insert("defaults".into(), defaults);
        cloud.into()
    }

    /// What a provider of a kind must be told.
    fn told(&self, kind: Kind) -> Map<String, Value> {
        let mut told = match kind {
            Kind::Aws => self.aws_told(),
            Kind::OpenStack => self.openstack_told(),
        };
        if let Some(file) = self.root_file() {
            told.insert("ca_file".into(), json!(shown(file)));
        }
        told
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

/// Plain groups of texts always become YAML.
fn yaml(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Kind};

    #[test]
    fn kinds_are_named_once() {
        assert_eq!(Kind::ALL.map(Kind::name), KINDS);
        assert!(Kind::named("Aws").unwrap_err().message().contains("`aws`, `openstack`"));
    }
}
