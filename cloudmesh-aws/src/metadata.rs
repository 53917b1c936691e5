//! The tags of an instance: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html>. Its name is one of
//! them, and no metadata.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_ec2::types::Tag;
use cloudmesh_abstract::{ComputeNodeABC, Effect, Error, ErrorKind, Metadata, NodeId, Result};

use crate::node::missing;
use crate::power::advised;
use crate::{Aws, check};

#[async_trait]
impl Metadata for Aws {
    async fn get_server_metadata(&self, id: &NodeId) -> Result<BTreeMap<String, String>> {
        Ok(self.info(id).await?.metadata)
    }

    /// One request, which leaves all other tags alone.
    async fn set_server_metadata(&self, id: &NodeId, pairs: &BTreeMap<String, String>) -> Result<()> {
        check::tags(pairs, 1)?;
        if pairs.is_empty() {
            return self.info(id).await.map(|_| ());
        }
        self.tag(id, pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))).await
    }

    async fn delete_server_metadata(&self, id: &NodeId, keys: &[String]) -> Result<()> {
        // What can be no key is not there.
        let keys: Vec<&str> = keys.iter().map(String::as_str).filter(|key| check::may_be_there(key)).collect();
        keys.iter().try_for_each(|key| check::key(key))?;
        if keys.is_empty() {
            return self.info(id).await.map(|_| ());
        }
        self.untag(id, &keys).await
    }
}

impl Aws {
    /// Writes tags on an instance.
    pub(crate) async fn tag<'a>(&self, id: &NodeId, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<()> {
        let tags = pairs.into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        let (line, tags) = (format!("CreateTags {id}"), tags.collect::<Vec<Tag>>());
        let ask =
            |ec2: aws_sdk_ec2::Client| ec2.create_tags().resources(id.as_str()).set_tags(Some(tags.clone())).send();
        self.client.send(Effect::Idempotent, &line, ask).await.map(|_| ()).map_err(explained)
    }

    /// Takes tags off an instance, whatever their values.
    pub(crate) async fn untag(&self, id: &NodeId, keys: &[&str]) -> Result<()> {
        let tags: Vec<Tag> = keys.iter().map(|key| Tag::builder().key(*key).build()).collect();
        let line = format!("DeleteTags {id}");
        let ask =
            |ec2: aws_sdk_ec2::Client| ec2.delete_tags().resources(id.as_str()).set_tags(Some(tags.clone())).send();
        self.client.send(Effect::Idempotent, &line, ask).await.map(|_| ()).map_err(explained)
    }
}

fn explained(error: Error) -> Error {
    let error = missing(error);
    match error.code() {
        Some("TagLimitExceeded") => advised(
            error.with_kind(ErrorKind::InvalidInput),
            "AWS takes 50 tags with our marks and the name; use fewer",
        ),
        _ => error,
    }
}
