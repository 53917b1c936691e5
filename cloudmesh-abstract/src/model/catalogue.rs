//! What nodes can be made from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A disk image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Image {
    /// The cloud's id.
    pub id: String,
    /// The name; empty where it has none.
    pub name: String,
    /// The name of the cloud in the configuration; filled in above the provider.
    #[serde(default)]
    pub cloud: String,
    /// The vendor's word for its state, such as `active`.
    #[serde(default)]
    pub status: String,
    /// The operating system, where the cloud says it.
    #[serde(default)]
    pub os: Option<String>,
    /// The processor architecture, such as `x86_64`.
    #[serde(default)]
    pub architecture: Option<String>,
    /// Its size in bytes, as stored.
    #[serde(default)]
    pub size_bytes: Option<u64>,
    /// The least disk it boots from, in GiB.
    #[serde(default)]
    pub min_disk_gb: Option<u32>,
    /// The least memory it boots with, in MiB.
    #[serde(default)]
    pub min_memory_mb: Option<u32>,
    /// Who may see it, in the vendor's word, such as `public`.
    #[serde(default)]
    pub visibility: Option<String>,
    /// The account that owns it.
    #[serde(default)]
    pub owner: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// The vendor's record; only when the query asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Value>,
}

impl Image {
    /// An image of which only id and name are known.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            cloud: String::new(),
            status: String::new(),
            os: None,
            architecture: None,
            size_bytes: None,
            min_disk_gb: None,
            min_memory_mb: None,
            visibility: None,
            owner: None,
            created: None,
            raw: None,
        }
    }
}

/// A size of machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Flavor {
    /// The cloud's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The name of the cloud in the configuration; filled in above the provider.
    #[serde(default)]
    pub cloud: String,
    /// Virtual processors.
    #[serde(default)]
    pub vcpus: Option<u32>,
    /// Memory in MiB.
    #[serde(default)]
    pub memory_mb: Option<u64>,
    /// The boot disk that comes with it, in GiB; 0 where the disk is separate.
    #[serde(default)]
    pub disk_gb: Option<u64>,
    /// Disks of the host that it has beside the boot disk, in GiB altogether; what is on them goes when it stops.
    #[serde(default)]
    pub local_disk_gb: Option<u64>,
    /// Graphics processors.
    #[serde(default)]
    pub gpus: Option<u32>,
    /// How fast its network is, in the vendor's words, such as `Up to 12.5 Gigabit`.
    #[serde(default)]
    pub network: Option<String>,
    /// The processor architecture, such as `x86_64`.
    #[serde(default)]
    pub architecture: Option<String>,
    /// The vendor's record; only when the query asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Value>,
}

impl Flavor {
    /// A flavor of which only id and name are known.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            cloud: String::new(),
            vcpus: None,
            memory_mb: None,
            disk_gb: None,
            local_disk_gb: None,
            gpus: None,
            network: None,
            architecture: None,
            raw: None,
        }
    }

    /// Whether its processors run what an image is built for; `true` also where nobody says it, or in words of their own.
    pub fn boots(&self, image: &Image) -> bool {
        let known = |name: &Option<String>| name.as_deref().map(architecture).filter(|name| COMMON.contains(&&**name));
        known(&self.architecture).zip(known(&image.architecture)).is_none_or(|(has, needs)| has == needs)
    }
}

/// The architectures of which one does not run what is built for another.
const COMMON: [&str; 2] = ["x86_64", "aarch64"];

/// The one spelling of an architecture.
pub(super) fn architecture(name: &str) -> String {
    let name = name.to_lowercase().replace('-', "_");
    match name.as_str() {
        "amd64" | "x64" => "x86_64".to_owned(),
        "arm64" | "armv8" => "aarch64".to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{Flavor, Image};

    #[test]
    fn processors_run_what_is_built_for_them() {
        let table = [
            (Some("x86_64"), Some("amd64"), true),
            (Some("arm64"), Some("aarch64"), true),
            (Some("arm64"), Some("x86_64"), false),
            (None, Some("x86_64"), true),
            (Some("x86_64"), None, true),
            (Some("s== x86_64"), Some("aarch64"), true),
            (Some("x86_64"), Some("i386"), true),
        ];
        for (has, needs, boots) in table {
            let (mut flavor, mut image) = (Flavor::new("f", "f"), Image::new("i", "i"));
            (flavor.architecture, image.architecture) = (has.map(str::to_owned), needs.map(str::to_owned));
            assert_eq!(flavor.boots(&image), boots, "{has:?} {needs:?}");
        }
    }
}
