//! `cms image`: images that machines are made from.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use cloudmesh_abstract::names::{Selector, select};
use futures::future::join_all;

use super::choose::{advised, choose, choose_each, find};
use super::fields;
use super::vm::{Chosen, Names};
use crate::cli::{Column, Session, cell, field, heading, usage};
use crate::{ComputeNodeABC, Image, ImageQuery, Provider, Result};

/// What can be done with images.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List images: one's own and the usual ones, or only some
    #[command(
        after_help = "Examples:\n  cms image list\n  cms image list 'ubuntu*'\n  cms image list --all 'my-lab-*'"
    )]
    List(List),
    /// Show everything about images
    #[command(after_help = "Examples:\n  cms image info ubuntu-24.04")]
    Info(Names),
}

/// `cms image list [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    chosen: Chosen,
    /// Everything that anybody has published as well, which may be very much; it is not kept
    #[arg(long)]
    all: bool,
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::List(asked) => {
            let wanted = select(asked.chosen.names.iter().map(String::as_str)).map_err(usage)?;
            let live = async |provider: &Provider| list(session, provider, &wanted, asked.all).await;
            let report = if asked.all {
                session.needs_the_cloud()?;
                session.on_each(live).await?
            } else {
                let pick = |cloud: &str, images| choose(session, cloud, &wanted, sorted(images));
                find(session, pick, live).await?
            };
            report.finish(session, "images", &columns())
        }
        Verb::Info(names) => {
            let wanted = select(names.names.iter().map(String::as_str)).map_err(usage)?;
            let pick = |cloud: &str, images| choose_each(session, cloud, &wanted, &sorted(images));
            let live = async |provider: &Provider| {
                let each = wanted.iter().map(|wanted| info(session, provider, wanted));
                Ok(join_all(each).await.into_iter().flatten().collect())
            };
            find(session, pick, live).await?.finish_in_full(session, "images", &columns(), fields)
        }
    }
}

fn sorted(mut images: Vec<Image>) -> Vec<Image> {
    images.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    images
}

async fn list(session: &Session, provider: &Provider, wanted: &[Selector], all: bool) -> Result<Vec<Result<Image>>> {
    let query = ImageQuery::new().with_raw(session.wants_raw()).with_all(all);
    let images = match wanted {
        [wanted @ Selector::Name(name)] => {
            let images = provider.images(&query.with_name(name)).await?;
            if images.is_empty() {
                // It may be an id.
                return Ok(vec![by_name(session, provider, wanted, name).await]);
            }
            images
        }
        _ => provider.images(&query).await?,
    };
    Ok(choose(session, provider.name(), wanted, sorted(images)))
}

async fn info(session: &Session, provider: &Provider, wanted: &Selector) -> Vec<Result<Image>> {
    match wanted {
        Selector::Name(name) => vec![by_name(session, provider, wanted, name).await],
        _ => {
            list(session, provider, std::slice::from_ref(wanted), false).await.unwrap_or_else(|error| vec![Err(error)])
        }
    }
}

/// The one image of a name or id. The cloud's own record of it is in listings only.
async fn by_name(session: &Session, provider: &Provider, wanted: &Selector, name: &str) -> Result<Image> {
    let image = advised(provider.image(name).await, session, provider, wanted)?;
    if !session.wants_raw() || image.raw.is_some() {
        return Ok(image);
    }
    let same = provider.images(&ImageQuery::new().with_name(&image.name).with_raw(true)).await?;
    Ok(same.into_iter().find(|other| other.id == image.id).unwrap_or(image))
}

fn columns() -> Vec<Column<Image>> {
    vec![
        heading("NAME", |image: &Image| if image.name.is_empty() { "-".to_owned() } else { image.name.clone() })
            .rank(0),
        heading("STATUS", |image: &Image| image.status.clone()).rank(2),
        heading("SIZE", |image: &Image| {
            cell(image.size_bytes.map(|bytes| format!("{} MiB", bytes.div_ceil(1 << 20))).as_ref())
        })
        .key("size_bytes")
        .rank(3),
        heading("VISIBILITY", |image: &Image| cell(image.visibility.as_ref())).rank(4),
        heading("CLOUD", |image: &Image| image.cloud.clone()),
        heading("ID", |image: &Image| image.id.clone()).rank(0),
        field("os"),
        field("architecture"),
        field("min_disk_gb"),
        field("min_memory_mb"),
        field("created"),
        field("owner"),
        field("raw").named(),
    ]
}
