//! Public keys as they are imported: OpenSSH's line, RFC 4716, or DER in base64; RSA or ED25519.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use sha2::Sha256;

use super::der;
use crate::aws::fault::Fault;

/// The sizes that an RSA key may have, in bits.
const RSA_BITS: std::ops::RangeInclusive<usize> = 1024..=16_384;

/// The kind of a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    Rsa,
    Ed25519,
}

impl KeyType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    Rsa { exponent: Vec<u8>, modulus: Vec<u8> },
    Ed25519(Vec<u8>),
}

impl PublicKey {
    /// Reads what is imported.
    pub(crate) fn parse(material: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(material).map_err(|_| no_key())?.trim();
        let key = if text.starts_with("---- BEGIN SSH2 PUBLIC KEY ----") {
            STANDARD.decode(ssh2_body(text)).ok().and_then(|blob| Self::from_blob(&blob))
        } else if text.starts_with("ssh-") {
            Self::from_line(text)
        } else {
            let body: String = text.split_whitespace().collect();
            STANDARD.decode(body).ok().and_then(|der| Self::from_der(&der))
        };
        key.filter(Self::has_good_size).ok_or_else(no_key)
    }

    fn from_line(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let (kind, blob) = (words.next()?, words.next()?);
        let blob = STANDARD.decode(blob).ok()?;
        let named = fields(&blob)?.first()? == &kind.as_bytes();
        named.then(|| Self::from_blob(&blob))?
    }

    /// Reads RFC 4253's form.
    fn from_blob(blob: &[u8]) -> Option<Self> {
        match fields(blob)?[..] {
            [b"ssh-rsa", exponent, modulus] => {
                Some(Self::Rsa { exponent: exponent.to_vec(), modulus: modulus.to_vec() })
            }
            [b"ssh-ed25519", point] if point.len() == 32 => Some(Self::Ed25519(point.to_vec())),
            _ => None,
        }
    }

    /// Reads a `SubjectPublicKeyInfo` of an RSA key.
    fn from_der(der: &[u8]) -> Option<Self> {
        let (modulus, exponent) = der::read_rsa(der)?;
        Some(Self::Rsa { exponent, modulus })
    }

    fn has_good_size(&self) -> bool {
        match self {
            Self::Rsa { exponent, modulus } => RSA_BITS.contains(&bits(modulus)) && bits(exponent) >= 2,
            Self::Ed25519(_) => true,
        }
    }

    pub(crate) fn kind(&self) -> KeyType {
        match self {
            Self::Rsa { .. } => KeyType::Rsa,
            Self::Ed25519(_) => KeyType::Ed25519,
        }
    }

    /// The fingerprint of an imported key: MD5 of the DER for RSA, SHA-256 for ED25519.
    pub(crate) fn fingerprint(&self) -> String {
        match self {
            Self::Rsa { exponent, modulus } => colons(&Md5::digest(der::write_rsa(modulus, exponent))),
            Self::Ed25519(_) => STANDARD.encode(Sha256::digest(self.blob())),
        }
    }

    /// OpenSSH's line, with a comment.
    pub(crate) fn line(&self, comment: &str) -> String {
        let kind = match self {
            Self::Rsa { .. } => "ssh-rsa",
            Self::Ed25519(_) => "ssh-ed25519",
        };
        format!("{kind} {} {comment}", STANDARD.encode(self.blob()))
    }

    fn blob(&self) -> Vec<u8> {
        let parts: Vec<&[u8]> = match self {
            Self::Rsa { exponent, modulus } => vec![b"ssh-rsa", exponent, modulus],
            Self::Ed25519(point) => vec![b"ssh-ed25519", point],
        };
        let with_length = |part: &&[u8]| [&u32::try_from(part.len()).unwrap_or(0).to_be_bytes()[..], part].concat();
        parts.iter().flat_map(with_length).collect()
    }
}

/// The bytes in hexadecimal digits, with colons between them.
pub(crate) fn colons(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(":")
}

fn no_key() -> Fault {
    Fault::new("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
}

/// What stands between the header and the end, without the headers' lines.
fn ssh2_body(text: &str) -> String {
    let mut continued = false;
    let mut body = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("----")) {
        let header = continued || line.contains(':');
        continued = header && line.ends_with('\\');
        if !header {
            body.push_str(line);
        }
    }
    body
}

/// How many bits a positive number has; 0 for one that is negative.
fn bits(number: &[u8]) -> usize {
    if number.first().is_some_and(|byte| byte & 0x80 != 0) {
        return 0;
    }
    let significant = number.iter().position(|byte| *byte != 0).map(|place| &number[place..]);
    significant.map_or(0, |rest| rest.len() * 8 - rest[0].leading_zeros() as usize)
}

