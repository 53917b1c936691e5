//! `cms config check`

use std::process::ExitCode;

use clap::ValueEnum;
use cloudmesh_abstract::names::{Selector, select};
use serde::Serialize;

use super::load;
use crate::cli::{Column, Format, Report, Session, cell, field, heading, usage};
use crate::config::{CloudEntry, Config};
use crate::variables::{self, formats};
use crate::{Error, ErrorKind, Result, registration};

/// A cloud, and whether it can be used.
#[derive(Debug, Serialize)]
struct Row {
    cloud: String,
    kind: Option<String>,
    active: bool,
    usable: bool,
    /// Variables of the environment that are needed and not set.
    unset: Vec<String>,
    mistakes: Vec<String>,
}

/// Looks at the file; nothing is sent.
pub(super) fn run(session: &Session, names: &[String]) -> Result<ExitCode> {
    let config = load(session)?;
    let clouds = chosen(&config, names)?;
    let rows = clouds.iter().map(|cloud| row(&config, cloud)).collect::<Result<Vec<_>>>()?;
    let common = if names.is_empty() { common(session, &config) } else { Vec::new() };
    let none_good = !rows.iter().any(|(row, _)| row.mistakes.is_empty());
    let wrong = !common.is_empty() || rows.iter().any(|(row, _)| !row.mistakes.is_empty());
    let mut report = Report::default();
    for (row, mistakes) in rows {
        report.add(Ok(row));
        for mistake in mistakes {
            report.add(Err(mistake));
        }
    }
    for mistake in common {
        report.add(Err(mistake));
    }
    let code = report.finish(session, "clouds", &columns())?;
    Ok(if wrong && none_good { ExitCode::from(2) } else { code })
}

fn chosen(config: &Config, names: &[String]) -> Result<Vec<CloudEntry>> {
    if names.is_empty() {
        return Ok(config.clouds().cloned().collect());
    }
    let mut chosen = Vec::new();
    for selector in select(names.iter().map(String::as_str)).map_err(usage)? {
        let all = matches!(&selector, Selector::Name(name) if name == "all");
        let found: Vec<&CloudEntry> = config.clouds().filter(|cloud| all || selector.matches(&cloud.name)).collect();
        if found.is_empty() {
            variables::check_clouds(config, &selector.to_string())?;
            return Err(Error::new(ErrorKind::Config, format!("no cloud's name fits `{selector}`")));
        }
        chosen.extend(found.into_iter().cloned());
    }
    Ok(chosen)
}

/// What is told of a cloud, and its mistakes.
fn row(config: &Config, cloud: &CloudEntry) -> Result<(Row, Vec<Error>)> {
    let linked = match &cloud.kind {
        Some(kind) => registration(kind)?.is_some(),
        None => false,
    };
    let findings = config.check_cloud(&cloud.name);
    let mut mistakes = findings.mistakes;
    if cloud.active {
        mistakes.extend(findings.unset.iter().map(|name| unset(config, &cloud.name, name)));
    }
    let usable = cloud.active && linked && mistakes.is_empty();
    let row = Row {
        cloud: cloud.name.clone(),
        kind: cloud.kind.clone(),
        active: cloud.active,
        usable,
        unset: findings.unset,
        mistakes: mistakes.iter().map(|mistake| mistake.message().to_owned()).collect(),
    };
    Ok((row, mistakes))
}

fn unset(config: &Config, cloud: &str, name: &str) -> Error {
    let place = config.place_of_variable(cloud, name);
    Error::new(
        ErrorKind::Config,
        format!("{place}: the environment variable `{name}` is not set; set it, or write `${{{name}:-fallback}}`"),
    )
}

/// The mistakes in what is the same for all clouds, and in what `cms set` keeps.
fn common(session: &Session, config: &Config) -> Vec<Error> {
    let findings = config.check_common();
    let mut mistakes = findings.mistakes;
    mistakes.extend(findings.unset.iter().map(|name| {
        let message = format!("the environment variable `{name}` is not set; set it, or write `${{{name}:-fallback}}`");
        Error::new(ErrorKind::Config, format!("{}: {message}", config.origin()))
    }));
    let default = |name: &str| config.default(name).ok().flatten();
    if let Some(wanted) = default("cloud")
        && let Err(error) = variables::check_clouds(config, &wanted)
    {
        mistakes.push(config.mistaken_default("cloud", error.message()));
    }
    if default("output").is_some_and(|name| Format::from_str(&name, true).is_err()) {
        mistakes.push(config.mistaken_default("output", &format!("`output` must be one of {}", formats())));
    }
    mistakes.extend(session.variables().err());
    mistakes
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("CLOUD", |row: &Row| row.cloud.clone()),
        heading("KIND", |row: &Row| cell(row.kind.as_ref())),
        heading("STATUS", status).key("usable"),
        heading("NOT SET", |row: &Row| cell(Some(row.unset.join(",")).filter(|names| !names.is_empty()).as_ref()))
            .key("unset")
            .wraps(),
        field("active").detail(),
        field("mistakes").detail(),
    ]
}

fn status(row: &Row) -> String {
    match row.mistakes.len() {
        0 if row.usable => "usable".to_owned(),
        0 if !row.active => "not active".to_owned(),
        0 => "no provider".to_owned(),
        1 => "1 mistake".to_owned(),
        several => format!("{several} mistakes"),
    }
}
