//! The required operations.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_ec2::types::{Filter, Instance, Reservation};
use cloudmesh_abstract::{
    ComputeNodeABC, Console, Effect, Error, ErrorKind, Flavor, FlavorQuery, Identity, Image, ImageQuery, Keys,
    Leftovers, Metadata, Node, NodeId, NodeQuery, NodeSpec, NodeState, Page, PublicIps, Raw, RebootKind, Rename,
    Resize, Result, SecurityGroups, Suspend, all_pages,
};
use serde_json::Value;

use crate::filter::exactly;
use crate::kept::{Keeper, records};
use crate::{Aws, flavors, images, map};

/// How many instances a page may hold.
const PAGE: std::ops::RangeInclusive<i32> = 5..=1000;

#[async_trait]
impl ComputeNodeABC for Aws {
    async fn list(&self, query: &NodeQuery) -> Result<Vec<Node>> {
        self.nodes(None, query).await
    }

    async fn find(&self, name: &str) -> Result<Vec<Node>> {
        let named = exactly("tag:Name", [name]);
        let mut nodes = self.nodes(Some(named), &NodeQuery::new()).await?;
        nodes.retain(|node| node.name == name);
        Ok(nodes)
    }

    /// An instance that AWS took down by itself is described, with the reason, as long as AWS remembers it.
    async fn info(&self, id: &NodeId) -> Result<Node> {
        let node = map::node::node(self.instance(id).await?, self.client.region().await?);
        if node.status == NodeState::Deleted && node.fault.is_none() { Err(no_node(id)) } else { Ok(node) }
    }

    async fn create(&self, spec: &NodeSpec) -> Result<Node> {
        Box::pin(self.run_instance(spec)).await
    }

    async fn start(&self, id: &NodeId) -> Result<()> {
        self.start_instance(id).await
    }

    async fn stop(&self, id: &NodeId) -> Result<()> {
        self.stop_instance(id).await
    }

    async fn reboot(&self, id: &NodeId, _: RebootKind) -> Result<()> {
        self.reboot_instance(id).await
    }

    async fn destroy(&self, id: &NodeId) -> Result<()> {
        self.terminate_instance(id).await
    }

    async fn images(&self, query: &ImageQuery) -> Result<Vec<Image>> {
        Box::pin(images::images(&self.client, query)).await
    }

    async fn image(&self, name: &str) -> Result<Image> {
        Box::pin(images::image(&self.client, name)).await
    }

    async fn flavors(&self, query: &FlavorQuery) -> Result<Vec<Flavor>> {
        flavors::flavors(&self.client, query).await
    }

    async fn flavor(&self, name: &str) -> Result<Flavor> {
        flavors::flavor(&self.client, name).await
    }

    async fn whoami(&self) -> Result<Identity> {
        self.identity().await
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

impl Aws {
    /// The instances of all pages, without those that are gone and only remembered.
    async fn nodes(&self, filter: Option<Filter>, query: &NodeQuery) -> Result<Vec<Node>> {
        let region = self.client.region().await?;
        let filter = &filter;
        all_pages(|mark| async move {
            let keeper = query.raw.then(Keeper::default);
            let ask = |ec2: aws_sdk_ec2::Client| {
                let ask = ec2.describe_instances().max_results(page_size(query.page_size)).set_next_token(mark.clone());
                let ask = ask.set_filters(filter.clone().map(|filter| vec![filter]));
                let keeper = keeper.clone();
                async move {
                    match keeper {
                        Some(keeper) => ask.customize().interceptor(keeper).send().await,
                        None => ask.send().await,
                    }
                }
            };
            let page = self.client.send(Effect::Read, "DescribeInstances", ask).await?;
            let mut records = keeper.map_or_else(|| Ok(HashMap::new()), |keeper| by_id(&keeper))?;
            let here = instances(page.reservations).filter_map(|instance| {
                let mut node = map::node::node(instance, region);
                node.raw = records.remove(node.id.as_str());
                (node.status != NodeState::Deleted).then_some(node)
            });
            Ok(Page::new(here.collect(), page.next_token.filter(|mark| !mark.is_empty())))
        })
        .await
    }

    /// The record of an instance, also of one that is gone and only remembered.
    pub(crate) async fn instance(&self, id: &NodeId) -> Result<Instance> {
        let line = format!("DescribeInstances {id}");
        let ask = |ec2: aws_sdk_ec2::Client| ec2.describe_instances().instance_ids(id.as_str()).send();
        let answer = self.client.send(Effect::Read, &line, ask).await.map_err(missing)?;
        let found = instances(answer.reservations).find(|instance| instance.instance_id() == Some(id.as_str()));
        found.ok_or_else(|| no_node(id))
    }
}

/// The instances of an answer.
pub(crate) fn instances(reservations: Option<Vec<Reservation>>) -> impl Iterator<Item = Instance> {
    reservations.into_iter().flatten().flat_map(|reservation| reservation.instances.unwrap_or_default())
}

/// The records of an answer, by the ids of the instances.
fn by_id(keeper: &Keeper) -> Result<HashMap<String, Value>> {
    let id = |record: &Value| record.get("instanceId")?.as_str().map(str::to_owned);
    Ok(records(keeper.value()?, "instancesSet").into_iter().filter_map(|record| Some((id(&record)?, record))).collect())
}

/// An id that AWS cannot have given to anything is one that does not exist.
pub(crate) fn missing(error: Error) -> Error {
    match error.code() {
        Some("InvalidInstanceID.Malformed" | "InvalidInstanceID.NotFound" | "InvalidID") => {
            error.with_kind(ErrorKind::NotFound)
        }
        _ => error,
    }
}

pub(crate) fn no_node(id: &NodeId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no node `{id}`"))
}

/// How many instances a page holds: as many as AWS gives, unless somebody wants fewer.
fn page_size(wanted: Option<u32>) -> i32 {
    let wanted = wanted.map_or(*PAGE.end(), |size| i32::try_from(size).unwrap_or(*PAGE.end()));
    wanted.clamp(*PAGE.start(), *PAGE.end())
}

#[cfg(test)]
mod tests {
    use super::page_size;

    #[test]
    fn a_page_is_as_large_as_aws_admits() {
        for (wanted, size) in [(None, 1000), (Some(1), 5), (Some(70), 70), (Some(5000), 1000), (Some(u32::MAX), 1000)] {
            assert_eq!(page_size(wanted), size);
        }
    }
}
