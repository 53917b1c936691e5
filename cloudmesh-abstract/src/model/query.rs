//! What is asked of a listing.

use serde::{Deserialize, Serialize};

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
    /// Whether to keep the vendor's record under [`Image::raw`](crate::Image::raw).
    #[serde(default)]
    pub raw: bool,
    /// How many to fetch with one request; `None`: as many as the cloud gives.
    #[serde(default)]
    pub page_size: Option<u32>,
}

impl ImageQuery {
    /// All images the account can boot from.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only images of exactly this name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
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

    /// Whether a flavor is what was asked for; one whose numbers are unknown is.
    pub fn admits(&self, flavor: &crate::Flavor) -> bool {
        let enough_vcpus = self.min_vcpus.zip(flavor.vcpus).is_none_or(|(least, has)| has >= least);
        let enough_memory = self.min_memory_mb.zip(flavor.memory_mb).is_none_or(|(least, has)| has >= least);
        enough_vcpus && enough_memory
    }
}
