//! `cms set`: defaults that stay.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::cli::{Column, Report, Session, heading};
use crate::config::ProcessEnvironment;
use crate::variables::{self, Variables};
use crate::{Error, ErrorKind, Result};

/// Which defaults to keep, to show or to forget.
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// `NAME=VALUE` keeps a default, `NAME` shows one; none: all of them
    #[arg(value_name = "NAME[=VALUE]")]
    words: Vec<String>,
    /// Forget these defaults
    #[arg(long)]
    delete: bool,
}

impl Set {
    /// Whether anything is to be kept or forgotten.
    pub(crate) fn changes(&self) -> bool {
        self.delete || self.words.iter().any(|word| word.contains('='))
    }
}

/// A default that is kept.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    value: String,
    meaning: &'static str,
}

/// Keeps, forgets or shows.
pub(crate) fn run(session: &Session, set: &Set) -> Result<ExitCode> {
    if set.delete {
        return forget(session, &set.words);
    }
    let assigns = set.words.iter().filter(|word| word.contains('=')).count();
    match set.words.len() {
        0 => show(session, &session.variables()?.lines().iter().map(|line| line.name.as_str()).collect::<Vec<_>>()),
        _ if assigns == 0 => show(session, &set.words.iter().map(String::as_str).collect::<Vec<_>>()),
        all if assigns == all => keep(session, &set.words),
        _ => Err(wrong("show defaults or keep them, not both at once: `cms set NAME`, or `cms set NAME=VALUE`")),
    }
}

fn show(session: &Session, names: &[&str]) -> Result<ExitCode> {
    let variables = session.variables()?;
    let mut report = Report::default();
    for name in names {
        let known = variables::named(name)?;
        report.add(variables.get(known.name).map(|value| row(known, value)).ok_or_else(|| unset(known.name)));
    }
    report.finish(session, "variables", &columns())
}

fn keep(session: &Session, words: &[String]) -> Result<ExitCode> {
    let mut values = Vec::new();
    for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
        let known = variables::checked(name, value)?;
        if known.name == "cloud" {
            variables::check_clouds(&*session.config()?, value)?;
        }
        values.push((known.name, value.to_owned()));
    }
    if session.dry_run() {
        let names: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        session.note(&format!("would have kept {}; nothing was changed", names.join(", ")));
        return Ok(ExitCode::SUCCESS);
    }
    let kept = change(session, &values, &[])?;
    let rows = values.iter().filter_map(|(name, _)| Some(row(variables::named(name).ok()?, kept.get(name)?)));
    Report::of(rows.collect()).finish(session, "variables", &columns())
}

fn forget(session: &Session, words: &[String]) -> Result<ExitCode> {
    if words.is_empty() {
        return Err(wrong("say which defaults to forget: `cms set --delete NAME`; `cms set` lists them"));
    }
    let names = words.iter().map(|word| Ok(variables::named(word)?.name)).collect::<Result<Vec<_>>>()?;
    let before = session.variables()?;
    if let Some(name) = names.iter().find(|name| before.get(name).is_none()) {
        return Err(unset(name));
    }
    if session.dry_run() {
        session.note(&format!("would have forgotten {}; nothing was changed", names.join(", ")));
        return Ok(ExitCode::SUCCESS);
    }
    change(session, &[], &names)?;
    session.note(&format!("forgotten: {}", names.join(", ")));
    Ok(ExitCode::SUCCESS)
}

fn change(session: &Session, values: &[(&'static str, String)], names: &[&'static str]) -> Result<Variables> {
    variables::change(&session.variables_file()?, &ProcessEnvironment, values, names)
}

fn row(known: &variables::Known, value: &str) -> Row {
    Row { name: known.name.to_owned(), value: value.to_owned(), meaning: known.meaning }
}

fn unset(name: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("`{name}` is not set; `cms set {name}=VALUE` sets it"))
}

fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::Config, message)
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("NAME", |row: &Row| row.name.clone()).rank(0),
        heading("VALUE", |row: &Row| row.value.clone()).rank(0),
        heading("MEANING", |row: &Row| row.meaning.to_owned()).wraps(),
    ]
}
