//! `cms cloud`: clouds in the configuration.

mod check;
mod default;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::{Column, Report, Session, cell, heading};
use crate::{Result, registration};

/// What can be done with clouds.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the clouds in the configuration, without asking them anything
    #[command(after_help = "Examples:\n  cms cloud list\n  cms cloud list -o json")]
    List,
    /// Sign in on clouds, and say as whom or why not
    #[command(after_help = "Examples:\n  cms cloud check\n  cms cloud check 'lab*' -o json")]
    Check(Chosen),
    /// Show the cloud that is used when none is named, or choose another
    #[command(after_help = "Examples:\n  cms cloud default\n  cms cloud default lab")]
    Default(Default),
}

/// Clouds that may be named.
#[derive(Debug, Args)]
pub(crate) struct Chosen {
    /// Names of clouds, globs such as `lab*`, or several with commas; none: those of `--cloud`, else all
    #[arg(value_name = "CLOUDS")]
    names: Vec<String>,
}

/// The cloud to use from now on.
#[derive(Debug, Args)]
pub(crate) struct Default {
    /// Name of the cloud
    #[arg(value_name = "CLOUD")]
    name: Option<String>,
}

impl Verb {
    /// Whether it may change the configuration.
    pub(crate) fn changes(&self) -> bool {
        matches!(self, Self::Default(default) if default.name.is_some())
    }

    /// The clouds that it is about, where that is not said by `--cloud`.
    pub(crate) fn clouds(&self, option: Option<&str>) -> Option<String> {
        match self {
            Self::Check(some) if some.names.is_empty() => Some(option.unwrap_or("all").to_owned()),
            Self::Check(some) => Some(some.names.join(",")),
            Self::List | Self::Default(_) => option.map(str::to_owned),
        }
    }
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
pub(crate) async fn run(session: &Session, verb: &Verb) -> Result<ExitCode> {
    match verb {
        Verb::List => list(session),
        Verb::Check(_) => check::run(session).await,
        Verb::Default(default) => default::run(session, default.name.as_deref()),
    }
}

fn list(session: &Session) -> Result<ExitCode> {
    let config = session.config()?;
    // Where nothing or something wrong is said, none of them is the default.
    let defaults = session.clouds().unwrap_or_default();
    let mut rows = Vec::new();
    for cloud in config.clouds() {
        let linked = match &cloud.kind {
            Some(kind) => registration(kind)?.is_some(),
            None => false,
        };
        rows.push(Row {
            default: defaults.contains(&cloud.name),
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
