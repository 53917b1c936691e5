//! SSH keys.

mod public;
#[cfg(test)]
mod tests;

pub use self::public::PublicKey;

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Result};

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

    /// The same key in the one spelling that every cloud takes, for the provider that uploads it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] without a name, and for what is no [`PublicKey`].
    pub fn settled(self) -> Result<Self> {
        let refusal = |message: String| Err(Error::new(ErrorKind::InvalidInput, message));
        if self.name.trim().is_empty() {
            return refusal("a key needs a name: give it one".to_owned());
        }
        let Some(text) = &self.public_key else {
            return refusal(format!("the key `{}` has no public half: give it one", self.name));
        };
        let read: PublicKey = text.parse()?;
        Ok(self.with_public_key(read.to_string()))
    }
}
