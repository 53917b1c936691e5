//! What some clouds lack. The contract of [`ComputeNodeABC`](super::ComputeNodeABC) holds for these methods too.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{KeyPair, NodeId, PublicIp, Result, SecurityGroup, SecurityRule};

/// Stopping a node with its memory kept.
#[async_trait]
pub trait Suspend: Send + Sync {
    /// Suspends a running node. Suspending a suspended one succeeds.
    ///
    /// A node that was not made with [`hibernate`](crate::NodeSpec::hibernate) is suspended too, or refused and left
    /// running; it is never stopped instead.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`Conflict`](crate::ErrorKind::Conflict) when its state forbids it, as
    /// that of a stopped one does, or when it had to be made with `hibernate` for it.
    async fn suspend(&self, id: &NodeId) -> Result<()>;

    /// Lets a suspended node go on. Resuming a running one succeeds.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`Conflict`](crate::ErrorKind::Conflict) when its state forbids it, as
    /// that of a stopped one does: it is started.
    async fn resume(&self, id: &NodeId) -> Result<()>;
}

/// Giving a node another name.
#[async_trait]
pub trait Rename: Send + Sync {
    /// Renames a node, and leaves the rest of it as it is, our marks too.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`InvalidInput`](crate::ErrorKind::InvalidInput) for a bad name.
    async fn rename(&self, id: &NodeId, name: &str) -> Result<()>;
}

/// Giving a node another size.
#[async_trait]
pub trait Resize: Send + Sync {
    /// Changes the flavor of a running or stopped node, by name or id, and leaves the rest of it as it is. The node may
    /// be restarted for it, and has another public address then where it has one only while it runs.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`InvalidInput`](crate::ErrorKind::InvalidInput) for a bad flavor,
    /// [`Conflict`](crate::ErrorKind::Conflict) when the node's state forbids it.
    async fn resize(&self, id: &NodeId, flavor: &str) -> Result<()>;
}

/// Editing a node's tags, labels or metadata.
#[async_trait]
pub trait Metadata: Send + Sync {
    /// Reads all pairs.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for an id that does not exist.
    async fn get_server_metadata(&self, id: &NodeId) -> Result<BTreeMap<String, String>>;

    /// Adds or replaces these pairs and keeps the others.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`InvalidInput`](crate::ErrorKind::InvalidInput) for a key or value that
    /// the cloud does not take, such as one that is too long for it.
    async fn set_server_metadata(&self, id: &NodeId, pairs: &BTreeMap<String, String>) -> Result<()>;

    /// Removes these keys; removing one that is not there succeeds.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for an id that does not exist.
    async fn delete_server_metadata(&self, id: &NodeId, keys: &[String]) -> Result<()>;
}

/// SSH keys that the cloud keeps.
#[async_trait]
pub trait Keys: Send + Sync {
    /// Lists the account's keys.
    async fn keys(&self) -> Result<Vec<KeyPair>>;

    /// Uploads a public key, with any line ends; a provider sends what [`KeyPair::settled`] makes of it.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists) for a name in use, by whatever key,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for what is no public key of a kind the cloud takes. A private key
    /// given by mistake is neither sent nor repeated.
    async fn key_upload(&self, key: &KeyPair) -> Result<KeyPair>;

    /// Deletes a key. Deleting what is gone succeeds.
    async fn key_delete(&self, name: &str) -> Result<()>;
}

/// Public addresses that the account holds.
#[async_trait]
pub trait PublicIps: Send + Sync {
    /// Lists the addresses that the account holds.
    async fn list_public_ips(&self) -> Result<Vec<PublicIp>>;

    /// Allocates an address, from a pool where one is named, by name or id.
    ///
    /// # Errors
    ///
    /// [`QuotaExceeded`](crate::ErrorKind::QuotaExceeded) when no more may be had,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a pool that does not exist.
    async fn create_public_ip(&self, pool: Option<&str>) -> Result<PublicIp>;

    /// Makes an address lead to a node. One that leads there already succeeds. It is the user's: deleting the node takes
    /// it off and keeps it.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for node or address, [`Conflict`](crate::ErrorKind::Conflict) for an
    /// address that leads to another node.
    async fn attach_public_ip(&self, id: &NodeId, address: &str) -> Result<()>;

    /// Takes an address off a node and keeps it in the account. One that leads nowhere succeeds.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for node or address, [`Conflict`](crate::ErrorKind::Conflict) for an
    /// address that leads to another node.
    async fn detach_public_ip(&self, id: &NodeId, address: &str) -> Result<()>;

    /// Gives an address back to the cloud.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`Conflict`](crate::ErrorKind::Conflict) while it leads to a node.
    async fn delete_public_ip(&self, address: &str) -> Result<()>;
}

/// Security groups and their rules.
#[async_trait]
pub trait SecurityGroups: Send + Sync {
    /// Lists the account's groups with their rules.
    async fn list_secgroups(&self) -> Result<Vec<SecurityGroup>>;

    /// Lists the rules of a group, by name or id.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`Ambiguous`](crate::ErrorKind::Ambiguous) for a name of several.
    async fn list_secgroup_rules(&self, group: &str) -> Result<Vec<SecurityRule>>;

    /// Makes a group that lets nothing in yet. What it lets out is as the cloud decides; where rules say it, they are
    /// listed like any others.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists) for a name in use.
    async fn add_secgroup(&self, name: &str, description: &str) -> Result<SecurityGroup>;

