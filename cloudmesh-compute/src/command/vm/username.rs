//! `cms vm username`: as whom one signs in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::login_name;
use serde::Serialize;

use super::change::look_up;
use super::show;
use crate::boot::{Source, Wishes};
use crate::cli::{Column, Report, Session, cell, heading};
use crate::work::apply;
use crate::{Capability, ComputeNodeABC, Error, ErrorKind, Image, Metadata, Node, NodeId, Provider, Result};

/// The mark that keeps a login name.
const MARK: &str = "cm-username";

/// `cms vm username [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct Username {
    #[command(flatten)]
    chosen: super::Chosen,
    /// Keep this login name with the machines, as the mark `cm-username`
    #[arg(long, value_name = "USER", value_parser = login)]
    set: Option<String>,
}

/// As whom one signs in to a machine, and what says so.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    username: Option<String>,
    source: Option<String>,
    cloud: String,
    id: NodeId,
}

impl Username {
    /// Whether it changes anything in a cloud.
    pub(super) fn changes(&self) -> bool {
        self.set.is_some()
    }

    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        session.shared.view.check(&columns())?;
        let names = &self.chosen.names;
        match &self.set {
            Some(_) if names.is_empty() => {
                Err(Error::new(ErrorKind::Config, "`--set` changes machines; name them, such as `web-1` or `'web*'`"))
            }
            Some(user) => self.write(session, user).await,
            None => {
                let nodes = show::find(session, names).await?;
                tell(session, nodes).await
            }
        }
    }

    async fn write(&self, session: &Session, user: &str) -> Result<ExitCode> {
        let pairs = BTreeMap::from([(MARK.to_owned(), user.to_owned())]);
        let done = session.on_each_node(async |provider| {
            provider.requires(Capability::Metadata)?;
            let found = look_up(session, provider, &self.chosen.names).await?;
            let set = |provider: &Provider, node: Node| {
                let (provider, pairs) = (provider.clone(), pairs.clone());
                async move { provider.set_server_metadata(&node.id, &pairs).await }
            };
            Ok(apply(provider, found, &session.pace(), set).await)
        });
        let marked = |node: Node| vec![Row::new(&node, Some((user.to_owned(), MARK.to_owned())))];
        done.await?.each(marked).finish(session, "usernames", &columns())
    }
}

impl Row {
    fn new(node: &Node, known: Option<(String, String)>) -> Self {
        let (username, source) = known.unzip();
        Self { name: node.label().to_owned(), username, source, cloud: node.cloud.clone(), id: node.id.clone() }
    }
}

/// Prints who signs in to the machines.
async fn tell(session: &Session, nodes: Report<Node>) -> Result<ExitCode> {
    let clouds = session.chosen()?;
    let mut images = BTreeMap::new();
    for provider in clouds.providers() {
        for image in nodes.rows().iter().filter(|node| node.cloud == provider.name() && is_untold(provider, node)) {
            let Some(id) = &image.image else { continue };
            let key = (provider.name().to_owned(), id.clone());
            if let Entry::Vacant(entry) = images.entry(key) {
                entry.insert(image_of(session, provider, id).await);
            }
        }
    }
    let known = |node: &Node| {
        let provider = clouds.provider(&node.cloud)?;
        said(provider, node).or_else(|| {
            let image: &Image = images.get(&(node.cloud.clone(), node.image.clone()?))?.as_ref()?;
            let name = login_name(&node.kind, &image.name, image.os.as_deref())?;
            Some((name.to_owned(), format!("image {}", image.name)))
        })
    };
    nodes.each(|node| vec![Row::new(&node, known(&node))]).finish(session, "usernames", &columns())
}

fn is_untold(provider: &Provider, node: &Node) -> bool {
    said(provider, node).is_none()
}

/// What the machine's mark or the configuration says.
fn said(provider: &Provider, node: &Node) -> Option<(String, String)> {
    if let Some(user) = node.metadata.get(MARK) {
        return Some((user.clone(), MARK.to_owned()));
    }
    let choices = Wishes::default().explain(provider).ok()?;
    let choice = choices.into_iter().find(|choice| choice.name == "username")?;
    let source = match &choice.source {
        Source::Cloud { cloud, .. } => format!("defaults of {cloud}"),
        Source::File { .. } => "default".to_owned(),
        other => other.to_string(),
    };
    Some((choice.value?, source))
}

/// The image of an id, from the catalogue that is kept or from the cloud.
async fn image_of(session: &Session, provider: &Provider, id: &str) -> Option<Image> {
    let ages = crate::cli::Ages::new();
    let kept = session.fresh_catalogue::<Image>(provider.name(), &ages).map(|(images, _)| images).unwrap_or_default();
    let is = |image: &Image| image.id == id || image.name == id;
    match kept.into_iter().find(is) {
        Some(image) => Some(image),
        None if session.shared.cached => None,
        // An image that is gone tells nothing.
        None => provider.image(id).await.ok(),
    }
}

/// Reads a login name.
fn login(text: &str) -> Result<String, String> {
    let plain = |sign: char| sign.is_alphanumeric() || "._-@".contains(sign);
    if text.is_empty() || text.len() > 64 || text.starts_with('-') || !text.chars().all(plain) {
        return Err(format!("`{text}` is no login name; it has letters, digits and `.`, `_`, `-`, `@`"));
    }
    Ok(text.to_owned())
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("NAME", |row: &Row| row.name.clone()).rank(0),
        heading("USERNAME", |row: &Row| cell(row.username.as_ref())).rank(0),
        heading("SOURCE", |row: &Row| cell(row.source.as_ref())).wraps(),
        heading("CLOUD", |row: &Row| row.cloud.clone()).rank(2),
        heading("ID", |row: &Row| row.id.to_string()).wide(),
    ]
}
