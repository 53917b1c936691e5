//! `cms image`: images that machines are made from.

use std::process::ExitCode;

use clap::Subcommand;
use cloudmesh_abstract::names::{Selector, select};
use futures::future::join_all;

use super::fields;
use super::vm::{Chosen, Names};
use crate::cli::{Column, Session, cell, heading, usage};
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
            let report = session
                .on_each(async |provider| Ok(join_all(names.names.iter().map(|name| provider.image(name))).await));
            report.await?.finish_in_full(session, "images", fields)
        }
    }
}

async fn list(provider: &Provider, wanted: &[Selector], raw: bool) -> Result<Vec<Result<Image>>> {
    let query = match wanted {
        [Selector::Name(name)] => ImageQuery::new().with_name(name),
        _ => ImageQuery::new(),
    };
    let mut images = provider.images(&query.with_raw(raw)).await?;
    images.retain(|image| wanted.is_empty() || wanted.iter().any(|wanted| wanted.matches(&image.name)));
    images.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(images.into_iter().map(Ok).collect())
}

fn columns() -> Vec<Column<Image>> {
    vec![
        heading("NAME", |image: &Image| if image.name.is_empty() { "-".to_owned() } else { image.name.clone() }),
        heading("STATUS", |image| image.status.clone()),
        heading("SIZE", |image| {
            cell(image.size_bytes.map(|bytes| format!("{} MiB", bytes.div_ceil(1 << 20))).as_ref())
        }),
        heading("VISIBILITY", |image| cell(image.visibility.as_ref())),
        heading("CLOUD", |image| image.cloud.clone()),
        heading("ID", |image| image.id.clone()),
    ]
}
