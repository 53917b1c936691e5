//! `cms provider`: kinds of cloud that are linked.

use std::process::ExitCode;

use clap::Subcommand;
use cloudmesh_abstract::names::select;
use serde::Serialize;
use strum::VariantArray;

use super::vm::Names;
use crate::cli::{Column, Report, Session, cell, field, heading, usage};
use crate::kinds::linked;
use crate::{Capability, ComputeNodeABC, Context, Form, Key, Registration, Result, registrations};

/// What can be done with providers.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the kinds of cloud that are linked
    #[command(after_help = "Examples:\n  cms provider list")]
    List,
    /// Show what kinds of cloud can do, and what each must be told
    #[command(after_help = "Examples:\n  cms provider info openstack")]
    Info(Names),
}

/// A kind of cloud.
#[derive(Debug, Serialize)]
struct Row {
    kind: String,
    cloud: String,
    package: String,
    version: String,
    capabilities: Vec<String>,
    lacks: Vec<Lack>,
    keys: Vec<Line>,
}

/// What a kind of cloud cannot do.
#[derive(Debug, Serialize)]
struct Lack {
    capability: String,
    reason: String,
}

/// A key of the configuration.
#[derive(Debug, Serialize)]
struct Line {
    key: String,
    spellings: Vec<String>,
    meaning: String,
    required: bool,
    secret: bool,
}

/// Runs a verb.
pub(crate) fn run(session: &Session, verb: &Verb) -> Result<ExitCode> {
    match verb {
        Verb::List => {
            let rows = registrations()?.into_iter().map(describe).collect::<Result<Vec<_>>>()?;
            Report::of(rows).finish(session, "providers", &columns())
        }
        Verb::Info(names) => {
            let mut report = Report::default();
            for wanted in select(names.names.iter().map(String::as_str)).map_err(usage)? {
                let fits = |registration: &&Registration| wanted.matches(registration.kind);
                let mut found = registrations()?.into_iter().filter(fits).peekable();
                if found.peek().is_none() {
                    report.add(linked(&wanted.to_string()).and_then(describe));
                }
                found.for_each(|registration| report.add(describe(registration)));
            }
            report.finish_in_full(session, "providers", &columns(), lines)
        }
    }
}

/// What a provider says about itself, found out by making one that leads nowhere.
fn describe(registration: &'static Registration) -> Result<Row> {
    let context = Context::builder(registration.kind).build();
    let provider = registration.connect(&registration.example(), context)?;
    let has = Capability::of(provider.as_ref());
    let lacking = Capability::VARIANTS.iter().filter(|capability| !has.contains(capability));
    let lack = |capability: &Capability| Lack {
        capability: capability.to_string(),
        reason: ComputeNodeABC::lacks(provider.as_ref(), *capability).to_owned(),
    };
    let mut keys = Vec::new();
    explain(registration.keys, "", &mut keys);
    Ok(Row {
        kind: registration.kind.to_owned(),
        cloud: registration.about.to_owned(),
        package: registration.package.to_owned(),
        version: registration.version.to_owned(),
        capabilities: has.iter().map(ToString::to_string).collect(),
        lacks: lacking.map(lack).collect(),
        keys,
    })
}

/// A line for each key, those inside groups with their path.
fn explain(keys: &'static [Key], above: &str, lines: &mut Vec<Line>) {
    for key in keys {
        let path = if above.is_empty() { key.name.to_owned() } else { format!("{above}.{}", key.name) };
        lines.push(Line {
            key: path.clone(),
            spellings: key.spellings.iter().map(ToString::to_string).collect(),
            meaning: key.meaning.to_owned(),
            required: key.required && key.form != Form::Group,
            secret: key.secret,
        });
        explain(key.inner, &path, lines);
    }
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("KIND", |row: &Row| row.kind.clone()).rank(0),
        heading("CLOUD", |row: &Row| row.cloud.clone()),
        heading("VERSION", |row: &Row| row.version.clone()),
        heading("CAN ALSO", |row: &Row| cell(Some(&row.capabilities.join(", ")).filter(|text| !text.is_empty())))
            .key("capabilities")
            .wraps(),
        field("package"),
        field("lacks").detail(),
        field("keys").detail(),
    ]
}

fn lines(row: &Row) -> Vec<(String, String)> {
    let mut lines = vec![
        ("kind".to_owned(), row.kind.clone()),
        ("cloud".to_owned(), row.cloud.clone()),
        ("package".to_owned(), format!("{} {}", row.package, row.version)),
    ];
    lines.extend(row.capabilities.iter().map(|capability| ("can".to_owned(), capability.clone())));
    lines.extend(row.lacks.iter().map(|lack| ("cannot".to_owned(), format!("{}: {}", lack.capability, lack.reason))));
    lines.extend(row.keys.iter().map(|key| (key.key.clone(), told(key))));
    lines
}

fn told(key: &Line) -> String {
    let required = if key.required { " Required." } else { "" };
    let also = if key.spellings.is_empty() { String::new() } else { format!(" Also: {}.", key.spellings.join(", ")) };
    format!("{}{required}{also}", key.meaning)
}