    /// Deletes a group. Deleting what is gone succeeds.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) while a node wears it.
    async fn remove_secgroup(&self, group: &str) -> Result<()>;

    /// Adds rules exactly as they are asked for, never wider. Adding one that [is](SecurityRule::is_same) there
    /// succeeds.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound), [`InvalidInput`](crate::ErrorKind::InvalidInput) for a bad rule: then
    /// none is added. A provider asks [`SecurityRule::check`] before it sends anything.
    async fn add_rules_to_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()>;

    /// Removes these rules and no others. Removing one that is not there succeeds.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for the group.
    async fn remove_rules_from_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()>;
}

/// What the node shows on its console.
#[async_trait]
pub trait Console: Send + Sync {
    /// A picture of the console, or an address where it can be seen, where the cloud offers that; else its text.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for an id that does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) while a new node has no console yet.
    async fn console(&self, id: &NodeId) -> Result<String>;

    /// The text that the node has written to its console; a node that has not written anything yet has none.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) for an id that does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) while a new node has no console yet.
    async fn log(&self, id: &NodeId) -> Result<String>;
}

/// Something that carries our mark and belongs to no node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Leftover {
    /// The cloud's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// What it is, in the vendor's word, such as `port` or `publicIPAddresses`.
    pub what: String,
}

impl Leftover {
    /// Something of the sort `what`.
    pub fn new(id: impl Into<String>, name: impl Into<String>, what: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), what: what.into() }
    }
}

/// Finding and removing what was left behind.
#[async_trait]
pub trait Leftovers: Send + Sync {
    /// Lists what carries our mark and belongs to no node. Groups and keys, which a user makes and keeps, are none.
    async fn leftovers(&self) -> Result<Vec<Leftover>>;

    /// Removes one of them. Removing what is gone succeeds.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) when it belongs to something by now.
    async fn remove_leftover(&self, leftover: &Leftover) -> Result<()>;
}

/// One call in the vendor's own words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RawCall {
    /// The HTTP method, or the vendor's word for an action.
    pub method: String,
    /// The path, or the name of the action.
    pub path: String,
    /// The body or the parameters.
    #[serde(default)]
    pub data: Option<Value>,
}

impl RawCall {
    /// A call without a body.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self { method: method.into(), path: path.into(), data: None }
    }

    /// Adds the body or the parameters.
    #[must_use]
    pub fn with_data(mut self, data: Value) -> Self {
        self.data = Some(data);
        self
    }

    /// Whether it surely only looks: by its method, or, where an action of AWS is named, by the verb of that one action.
    pub fn is_read(&self) -> bool {
        let (path, query) = match self.path.split_once('?') {
            Some(parts) => parts,
            None if self.path.contains('=') => ("", self.path.trim_start_matches('/')),
            None => (self.path.as_str(), ""),
        };
        // The Query interface has no path, but ours may name the service.
        let bare = matches!(path.trim_matches('/'), "" | "ec2" | "sts");
        let written = query.split('&').filter_map(|pair| pair.strip_prefix("Action="));
        let given = self.data.as_ref().and_then(|data| data.get("Action")?.as_str());
        let mut actions = written.chain(given);
        match (actions.next(), actions.next()) {
            (Some(action), None) => bare && looks(action),
            (Some(_), Some(_)) => false,
            (None, _) => matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS") && (!bare || query.is_empty()),
        }
    }
}

/// Whether an action of AWS only looks, as its verb says.
fn looks(action: &str) -> bool {
    let verbs = ["Describe", "Get", "List"];
    let rest = verbs.iter().find_map(|verb| action.strip_prefix(verb));
    rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
}

/// The way out when the uniform model lacks something.
#[async_trait]
pub trait Raw: Send + Sync {
    /// Sends one signed call and gives back the vendor's answer.
    async fn raw(&self, call: &RawCall) -> Result<Value>;
}

#[cfg(test)]
mod tests {
    use super::RawCall;
    use serde_json::json;

    #[test]
    fn a_call_only_looks_by_its_method_or_by_the_verb_of_its_one_action() {
        let table = [
            ("GET", "compute/servers?limit=1", true),
            ("HEAD", "image", true),
            ("POST", "compute/servers", false),
            ("POST", "compute/servers?Action=DescribeRegions", false),
            ("GET", "compute/servers?Action=DescribeRegions", false),
            ("GET", "Action=DescribeRegions", true),
            ("POST", "/?Action=ListImagesInRecycleBin&MaxResults=5", true),
            ("POST", "sts?Action=GetCallerIdentity", true),
            ("GET", "Action=TerminateInstances&InstanceId.1=i-1", false),
            ("GET", "?Action=Describe", false),
            ("GET", "?Action=Describeless", false),
            ("GET", "?Action=DescribeRegions&Action=TerminateInstances", false),
            ("GET", "?%41ction=TerminateInstances", false),
        ];
        for (method, path, is_read) in table {
            assert_eq!(RawCall::new(method, path).is_read(), is_read, "{method} {path}");
        }
        let with = |path: &str, action: &str| RawCall::new("POST", path).with_data(json!({ "Action": action }));
        assert!(with("", "DescribeInstances").is_read());
        assert!(!with("", "RunInstances").is_read());
        assert!(!with("compute/servers", "DescribeInstances").is_read());
        assert!(!with("Action=DescribeRegions", "RunInstances").is_read());
    }
}
