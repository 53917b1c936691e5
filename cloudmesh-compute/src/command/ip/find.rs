//! Finding addresses in clouds.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::cli::{Item, Session};
use crate::{Capability, Clouds, Error, ErrorKind, Node, NodeId, Provider, PublicIp, PublicIps, Result};

/// What each of the clouds holds, in their order.
pub(super) async fn held(session: &Session, clouds: &Clouds) -> Vec<Result<Vec<PublicIp>>> {
    let look = |cloud: Provider| async move {
        cloud.requires(Capability::PublicIps)?;
        session.interrupt.unless_asked(cloud.list_public_ips()).await
    };
    clouds.shares(look).await
}

/// Of what is held, each of the addresses, for each cloud. One that no cloud holds is missing on the last, and one that
/// several hold is refused there.
pub(super) fn chosen(
    clouds: &Clouds,
    held: Vec<Result<Vec<PublicIp>>>,
    wanted: &[IpAddr],
) -> Vec<Result<Vec<Item<PublicIp>>>> {
    let names: Vec<&str> = clouds.names().collect();
    let mut holders = BTreeMap::<IpAddr, Vec<&str>>::new();
    for (name, address) in
        names.iter().zip(&held).flat_map(|(name, held)| held.iter().flatten().map(move |ip| (name, ip)))
    {
        holders.entry(address.address).or_default().push(name);
    }
    let complete = held.iter().all(Result::is_ok);
    let last = held.iter().rposition(Result::is_ok);
    let of_cloud = |(at, held): (usize, Result<Vec<PublicIp>>)| {
        let held = held?;
        let pick = |wanted: &IpAddr| match holders.get(wanted).map(Vec::as_slice) {
            // Where a cloud did not answer, it may be there.
            None if Some(at) == last => Some(Err(missing(wanted, complete))),
            None => None,
            Some([_]) => held.iter().find(|held| held.address == *wanted).map(|held| Ok(held.clone())),
            Some(several) => (several.first() == Some(&names[at])).then(|| Err(ambiguous(wanted, several))),
        };
        Ok(wanted.iter().filter_map(|wanted| Some(Item::new(wanted.to_string(), pick(wanted)?))).collect())
    };
    held.into_iter().enumerate().map(of_cloud).collect()
}

fn missing(address: &IpAddr, complete: bool) -> Error {
    let where_else = if complete { "" } else { " on the clouds that answered" };
    let message = format!("no address `{address}`{where_else}; `cms ip list` shows what there is");
    Error::new(ErrorKind::NotFound, message)
}

fn ambiguous(address: &IpAddr, clouds: &[&str]) -> Error {
    let message = format!("`{address}` is held on {}; choose one with `--cloud`", clouds.join(" and on "));
    Error::new(ErrorKind::Ambiguous, message)
}

/// The names of nodes, as far as they are known without asking.
pub(super) fn known_names(session: &Session, provider: &Provider) -> BTreeMap<NodeId, String> {
    let known = || session.state()?.nodes(&session.owner(provider.name()).ok()?).ok();
    let nodes: Vec<Node> = known().map(|known| known.rows).unwrap_or_default();
    nodes.into_iter().map(|node| (node.id.clone(), node.label().to_owned())).collect()
}

/// What a node is called, or its id.
pub(super) fn label(session: &Session, provider: &Provider, id: &NodeId) -> String {
    known_names(session, provider).remove(id).unwrap_or_else(|| id.to_string())
}
