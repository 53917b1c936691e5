//! SSH keys, which EC2 keeps for each account and region.

use async_trait::async_trait;
use aws_sdk_ec2::primitives::Blob;
use cloudmesh_abstract::{Effect, Error, ErrorKind, KeyPair, Keys, PublicKey, Result};

use crate::Aws;
use crate::map::key::{fingerprint, is_that, key};

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateKeyPair.html>, `KeyName`.
const LONGEST: usize = 255;

#[async_trait]
impl Keys for Aws {
    async fn keys(&self) -> Result<Vec<KeyPair>> {
        let request = |ec2: aws_sdk_ec2::Client| ec2.describe_key_pairs().include_public_key(true).send();
        let answer = self.client.send(Effect::Read, "DescribeKeyPairs", request).await?;
        Ok(answer.key_pairs().iter().map(key).collect())
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html>.
    async fn key_upload(&self, wanted: &KeyPair) -> Result<KeyPair> {
        let settled = wanted.clone().settled()?;
        check_name(&settled.name)?;
        let text = settled.public_key.as_deref().unwrap_or_default();
        let public: PublicKey = text.parse()?;
        check_kind(&settled.name, &public)?;
        let (name, text) = (settled.name.as_str(), public.to_string());
        let import = || async {
            let request = |ec2: aws_sdk_ec2::Client| {
                ec2.import_key_pair().key_name(name).public_key_material(Blob::new(text.as_bytes())).send()
            };
            let answer = self.client.send(Effect::Once, "ImportKeyPair", request).await?;
            let told = answer.key_fingerprint.filter(|told| !told.is_empty());
            Ok(made(name, &public, told.unwrap_or_else(|| fingerprint(&public))))
        };
        let find = || async { Ok(self.key_of(name).await?.filter(|held| is_that(held, &public))) };
        match self.client.context().make_once(import, find).await {
            Err(refused) if refused.kind() == ErrorKind::AlreadyExists => {
                let held = self.key_of(name).await.ok().flatten();
                Err(taken(name, &public, held.as_ref(), refused))
            }
            settled => settled,
        }
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteKeyPair.html>.
    async fn key_delete(&self, name: &str) -> Result<()> {
        if name.is_empty() {
            return Ok(());
        }
        let request = |ec2: aws_sdk_ec2::Client| ec2.delete_key_pair().key_name(name).send();
        match self.client.send(Effect::Idempotent, "DeleteKeyPair", request).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            settled => settled.map(|_| ()),
        }
    }
}

impl Aws {
    /// The key of this name.
    async fn key_of(&self, name: &str) -> Result<Option<KeyPair>> {
        Ok(self.keys().await?.into_iter().find(|held| held.name == name))
    }
}

fn made(name: &str, public: &PublicKey, fingerprint: String) -> KeyPair {
    let mut key = KeyPair::new(name).with_public_key(public.to_string());
    key.fingerprint = Some(fingerprint);
    key.key_type = Some(if public.algorithm() == "ssh-rsa" { "rsa" } else { "ed25519" }.to_owned());
    key
}

/// The refusal of a name in use, with both keys where they differ.
fn taken(name: &str, public: &PublicKey, held: Option<&KeyPair>, refused: Error) -> Error {
    let message = match held {
        Some(held) if is_that(held, public) => format!("the key `{name}` is there already, and is this one"),
        Some(held) => {
            let theirs = held.fingerprint.as_deref().unwrap_or("without a fingerprint");
            let own = fingerprint(public);
            format!("`{name}` is another key there ({theirs}), not this one ({own}); give this one another name")
        }
        None => format!("there is a key `{name}` already; give this one another name"),
    };
    refused.with_message(message)
}

/// Refuses what EC2 would refuse.
fn check_name(name: &str) -> Result<()> {
    let why = if name.is_empty() || name.len() > LONGEST {
        "must have 1 to 255 letters"
    } else if !name.chars().all(|letter| letter.is_ascii_graphic() || letter == ' ') {
        "must be of ASCII letters, digits, signs and blanks"
    } else if name.trim() != name {
        "must not begin or end with a blank"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidInput, format!("the name `{name}` of a key {why}")))
}

fn check_kind(name: &str, public: &PublicKey) -> Result<()> {
    if matches!(public.algorithm(), "ssh-rsa" | "ssh-ed25519") {
        return Ok(());
    }
    let kind = public.algorithm();
    let message = format!(
        "the key `{name}` is of the kind `{kind}`, and AWS takes RSA and Ed25519 alone; make one with `ssh-keygen -t ed25519`"
    );
    Err(Error::new(ErrorKind::InvalidInput, message))
}

#[cfg(test)]
mod tests {
    use super::{check_kind, check_name, made, taken};
    use cloudmesh_abstract::{Error, ErrorKind, PublicKey};

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMC3h9lHvDFKtlKT6DH5TkCYbw4nHXR8Ys6xwDsN1Tvu lab";
    const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVJ+gdcb8H4Hl0G4M5r0d0lJyVWhXtF1b0qMYx2dQeC other";
    const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBH3N/uwQHS0yLr3TlUdbuCWV\
U+wv2oaIVclbXFhZ2UQ0XmPmUYO7sP2r6vkD5fMctwz5mxuAPIIB/MNeUwcCAVw= lab";

    fn key(text: &str) -> PublicKey {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_in_use_is_told_with_both_keys() {
        let refused = || Error::new(ErrorKind::AlreadyExists, "x").with_code("InvalidKeyPair.Duplicate");
        let held = made("lab", &key(OTHER), super::fingerprint(&key(OTHER)));
        let error = taken("lab", &key(ED25519), Some(&held), refused());
        assert_eq!((error.kind(), error.code()), (ErrorKind::AlreadyExists, Some("InvalidKeyPair.Duplicate")));
        for fingerprint in [super::fingerprint(&key(OTHER)), super::fingerprint(&key(ED25519))] {
            assert!(error.message().contains(&fingerprint), "{error}");
        }
        let same = taken("lab", &key(OTHER), Some(&held), refused());
        assert_eq!(same.message(), "the key `lab` is there already, and is this one");
    }

    #[test]
    fn what_ec2_would_refuse_is_not_sent() {
        for name in ["", " lab", "lab ", "läb", "a\nb", &"x".repeat(256)] {
            assert_eq!(check_name(name).unwrap_err().kind(), ErrorKind::InvalidInput, "{name}");
        }
        check_name("my key (lab) #1").unwrap();
        assert!(check_kind("lab", &key(ED25519)).is_ok());
        assert!(check_kind("lab", &key(ECDSA)).unwrap_err().message().contains("ssh-keygen -t ed25519"));
    }
}
