//! `cms vm list`, `info`, `status`.

use std::process::ExitCode;

use cloudmesh_abstract::names::select;
use futures::future::join_all;

use super::columns;
use crate::addresses::correct_all;
use crate::cli::{Ages, Column, Report, Session, usage};
use crate::command::fields;
use crate::nodes::{Outcome, find_among};
use crate::partial::Partial;
use crate::state::told;
use crate::{Capability, ComputeNodeABC, Node, NodeQuery, NodeState, Provider, PublicIps as _, Result};

/// `cms vm list [NAMES]`
pub(super) async fn list(session: &Session, names: &[String]) -> Result<ExitCode> {
    find(session, names).await?.finish(session, "nodes", &columns())
}

/// `cms vm info NAMES`
pub(super) async fn info(session: &Session, names: &[String]) -> Result<ExitCode> {
    let raw = session.wants_raw();
    let live = async |provider: &Provider| Ok(explain(provider, find_on(provider, names, raw).await?).await);
    let report = if session.shared.cached { known(session, names)? } else { session.on_each_node(live).await? };
    report.finish_in_full(session, "nodes", &columns(), fields)
}

/// `cms vm status [NAMES]`
pub(super) async fn status(session: &Session, names: &[String]) -> Result<ExitCode> {
    let columns = Column::pick(columns(), &["name", "status", "vendor_status", "cloud", "id"]);
    find(session, names).await?.finish(session, "nodes", &columns)
}

/// `cms vm ip show [NAMES]`
pub(super) async fn addresses(session: &Session, names: &[String], columns: &[Column<Node>]) -> Result<ExitCode> {
    let live = async |provider: &Provider| with_addresses(session, provider, names).await;
    let report = if session.shared.cached { known(session, names)? } else { session.on_each_node(live).await? };
    report.finish(session, "nodes", columns)
}

/// The nodes of these names, with the addresses that the account knows to lead to them.
async fn with_addresses(session: &Session, provider: &Provider, names: &[String]) -> Result<Vec<Outcome>> {
    let nodes = find_on(provider, names, session.wants_raw());
    if provider.requires(Capability::PublicIps).is_err() {
        return nodes.await;
    }
    let (found, held) = futures::join!(nodes, provider.list_public_ips());
    let mut found = found?;
    match held {
        Ok(held) => correct_all(&mut found, &held),
        // What the machines show is better than nothing.
        Err(error) => session.note(&format!("{}: shown is what the machines say: {}", provider.name(), told(&error))),
    }
    Ok(found)
}

/// Asks why nodes are broken, where the cloud leaves that out of listings.
async fn explain(provider: &Provider, outcomes: Vec<Outcome>) -> Vec<Outcome> {
    let one = async |mut outcome: Outcome| {
        if let Ok(Some(node)) = &mut outcome.result
            && node.status == NodeState::Error
            && node.fault.is_none()
        {
            // It may have gone meanwhile; what the listing said is better than nothing.
            node.fault = provider.info(&node.id).await.ok().and_then(|known| known.fault);
        }
        outcome
    };
    join_all(outcomes.into_iter().map(one)).await
}

/// The nodes of these names on all chosen clouds; of no names, all nodes.
pub(super) async fn find(session: &Session, names: &[String]) -> Result<Report<Node>> {
    if session.shared.cached {
        return known(session, names);
    }
    session.on_each_node(async |provider| find_on(provider, names, session.wants_raw()).await).await
}

async fn find_on(provider: &Provider, names: &[String], raw: bool) -> Result<Vec<Outcome>> {
    if names.is_empty() {
        let nodes = provider.list(&NodeQuery::new().with_raw(raw)).await?;
        return Ok(all(provider.name(), nodes));
    }
    provider.nodes_of(names).map_err(usage)?.with_raw(raw).look_up().await
}

/// The nodes of these names as they were known last; of no names, all nodes.
fn known(session: &Session, names: &[String]) -> Result<Report<Node>> {
    let (wanted, ages) = (select(names).map_err(usage)?, Ages::new());
    let of = |cloud: &String| {
        let nodes = session.known_nodes(cloud, &ages)?;
        Ok(if names.is_empty() { all(cloud, nodes) } else { find_among(cloud, &wanted, &nodes) })
    };
    let report =
        Report::of_known(Partial::of_outcomes(session.suggest_nodes(session.clouds()?.iter().map(of).collect())));
    ages.say(session);
    Ok(report)
}

/// All nodes of a cloud, by their names.
fn all(cloud: &str, mut nodes: Vec<Node>) -> Vec<Outcome> {
    nodes.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    let outcome = |node: Node| Outcome::new(node.label().to_owned(), cloud, Ok(Some(node)));
    nodes.into_iter().map(outcome).collect()
}
