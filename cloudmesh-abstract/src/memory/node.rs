//! Nodes.

use async_trait::async_trait;
use serde_json::json;

use super::Memory;
use super::map::{self, Recorded};
use super::wire::{Ask, Me, Order};
use crate::{
    ComputeNodeABC, Console, Effect, Error, ErrorKind, Flavor, FlavorQuery, Identity, Image, ImageQuery, Keys,
    Leftovers, Metadata, Node, NodeId, NodeQuery, NodeSpec, PublicIps, Raw, RebootKind, Rename, Resize, Result,
    SecurityGroups, Suspend, UserData,
};

impl Memory {
    /// The path of a node; what cannot be part of a path is no id of this cloud.
    pub(super) fn path(id: &NodeId) -> Result<String> {
        let known = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        if id.as_str().is_empty() || !id.as_str().chars().all(known) {
            return Err(Error::new(ErrorKind::NotFound, format!("`{id}` is no id of this cloud")));
        }
        Ok(format!("/nodes/{id}"))
    }

    /// Asks for an action on a node; `fine` are the refusals that mean that there is nothing to do.
    pub(super) async fn act(&self, id: &NodeId, action: &str, effect: Effect, fine: &[&str]) -> Result<()> {
        let ask = Ask::new("POST", format!("{}/{action}", Self::path(id)?));
        self.client.ask_unless(effect, ask, fine).await
    }

    fn convert(&self, raw: bool) -> impl Fn(Recorded) -> Node + Sync {
        move |found| map::node(found, &self.region, raw)
    }
}

fn order(spec: &NodeSpec) -> Order {
    Order {
        name: spec.name.clone(),
        image: spec.image.clone(),
        flavor: spec.flavor.clone(),
        key: spec.key.clone(),
        groups: spec.secgroups.clone(),
        networks: spec.networks.clone(),
        zone: spec.zone.clone(),
        public: spec.public.unwrap_or_default(),
        disk: spec.disk_type.clone(),
        labels: spec.tags(),
        user_data: spec.user_data.as_ref().map(UserData::expose).map(str::to_owned),
    }
}

#[async_trait]
impl ComputeNodeABC for Memory {
    async fn list(&self, query: &NodeQuery) -> Result<Vec<Node>> {
        self.client.pages(Ask::new("GET", "/nodes"), query.page_size, self.convert(query.raw)).await
    }

    async fn find(&self, name: &str) -> Result<Vec<Node>> {
        let ask = Ask::new("GET", "/nodes").with_query("name", Some(name));
        self.client.pages(ask, None, self.convert(false)).await
    }

    async fn info(&self, id: &NodeId) -> Result<Node> {
        let found = self.client.ask(Effect::Read, Ask::new("GET", Self::path(id)?)).await?;
        Ok(map::node(found, &self.region, false))
    }

    async fn create(&self, spec: &NodeSpec) -> Result<Node> {
        let ask = Ask::new("POST", "/nodes").with_body(json!(order(spec))).with_token(spec.token.as_str());
        let made = self.client.ask(Effect::Idempotent, ask).await?;
        Ok(map::node(made, &self.region, false))
    }

    async fn start(&self, id: &NodeId) -> Result<()> {
        self.act(id, "start", Effect::Idempotent, &["alreadyUp"]).await
    }

    async fn stop(&self, id: &NodeId) -> Result<()> {
        self.act(id, "stop", Effect::Idempotent, &["alreadyDown"]).await
    }

    async fn reboot(&self, id: &NodeId, kind: RebootKind) -> Result<()> {
        let action = match kind {
            RebootKind::Soft => "reboot",
            RebootKind::Hard => "reset",
        };
        self.act(id, action, Effect::Once, &[]).await
    }

    async fn destroy(&self, id: &NodeId) -> Result<()> {
        let Ok(path) = Self::path(id) else { return Ok(()) };
        self.client.ask_unless(Effect::Idempotent, Ask::new("DELETE", path), &["noSuchNode"]).await
    }

    async fn images(&self, query: &ImageQuery) -> Result<Vec<Image>> {
        self.all_images(query).await
    }

    async fn image(&self, name: &str) -> Result<Image> {
        self.one_image(name).await
    }

    async fn flavors(&self, query: &FlavorQuery) -> Result<Vec<Flavor>> {
        self.all_flavors(query).await
    }

    async fn flavor(&self, name: &str) -> Result<Flavor> {
        self.one_flavor(name).await
    }

    async fn whoami(&self) -> Result<Identity> {
        let me: Me = self.client.ask(Effect::Read, Ask::new("GET", "/me")).await?;
        Ok(Identity::new(me.user, me.account).with_region(&self.region).with_source("configuration"))
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

    fn as_keys(&self) -> Option<&dyn Keys> {
        Some(self)
    }

    fn as_public_ips(&self) -> Option<&dyn PublicIps> {
        Some(self)
    }

    fn as_secgroups(&self) -> Option<&dyn SecurityGroups> {
        Some(self)
    }

    fn as_console(&self) -> Option<&dyn Console> {
        Some(self)
    }

    fn as_leftovers(&self) -> Option<&dyn Leftovers> {
        Some(self)
    }

    fn as_raw(&self) -> Option<&dyn Raw> {
        Some(self)
    }
}
