//! `cms vm boot`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names;
use futures::future::join_all;

use super::change::{Waiting, settle};
use super::short_columns;
use super::what::What;
use crate::boot::Wishes;
use crate::cli::{Progress, Session, usage};
use crate::nodes::Outcome;
use crate::{ComputeNodeABC, Error, ErrorKind, Goal, Node, NodeQuery, NodeSpec, Operation, Provider, Result};

/// Above so many names one listing tells which of them are taken.
const LISTING_FROM: usize = 4;

/// What the new machines should be.
#[derive(Debug, Args)]
pub(crate) struct Boot {
    /// Names, or ranges such as `web[1-3]`
    #[arg(required = true, value_name = "NAMES")]
    names: Vec<String>,
    /// With one name: make NAME-1 to NAME-N
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    n: Option<u32>,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    waiting: Waiting,
}

impl Boot {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let names = self.names()?;
        let wishes = self.what.wishes(session)?;
        let wait = self.waiting.is_wanted(session);
        let progress = Progress::new(&format!("boot {}", names.len()), session.shared.quiet);
        let done = session.on_each_node(async |provider| {
            let outcomes = boot(session, provider, &names, &wishes).await?;
            Ok(settle(session, provider, outcomes, Goal::Running, wait, &progress).await)
        });
        let report = done.await?;
        drop(progress);
        report.finish(session, "nodes", &short_columns())
    }

    /// The names to make.
    fn names(&self) -> Result<Vec<String>> {
        let names = names::expand_all(self.names.iter().map(String::as_str)).map_err(usage)?;
        match (self.n, names.as_slice()) {
            (None, _) => Ok(names),
            (Some(n), [base]) => names::number(base, n as usize).map_err(usage),
            (Some(_), _) => {
                Err(Error::new(ErrorKind::Config, "`--n` goes with one name; use a range such as `web[1-3]`"))
            }
        }
    }
}

/// Makes all of them at once; a name that is taken is an outcome of its own.
async fn boot(session: &Session, provider: &Provider, names: &[String], wishes: &Wishes) -> Result<Vec<Outcome>> {
    // What is not said is found out before anything is asked or made.
    let specs = names.iter().map(|name| wishes.spec(provider, name)).collect::<Result<Vec<_>>>()?;
    let taken = session.interrupt.unless_asked(taken(provider, names)).await;
    let taken = taken.map_err(|error| error.in_cloud(provider.name()))?;
    let pace = session.pace();
    let one = async |spec: &NodeSpec| {
        let made = match taken.iter().find(|node| node.name == spec.name) {
            Some(node) => Err(exists(node)),
            None => pace.keep(|| create(session, provider, spec)).await.map_err(|error| of(provider, spec, error)),
        };
        Outcome::new(&spec.name, provider.name(), made.map(Some))
    };
    Ok(join_all(specs.iter().map(one)).await)
}

/// An error with the name of the node that it is about.
fn of(provider: &Provider, spec: &NodeSpec, error: Error) -> Error {
    error.during(Operation::Create, Some(&spec.name)).in_cloud(provider.name())
}

async fn create(session: &Session, provider: &Provider, spec: &NodeSpec) -> Result<Node> {
    if session.dry_run() {
        return provider.create(spec).await;
    }
    session.begun.ask(provider.name(), &spec.name);
    let made = provider.create(spec).await;
    session.begun.settle(provider.name(), &spec.name, made.as_ref().ok().map(|node| &node.id));
    made
}

/// The nodes that have one of these names already: two of a name could not be told apart later.
async fn taken(provider: &Provider, names: &[String]) -> Result<Vec<Node>> {
    if names.len() > LISTING_FROM {
        return provider.list(&NodeQuery::new()).await;
    }
    let found = join_all(names.iter().map(|name| provider.find(name))).await;
    Ok(found.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn exists(node: &Node) -> Error {
    let message = format!("there is a node `{}` already, with the id {}; choose another name", node.name, node.id);
    Error::new(ErrorKind::AlreadyExists, message).in_cloud(&node.cloud)
}
