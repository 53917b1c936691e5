//! Key pairs. Pure functions.

use cloudmesh_abstract::KeyPair;

use crate::wire;

/// A key pair.
pub(crate) fn key(record: wire::KeyPair) -> KeyPair {
    let mut key = KeyPair::new(record.name);
    key.fingerprint = record.fingerprint.filter(|text| !text.is_empty());
    key.public_key = record.public_key.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    key.key_type = record.kind;
    key
}

/// A key pair of the oldest version of Nova's interface, which keeps no others.
pub(crate) fn ssh_key(record: wire::KeyPair) -> KeyPair {
    let mut key = key(record);
    key.key_type = Some("ssh".to_owned());
    key
}
