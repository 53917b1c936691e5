//! Renaming: the name is a tag.

use async_trait::async_trait;
use cloudmesh_abstract::{NodeId, Rename, Result};

use crate::map::node::NAME;
use crate::{Aws, check};

#[async_trait]
impl Rename for Aws {
    /// The guest's host name stays what it was.
    async fn rename(&self, id: &NodeId, name: &str) -> Result<()> {
        check::name(name)?;
        self.tag(id, [(NAME, name)]).await
    }
}
