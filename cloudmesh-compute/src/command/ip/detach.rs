//! `cms ip detach`

use std::net::IpAddr;
use std::process::ExitCode;

use clap::Args;

use super::find::{chosen, held, label};
use crate::cli::{Done, Item, Report, Session};
use crate::command::vm::find;
use crate::partial::Partial;
use crate::{Error, ErrorKind, Node, Provider, PublicIp, PublicIps, Result};

/// `cms ip detach VM|ADDRESS`
#[derive(Debug, Args)]
pub(crate) struct Detach {
    /// Machines, by name, id, range or glob, or addresses
    #[arg(required = true, value_name = "VM|ADDRESS")]
    names: Vec<String>,
}

/// What was found on a cloud.
type Found = Result<Vec<Item<PublicIp>>>;

impl Detach {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let words = self.names.iter().flat_map(|word| word.split(','));
        let addresses: Vec<IpAddr> = words.clone().filter_map(|word| word.trim().parse().ok()).collect();
        let names: Vec<String> =
            words.filter(|word| word.trim().parse::<IpAddr>().is_err()).map(str::to_owned).collect();
        let clouds = session.chosen()?;
        let held = held(session, &clouds).await;
        let owned = clouds.shares_of(held.clone(), async |cloud, held| owned(session, &cloud, &names, &held?).await);
        let owned = owned.await;
        let both =
            |(by_address, by_name): (Found, Found)| -> Found { Ok(by_address?.into_iter().chain(by_name?).collect()) };
        let found = chosen(&clouds, held, &addresses).into_iter().zip(owned).map(both);
        let detach = async |provider: &Provider, address: PublicIp| detach(session, provider, address).await;
        let detach = &detach;
        let each = |cloud: Provider, found: Found| async move { Ok(session.do_each(&cloud, found?, detach).await) };
        let done = Partial::of_items(clouds.shares_of(found.collect(), each).await);
        Report::of_clouds(done, &clouds).finish_outcomes(session)
    }
}

/// The addresses that lead to these machines.
async fn owned(
    session: &Session,
    provider: &Provider,
    names: &[String],
    held: &[PublicIp],
) -> Result<Vec<Item<PublicIp>>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let of_node = |item: Item<Node>| {
        let node = match item.result {
            Ok(node) => node,
            Err(error) => return vec![Item::new(item.name, Err(error))],
        };
        let own: Vec<Item<PublicIp>> = held
            .iter()
            .filter(|held| held.node.as_ref() == Some(&node.id))
            .map(|own| Item::new(item.name.clone(), Ok(own.clone())))
            .collect();
        if own.is_empty() { vec![Item::new(item.name, Err(none(&node)))] } else { own }
    };
    Ok(find(session, provider, names).await?.into_iter().flat_map(of_node).collect())
}

fn none(node: &Node) -> Error {
    let message = format!("`{}` has no address of the account; `cms ip list` shows what there is", node.label());
    Error::new(ErrorKind::NotFound, message)
}

async fn detach(session: &Session, provider: &Provider, address: PublicIp) -> Result<Done> {
    let text = address.address.to_string();
    let Some(node) = &address.node else {
        return Ok(Done::new(text, provider.name(), "free already").with_id(address.id));
    };
    provider.detach_public_ip(node, &text).await?;
    let name = label(session, provider, node);
    Ok(Done::new(text, provider.name(), "detached").with_detail(format!("from {name}")).with_id(address.id))
}
