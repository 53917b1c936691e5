//! An operation as a value: what is asked of a cloud and what it answers.
//!
//! The same two enums flow between facade and provider, through the layers around them, and, as JSON, between programs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{Display, EnumDiscriminants, EnumString, IntoStaticStr, VariantArray};

use crate::{
    Error, ErrorKind, Flavor, FlavorQuery, Identity, Image, ImageQuery, KeyPair, Leftover, Node, NodeId, NodeQuery,
    NodeSpec, PublicIp, RawCall, RebootKind, Result, SecurityGroup, SecurityRule,
};

/// What is asked of a cloud: one variant a method of [`ComputeNodeABC`](crate::ComputeNodeABC) and its optional traits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, EnumDiscriminants)]
#[strum_discriminants(
    name(Operation),
    derive(Hash, PartialOrd, Ord, Serialize, Deserialize, Display, EnumString, IntoStaticStr, VariantArray),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case"),
    doc = "The name of an operation, without what it is about.",
    allow(missing_docs)
)]
#[serde(tag = "operation", content = "arguments", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is documented as the method of its name")]
pub enum Request {
    List(NodeQuery),
    Find(String),
    Info(NodeId),
    Create(Box<NodeSpec>),
    Start(NodeId),
    Stop(NodeId),
    Reboot(NodeId, RebootKind),
    Destroy(NodeId),
    Images(ImageQuery),
    Image(String),
    Flavors(FlavorQuery),
    Flavor(String),
    Whoami,
    Suspend(NodeId),
    Resume(NodeId),
    Rename(NodeId, String),
    Resize(NodeId, String),
    GetServerMetadata(NodeId),
    SetServerMetadata(NodeId, BTreeMap<String, String>),
    DeleteServerMetadata(NodeId, Vec<String>),
    Keys,
    KeyUpload(KeyPair),
    KeyDelete(String),
    ListPublicIps,
    CreatePublicIp(Option<String>),
    AttachPublicIp(NodeId, String),
    DetachPublicIp(NodeId, String),
    DeletePublicIp(String),
    ListSecgroups,
    ListSecgroupRules(String),
    AddSecgroup(String, String),
    RemoveSecgroup(String),
    AddRulesToSecgroup(String, Vec<SecurityRule>),
    RemoveRulesFromSecgroup(String, Vec<SecurityRule>),
    Console(NodeId),
    Log(NodeId),
    Leftovers,
    RemoveLeftover(Leftover),
    Raw(RawCall),
}

/// What a cloud answers to a [`Request`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", content = "value", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reply {
    /// The cloud has accepted it; there is nothing to tell.
    Done,
    /// Nodes.
    Nodes(Vec<Node>),
    /// One node.
    Node(Box<Node>),
    /// Images.
    Images(Vec<Image>),
    /// One image.
    Image(Box<Image>),
    /// Flavors.
    Flavors(Vec<Flavor>),
    /// One flavor.
    Flavor(Box<Flavor>),
    /// Who we are.
    Identity(Identity),
    /// Tags, labels or metadata.
    Metadata(BTreeMap<String, String>),
    /// Keys.
    Keys(Vec<KeyPair>),
    /// One key.
    Key(KeyPair),
    /// Public addresses.
    PublicIps(Vec<PublicIp>),
    /// One public address.
    PublicIp(PublicIp),
    /// Security groups.
    Secgroups(Vec<SecurityGroup>),
    /// One security group.
    Secgroup(SecurityGroup),
    /// Rules of a security group.
    Rules(Vec<SecurityRule>),
    /// Text from the node's console.
    Text(String),
    /// What belongs to no node.
    Leftovers(Vec<Leftover>),
    /// The vendor's answer to a raw call.
    Raw(Value),
}

impl Request {
    /// The operation, without what it is about.
    pub fn operation(&self) -> Operation {
        self.into()
    }

    /// The node that it is about, where there is one already.
    pub fn node(&self) -> Option<&NodeId> {
        match self {
            Self::Info(id)
            | Self::Start(id)
            | Self::Stop(id)
            | Self::Reboot(id, _)
            | Self::Destroy(id)
            | Self::Suspend(id)
            | Self::Resume(id)
            | Self::Rename(id, _)
            | Self::Resize(id, _)
            | Self::GetServerMetadata(id)
            | Self::SetServerMetadata(id, _)
            | Self::DeleteServerMetadata(id, _)
            | Self::AttachPublicIp(id, _)
            | Self::DetachPublicIp(id, _)
            | Self::Console(id)
            | Self::Log(id) => Some(id),
            _ => None,
        }
    }

