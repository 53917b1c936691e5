//! `cms image`: images that machines are made from.

use std::process::ExitCode;

use clap::Subcommand;
use cloudmesh_abstract::names::{Selector, select};
use futures::future::join_all;

use super::choose::{advised, choose};
use super::fields;
use super::vm::{Chosen, Names};
use crate::cli::{Column, Session, cell, field, heading, usage};
use crate::{ComputeNodeABC, Image, ImageQuery, Provider, Result};

/// What can be done with images.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List images, all or only some
    #[command(after_help = "Examples:\n  cms image list\n  cms image list 'ubuntu*'")]
    List(Chosen),
    /// Show everything about images
    #[command(after_help = "Examples:\n  cms image info ubuntu-24.04")]
    Info(Names),
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::List(chosen) => {
            let wanted = select(chosen.names.iter().map(String::as_str)).map_err(usage)?;
            let report = session.on_each(async |provider| list(provider, &wanted, session.wants_raw()).await);
            report.await?.finish(session, "images", &columns())
        }
        Verb::Info(names) => {
            let wanted = select(names.names.iter().map(String::as_str)).map_err(usage)?;
            let report = session.on_each(async |provider| {
                let each = wanted.iter().map(|wanted| info(provider, wanted, session.wants_raw()));
                Ok(join_all(each).await.into_iter().flatten().collect())
            });
            report.await?.finish_in_full(session, "images", &columns(), fields)
        }
    }
}

async fn list(provider: &Provider, wanted: &[Selector], raw: bool) -> Result<Vec<Result<Image>>> {
    let query = ImageQuery::new().with_raw(raw);
    let mut images = match wanted {
        [wanted @ Selector::Name(name)] => {
            let images = provider.images(&query.with_name(name)).await?;
            if images.is_empty() {
                // It may be an id.
                return Ok(vec![by_name(provider, wanted, name, raw).await]);
            }
            images
        }
        _ => provider.images(&query).await?,
    };
    images.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(choose(provider, wanted, images))
}

async fn info(provider: &Provider, wanted: &Selector, raw: bool) -> Vec<Result<Image>> {
    match wanted {
        Selector::Name(name) => vec![by_name(provider, wanted, name, raw).await],
        _ => list(provider, std::slice::from_ref(wanted), raw).await.unwrap_or_else(|error| vec![Err(error)]),
    }
}

/// The one image of a name or id. The cloud's own record of it is in listings only.
async fn by_name(provider: &Provider, wanted: &Selector, name: &str, raw: bool) -> Result<Image> {
    let image = advised(provider.image(name).await, provider, wanted)?;
    if !raw || image.raw.is_some() {
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
