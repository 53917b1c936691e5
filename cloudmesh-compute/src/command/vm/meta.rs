//! `cms vm meta`: tags, labels or metadata of machines.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::change::look_up;
use super::what::pair;
use super::{Chosen, columns, show};
use crate::cli::{Column, Session, heading};
use crate::nodes::Outcome;
use crate::work::apply;
use crate::{Capability, Error, ErrorKind, Metadata, Node, NodeId, Provider, Result};

/// How the keys of our own marks begin.
const MARK: &str = "cm-";

/// What can be done with tags.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the tags of machines
    #[command(after_help = "Examples:\n  cms vm meta list web-1\n  cms vm meta list 'web*' --filter key=course\n  \
                            cms vm meta list web-1 -o csv --columns value --filter key=course")]
    List(Chosen),
    /// Add tags to machines, or replace their values; others stay
    #[command(after_help = "Examples:\n  cms vm meta set web-1 course=e516\n  \
                            cms vm meta set 'web[1-3],db' course=e516 owner=albert")]
    Set(Set),
    /// Remove tags from machines
    #[command(after_help = "Examples:\n  cms vm meta delete web-1 course\n  cms vm meta delete 'web*' course owner")]
    Delete(Delete),
}

impl Verb {
    /// Whether it may change anything in a cloud.
    pub(super) fn changes(&self) -> bool {
        !matches!(self, Self::List(_))
    }
}

/// `cms vm meta set NAMES KEY=VALUE…`
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Names, ids, ranges such as `web[1-3]`, globs such as `web*`; several with commas
    #[arg(value_name = "NAMES")]
    names: String,
    /// Tags
    #[arg(required = true, value_name = "KEY=VALUE", value_parser = tag)]
    pairs: Vec<(String, String)>,
    /// Change our own marks, `cm-…`, too, by which machines are found and grouped
    #[arg(long)]
    force: bool,
}

/// `cms vm meta delete NAMES KEY…`
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Names, ids, ranges such as `web[1-3]`, globs such as `web*`; several with commas
    #[arg(value_name = "NAMES")]
    names: String,
    /// Keys of tags
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    /// Remove our own marks, `cm-…`, too, by which machines are found and grouped
    #[arg(long)]
    force: bool,
}

/// A tag of a machine.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    key: String,
    value: String,
    cloud: String,
    id: NodeId,
}

/// Runs a verb.
pub(super) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::List(some) => {
            session.shared.view.check(&pairs())?;
            show::find(session, &some.names).await?.each(rows).finish(session, "metadata", &pairs())
        }
        Verb::Set(set) => {
            set.pairs.iter().try_for_each(|(key, _)| unmarked(key, set.force))?;
            change(session, &set.names, &set.pairs.into_iter().collect(), &[]).await
        }
        Verb::Delete(delete) => {
            delete.keys.iter().try_for_each(|key| unmarked(key, delete.force))?;
            change(session, &delete.names, &BTreeMap::new(), &delete.keys).await
        }
    }
}

/// Reads a tag; what has no `=` may be a machine.
fn tag(text: &str) -> Result<(String, String), String> {
    let hint =
        |told: String| if text.contains('=') { told } else { format!("{told}; name several machines with commas") };
    pair(text).map_err(hint)
}

fn rows(node: Node) -> Vec<Row> {
    let (name, cloud, id) = (node.label().to_owned(), node.cloud, node.id);
    let row = |(key, value)| Row { name: name.clone(), key, value, cloud: cloud.clone(), id: id.clone() };
    node.metadata.into_iter().map(row).collect()
}

/// Refuses to touch our marks unless that is meant.
fn unmarked(key: &str, force: bool) -> Result<()> {
    if force || !key.starts_with(MARK) {
        return Ok(());
    }
    let message =
        format!("`{key}` is a mark of ours, by which machines are found and grouped; pass `--force` if you mean it");
    Err(Error::new(ErrorKind::Config, message))
}

/// Sets tags of machines, or removes them.
async fn change(session: &Session, names: &str, pairs: &BTreeMap<String, String>, keys: &[String]) -> Result<ExitCode> {
    let names = [names.to_owned()];
    let done = session.on_each_node(async |provider| {
        provider.requires(Capability::Metadata)?;
        let found = look_up(session, provider, &names).await?;
        tell_missing(session, &found, keys);
        let change = |provider: &Provider, node: Node| {
            let (provider, pairs, keys) = (provider.clone(), pairs.clone(), keys.to_owned());
            async move {
                if keys.is_empty() {
                    provider.set_server_metadata(&node.id, &pairs).await
                } else {
                    provider.delete_server_metadata(&node.id, &keys).await
                }
            }
        };
        let mut done = apply(provider, found, &session.pace(), change).await;
        for node in done.iter_mut().filter_map(|outcome| outcome.result.as_mut().ok()?.as_mut()) {
            node.metadata.extend(pairs.clone());
            node.metadata.retain(|key, _| !keys.contains(key));
        }
        Ok(done)
    });
    let shown = Column::pick(columns(), &["name", "metadata", "cloud", "id"]);
    done.await?.finish(session, "nodes", &shown)
}

/// Says which machines have no tag of a key that is to be removed.
fn tell_missing(session: &Session, found: &[Outcome], keys: &[String]) {
    let nodes = found.iter().filter_map(|outcome| outcome.result.as_ref().ok()?.as_ref());
    for node in nodes {
        for key in keys.iter().filter(|key| !node.metadata.contains_key(*key)) {
            session.note(&format!("{} has no `{key}`", node.label()));
        }
    }
}

fn pairs() -> Vec<Column<Row>> {
    vec![
        heading("NAME", |row: &Row| row.name.clone()).rank(0),
        heading("KEY", |row: &Row| row.key.clone()).rank(0),
        heading("VALUE", |row: &Row| row.value.clone()).wraps().rank(0),
        heading("CLOUD", |row: &Row| row.cloud.clone()).rank(2),
        heading("ID", |row: &Row| row.id.to_string()).wide(),
    ]
}
