//! Making a server.
//!
//! Nova knows no idempotency tokens, so ours stands in the server's metadata. A create whose token may have been used
//! before first looks for a server of its name that carries it, beside the look-ups of image, flavor and networks, so
//! that it costs no time; and so every create looks when an answer was lost. The other look-ups are shared by all
//! creates of a minute, so that a create with a fresh token is one request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cloudmesh_abstract::{Effect, Error, ErrorKind, Node, NodeSpec, NodeState, Result};
use serde_json::{Map, Value, json};

use crate::OpenStack;
use crate::catalog::Service;
use crate::catalogue::{as_input, too_small};
use crate::client::Ask;
use crate::microversion::{Number, Spoken};
use crate::pages::record;
use crate::refusal::{Answer, unreadable};
use crate::volume::{boot_disk, check_size};
use crate::wire;

/// The longest name, and the longest key and value of the metadata.
const LONGEST: usize = 255;
/// The longest user data, encoded.
const LONGEST_USER_DATA: usize = 65_535;
/// The version of Nova's interface in which disks got types.
const DISK_TYPES: Number = (2, 67);

impl OpenStack {
    pub(crate) async fn create_server(&self, spec: &NodeSpec) -> Result<Node> {
        check(spec)?;
        let user_data = user_data(spec)?;
        self.check_volumes(spec).await?;
        let (made, image, flavor, networks, pool) = futures::join!(
            self.made_before(spec),
            self.chosen_image(&spec.image, spec.disk_gb.is_some()),
            self.chosen_flavor(&spec.flavor),
            self.network_ids(&spec.networks),
            self.pool_for(spec),
        );
        if let Some(node) = made? {
            return self.complete(spec, node, pool?, true).await;
        }
        let pool = pool?;
        let (image, flavor) = (image?, flavor?);
        check_size(spec, &image)?;
        let found = Found { image: &image.id, flavor: &flavor.id, networks: &networks?, user_data };
        let body = body(spec, found, self.client.config_drive());
        let ask = Ask::post(Service::Compute, &["servers"], Effect::Once, body).spoken(spoken(spec));
        let region = self.region().await?;
        let post = || async { self.client.send(&ask).await.and_then(|answer| pending(&answer, spec, region.clone())) };
        let made = self.client.context().make_once(post, || self.made(spec)).await;
        let node = made.map_err(|error| too_small(as_input(error), &image, &flavor, spec.disk_gb.is_some()))?;
        self.complete(spec, node, pool, false).await
    }

    /// Gives a server what it is to have beside itself; `repeated` says that it may have it already.
    async fn complete(&self, spec: &NodeSpec, node: Node, pool: Option<wire::Network>, repeated: bool) -> Result<Node> {
        match pool {
            Some(pool) => self.with_public_ip(spec, node, &pool, repeated).await,
            None => Ok(node),
        }
    }

    /// What [`made`](Self::made) finds; nothing is looked for when nobody has used the token.
    async fn made_before(&self, spec: &NodeSpec) -> Result<Option<Node>> {
        if spec.token.take_first_use() { Ok(None) } else { self.made(spec).await }
    }

    /// The server that an earlier request with the same token made.
    async fn made(&self, spec: &NodeSpec) -> Result<Option<Node>> {
        let nodes = cloudmesh_abstract::ComputeNodeABC::find(self, &spec.name).await?;
        let ours = |node: &Node| node.marks().and_then(|marks| marks.token).as_ref() == Some(&spec.token);
        Ok(nodes.into_iter().find(ours))
    }
}

/// Refuses what Nova would refuse, and what is not offered, before anything is sent.
fn check(spec: &NodeSpec) -> Result<()> {
    check_name(&spec.name)?;
    for (key, value) in spec.tags() {
        check_pair(&key, &value)?;
    }
    if spec.spot {
        return Err(Error::new(ErrorKind::Unsupported, "Nova has no spot instances; leave `spot` out"));
    }
    if spec.disk_gb == Some(0) {
        return Err(Error::new(ErrorKind::InvalidInput, "a disk of 0 GiB is none; ask for 1 GiB or more, or for none"));
    }
    Ok(())
}

/// The version of the create: from 2.37 on a network must be named or is made, so the oldest one fits what is promised.
/// Only a newer one knows types of disks.
fn spoken(spec: &NodeSpec) -> Spoken {
    if spec.disk_type.is_some() { Spoken::From(DISK_TYPES) } else { Spoken::Oldest }
}

pub(crate) fn check_name(name: &str) -> Result<()> {
    let why = if name.is_empty() {
        "must not be empty"
    } else if name.trim() != name {
        "must not begin or end with a blank"
    } else if name.chars().any(char::is_control) {
        "must not hold control characters"
    } else if name.chars().count() > LONGEST {
        "must not be longer than 255 letters"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidInput, format!("the name `{name}` {why}")))
}

/// <https://docs.openstack.org/api-ref/compute/#create-server>, `metadata`.
pub(crate) fn check_pair(key: &str, value: &str) -> Result<()> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | ':' | '.' | ' ');
    if key.is_empty() || key.len() > LONGEST || !key.chars().all(fits) {
        let allowed = "1 to 255 of the letters a-z, A-Z, 0-9, `-`, `_`, `:`, `.` and blank";
        return Err(Error::new(ErrorKind::InvalidInput, format!("the metadata key `{key}` must be {allowed}")));
    }
    if value.chars().count() > LONGEST {
        let message = format!("the value of the metadata key `{key}` must not be longer than 255 letters");
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(())
}

