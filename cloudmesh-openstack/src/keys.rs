//! SSH keys, which Nova keeps for each user.

use async_trait::async_trait;
use cloudmesh_abstract::{Effect, Error, ErrorKind, KeyPair, Keys, PublicKey, Result};
use serde_json::{Value, json};

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::Ask;
use crate::map;
use crate::microversion::Spoken;
use crate::pages::record;
use crate::refusal::unreadable;
use crate::wire;

#[async_trait]
impl Keys for OpenStack {
    /// <https://docs.openstack.org/api-ref/compute/#list-keypairs>.
    async fn keys(&self) -> Result<Vec<KeyPair>> {
        let ask = Ask::get(Service::Compute, &["os-keypairs"]);
        let convert = |entry: wire::KeyPairEntry, _| Some(map::key::key(entry.keypair));
        self.client.list(&ask, false, convert).await
    }

    /// <https://docs.openstack.org/api-ref/compute/#import-or-create-keypair>, in the words of the oldest version, whose
    /// keys are always those of SSH.
    async fn key_upload(&self, key: &KeyPair) -> Result<KeyPair> {
        check_name(&key.name)?;
        let public: PublicKey =
            key.public_key.as_deref().unwrap_or_default().parse().map_err(|error| in_key(key, error))?;
        let body = json!({"keypair": {"name": key.name, "public_key": public.to_string()}});
        let ask =
            Ask::post(Service::Compute, &["os-keypairs"], Effect::Once, body).accepted_with(200).spoken(Spoken::Oldest);
        let post = || async {
            let answer = self.client.send(&ask).await?;
            let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
            let made: Option<wire::KeyPair> = body.and_then(|mut body| record(body["keypair"].take()));
            let made = made.filter(|made| !made.name.is_empty()).map(map::key::ssh_key);
            made.ok_or_else(|| unreadable(&answer, &ask.line(), None))
        };
        self.client.context().make_once(post, || self.uploaded(&key.name, &public)).await
    }

    /// <https://docs.openstack.org/api-ref/compute/#delete-keypair>.
    async fn key_delete(&self, name: &str) -> Result<()> {
        // Another address would be meant.
        if matches!(name, "" | "." | "..") || name.contains('/') {
            return Ok(());
        }
        let ask = Ask::delete(Service::Compute, &["os-keypairs", name]).accepted_with(202).spoken(Spoken::Oldest);
        match self.client.send(&ask).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            settled => settled.map(|_| ()),
        }
    }
}

impl OpenStack {
    /// The key of this name, if it is this key: it was uploaded although the answer was lost.
    async fn uploaded(&self, name: &str, public: &PublicKey) -> Result<Option<KeyPair>> {
        let same = |key: &KeyPair| {
            let held = key.public_key.as_deref().and_then(|text| text.parse::<PublicKey>().ok());
            key.name == name && held.is_some_and(|held| held.is_same(public))
        };
        Ok(self.keys().await?.into_iter().find(same))
    }
}

fn in_key(key: &KeyPair, error: Error) -> Error {
    let message = format!("the key `{}`: {}", key.name, error.message());
    error.with_message(message)
}

/// Nova takes these letters: <https://docs.openstack.org/api-ref/compute/#import-or-create-keypair>, `name`.
fn check_name(name: &str) -> Result<()> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | ' ');
    let why = if name.is_empty() || name.len() > 255 {
        "must have 1 to 255 letters"
    } else if !name.chars().all(fits) {
        "must be of the letters a-z, A-Z, 0-9, `-`, `_` and blank"
    } else if name.trim() != name {
        "must not begin or end with a blank"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidInput, format!("the name `{name}` of a key {why}")))
}