    /// The name or id of what it is about, for messages.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Find(name)
            | Self::Image(name)
            | Self::Flavor(name)
            | Self::KeyDelete(name)
            | Self::DeletePublicIp(name)
            | Self::ListSecgroupRules(name)
            | Self::AddSecgroup(name, _)
            | Self::RemoveSecgroup(name)
            | Self::AddRulesToSecgroup(name, _)
            | Self::RemoveRulesFromSecgroup(name, _) => Some(name),
            Self::Create(spec) => Some(&spec.name),
            Self::KeyUpload(key) => Some(&key.name),
            Self::RemoveLeftover(leftover) => Some(&leftover.name),
            Self::Raw(call) => Some(&call.path),
            other => other.node().map(NodeId::as_str),
        }
    }

    /// Whether it changes anything in the cloud.
    pub fn changes(&self) -> bool {
        match self {
            Self::Raw(call) => !call.is_read(),
            other => !other.operation().is_read(),
        }
    }
}

impl Operation {
    /// Whether the operation only looks. A raw call is taken for a change, since it may be one.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Self::List
                | Self::Find
                | Self::Info
                | Self::Images
                | Self::Image
                | Self::Flavors
                | Self::Flavor
                | Self::Whoami
                | Self::GetServerMetadata
                | Self::Keys
                | Self::ListPublicIps
                | Self::ListSecgroups
                | Self::ListSecgroupRules
                | Self::Console
                | Self::Log
                | Self::Leftovers
        )
    }
}

/// An answer of the wrong shape: a defect of the plugin or layer that gave it.
fn misfit(wanted: &str, got: &Reply) -> Error {
    let name = serde_json::to_value(got).ok().and_then(|value| Some(value.get("reply")?.as_str()?.to_owned()));
    let name = name.unwrap_or_else(|| "something else".to_owned());
    Error::new(ErrorKind::Unexpected, format!("the provider answered `{name}` where `{wanted}` was asked for"))
}

macro_rules! replies {
    ($($variant:ident($type:ty) $(boxed $boxed:tt)?),+ $(,)?) => {
        $(
            impl TryFrom<Reply> for $type {
                type Error = Error;
                fn try_from(reply: Reply) -> Result<Self> {
                    match reply {
                        Reply::$variant(value) => Ok(replies!(@open value $($boxed)?)),
                        other => Err(misfit(stringify!($variant), &other)),
                    }
                }
            }
            impl From<$type> for Reply {
                fn from(value: $type) -> Self {
                    Self::$variant(value.into())
                }
            }
        )+
    };
    (@open $value:ident) => { $value };
    (@open $value:ident yes) => { *$value };
}

replies! {
    Nodes(Vec<Node>),
    Node(Node) boxed yes,
    Images(Vec<Image>),
    Image(Image) boxed yes,
    Flavors(Vec<Flavor>),
    Flavor(Flavor) boxed yes,
    Identity(Identity),
    Metadata(BTreeMap<String, String>),
    Keys(Vec<KeyPair>),
    Key(KeyPair),
    PublicIps(Vec<PublicIp>),
    PublicIp(PublicIp),
    Secgroups(Vec<SecurityGroup>),
    Secgroup(SecurityGroup),
    Rules(Vec<SecurityRule>),
    Text(String),
    Leftovers(Vec<Leftover>),
    Raw(Value),
}

impl TryFrom<Reply> for () {
    type Error = Error;
    fn try_from(reply: Reply) -> Result<Self> {
        match reply {
            Reply::Done => Ok(()),
            other => Err(misfit("done", &other)),
        }
    }
}

impl From<()> for Reply {
    fn from((): ()) -> Self {
        Self::Done
    }
}

#[cfg(test)]
mod tests {
    use super::{Operation, Reply, Request};
    use crate::{ErrorKind, Node, NodeId, NodeState};
    use strum::VariantArray;

    #[test]
    fn travels_as_json() {
        let request = Request::Info(NodeId::new("42"));
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(text, r#"{"operation":"info","arguments":"42"}"#);
        assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        for operation in Operation::VARIANTS {
            assert_eq!(operation.to_string().parse(), Ok(*operation));
        }
    }

    #[test]
    fn an_answer_of_the_wrong_shape_is_an_error() {
        let error = <()>::try_from(Reply::from(Node::new("1", "a", NodeState::Running))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected);
        assert_eq!(error.message(), "the provider answered `node` where `done` was asked for");
    }

    #[test]
    fn looking_changes_nothing() {
        assert!(!Request::Whoami.changes());
        assert!(Request::Destroy(NodeId::new("1")).changes());
    }
}
