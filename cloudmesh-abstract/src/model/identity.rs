//! Who we are to a cloud.

use serde::{Deserialize, Serialize};

/// Who the cloud takes us for: the answer of [`whoami`](crate::ComputeNodeABC::whoami).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identity {
    /// The user, role or service account.
    pub user: String,
    /// The account, project, subscription or tenancy.
    pub account: String,
    /// The name of the cloud in the configuration; filled in above the provider.
    #[serde(default)]
    pub cloud: String,
    /// The region that is used.
    #[serde(default)]
    pub region: Option<String>,
    /// Where the cloud answers.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Where the credentials came from, such as "configuration" or "environment".
    #[serde(default)]
    pub source: Option<String>,
}

impl Identity {
    /// A user of an account.
    pub fn new(user: impl Into<String>, account: impl Into<String>) -> Self {
        Self { user: user.into(), account: account.into(), ..Self::default() }
    }

    /// Adds the region.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Adds where the cloud answers.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Adds where the credentials came from.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}
