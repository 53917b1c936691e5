//! SSH keys.

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::{Capability, ErrorKind, KeyPair, Keys};

pub(super) const CHECKS: &[Check] = &[
    check!(keys_are_uploaded_listed_and_deleted: "Keys can be uploaded, listed and deleted.", KEYS),
    check!(deleting_a_missing_key_succeeds: "Deleting a key that is gone succeeds.", KEYS),
    check!(a_key_of_a_taken_name_exists_already: "`key_upload` fails with `AlreadyExists` for a name in use.", KEYS),
    check!(a_taken_name_keeps_its_key: "`key_upload` never gives a name in use to another key.", KEYS),
    check!(rsa_keys_are_taken: "RSA keys are taken as well as Ed25519 ones.", KEYS),
    check!(a_key_with_windows_line_ends_is_taken: "A key is taken with any line ends.", KEYS),
    check!(a_private_key_is_neither_sent_nor_repeated:
        "A private key given by mistake is `InvalidInput`, is not sent, and stands in no message.", KEYS),
    check!(what_is_no_key_is_invalid_input: "`key_upload` fails with `InvalidInput` for what is no public key.", KEYS),
];

const KEYS: Need = Need::Capability(Capability::Keys);

/// A key that opens nothing: nobody has its private half.
pub(in crate::conformance) const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVJ+gdcb8H4Hl0G4M5r0d0lJyVWhXtF1b0qMYx2dQeC conformance";

const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDOFY4CSJVwyrnVNrqE4EXzkc80YekWkFJOouyBwCz75Dn9/923YHLz/kuwOzvh\
+x/v23hKAJ3/AstPPnRLyDBsOZt3wLxhOmVApulnykNpz/J8CPA7QmbxhValcOrwe9MZHPWZGi34A47lPA9BrXM3lXnzsUUPNjq/avFDUfG93SAEc5Cb0AsJQnJ\
UKdHCVA7uWW9qAZE3rGte66crfplPXyQp6oMadTHTD+t3l0VKSha/jzzeLRgO2xMrKZacvSQXUJv+RMhb/8vY/wTKyk4rQDIRfs3z85ez8AprN0F3FjJQCD/xr9\
IJ0lbQQaGa4NrAAWp3vVLAd23X/kf3u2Jp conformance";

/// What stands inside the private half of a key, which fits nothing.
const INSIDE: &str = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";

/// The key of this name as the cloud lists it, without its comment.
async fn held(cloud: &Cloud, name: &str) -> Result<Option<String>, Failure> {
    let listed = cloud.keys().await?.into_iter().find(|key| key.name == name);
    let listed = listed.ok_or_else(|| Failure::new("the new key is not listed"))?;
    Ok(listed.public_key.map(|text| bare(&text)))
}

fn bare(text: &str) -> String {
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

/// Uploads a key, and says that the cloud keeps this one and no other.
async fn is_taken(bench: &Bench, text: &str) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("key"));
    cloud.key_upload(&KeyPair::new(&name).with_public_key(text)).await?;
    let told = held(&cloud, &name).await?;
    ensure!(told.is_none_or(|told| told == bare(text)), "the cloud keeps another key than was uploaded");
    Ok(())
}

async fn rsa_keys_are_taken(bench: &Bench) -> Outcome {
    is_taken(bench, RSA).await
}

async fn a_key_with_windows_line_ends_is_taken(bench: &Bench) -> Outcome {
    is_taken(bench, &format!("{ED25519}\r\n")).await
}

async fn a_taken_name_keeps_its_key(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("key"));
    cloud.key_upload(&KeyPair::new(&name).with_public_key(ED25519)).await?;
    let before = cloud.keys().await?.into_iter().find(|key| key.name == name);
    let other = KeyPair::new(&name).with_public_key(RSA);
    let answer = cloud.key_upload(&other).await;
    let after = cloud.keys().await?.into_iter().find(|key| key.name == name);
    ensure!(before == after, "the key was {before:?} and is {after:?}");
    ensure!(answer.is_err(), "another key was taken under a name in use");
    Ok(())
}

async fn a_private_key_is_neither_sent_nor_repeated(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    cloud.warm_up().await?;
    let text = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{INSIDE}\n-----END OPENSSH PRIVATE KEY-----\n");
    let key = KeyPair::new(bench.name("key")).with_public_key(text);
    let error = refused("uploading a private key", cloud.key_upload(&key).await, &[ErrorKind::InvalidInput])?;
    let shown = format!("{error:?} {}", Failure::from(error.clone()));
    ensure!(!shown.contains(INSIDE), "the message repeats the private key");
    let sent: Vec<_> = cloud.requests().into_iter().filter(|sent| sent.effect.changes()).collect();
    ensure!(sent.is_empty(), "a private key was sent: {sent:?}");
    Ok(())
}

async fn keys_are_uploaded_listed_and_deleted(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("key"));
    let uploaded = cloud.key_upload(&KeyPair::new(&name).with_public_key(ED25519)).await?;
    ensure!(uploaded.name == name, "the new key is called `{}`", uploaded.name);
    let told = held(&cloud, &name).await?;
    ensure!(told.is_none_or(|told| told == bare(ED25519)), "the cloud keeps another key than was uploaded");
    cloud.key_delete(&name).await?;
    ensure!(cloud.keys().await?.iter().all(|key| key.name != name), "a deleted key is still listed");
    Ok(())
}

async fn deleting_a_missing_key_succeeds(bench: &Bench) -> Outcome {
    bench.cloud()?.key_delete(&bench.name("none")).await?;
    Ok(())
}

async fn a_key_of_a_taken_name_exists_already(bench: &Bench) -> Outcome {
    let (cloud, key) = (bench.cloud()?, KeyPair::new(bench.name("key")).with_public_key(ED25519));
    cloud.key_upload(&key).await?;
    refused("uploading it again", cloud.key_upload(&key).await, &[ErrorKind::AlreadyExists])?;
    Ok(())
}

async fn what_is_no_key_is_invalid_input(bench: &Bench) -> Outcome {
    let key = KeyPair::new(bench.name("key")).with_public_key("open sesame");
    refused("uploading `open sesame`", bench.cloud()?.key_upload(&key).await, &[ErrorKind::InvalidInput])?;
    Ok(())
}
