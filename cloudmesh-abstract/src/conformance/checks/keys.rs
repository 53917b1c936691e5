//! SSH keys.

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Need, Outcome, check, ensure, refused};
use crate::{Capability, ErrorKind, KeyPair, Keys};

pub(super) const CHECKS: &[Check] = &[
    check!(keys_are_uploaded_listed_and_deleted: "Keys can be uploaded, listed and deleted.", KEYS),
    check!(deleting_a_missing_key_succeeds: "Deleting a key that is gone succeeds.", KEYS),
    check!(a_key_of_a_taken_name_exists_already: "`key_upload` fails with `AlreadyExists` for a name in use.", KEYS),
    check!(what_is_no_key_is_invalid_input: "`key_upload` fails with `InvalidInput` for what is no public key.", KEYS),
];

const KEYS: Need = Need::Capability(Capability::Keys);

/// A key that opens nothing: nobody has its private half.
pub(in crate::conformance) const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVJ+gdcb8H4Hl0G4M5r0d0lJyVWhXtF1b0qMYx2dQeC conformance";

async fn keys_are_uploaded_listed_and_deleted(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("key"));
    let uploaded = cloud.key_upload(&KeyPair::new(&name).with_public_key(ED25519)).await?;
    ensure!(uploaded.name == name, "the new key is called `{}`", uploaded.name);
    let listed = cloud.keys().await?.into_iter().find(|key| key.name == name);
    ensure!(listed.is_some(), "the new key is not listed");
    let words = |text: &str| text.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
    let told = listed.and_then(|key| key.public_key).map(|text| words(&text));
    ensure!(told.is_none_or(|told| told == words(ED25519)), "the cloud keeps another key than was uploaded");
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
