//! `cms ip list`

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::process::ExitCode;

use futures::future::join_all;
use serde::Serialize;

use super::find::known_names;
use crate::cli::{Column, Session, cell, field, heading};
use crate::{Capability, ComputeNodeABC, Node, NodeId, NodeQuery, Provider, PublicIp, PublicIps, Result};

/// Above so many machines one listing tells their names.
const LISTING_FROM: usize = 4;

/// An address, and what the machine is called that it leads to.
#[derive(Debug, Serialize)]
struct Row {
    address: IpAddr,
    cloud: String,
    id: String,
    node: Option<String>,
    node_id: Option<NodeId>,
    pool: Option<String>,
    ours: bool,
}

pub(super) async fn run(session: &Session) -> Result<ExitCode> {
    session.shared.view.check(&columns())?;
    let rows = async |provider: &Provider| {
        provider.requires(Capability::PublicIps)?;
        let mut held = provider.list_public_ips().await?;
        held.sort_by_key(|held| held.address);
        let names = names(session, provider, &held).await;
        Ok(held.into_iter().map(|held| Ok(row(held, &names))).collect())
    };
    session.on_each(rows).await?.finish(session, "addresses", &columns())
}

fn row(held: PublicIp, names: &BTreeMap<NodeId, String>) -> Row {
    let label = |id: &NodeId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    Row {
        address: held.address,
        cloud: held.cloud,
        id: held.id,
        node: held.node.as_ref().map(label),
        node_id: held.node,
        pool: held.pool,
        ours: held.ours,
    }
}

/// The names of the machines that the addresses lead to: those that are known, and the others from the cloud.
async fn names(session: &Session, provider: &Provider, held: &[PublicIp]) -> BTreeMap<NodeId, String> {
    let mut names = known_names(session, provider);
    let mut unknown: Vec<&NodeId> = held.iter().filter_map(|held| held.node.as_ref()).collect();
    unknown.retain(|id| !names.contains_key(id));
    // Where no name is told, the id has to do.
    let found: Vec<Node> = if unknown.len() > LISTING_FROM {
        provider.list(&NodeQuery::new()).await.unwrap_or_default()
    } else {
        join_all(unknown.into_iter().map(|id| provider.info(id))).await.into_iter().flatten().collect()
    };
    names.extend(found.into_iter().map(|node| (node.id.clone(), node.label().to_owned())));
    names
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("ADDRESS", |row: &Row| row.address.to_string()).rank(0),
        heading("NODE", |row: &Row| cell(row.node.as_ref())).rank(0),
        heading("POOL", |row: &Row| cell(row.pool.as_ref())).rank(3),
        heading("CLOUD", |row: &Row| row.cloud.clone()).rank(2),
        heading("OURS", |row: &Row| if row.ours { "yes" } else { "no" }.to_owned()).rank(4),
        heading("ID", |row: &Row| row.id.clone()).wide(),
        field("node_id"),
    ]
}
