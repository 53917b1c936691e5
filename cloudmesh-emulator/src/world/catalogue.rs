//! What nodes are made from: images, flavors, key pairs.

use jiff::Timestamp;

/// The memory of the largest host, in MiB: a flavor beyond it finds no room.
pub(crate) const HOST_MEMORY: u64 = 524_288;

/// An image that nodes boot from.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) owner: String,
    /// In bytes.
    pub(crate) size: u64,
    /// In GiB.
    pub(crate) min_disk: u64,
    /// In MiB.
    pub(crate) min_memory: u64,
    pub(crate) created: Timestamp,
    /// The node that it is a copy of; only its owner sees it.
    pub(crate) copy_of: Option<String>,
}

impl Image {
    /// Whether a project may see and use it.
    pub(crate) fn is_open_to(&self, project: &str) -> bool {
        self.copy_of.is_none() || self.owner == project
    }
}

/// The size of a node.
#[derive(Debug, Clone)]
pub(crate) struct Flavor {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) cores: u32,
    /// In MiB.
    pub(crate) memory: u64,
    /// In GiB.
    pub(crate) disk: u64,
}

/// A public key under a name.
#[derive(Debug, Clone)]
pub(crate) struct KeyPair {
    pub(crate) name: String,
    pub(crate) user: String,
    pub(crate) public: String,
    pub(crate) fingerprint: String,
    pub(crate) created: Timestamp,
}

/// The MD5 fingerprint of an OpenSSH public key; `None` when it is none.
pub(crate) fn fingerprint(public: &str) -> Option<String> {
    use base64::Engine;
    use md5::Digest;

    let mut words = public.split_ascii_whitespace();
    let kind = words.next()?;
    let known = kind.starts_with("ssh-") || kind.starts_with("ecdsa-sha2-") || kind.starts_with("sk-");
    let blob = base64::engine::general_purpose::STANDARD.decode(words.next()?).ok()?;
    let named = blob.get(4..4 + kind.len())? == kind.as_bytes();
    let pairs: Vec<String> = md5::Md5::digest(&blob).iter().map(|byte| format!("{byte:02x}")).collect();
    (known && named).then(|| pairs.join(":"))
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKNkPpg0pPUi4yqWTbYdWhbHuUs5yS1bSaqbbxGHCsfN a@b";

    #[test]
    fn keys_have_fingerprints() {
        assert_eq!(fingerprint(KEY).unwrap(), "c6:8c:75:23:36:a7:4b:4b:a5:bd:07:68:22:f2:24:e2");
    }

    #[test]
    fn what_is_no_key_has_none() {
        for text in ["", "not a key", "ssh-rsa", "ssh-rsa ****", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA"] {
            assert_eq!(fingerprint(text), None, "{text}");
        }
    }
}
