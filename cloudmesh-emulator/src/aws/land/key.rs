//! Key pairs.

use jiff::Timestamp;

use super::public_key::PublicKey;
use super::tags::Tag;
use super::{Land, ids};
use crate::aws::fault::Fault;

/// How many key pairs there may be.
const MOST: usize = 5_000;
/// How long a name may be.
const LONGEST: usize = 255;

/// A key pair.
#[derive(Debug, Clone)]
pub(crate) struct KeyPair {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) public: PublicKey,
    pub(crate) fingerprint: String,
    pub(crate) created: Timestamp,
}

impl Land {
    /// Keeps a public key under a name, and gives the id of the pair.
    pub(crate) fn add_key(
        &mut self,
        name: &str,
        public: PublicKey,
        fingerprint: String,
        tags: &[Tag],
    ) -> Result<String, Fault> {
        if name.is_empty() || name.len() > LONGEST || name.trim() != name || !name.is_ascii() {
            let told = format!(
                "Value ({name}) for parameter keyName is invalid. It is up to {LONGEST} ASCII characters, and can't begin \
                 or end with a space."
            );
            return Err(Fault::new("InvalidParameterValue", told));
        }
        if self.key(name).is_some() {
            let told = format!("The keypair already exists: {name}");
            return Err(Fault::new("InvalidKeyPair.Duplicate", told));
        }
        if self.keys.len() >= MOST {
            return Err(Fault::new("KeyPairLimitExceeded", "The maximum number of key pairs has been reached."));
        }
        let id = ids::KEY_PAIR.id();
        let pair = KeyPair { id: id.clone(), name: name.to_owned(), public, fingerprint, created: self.now };
        self.keys.insert(&id, pair);
        self.tags.set(&id, tags);
        Ok(id)
    }

    /// The key pair of that name.
    pub(crate) fn key(&self, name: &str) -> Option<&KeyPair> {
        self.keys.iter().find(|pair| pair.name == name)
    }

    /// That there is no key pair of that name.
    pub(crate) fn no_key(name: &str) -> Fault {
        Fault::new("InvalidKeyPair.NotFound", format!("The key pair '{name}' does not exist"))
    }

    /// Forgets a key pair, if there is such a one, and gives its id.
    pub(crate) fn remove_key(&mut self, name: Option<&str>, id: Option<&str>) -> Option<String> {
        let fits = |pair: &&KeyPair| name.is_some_and(|name| pair.name == name) || id.is_some_and(|id| pair.id == id);
        let id = self.keys.iter().find(fits)?.id.clone();
        self.keys.remove(&id);
        self.tags.forget(&id);
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::{Land, PublicKey};

    #[test]
    fn a_name_is_taken_once() {
        let mut land = Land::example();
        let key = || PublicKey::Ed25519(vec![7; 32]);
        let mut add = |name: &str| land.add_key(name, key(), key().fingerprint(), &[]).map_err(|fault| fault.code);
        assert!(add("a").is_ok());
        assert_eq!(add("a"), Err("InvalidKeyPair.Duplicate"));
        for name in ["", " b", "ü", &"x".repeat(256)] {
            assert_eq!(add(name), Err("InvalidParameterValue"), "{name}");
        }
        assert!(land.remove_key(Some("a"), None).is_some());
        assert!(land.remove_key(Some("a"), None).is_none());
    }
}
