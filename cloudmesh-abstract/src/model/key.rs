//! SSH keys.

use serde::{Deserialize, Serialize};

/// The public half of an SSH key, as the cloud keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyPair {
    /// The name.
    pub name: String,
    /// The name of the cloud in the configuration; filled in above the provider.
    #[serde(default)]
    pub cloud: String,
    /// The fingerprint in the vendor's own notation.
    #[serde(default)]
    pub fingerprint: Option<String>,
    /// The public key in OpenSSH's one-line form, where the cloud gives it back.
    #[serde(default)]
    pub public_key: Option<String>,
    /// The kind of key, such as `ssh` or `x509`, where the cloud says it.
    #[serde(default)]
    pub key_type: Option<String>,
}

impl KeyPair {
    /// A key of which only the name is known.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), cloud: String::new(), fingerprint: None, public_key: None, key_type: None }
    }

    /// A key to upload: a name and OpenSSH's one-line form.
    #[must_use]
    pub fn with_public_key(mut self, public_key: impl Into<String>) -> Self {
        self.public_key = Some(public_key.into());
        self
    }
}