/// The fields of a blob, each with its length before it.
fn fields(mut blob: &[u8]) -> Option<Vec<&[u8]>> {
    let mut found = Vec::new();
    while !blob.is_empty() {
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let (field, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        found.push(field);
        blob = rest;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{KeyType, PublicKey};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFIeDMv2+2UMbvLTmn4uE+ZNwgnhIsHLkM5Q8Vv5TybM";
    const ED25519_SHA256: &str = "k5oynnjDDK/T5yPkflCuiDNCYQ/K1QDR4kY5WOY8QcE=";
    const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDY6TVye4wc8FudRJNjUinel3ZI5ncx6sw+C5UhpYQlkrEFcJZFnIIsAiv\
         2lkXmDICzf2rj8HMdDzPgKokz2iKNtiNpgrX6q/9nyMduLX7PwNPdaMQOZdkZghfVdv5QJBMPHI/JiiHfuMpKb0x24IbfDBh051uTdApG5tr8\
         YE8QOrAsVOOvPL+X2hPku3xDpyb+IqnsFvXfPhLGPMjmS5fuGBcXRed9W6hj9jZ1WHMoHm9rACM93BuGILN3mYVIg5d0uJ2+F6HMLMwQ3cqu3\
         7UrE33oKI/ZReWC2A23m0ERFG+I7MjHbRwKCRveRvRbhcB00RyyXpvvh+ASmpPsgkXp";
    const RSA_DER: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2Ok1cnuMHPBbnUSTY1Ip3pd2SOZ3MerMPguVIaWEJZKxBXC\
         WRZyCLAIr9pZF5gyAs39q4/BzHQ8z4CqJM9oijbYjaYK1+qv/Z8jHbi1+z8DT3WjEDmXZGYIX1Xb+UCQTDxyPyYoh37jKSm9MduCG3wwYdOdb\
         k3QKRuba/GBPEDqwLFTjrzy/l9oT5Lt8Q6cm/iKp7Bb13z4SxjzI5kuX7hgXF0XnfVuoY/Y2dVhzKB5vawAjPdwbhiCzd5mFSIOXdLidvhehz\
         CzMEN3Krt+1KxN96CiP2UXlgtgNt5tBERRviOzIx20cCgkb3kb0W4XAdNEcsl6b74fgEpqT7IJF6QIDAQAB";
    const RSA_MD5: &str = "dc:eb:a2:20:b7:60:b4:91:17:9c:2e:97:04:bf:db:13";
    const CURVE: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDnjCurzovIodGSE1EOY2\
         dPhIThV0Uj2mUqfgIBLaduwa/HgAuYNj/pligIWKSaMPUw+X+Ix162tpX9KZVt2Wz0=";

    #[test]
    fn keys_have_the_fingerprints_that_others_compute() {
        let table = [(ED25519, KeyType::Ed25519, ED25519_SHA256), (RSA, KeyType::Rsa, RSA_MD5)];
        for (line, kind, wanted) in table {
            let key = PublicKey::parse(line.as_bytes()).unwrap();
            assert_eq!((key.kind(), key.fingerprint().as_str()), (kind, wanted));
            assert_eq!(key.line("me").split(' ').nth(1), line.split(' ').nth(1));
        }
    }

    #[test]
    fn one_key_in_three_forms() {
        let blob = RSA.split(' ').nth(1).unwrap();
        let ssh2 = format!(
            "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"a\\\nb\"\n{}\n{}\n---- END SSH2 PUBLIC KEY ----\n",
            &blob[..70],
            &blob[70..]
        );
        for text in [RSA_DER, &ssh2, &format!("{RSA}\n"), &format!("  {RSA} with some words")] {
            assert_eq!(PublicKey::parse(text.as_bytes()).unwrap().fingerprint(), RSA_MD5, "{text}");
        }
    }

    #[test]
    fn what_is_no_key_that_aws_takes() {
        let short = PublicKey::Rsa { exponent: vec![3], modulus: vec![0x7f; 64] };
        let blob = ED25519.split(' ').nth(1).unwrap();
        let table = [
            String::new(),
            "ssh-rsa".to_owned(),
            "not a key".to_owned(),
            short.line(""),
            format!("ssh-rsa {blob}"),
            format!("ssh-ed25519 {}", &blob[..40]),
            STANDARD.encode(ED25519),
            CURVE.to_owned(),
        ];
        for text in table {
            let fault = PublicKey::parse(text.as_bytes()).unwrap_err();
            assert_eq!(fault.code, "InvalidKey.Format", "{text}");
        }
    }
}
