//! Making key pairs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::traits::PublicKeyParts;
use sha1::{Digest, Sha1};
use ssh_key::private::Ed25519Keypair;
use ssh_key::rand_core::OsRng;

use super::public_key::{PublicKey, colons};

/// The size of an RSA key, in bits.
const BITS: usize = 2048;

/// A key pair that is new.
pub(crate) struct NewKey {
    pub(crate) public: PublicKey,
    pub(crate) fingerprint: String,
    /// The private key as PEM.
    pub(crate) private: String,
}

/// Makes an RSA key: its fingerprint is the SHA-1 of the private key's DER.
pub(crate) fn rsa() -> Option<NewKey> {
    let key = RsaPrivateKey::new(&mut OsRng, BITS).ok()?;
    let fingerprint = colons(&Sha1::digest(key.to_pkcs8_der().ok()?.as_bytes()));
    let private = pem("RSA PRIVATE KEY", key.to_pkcs1_der().ok()?.as_bytes());
    let (exponent, modulus) = (positive(key.e().to_bytes_be()), positive(key.n().to_bytes_be()));
    Some(NewKey { public: PublicKey::Rsa { exponent, modulus }, fingerprint, private })
}

/// Makes an ED25519 key.
pub(crate) fn ed25519() -> Option<NewKey> {
    let pair = Ed25519Keypair::random(&mut OsRng);
    let public = PublicKey::Ed25519(pair.public.0.to_vec());
    let private = ssh_key::PrivateKey::from(pair).to_openssh(ssh_key::LineEnding::LF).ok()?;
    Some(NewKey { fingerprint: public.fingerprint(), public, private: private.trim_end().to_owned() })
}

/// DER in lines of 64 letters, between two that tell what it is.
fn pem(label: &str, der: &[u8]) -> String {
    let text: Vec<char> = STANDARD.encode(der).chars().collect();
    let lines: Vec<String> = text.chunks(64).map(|line| line.iter().collect()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", lines.join("\n"))
}

/// With a zero byte before what would seem negative.
fn positive(number: Vec<u8>) -> Vec<u8> {
    if number.first().is_some_and(|byte| byte & 0x80 != 0) { [vec![0], number].concat() } else { number }
}

#[cfg(test)]
mod tests {
    use super::{PublicKey, ed25519, rsa};

    #[test]
    fn new_keys_are_pairs() {
        let table =
            [(rsa(), "-----BEGIN RSA PRIVATE KEY-----", 59), (ed25519(), "-----BEGIN OPENSSH PRIVATE KEY-----", 44)];
        for (key, begin, length) in table {
            let key = key.unwrap();
            assert!(key.private.starts_with(begin));
            assert_eq!(key.fingerprint.len(), length);
            let read = PublicKey::parse(key.public.line("me").as_bytes()).unwrap();
            assert_eq!(read, key.public);
        }
    }
}
