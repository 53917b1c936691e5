//! `cms ip attach`

use std::net::IpAddr;
use std::process::ExitCode;

use clap::Args;

use super::find::label;
use crate::addresses::Free;
use crate::cli::{Done, Report, Session};
use crate::command::vm::one;
use crate::partial::Partial;
use crate::{Capability, Error, ErrorKind, Node, Provider, PublicIp, PublicIps, Result};

/// `cms ip attach VM [ADDRESS]`
#[derive(Debug, Args)]
pub(crate) struct Attach {
    /// Name or id of one machine
    #[arg(value_name = "VM")]
    vm: String,
    /// Address of the account [default: the lowest that leads nowhere]
    #[arg(value_name = "ADDRESS")]
    address: Option<IpAddr>,
}

impl Attach {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let attach = async |provider: &Provider, node: Node| {
            let (address, outcome) = self.attach(session, provider, &node).await?;
            let told = Done::new(address.address.to_string(), provider.name(), outcome).with_id(address.id);
            Ok(told.with_detail(format!("to {}", node.label())))
        };
        let attach = &attach;
        let clouds = session.chosen()?;
        let found = one(session, &clouds, &self.vm).await?;
        let each = |cloud: Provider, found| async move { Ok(session.do_each(&cloud, found?, attach).await) };
        let done = Partial::of_items(clouds.shares_of(found, each).await);
        Report::of_clouds(done, &clouds).finish_outcomes(session)
    }

    /// Attaches the address, unless it leads to the machine already.
    async fn attach(&self, session: &Session, provider: &Provider, node: &Node) -> Result<(PublicIp, &'static str)> {
        provider.requires(Capability::PublicIps)?;
        let held = provider.list_public_ips().await?;
        let leads_here = |held: &&PublicIp| held.node.as_ref() == Some(&node.id);
        let own: Vec<&PublicIp> = held.iter().filter(leads_here).collect();
        let wanted = match self.address {
            Some(address) => {
                held.iter().find(|held| held.address == address).cloned().ok_or_else(|| unknown(address))?
            }
            None => match own.first() {
                Some(own) => return Ok(((*own).clone(), "attached already")),
                None => Free::among(&held).take().ok_or_else(|| none_free(node))?,
            },
        };
        match &wanted.node {
            Some(id) if *id == node.id => return Ok((wanted, "attached already")),
            Some(other) => return Err(taken(&wanted, &label(session, provider, other))),
            None => {}
        }
        if let Some(own) = own.first() {
            return Err(served(node, own));
        }
        provider.attach_public_ip(&node.id, &wanted.address.to_string()).await?;
        Ok((wanted, "attached"))
    }
}

fn unknown(address: IpAddr) -> Error {
    Error::new(ErrorKind::NotFound, format!("no address `{address}`; `cms ip list` shows what there is"))
}

fn none_free(node: &Node) -> Error {
    let name = node.label();
    let message = format!("no address is free; `cms ip create` allocates one, `cms vm ip assign {name}` does both");
    Error::new(ErrorKind::NotFound, message)
}

fn taken(address: &PublicIp, node: &str) -> Error {
    let address = address.address;
    let message = format!("`{address}` leads to {node}; `cms ip detach {address}` takes it off first");
    Error::new(ErrorKind::Conflict, message)
}

fn served(node: &Node, own: &PublicIp) -> Error {
    let (name, own) = (node.label(), own.address);
    let message = format!("`{name}` has the address {own} already; `cms ip detach {own}` takes it off first");
    Error::new(ErrorKind::Conflict, message)
}
