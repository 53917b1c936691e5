//! A server's metadata: <https://docs.openstack.org/api-ref/compute/#server-metadata-servers-metadata>.

use std::collections::BTreeMap;

use async_trait::async_trait;
use cloudmesh_abstract::{ComputeNodeABC, Effect, Error, ErrorKind, Metadata, NodeId, Result};
use futures::future::join_all;
use serde_json::json;

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::Ask;
use crate::create::check_pair;
use crate::map;
use crate::node::part;
use crate::power::refused_in;

#[async_trait]
impl Metadata for OpenStack {
    async fn get_server_metadata(&self, id: &NodeId) -> Result<BTreeMap<String, String>> {
        let ask = Ask::get(Service::Compute, &["servers", part(id)?, "metadata"]);
        let record = self.client.read(&ask, Some("metadata")).await?;
        Ok(map::metadata(record.as_object().cloned().unwrap_or_default()))
    }

    /// One request, which leaves all other pairs alone.
    async fn set_server_metadata(&self, id: &NodeId, pairs: &BTreeMap<String, String>) -> Result<()> {
        for (key, value) in pairs {
            check_pair(key, value)?;
        }
        let body = json!({"metadata": pairs});
        let ask = Ask::post(Service::Compute, &["servers", part(id)?, "metadata"], Effect::Idempotent, body);
        match self.client.send(&ask.accepted_with(200)).await {
            Err(refused) => Err(self.explained(id, refused).await),
            Ok(_) => Ok(()),
        }
    }

    /// One request a key: Nova has none for several that would keep what somebody else writes meanwhile.
    async fn delete_server_metadata(&self, id: &NodeId, keys: &[String]) -> Result<()> {
        let deleted = join_all(keys.iter().map(|key| self.delete_key(id, key))).await;
        let refused = deleted.iter().find_map(|deleted| deleted.as_ref().err());
        if let Some(refused) = refused {
            return Err(self.explained(id, refused.clone()).await);
        }
        // Nova says the same of a missing key and of a missing server.
        if deleted.iter().all(|deleted| matches!(deleted, Ok(true))) && !keys.is_empty() {
            return Ok(());
        }
        self.get_server_metadata(id).await.map(|_| ())
    }
}

impl OpenStack {
    /// Deletes a pair; `false` for one that is not there. What can be no key is not there.
    async fn delete_key(&self, id: &NodeId, key: &str) -> Result<bool> {
        if check_pair(key, "").is_err() || matches!(key, "." | "..") {
            return Ok(false);
        }
        let ask = Ask::delete(Service::Compute, &["servers", part(id)?, "metadata", key]);
        match self.client.send(&ask).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A refusal with what to do, where it is for the server's state.
    async fn explained(&self, id: &NodeId, refused: Error) -> Error {
        if refused.kind() != ErrorKind::Conflict {
            return refused;
        }
        match self.info(id).await {
            Ok(node) => refused_in(&node, refused),
            Err(_) => refused,
        }
    }
}
