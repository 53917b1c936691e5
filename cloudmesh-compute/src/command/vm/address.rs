//! `cms vm ip`

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::Subcommand;

use super::change::look_up;
use super::{Chosen, Names, columns, show};
use crate::addresses::{Free, correct_all};
use crate::cli::{Column, Session};
use crate::work::apply;
use crate::{Capability, Node, Provider, PublicIps, Result};

/// What can be done with the addresses of machines.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Show the addresses of machines
    #[command(after_help = "Examples:\n  cms vm ip show\n  cms vm ip show web-1 -o csv --columns public_ips")]
    Show(Chosen),
    /// Give machines a public address: one that leads nowhere, else a new one
    #[command(after_help = "Examples:\n  cms vm ip assign web-1\n  cms vm ip assign 'web[1-3]' --dry-run\n\n\
                            A machine that has one keeps it.")]
    Assign(Names),
}

/// Runs a verb.
pub(super) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::Show(some) => show::addresses(session, &some.names, &shown()).await,
        Verb::Assign(names) => assign(session, &names.names).await,
    }
}

pub(super) fn shown() -> Vec<Column<Node>> {
    Column::pick(columns(), &["name", "public_ips", "private_ips", "cloud"])
}

async fn assign(session: &Session, names: &[String]) -> Result<ExitCode> {
    let done = session.on_each_node(async |provider| {
        provider.requires(Capability::PublicIps)?;
        let mut found = look_up(session, provider, names).await?;
        if !found.iter().any(|outcome| matches!(&outcome.result, Ok(Some(_)))) {
            return Ok(found);
        }
        let held = session.interrupt.unless_asked(provider.list_public_ips()).await?;
        correct_all(&mut found, &held);
        let (free, given) = (Free::among(&held), Mutex::new(BTreeMap::new()));
        let (free, given) = (&free, &given);
        let assign = |provider: &Provider, node: Node| {
            let provider = provider.clone();
            async move {
                if node.public_ips.is_empty() {
                    let address = free.assign(&provider, &node.id).await?.address;
                    given.lock().unwrap_or_else(PoisonError::into_inner).insert(node.id, address);
                }
                Ok(())
            }
        };
        let mut outcomes = apply(provider, found, &session.pace(), assign).await;
        let mut given = given.lock().unwrap_or_else(PoisonError::into_inner);
        for node in outcomes.iter_mut().filter_map(|outcome| outcome.result.as_mut().ok()?.as_mut()) {
            node.public_ips.extend(given.remove(&node.id));
        }
        Ok(outcomes)
    });
    done.await?.finish(session, "nodes", &shown())
}
