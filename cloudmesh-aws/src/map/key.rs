//! Key pairs. Pure functions.

use aws_sdk_ec2::types::KeyPairInfo;
use cloudmesh_abstract::{KeyPair, PublicKey};

/// A key pair.
pub(crate) fn key(record: &KeyPairInfo) -> KeyPair {
    let mut key = KeyPair::new(record.key_name().unwrap_or_default());
    key.fingerprint = record.key_fingerprint().filter(|text| !text.is_empty()).map(str::to_owned);
    key.public_key = record.public_key().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    key.key_type = record.key_type().map(|kind| kind.as_str().to_owned());
    key
}

/// Whether a key that the account keeps is this one. Where AWS does not tell the key itself, its fingerprint does; that
/// of a key pair that AWS made is of the private half, and is never the same.
pub(crate) fn is_that(held: &KeyPair, public: &PublicKey) -> bool {
    match held.public_key.as_deref().map(str::parse::<PublicKey>) {
        Some(Ok(other)) => other.is_same(public),
        _ => public.has_fingerprint(held.fingerprint.as_deref().unwrap_or_default()),
    }
}

/// The fingerprint that AWS would tell of a key: of RSA the MD5 of its DER form, of Ed25519 the SHA-256.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html>.
pub(crate) fn fingerprint(public: &PublicKey) -> String {
    public.md5_of_der().unwrap_or_else(|| format!("{}=", public.sha256().trim_start_matches("SHA256:")))
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, is_that, key};
    use aws_sdk_ec2::types::{KeyPairInfo, KeyType};
    use cloudmesh_abstract::PublicKey;

    const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDOFY4CSJVwyrnVNrqE4EXzkc80YekWkFJOouyBwCz75Dn9/923YHLz/kuwOzvh\
+x/v23hKAJ3/AstPPnRLyDBsOZt3wLxhOmVApulnykNpz/J8CPA7QmbxhValcOrwe9MZHPWZGi34A47lPA9BrXM3lXnzsUUPNjq/avFDUfG93SAEc5Cb0AsJQnJ\
UKdHCVA7uWW9qAZE3rGte66crfplPXyQp6oMadTHTD+t3l0VKSha/jzzeLRgO2xMrKZacvSQXUJv+RMhb/8vY/wTKyk4rQDIRfs3z85ez8AprN0F3FjJQCD/xr9\
IJ0lbQQaGa4NrAAWp3vVLAd23X/kf3u2Jp lab";
    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMC3h9lHvDFKtlKT6DH5TkCYbw4nHXR8Ys6xwDsN1Tvu lab";

    #[test]
    fn a_key_is_known_by_itself_or_else_by_its_fingerprint() {
        let [rsa, ed25519] = [RSA, ED25519].map(|text| text.parse::<PublicKey>().unwrap());
        assert_eq!(fingerprint(&rsa), "9e:da:f6:0b:9f:3b:8b:a9:ac:58:33:5e:63:80:24:b7");
        assert_eq!(fingerprint(&ed25519), "QlDBryxs35Q916GseIS6aqLzhIIDFa++31mdGOIUiTg=");
        for (public, other) in [(&rsa, &ed25519), (&ed25519, &rsa)] {
            let base = || KeyPairInfo::builder().key_name("lab").key_fingerprint(fingerprint(public));
            let told = base().public_key(public.clone().with_comment("").to_string() + "\n");
            for record in [base().build(), told.build()] {
                assert!(is_that(&key(&record), public) && !is_that(&key(&record), other));
            }
        }
        let made_there = "1f:51:ae:28:bf:89:e9:d8:1f:25:5d:37:2d:7d:b8:ca:9f:f5:f1:6f";
        let record = KeyPairInfo::builder().key_name("lab").key_fingerprint(made_there).key_type(KeyType::Rsa).build();
        assert!(!is_that(&key(&record), &rsa));
        assert_eq!(key(&record).key_type.as_deref(), Some("rsa"));
    }
}
