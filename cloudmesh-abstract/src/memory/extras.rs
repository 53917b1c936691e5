//! What else can be done with a node, and around it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::Memory;
use super::map;
use super::wire::{Ask, Done, Screen};
use crate::{Console, Effect, Leftover, Leftovers, Metadata, NodeId, Raw, RawCall, Rename, Resize, Result, Suspend};

impl Memory {
    async fn put(&self, id: &NodeId, part: &str, body: Value) -> Result<()> {
        let ask = Ask::new("PUT", format!("{}/{part}", Self::path(id)?)).with_body(body);
        self.client.ask::<Done>(Effect::Idempotent, ask).await.map(|_| ())
    }

    async fn text(&self, id: &NodeId, part: &str) -> Result<String> {
        let ask = Ask::new("GET", format!("{}/{part}", Self::path(id)?));
        self.client.ask::<Screen>(Effect::Read, ask).await.map(|screen| screen.text)
    }
}

#[async_trait]
impl Suspend for Memory {
    async fn suspend(&self, id: &NodeId) -> Result<()> {
        self.act(id, "freeze", Effect::Idempotent, &["alreadyFrozen"]).await
    }

    async fn resume(&self, id: &NodeId) -> Result<()> {
        self.act(id, "thaw", Effect::Idempotent, &["alreadyUp"]).await
    }
}

#[async_trait]
impl Rename for Memory {
    async fn rename(&self, id: &NodeId, name: &str) -> Result<()> {
        self.put(id, "name", json!(name)).await
    }
}

#[async_trait]
impl Resize for Memory {
    async fn resize(&self, id: &NodeId, flavor: &str) -> Result<()> {
        self.put(id, "flavor", json!(flavor)).await
    }
}

#[async_trait]
impl Metadata for Memory {
    async fn get_server_metadata(&self, id: &NodeId) -> Result<BTreeMap<String, String>> {
        self.client.ask(Effect::Read, Ask::new("GET", format!("{}/labels", Self::path(id)?))).await
    }

    async fn set_server_metadata(&self, id: &NodeId, pairs: &BTreeMap<String, String>) -> Result<()> {
        self.put(id, "labels", json!(pairs)).await
    }

    async fn delete_server_metadata(&self, id: &NodeId, keys: &[String]) -> Result<()> {
        let ask = Ask::new("DELETE", format!("{}/labels", Self::path(id)?)).with_body(json!(keys));
        self.client.ask::<Done>(Effect::Idempotent, ask).await.map(|_| ())
    }
}

#[async_trait]
impl Console for Memory {
    async fn console(&self, id: &NodeId) -> Result<String> {
        self.text(id, "console").await
    }

    async fn log(&self, id: &NodeId) -> Result<String> {
        self.text(id, "log").await
    }
}

#[async_trait]
impl Leftovers for Memory {
    async fn leftovers(&self) -> Result<Vec<Leftover>> {
        self.client.pages(Ask::new("GET", "/orphans"), None, map::leftover).await
    }

    async fn remove_leftover(&self, leftover: &Leftover) -> Result<()> {
        let ask = Ask::new("DELETE", format!("/addresses/{}", leftover.id));
        self.client.ask_unless(Effect::Idempotent, ask, &["noSuchAddress"]).await
    }
}

#[async_trait]
impl Raw for Memory {
    async fn raw(&self, call: &RawCall) -> Result<Value> {
        let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
        let mut ask = Ask::new(&call.method, path).with_body(call.data.clone().unwrap_or_default());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            ask = ask.with_query(key, Some(value));
        }
        let effect = if call.is_read() { Effect::Read } else { Effect::Once };
        self.client.ask(effect, ask).await
    }
}
