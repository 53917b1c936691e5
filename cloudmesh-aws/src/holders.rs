//! Instances that have something, in words for people.

use aws_sdk_ec2::types::{InstanceStateName, Reservation};
use cloudmesh_abstract::{Effect, Error, ErrorKind, NodeId, Result};

use crate::client::Client;
use crate::filter::exactly;
use crate::map::marks::tag;

/// An instance: its id, and its name where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    id: String,
    name: Option<String>,
}

impl Holder {
    /// The instance by its name or id.
    pub(crate) fn label(&self) -> String {
        format!("node `{}`", self.name.as_ref().unwrap_or(&self.id))
    }
}

/// Those of these instances that there still are, with one request.
pub(crate) async fn holders(client: &Client, ids: &[&str]) -> Result<Vec<Holder>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = exactly("instance-id", ids.iter().copied());
    let request = |ec2: aws_sdk_ec2::Client| ec2.describe_instances().filters(filter.clone()).send();
    let answer = client.send(Effect::Read, "DescribeInstances", request).await?;
    let instances = answer.reservations().iter().flat_map(Reservation::instances);
    let gone = |state: Option<&InstanceStateName>| state == Some(&InstanceStateName::Terminated);
    let there = instances.filter(|instance| !gone(instance.state().and_then(|state| state.name())));
    let holder = |instance: &aws_sdk_ec2::types::Instance| {
        let name = tag(instance.tags(), "Name").map(str::to_owned);
        Some(Holder { id: instance.instance_id()?.to_owned(), name })
    };
    Ok(there.filter_map(holder).collect())
}

/// What has something, by the name of the instance where it is one.
pub(crate) async fn called(client: &Client, id: &str) -> String {
    let found = if id.starts_with("i-") { holders(client, &[id]).await.unwrap_or_default() } else { Vec::new() };
    found.first().map_or_else(|| format!("`{id}`"), Holder::label)
}

/// Says that there is such an instance.
///
/// # Errors
///
/// [`ErrorKind::NotFound`] where there is none.
pub(crate) async fn exists(client: &Client, id: &NodeId) -> Result<()> {
    if holders(client, &[id.as_str()]).await?.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, format!("there is no node `{id}`")));
    }
    Ok(())
}
