//! `cms ip delete`

use std::net::IpAddr;
use std::process::ExitCode;

use clap::Args;

use super::find::{chosen, held, label};
use crate::cli::{Done, Item, Report, Session, confirm};
use crate::partial::Partial;
use crate::{Error, ErrorKind, Provider, PublicIp, PublicIps, Result};

/// `cms ip delete ADDRESSES`
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Addresses, or several with commas
    #[arg(required = true, value_name = "ADDRESSES", value_delimiter = ',')]
    addresses: Vec<IpAddr>,
    /// Succeed when the account has no such address
    #[arg(long)]
    if_exists: bool,
}

impl Delete {
    pub(super) async fn run(mut self, session: &Session) -> Result<ExitCode> {
        self.addresses.sort_unstable();
        self.addresses.dedup();
        let clouds = session.chosen()?;
        let mut found = chosen(&clouds, held(session, &clouds).await, &self.addresses);
        for (name, items) in clouds.names().zip(&mut found) {
            if let Some(provider) = clouds.provider(name) {
                items.iter_mut().flatten().for_each(|item| refuse(session, provider, item));
            }
        }
        let lost = found.iter().flatten().flatten().filter_map(|item| item.result.as_ref().ok());
        let lost: Vec<String> =
            lost.map(|address| format!("{} ({}, {})", address.address, address.cloud, address.id)).collect();
        let question = format!("release {} {}", lost.len(), if lost.len() == 1 { "address" } else { "addresses" });
        if !lost.is_empty() && !confirm(session, &question, &lost).await? {
            session.note("nothing was released");
            return Ok(ExitCode::FAILURE);
        }
        let release = |cloud: Provider, found| async move { Ok(session.do_each(&cloud, found?, &release).await) };
        let done = Partial::of_items(clouds.shares_of(found, release).await);
        let mut report = Report::of_clouds(done, &clouds);
        if self.if_exists {
            report.forgive(ErrorKind::NotFound);
        }
        report.finish_outcomes(session)
    }
}

/// Refuses to release an address that is in use.
fn refuse(session: &Session, provider: &Provider, item: &mut Item<PublicIp>) {
    let Some(node) = item.result.as_ref().ok().and_then(|address| address.node.clone()) else { return };
    let (address, node) = (&item.name, label(session, provider, &node));
    let message = format!("`{address}` leads to {node}; `cms ip detach {address}` takes it off first");
    item.result = Err(Error::new(ErrorKind::Conflict, message));
}

async fn release(provider: &Provider, address: PublicIp) -> Result<Done> {
    let text = address.address.to_string();
    provider.delete_public_ip(&text).await?;
    Ok(Done::new(text, provider.name(), "released").with_id(address.id))
}
