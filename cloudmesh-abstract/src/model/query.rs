//! What is asked of a listing.

use serde::{Deserialize, Serialize};

use super::catalogue::architecture;

/// What is asked of [`list`](crate::ComputeNodeABC::list).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NodeQuery {
    /// Whether to keep the vendor's record under [`Node::raw`](crate::Node::raw).
    #[serde(default)]
    pub raw: bool,
    /// How many to fetch with one request; `None`: as many as the cloud gives.
    #[serde(default)]
    pub page_size: Option<u32>,
}

impl NodeQuery {
    /// All nodes, without the vendor's records.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the vendor's records.
    #[must_use]
    pub fn with_raw(mut self, raw: bool) -> Self {
        self.raw = raw;
        self
    }

    /// Limits a page.
    #[must_use]
    pub fn with_page_size(mut self, size: u32) -> Self {
        self.page_size = Some(size);
        self
    }
}

/// What is asked of [`images`](crate::ComputeNodeABC::images).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ImageQuery {
    /// Only images of exactly this name.
    #[serde(default)]
    pub name: Option<String>,
    /// Everything that anybody has published as well, where that is so much that it is left out otherwise.
    #[serde(default)]
    pub all: bool,
    /// Whether to keep the vendor's record under [`Image::raw`](crate::Image::raw).
    #[serde(default)]
    pub raw: bool,
    /// How many to fetch with one request; `None`: as many as the cloud gives.
    #[serde(default)]
    pub page_size: Option<u32>,
}

impl ImageQuery {
    /// The images that one boots from: the account's own ones and the usual public ones.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only images of exactly this name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Everything that anybody has published as well.
    #[must_use]
    pub fn with_all(mut self, all: bool) -> Self {
        self.all = all;
        self
    }

    /// Keeps the vendor's records.
    #[must_use]
    pub fn with_raw(mut self, raw: bool) -> Self {
        self.raw = raw;
        self
    }

    /// Limits a page.
    #[must_use]
    pub fn with_page_size(mut self, size: u32) -> Self {
        self.page_size = Some(size);
        self
    }
}

/// What is asked of [`flavors`](crate::ComputeNodeABC::flavors).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FlavorQuery {
    /// At least so many virtual processors.
    #[serde(default)]
    pub min_vcpus: Option<u32>,
    /// At least so much memory, in MiB.
    #[serde(default)]
    pub min_memory_mb: Option<u64>,
    /// Of this processor architecture, such as `x86_64` or `aarch64`.
    #[serde(default)]
    pub architecture: Option<String>,
    /// At least so many graphics processors.
    #[serde(default)]
    pub min_gpus: Option<u32>,
    /// Whether to keep the vendor's record under [`Flavor::raw`](crate::Flavor::raw).
    #[serde(default)]
    pub raw: bool,
    /// How many to fetch with one request; `None`: as many as the cloud gives.
    #[serde(default)]
    pub page_size: Option<u32>,
}

impl FlavorQuery {
    /// All flavors.
    pub fn new() -> Self {
        Self::default()
    }

    /// At least so many virtual processors.
    #[must_use]
    pub fn with_min_vcpus(mut self, vcpus: u32) -> Self {
        self.min_vcpus = Some(vcpus);
        self
    }

    /// At least so much memory, in MiB.
    #[must_use]
    pub fn with_min_memory_mb(mut self, memory: u64) -> Self {
        self.min_memory_mb = Some(memory);
        self
    }

    /// Of this processor architecture, such as `x86_64` or `aarch64`; `amd64` and `arm64` mean the same.
    #[must_use]
    pub fn with_architecture(mut self, architecture: impl Into<String>) -> Self {
        self.architecture = Some(architecture.into());
        self
    }

    /// At least so many graphics processors.
    #[must_use]
    pub fn with_min_gpus(mut self, gpus: u32) -> Self {
        self.min_gpus = Some(gpus);
        self
    }

    /// Keeps the vendor's records.
    #[must_use]
    pub fn with_raw(mut self, raw: bool) -> Self {
        self.raw = raw;
        self
    }

    /// Limits a page.
    #[must_use]
    pub fn with_page_size(mut self, size: u32) -> Self {
        self.page_size = Some(size);
        self
    }

    /// Whether it leaves any flavor out.
    pub fn narrows(&self) -> bool {
        let numbers = self.min_vcpus.is_some() || self.min_memory_mb.is_some() || self.min_gpus.is_some();
        numbers || self.architecture.is_some()
    }

    /// Whether a flavor is what was asked for. One whose size is unknown is; one whose architecture or graphics
    /// processors are unknown is not, since most have none of a special kind.
    pub fn admits(&self, flavor: &crate::Flavor) -> bool {
        let enough_vcpus = self.min_vcpus.zip(flavor.vcpus).is_none_or(|(least, has)| has >= least);
        let enough_memory = self.min_memory_mb.zip(flavor.memory_mb).is_none_or(|(least, has)| has >= least);
        let enough_gpus = self.min_gpus.is_none_or(|least| flavor.gpus.is_some_and(|has| has >= least));
        let has = flavor.architecture.as_deref().map(architecture);
        let right_kind = self.architecture.as_deref().is_none_or(|wanted| has == Some(architecture(wanted)));
        enough_vcpus && enough_memory && enough_gpus && right_kind
    }
}

#[cfg(test)]
mod tests {
    use super::FlavorQuery;
    use crate::Flavor;

    #[test]
    fn what_is_asked_for_explicitly_must_be_known() {
        let mut known = Flavor::new("1", "g1");
        (known.gpus, known.architecture) = (Some(2), Some("x86_64".to_owned()));
        let unknown = Flavor::new("2", "m1");
        let table = [
            (FlavorQuery::new(), true, true),
            (FlavorQuery::new().with_min_vcpus(4), true, true),
            (FlavorQuery::new().with_min_gpus(1), true, false),
            (FlavorQuery::new().with_min_gpus(3), false, false),
            (FlavorQuery::new().with_architecture("x86_64"), true, false),
            (FlavorQuery::new().with_architecture("AMD64"), true, false),
            (FlavorQuery::new().with_architecture("arm64"), false, false),
        ];
        for (query, wanted, of_unknown) in table {
            assert_eq!((query.admits(&known), query.admits(&unknown)), (wanted, of_unknown), "{query:?}");
        }
        assert!(!FlavorQuery::new().with_raw(true).narrows() && FlavorQuery::new().with_min_gpus(1).narrows());
    }
}