fn user_data(spec: &NodeSpec) -> Result<Option<String>> {
    let Some(data) = &spec.user_data else { return Ok(None) };
    let encoded = STANDARD.encode(data.expose());
    if encoded.len() > LONGEST_USER_DATA {
        let message =
            format!("the user data is too long: {} bytes encoded, {LONGEST_USER_DATA} are allowed", encoded.len());
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(Some(encoded))
}

/// Where the server is plugged in; without a choice, into the project's own network, for which newer versions of Nova
/// want a word.
fn networks(spec: &NodeSpec, ids: &[String]) -> Option<Value> {
    match ids {
        [] if spec.disk_type.is_some() => Some(json!("auto")),
        [] => None,
        ids => Some(ids.iter().map(|id| json!({"uuid": id})).collect()),
    }
}

/// What a server is made of besides its specification.
struct Found<'a> {
    image: &'a str,
    flavor: &'a str,
    networks: &'a [String],
    user_data: Option<String>,
}

/// The body of <https://docs.openstack.org/api-ref/compute/#create-server>.
fn body(spec: &NodeSpec, found: Found<'_>, config_drive: Option<bool>) -> Value {
    let mut server = Map::new();
    let mut put = |name: &str, value: Value| _ = server.insert(name.to_owned(), value);
    put("name", json!(spec.name));
    match spec.disk_gb {
        Some(size) => put("block_device_mapping_v2", boot_disk(size, spec.disk_type.as_deref(), found.image)),
        None => put("imageRef", json!(found.image)),
    }
    put("flavorRef", json!(found.flavor));
    put("metadata", json!(spec.tags()));
    if let Some(networks) = networks(spec, found.networks) {
        put("networks", networks);
    }
    if !spec.secgroups.is_empty() {
        put("security_groups", spec.secgroups.iter().map(|group| json!({"name": group})).collect());
    }
    if let Some(key) = &spec.key {
        put("key_name", json!(key));
    }
    if let Some(zone) = &spec.zone {
        put("availability_zone", json!(zone));
    }
    if let Some(drive) = config_drive {
        put("config_drive", json!(drive));
    }
    if let Some(data) = found.user_data {
        put("user_data", json!(data));
    }
    json!({"server": server})
}

/// The new node: Nova answers with the id, the rest is what was asked for.
fn pending(answer: &Answer, spec: &NodeSpec, region: Option<String>) -> Result<Node> {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let server: Option<wire::Server> = body.and_then(|mut body| record(body["server"].take()));
    let server = server.filter(|server| !server.id.is_empty());
    let server = server.ok_or_else(|| unreadable(answer, "POST /servers", None))?;
    let mut node = Node::new(server.id, spec.name.as_str(), NodeState::Pending);
    "BUILD".clone_into(&mut node.vendor_status);
    node.image = Some(spec.image.clone());
    node.flavor = Some(spec.flavor.clone());
    node.key.clone_from(&spec.key);
    node.secgroups = server.security_groups.into_iter().map(|group| group.name).collect();
    node.zone.clone_from(&spec.zone);
    node.region = region;
    node.metadata = spec.tags();
    Ok(node)
}

#[cfg(test)]
mod tests {
    use super::{Found, body, check, user_data};
    use cloudmesh_abstract::{ErrorKind, NodeSpec, UserData};
    use serde_json::json;
    use std::collections::BTreeSet;

    fn spec() -> NodeSpec {
        NodeSpec::new("web-1", "ubuntu", "m1.nano")
    }

    #[test]
    fn what_nova_would_refuse_is_not_sent() {
        use ErrorKind::{InvalidInput, Unsupported};
        let name = |name: &str| NodeSpec::new(name, "i", "f");
        let table = [
            (name(""), InvalidInput),
            (name(" web"), InvalidInput),
            (name("a\nb"), InvalidInput),
            (name(&"n".repeat(256)), InvalidInput),
            (spec().with_metadata("no/slash", "x"), InvalidInput),
            (spec().with_metadata("", "x"), InvalidInput),
            (spec().with_metadata("k", "x".repeat(256)), InvalidInput),
            (spec().with_spot(true), Unsupported),
            (spec().with_disk_gb(0), InvalidInput),
        ];
        for (spec, kind) in table {
            assert_eq!(check(&spec).unwrap_err().kind(), kind, "{spec:?}");
        }
        assert!(check(&spec().with_public(false).with_metadata("a:b.c d-_", "x".repeat(255))).is_ok());
        assert!(check(&name(&"ä".repeat(255))).is_ok());
    }

    #[test]
    fn user_data_has_a_limit() {
        let data = |length: usize| spec().with_user_data(UserData::new("x".repeat(length)));
        assert_eq!(user_data(&data(3)).unwrap().as_deref(), Some("eHh4"));
        assert!(user_data(&data(49_149)).is_ok());
        let error = user_data(&data(49_150)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(!error.to_string().contains("xxx"));
    }

    #[test]
    fn only_what_was_asked_for_is_sent() {
        let found = |networks| Found { image: "i", flavor: "f", networks, user_data: None };
        let least = body(&spec(), found(&[]), None);
        let fields: BTreeSet<&str> = least["server"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, BTreeSet::from(["flavorRef", "imageRef", "metadata", "name"]));
        let spec = spec().with_key("k").with_secgroup("ssh").with_zone("nova");
        let networks = ["n1".to_owned(), "n2".to_owned()];
        let most = body(&spec, Found { user_data: Some("eA==".into()), ..found(&networks) }, Some(true));
        assert_eq!(most["server"]["networks"], json!([{"uuid": "n1"}, {"uuid": "n2"}]));
        assert_eq!(most["server"]["security_groups"], json!([{"name": "ssh"}]));
        assert_eq!((&most["server"]["config_drive"], &most["server"]["user_data"]), (&json!(true), &json!("eA==")));
        assert_eq!(most["server"]["metadata"]["cm-token"], spec.token.as_str());
    }
}
