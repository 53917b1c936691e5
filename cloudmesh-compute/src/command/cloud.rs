//! `cms cloud`: clouds in the configuration.

use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;

use crate::cli::{Column, Report, Session, cell, heading};
use crate::{Result, registration};

/// What can be done with clouds.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the clouds in the configuration, without asking them anything
    #[command(after_help = "Examples:\n  cms cloud list\n  cms cloud list -o json")]
    List,
}

/// A cloud in the configuration.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    kind: Option<String>,
    label: Option<String>,
    active: bool,
    default: bool,
    linked: bool,
}

/// Runs a verb.
pub(crate) fn run(session: &Session, verb: &Verb) -> Result<ExitCode> {
    let Verb::List = verb;
    let config = session.config()?;
    let default = config.default_cloud()?;
    let mut rows = Vec::new();
    for cloud in config.clouds() {
        let linked = match &cloud.kind {
            Some(kind) => registration(kind)?.is_some(),
            None => false,
        };
        rows.push(Row {
            default: default.as_ref() == Some(&cloud.name),
            name: cloud.name.clone(),
            kind: cloud.kind.clone(),
            label: cloud.label.clone(),
            active: cloud.active,
            linked,
        });
    }
    Report::of(rows).finish(session, "clouds", &columns())
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("NAME", |row: &Row| row.name.clone()).rank(0),
        heading("KIND", |row: &Row| cell(row.kind.as_ref())),
        heading("ACTIVE", |row: &Row| yes(row.active)),
        heading("DEFAULT", |row: &Row| yes(row.default)),
        heading("PROVIDER", |row: &Row| if row.linked { "linked".to_owned() } else { "missing".to_owned() })
            .key("linked"),
        heading("LABEL", |row: &Row| cell(row.label.as_ref())).wraps().rank(2),
    ]
}

fn yes(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
