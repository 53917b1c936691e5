//! `cms flavor`: sizes that machines can have.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use cloudmesh_abstract::names::{Selector, select};
use futures::future::join_all;

use super::choose::{advised, choose, choose_each, find};
use super::fields;
use super::vm::{Chosen, Names};
use crate::cli::{Column, Session, cell, field, heading, usage};
use crate::{ComputeNodeABC, Flavor, FlavorQuery, Provider, Result};

/// What can be done with sizes.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List sizes, smallest first
    #[command(
        after_help = "Examples:\n  cms flavor list\n  cms flavor list --vcpus 4 --memory 16\n  cms flavor list --arch aarch64\n  \
                            cms flavor list --gpu --cloud all"
    )]
    List(List),
    /// Show everything about sizes
    #[command(after_help = "Examples:\n  cms flavor info m1.small")]
    Info(Names),
}

/// `cms flavor list [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    chosen: Chosen,
    /// At least so many virtual processors
    #[arg(long, value_name = "N")]
    vcpus: Option<u32>,
    /// At least so much memory, in GiB
    #[arg(long, value_name = "GB")]
    memory: Option<u32>,
    /// Of this processor architecture, such as `x86_64` or `aarch64`
    #[arg(long, value_name = "ARCH")]
    arch: Option<String>,
    /// With graphics processors, one or as many as are said
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", require_equals = true)]
    gpu: Option<u32>,
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::List(list) => {
            let wanted = select(list.chosen.names.iter().map(String::as_str)).map_err(usage)?;
            let query = list.query(session.wants_raw());
            list.explain(session);
            let pick = |cloud: &str, flavors| admitted(session, cloud, &wanted, &query, flavors);
            let live = async |provider: &Provider| {
                Ok(admitted(session, provider.name(), &wanted, &query, provider.flavors(&query).await?))
            };
            find(session, pick, live).await?.finish(session, "flavors", &columns())
        }
        Verb::Info(names) => {
            let wanted = select(names.names.iter().map(String::as_str)).map_err(usage)?;
            let pick = |cloud: &str, flavors| choose_each(session, cloud, &wanted, &sorted(flavors));
            let live = async |provider: &Provider| {
                let each = wanted.iter().map(|wanted| info(session, provider, wanted));
                Ok(join_all(each).await.into_iter().flatten().collect())
            };
            find(session, pick, live).await?.finish_in_full(session, "flavors", &columns(), fields)
        }
    }
}

impl List {
    fn query(&self, raw: bool) -> FlavorQuery {
        let mut query = FlavorQuery::new().with_raw(raw);
        query.min_vcpus = self.vcpus;
        query.min_memory_mb = self.memory.map(|gib| u64::from(gib) * 1024);
        (query.architecture, query.min_gpus) = (self.arch.clone(), self.gpu);
        query
    }

    /// Says what is left out although it may be there.
    fn explain(&self, session: &Session) {
        let asked = [self.arch.as_ref().map(|_| "architecture"), self.gpu.map(|_| "graphics processors")];
        let asked: Vec<&str> = asked.into_iter().flatten().collect();
        if !asked.is_empty() {
            session.note(&format!("flavors whose cloud does not tell their {} are left out", asked.join(" or ")));
        }
    }
}

fn sorted(mut flavors: Vec<Flavor>) -> Vec<Flavor> {
    flavors.sort_by(|a, b| (a.vcpus, a.memory_mb, &a.name).cmp(&(b.vcpus, b.memory_mb, &b.name)));
    flavors
}

/// The wanted flavors of a listing that are large enough.
fn admitted(
    session: &Session,
    cloud: &str,
    wanted: &[Selector],
    query: &FlavorQuery,
    mut flavors: Vec<Flavor>,
) -> Vec<Result<Flavor>> {
    flavors.retain(|flavor| query.admits(flavor));
    let mut chosen = choose(session, cloud, wanted, sorted(flavors));
    if query.narrows() {
        // What is not in the listing may be there, and too small.
        chosen.retain(Result::is_ok);
    }
    chosen
}

async fn info(session: &Session, provider: &Provider, wanted: &Selector) -> Vec<Result<Flavor>> {
    let raw = session.wants_raw();
    if let Selector::Name(name) = wanted
        && !raw
    {
        return vec![advised(provider.flavor(name).await, session, provider, wanted)];
    }
    match provider.flavors(&FlavorQuery::new().with_raw(raw)).await {
        Ok(flavors) => choose(session, provider.name(), std::slice::from_ref(wanted), sorted(flavors)),
        Err(error) => vec![Err(error)],
    }
}

fn columns() -> Vec<Column<Flavor>> {
    vec![
        heading("NAME", |flavor: &Flavor| flavor.name.clone()).rank(0),
        heading("VCPUS", |flavor: &Flavor| cell(flavor.vcpus.as_ref())),
        heading("MEMORY", |flavor: &Flavor| cell(flavor.memory_mb.map(memory).as_ref())).key("memory_mb"),
        heading("DISK", |flavor: &Flavor| cell(disk(flavor).as_ref())).key("disk_gb").rank(2),
        heading("CLOUD", |flavor: &Flavor| flavor.cloud.clone()).rank(3),
        heading("ID", |flavor: &Flavor| flavor.id.clone()).rank(4),
        field("local_disk_gb"),
        field("gpus"),
        field("network"),
        field("architecture"),
        field("raw").named(),
    ]
}

/// The boot disk that comes with a size, if one does.
fn disk(flavor: &Flavor) -> Option<String> {
    flavor.disk_gb.filter(|gib| *gib > 0).map(|gib| format!("{gib} GiB"))
}

fn memory(mib: u64) -> String {
    if mib.is_multiple_of(1024) { format!("{} GiB", mib / 1024) } else { format!("{mib} MiB") }
}
