//! Renaming.

use async_trait::async_trait;
use cloudmesh_abstract::{NodeId, Rename, Result};
use serde_json::json;

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::Ask;
use crate::create::check_name;
use crate::node::part;

#[async_trait]
impl Rename for OpenStack {
    /// <https://docs.openstack.org/api-ref/compute/#update-server>. The guest's host name stays what it was.
    async fn rename(&self, id: &NodeId, name: &str) -> Result<()> {
        check_name(name)?;
        let ask = Ask::put(Service::Compute, &["servers", part(id)?], json!({"server": {"name": name}}));
        self.client.send(&ask).await.map(|_| ())
    }
}
