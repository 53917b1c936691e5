//! The required operations.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use async_trait::async_trait;
use cloudmesh_abstract::{
    ComputeNodeABC, Console, Error, ErrorKind, Flavor, FlavorQuery, Identity, Image, ImageQuery, Keys, Leftovers,
    Metadata, Node, NodeId, NodeQuery, NodeSpec, NodeState, PublicIps, Raw, RebootKind, Rename, Resize, Result,
    SecurityGroups, Suspend,
};
use serde_json::Value;

use crate::catalog::Service;
use crate::client::Ask;
use crate::pages::record;
use crate::{OpenStack, map, wire};

#[async_trait]
impl ComputeNodeABC for OpenStack {
    async fn list(&self, query: &NodeQuery) -> Result<Vec<Node>> {
        let ask = Ask::get(Service::Compute, &["servers", "detail"]).with_some("limit", limit(query.page_size));
        self.servers(&ask, query.raw).await
    }

    async fn find(&self, name: &str) -> Result<Vec<Node>> {
        let ask = Ask::get(Service::Compute, &["servers", "detail"]).with("name", pattern(name));
        let mut nodes = self.servers(&ask, false).await?;
        nodes.retain(|node| node.name == name);
        Ok(nodes)
    }

    async fn info(&self, id: &NodeId) -> Result<Node> {
        let server = self.client.read(&Ask::get(Service::Compute, &["servers", part(id)?]), Some("server")).await?;
        let region = self.region().await?;
        let node = record(server).map(|server| map::node(server, region.as_deref()));
        let unread = || Error::new(ErrorKind::Unexpected, format!("the cloud's record of node `{id}` is not one"));
        let node = node.ok_or_else(unread)?;
        // For a moment after the end, and to administrators, Nova still shows what is gone.
        if node.status == NodeState::Deleted { Err(no_node(id)) } else { Ok(node) }
    }

    async fn create(&self, spec: &NodeSpec) -> Result<Node> {
        Box::pin(self.create_server(spec)).await
    }

    async fn start(&self, id: &NodeId) -> Result<()> {
        self.start_server(id).await
    }

    async fn stop(&self, id: &NodeId) -> Result<()> {
        self.stop_server(id).await
    }

    async fn reboot(&self, id: &NodeId, kind: RebootKind) -> Result<()> {
        self.reboot_server(id, kind).await
    }

    async fn destroy(&self, id: &NodeId) -> Result<()> {
        self.destroy_server(id).await
    }

    async fn images(&self, query: &ImageQuery) -> Result<Vec<Image>> {
        self.glance_images(query).await
    }

    async fn image(&self, name: &str) -> Result<Image> {
        self.one_image(name).await
    }

    async fn flavors(&self, query: &FlavorQuery) -> Result<Vec<Flavor>> {
        self.nova_flavors(query).await
    }

    async fn flavor(&self, name: &str) -> Result<Flavor> {
        self.one_flavor(name).await
    }

    async fn whoami(&self) -> Result<Identity> {
        let token = self.client.whoami().await?;
        let account = &self.client.keystone().await?.account;
        let project = token.project.unwrap_or_default();
        let mut identity = Identity::new(token.user.label(), project.label());
        identity.region = account.region().map(str::to_owned);
        Ok(identity.with_endpoint(account.auth_url.as_str()).with_source(account.source.as_str()))
    }

    fn as_suspend(&self) -> Option<&dyn Suspend> {
        Some(self)
    }

    fn as_rename(&self) -> Option<&dyn Rename> {
        Some(self)
    }

    fn as_resize(&self) -> Option<&dyn Resize> {
        Some(self)
    }

    fn as_metadata(&self) -> Option<&dyn Metadata> {
        Some(self)
    }

    fn as_console(&self) -> Option<&dyn Console> {
        Some(self)
    }

    fn as_raw(&self) -> Option<&dyn Raw> {
        Some(self)
    }

    fn as_keys(&self) -> Option<&dyn Keys> {
        Some(self)
    }

    fn as_public_ips(&self) -> Option<&dyn PublicIps> {
        Some(self)
    }

    fn as_secgroups(&self) -> Option<&dyn SecurityGroups> {
        Some(self)
    }

    fn as_leftovers(&self) -> Option<&dyn Leftovers> {
        Some(self)
    }
}

impl OpenStack {
    /// The servers of all pages, without those that are gone and only remembered.
    async fn servers(&self, ask: &Ask, raw: bool) -> Result<Vec<Node>> {
        let region = self.region().await?;
        let convert = |server: wire::Server, record: Option<Value>| {
            let mut node = map::node(server, region.as_deref());
            node.raw = record.map(map::without_secrets);
            (node.status != NodeState::Deleted).then_some(node)
        };
        self.client.list(ask, raw, convert).await.map(unique)
    }

    /// The region of the configuration.
    pub(crate) async fn region(&self) -> Result<Option<String>> {
        Ok(self.client.keystone().await?.account.region().map(str::to_owned))
    }
}

/// Each node once, as it was told last: one that moves while pages are fetched may be on two of them.
fn unique(nodes: Vec<Node>) -> Vec<Node> {
    let mut places = HashMap::new();
    let mut unique: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes {
        match places.entry(node.id.clone()) {
            Entry::Occupied(place) => unique[*place.get()] = node,
            Entry::Vacant(place) => {
                place.insert(unique.len());
                unique.push(node);
            }
        }
    }
    unique
}

/// How many records a page holds; Nova takes 0 for none at all.
pub(crate) fn limit(page_size: Option<u32>) -> Option<u32> {
    page_size.map(|size| size.max(1))
}

/// An id as a part of a path.
///
/// # Errors
///
/// [`ErrorKind::NotFound`] for what cannot be one: Nova would take it for another address.
pub(crate) fn part(id: &NodeId) -> Result<&str> {
    let text = id.as_str();
    let fits = text.bytes().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_'));
    if fits && !text.is_empty() {
        return Ok(text);
    }
    Err(no_node(id))
}

pub(crate) fn no_node(id: &NodeId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no node `{id}`"))
}

/// A regular expression for a name, in any database's dialect: what could mean something else becomes any letter, since
/// equality is checked again here.
fn pattern(name: &str) -> String {
    let safe = |letter: char| if letter.is_ascii_punctuation() && !matches!(letter, '-' | '_') { '.' } else { letter };
    format!("^{}$", name.chars().map(safe).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{part, pattern};

    #[test]
    fn names_are_looked_for_as_they_are() {
        let table = [
            ("web-1", "^web-1$"),
            ("a.b", "^a.b$"),
            ("x[1]*", "^x.1..$"),
            ("a\\b^c$", "^a.b.c.$"),
            ("ä b", "^ä b$"),
            ("", "^$"),
        ];
        for (name, expected) in table {
            assert_eq!(pattern(name), expected);
        }
    }

    #[test]
    fn what_is_no_id_is_not_found() {
        assert!(part(&"95c67e5d-77b8".into()).is_ok());
        for id in ["", "..", "a/b", "detail?x", "a b", "ä"] {
            assert!(part(&id.into()).is_err(), "{id}");
        }
    }
}
