//! SSH keys.

use async_trait::async_trait;
use serde_json::json;

use super::Memory;
use super::map;
use super::wire::{Ask, Pair};
use crate::{Effect, KeyPair, Keys, Result};

#[async_trait]
impl Keys for Memory {
    async fn keys(&self) -> Result<Vec<KeyPair>> {
        self.client.pages(Ask::new("GET", "/keys"), None, map::key).await
    }

    async fn key_upload(&self, key: &KeyPair) -> Result<KeyPair> {
        let KeyPair { name, public_key: text, .. } = key.clone().settled()?;
        let ask = Ask::new("POST", "/keys").with_body(json!({ "name": name, "text": text }));
        self.client.ask::<Pair>(Effect::Once, ask).await.map(map::key)
    }

    async fn key_delete(&self, name: &str) -> Result<()> {
        let ask = Ask::new("DELETE", format!("/keys/{name}"));
        self.client.ask_unless(Effect::Idempotent, ask, &["noSuchKey"]).await
    }
}
