//! Bringing a public key to a cloud.

use cloudmesh_abstract::{Error, ErrorKind, KeyPair, Keys, PublicKey, Result};

use crate::Provider;

/// What was done to bring something to a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Brought {
    /// It was not there.
    New,
    /// It was there already, just so.
    Unchanged,
    /// Another of its name made room for it.
    Replaced,
}

impl Provider {
    /// Brings a public key to the cloud under a name. One that is there already is left alone.
    ///
    /// ```no_run
    /// use cloudmesh_compute::{Provider, library::key_from};
    ///
    /// # async fn example() -> cloudmesh_compute::Result<()> {
    /// let key = key_from("/home/albert/.ssh/id_ed25519.pub".as_ref())?;
    /// let brought = Provider::new("mycloud")?.upload_key("laptop", &key, false).await?;
    /// println!("{brought:?}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AlreadyExists`] when there is another key of this name, unless it may be replaced;
    /// [`ErrorKind::Unsupported`] where a cloud keeps no keys; those of [`key_upload`](Keys::key_upload).
    pub async fn upload_key(&self, name: &str, key: &PublicKey, replace: bool) -> Result<Brought> {
        self.upload_key_beside(&self.keys().await?, name, key, replace).await
    }

    /// As [`upload_key`](Self::upload_key), where the cloud has told what keys it has.
    pub(crate) async fn upload_key_beside(
        &self,
        there: &[KeyPair],
        name: &str,
        key: &PublicKey,
        replace: bool,
    ) -> Result<Brought> {
        let wanted = KeyPair::new(name).with_public_key(key.to_string());
        let Some(there) = there.iter().find(|key| key.name == name) else {
            return match self.key_upload(&wanted).await {
                Ok(_) => Ok(Brought::New),
                // Somebody was faster, perhaps with the same key.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => match self.key_of(name).await? {
                    Some(there) if is_that_of(key, &there) => Ok(Brought::Unchanged),
                    _ => Err(error),
                },
                Err(error) => Err(error),
            };
        };
        if is_that_of(key, there) {
            return Ok(Brought::Unchanged);
        }
        if !replace {
            return Err(self.taken(name, there));
        }
        self.key_delete(name).await?;
        if let Err(error) = self.key_upload(&wanted).await {
            if there.public_key.is_some() {
                // The cloud may not take it back; the error is the first one then, too.
                _ = self.key_upload(there).await;
            }
            return Err(error);
        }
        Ok(Brought::Replaced)
    }

    /// What is there under the key's name.
    async fn key_of(&self, name: &str) -> Result<Option<KeyPair>> {
        Ok(self.keys().await?.into_iter().find(|key| key.name == name))
    }

    fn taken(&self, name: &str, there: &KeyPair) -> Error {
        let which = fingerprint(there).map_or_else(String::new, |fingerprint| format!(" ({fingerprint})"));
        let message = format!(
            "`{name}` is another key there{which}; give this one another name, or replace that one with `--force`"
        );
        Error::new(ErrorKind::AlreadyExists, message).in_cloud(self.name())
    }
}

/// The fingerprint of a cloud's key, as OpenSSH writes it where the cloud tells the key itself.
pub(crate) fn fingerprint(key: &KeyPair) -> Option<String> {
    let own = || key.public_key.as_deref()?.parse::<PublicKey>().ok().map(|key| key.sha256());
    own().or_else(|| key.fingerprint.clone()).filter(|fingerprint| !fingerprint.is_empty())
}

/// Whether a cloud's key is this one, by what the cloud tells of it.
fn is_that_of(key: &PublicKey, there: &KeyPair) -> bool {
    if let Some(other) = there.public_key.as_deref().and_then(|text| text.parse::<PublicKey>().ok()) {
        return key.is_same(&other);
    }
    key.has_fingerprint(there.fingerprint.as_deref().unwrap_or_default())
}
