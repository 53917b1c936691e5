//! Public keys of OpenSSH, read as strictly as the `cryptography` package of Python does, on which clouds rely.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

/// The MD5 fingerprint of a public key; `None` when it is none that a cloud takes.
pub(crate) fn fingerprint(text: &str) -> Option<String> {
    let (kind, blob) = words(text)?;
    let blob = STANDARD.decode(blob).ok()?;
    if !is_key(kind, &blob) {
        return None;
    }
    // What is hashed is the second word, where only single blanks part words, without what is no base64.
    let letter = |letter: &char| letter.is_ascii_alphanumeric() || "+/=".contains(*letter);
    let hashed: String = text.split(' ').nth(1)?.chars().filter(letter).collect();
    let hashed = STANDARD.decode(hashed).ok()?;
    let pairs: Vec<String> = Md5::digest(&hashed).iter().map(|byte| format!("{byte:02x}")).collect();
    Some(pairs.join(":"))
}

/// The first two words; nothing may stand before them.
fn words(text: &str) -> Option<(&str, &str)> {
    let kind_end = text.find(char::is_whitespace).filter(|end| *end > 0)?;
    let (kind, rest) = text.split_at(kind_end);
    let rest = rest.trim_start_matches([' ', '\t']);
    let blob = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
    (!blob.is_empty()).then_some((kind, blob))
}

/// Whether the fields of a key are those of its kind, and nothing follows them.
fn is_key(kind: &str, blob: &[u8]) -> bool {
    let Some(fields) = fields(blob) else { return false };
    let Some((name, fields)) = fields.split_first() else { return false };
    let named = *name == kind.as_bytes();
    named
        && match (kind, fields) {
            ("ssh-ed25519", [point]) => point.len() == 32,
            ("ssh-rsa", [exponent, modulus]) => is_rsa(exponent, modulus),
            ("ecdsa-sha2-nistp256", [curve, point]) => is_point(curve, b"nistp256", point, 65),
            ("ecdsa-sha2-nistp384", [curve, point]) => is_point(curve, b"nistp384", point, 97),
            ("ecdsa-sha2-nistp521", [curve, point]) => is_point(curve, b"nistp521", point, 133),
            ("ssh-dss", [p, q, g, y]) => bits(p) == 1024 && bits(q) == 160 && bits(g) > 1 && bits(y) > 1,
            _ => false,
        }
}

fn is_rsa(exponent: &[u8], modulus: &[u8]) -> bool {
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
    odd(exponent) && odd(modulus) && bits(exponent) >= 2 && bits(exponent) < bits(modulus) && bits(modulus) >= 512
}

fn is_point(curve: &[u8], wanted: &[u8], point: &[u8], length: usize) -> bool {
    curve == wanted && point.first() == Some(&4) && point.len() == length
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
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (field, rest) = rest.split_at_checked(length)?;
        found.push(field);
        blob = rest;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKNkPpg0pPUi4yqWTbYdWhbHuUs5yS1bSaqbbxGHCsfN";
    const CURVE: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKg\
                         wFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=";

    #[test]
    fn keys_have_fingerprints() {
        let wanted = Some("c6:8c:75:23:36:a7:4b:4b:a5:bd:07:68:22:f2:24:e2".to_owned());
        for text in [
            KEY.to_owned(),
            format!("{KEY} a@b"),
            format!("{KEY} a b"),
            format!("{KEY}\r\n"),
            format!("{KEY} x\n{KEY}"),
        ] {
            assert_eq!(fingerprint(&text), wanted, "{text}");
        }
        assert!(fingerprint(CURVE).is_some());
    }

    #[test]
    fn what_is_no_key_has_none() {
        let blob = KEY.split(' ').nth(1).unwrap();
        let table = [
            "",
            "not a key",
            "ssh-rsa",
            "ssh-rsa ****",
            &format!(" {KEY}"),
            &KEY.replace(' ', "\t"),
            &KEY[..60],
            &format!("ssh-rsa {blob}"),
            &format!("{KEY}AAAA"),
            &format!("ssh-ed25519 {}", &blob[..blob.len() - 4]),
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n",
        ];
        for text in table {
            assert_eq!(fingerprint(text), None, "{text}");
        }
    }
}
