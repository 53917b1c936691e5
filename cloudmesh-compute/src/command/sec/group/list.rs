//! `cms sec group list`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;
use serde::Serialize;

use crate::cli::{Column, Report, Session, heading, usage};
use crate::command::pick;
use crate::library::RuleLibrary;
use crate::partial::Partial;
use crate::{Result, SecurityGroup, SecurityGroups};

/// `cms sec group list [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Names, ids, ranges such as `lab[1-3]`, globs such as `lab*`; none: all
    #[arg(value_name = "NAMES")]
    names: Vec<String>,
    /// Those that are kept on this machine
    #[arg(long)]
    local: bool,
}

/// A group that is kept on this machine.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Kept {
    pub(super) name: String,
    description: String,
    /// The words that it is made of.
    pub(super) rules: Vec<String>,
}

impl List {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let wanted = select(&self.names).map_err(usage)?;
        if self.local {
            session.shared.view.check(&columns_of_kept())?;
            let found = pick::some(&wanted, kept(&session.rule_library()?)?);
            let report = Report::of_known(Partial::of_items(vec![Ok(found)]));
            return report.finish(session, "secgroups", &columns_of_kept());
        }
        session.needs_the_cloud()?;
        session.shared.view.check(&columns())?;
        let found = session.items(async |provider| Ok(pick::some(&wanted, provider.list_secgroups().await?)));
        found.await?.finish(session, "secgroups", &columns())
    }
}

/// The groups of the library.
pub(super) fn kept(library: &RuleLibrary) -> Result<Vec<Kept>> {
    let mut descriptions = library.descriptions()?;
    let of_group = |(name, rules): (String, Vec<String>)| {
        let description = descriptions.remove(&name).unwrap_or_default();
        Kept { name, description, rules }
    };
    Ok(library.groups()?.into_iter().map(of_group).collect())
}

fn columns() -> Vec<Column<SecurityGroup>> {
    vec![
        heading("NAME", |group: &SecurityGroup| group.name.clone()).rank(0),
        heading("RULES", |group: &SecurityGroup| {
            listed(&group.rules.iter().map(ToString::to_string).collect::<Vec<_>>())
        })
        .wraps()
        .rank(2),
        heading("CLOUD", |group: &SecurityGroup| group.cloud.clone()).rank(1),
        heading("DESCRIPTION", |group: &SecurityGroup| told(&group.description)).wraps().rank(4),
        heading("ID", |group: &SecurityGroup| group.id.clone()).wide(),
    ]
}

fn columns_of_kept() -> Vec<Column<Kept>> {
    vec![
        heading("NAME", |group: &Kept| group.name.clone()).rank(0),
        heading("RULES", |group: &Kept| listed(&group.rules)).wraps().rank(2),
        heading("DESCRIPTION", |group: &Kept| told(&group.description)).wraps().rank(4),
    ]
}

fn listed(rules: &[String]) -> String {
    told(&rules.join(", "))
}

fn told(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}

impl pick::Thing for Kept {
    const WORD: &'static str = "group";
    const LIST: &'static str = "cms sec group list --local";

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> Option<&str> {
        None
    }
}
