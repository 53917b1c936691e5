//! `cms vm default`

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::what::What;
use crate::boot::{Choice, Source, Wishes};
use crate::cli::{Column, Session, cell, field, heading};
use crate::{Provider, Result};

/// What new machines would be like.
#[derive(Debug, Args)]
pub(crate) struct Default {
    #[command(flatten)]
    what: What,
}

/// A setting, its value and what says so.
#[derive(Debug, Serialize)]
struct Row {
    cloud: String,
    name: String,
    value: Option<String>,
    source: String,
    place: Option<String>,
}

impl Default {
    pub(super) fn run(self, session: &Session) -> Result<ExitCode> {
        let wishes = self.what.wishes(session)?;
        let (providers, mut report) = session.providers::<Row>()?;
        for provider in &providers {
            match rows(session, provider, &wishes) {
                Ok(rows) => rows.into_iter().for_each(|row| report.add(Ok(row))),
                Err(error) => report.add(Err(error)),
            }
        }
        report.finish(session, "defaults", &columns())
    }
}

fn rows(session: &Session, provider: &Provider, wishes: &Wishes) -> Result<Vec<Row>> {
    let (source, place) = session.source_of_clouds()?;
    let name = provider.name().to_owned();
    let cloud = Row { cloud: name.clone(), name: "cloud".to_owned(), value: Some(name), source, place };
    let choices = wishes.explain(provider)?.into_iter().map(|choice| row(session, provider, choice));
    std::iter::once(Ok(cloud)).chain(choices).collect()
}

fn row(session: &Session, provider: &Provider, choice: Choice) -> Result<Row> {
    let (source, place) = match &choice.source {
        Source::Wishes => said(session, &choice.name)?,
        Source::Cloud { cloud, place } => (format!("defaults of {cloud}"), Some(place.clone())),
        Source::File { place } => ("default".to_owned(), Some(place.clone())),
        Source::Profile { place } => ("profile".to_owned(), Some(place.clone())),
        other => (other.to_string(), None),
    };
    Ok(Row { cloud: provider.name().to_owned(), name: choice.name, value: choice.value, source, place })
}

/// Whether a wish is an option, a variable of the environment or what `cms set` keeps, and where that stands.
fn said(session: &Session, name: &str) -> Result<(String, Option<String>)> {
    let given = &session.shared.given;
    let option = match name {
        "public" => ["no_public", "public"].into_iter().find_map(|id| given.source(id)),
        name if name.starts_with("metadata.") => given.source("meta"),
        name => given.source(name),
    };
    let kept = session.variables()?.line(name).map(|line| line.place.clone());
    Ok(option.map_or(("cms set".to_owned(), kept), |option| (option, None)))
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("CLOUD", |row: &Row| row.cloud.clone()),
        heading("NAME", |row: &Row| row.name.clone()).rank(0),
        heading("VALUE", |row: &Row| cell(row.value.as_ref())).rank(0),
        heading("SOURCE", |row: &Row| match &row.place {
            Some(place) => format!("{} ({place})", row.source),
            None => row.source.clone(),
        })
        .wraps()
        .rank(2),
        field("place"),
    ]
}
