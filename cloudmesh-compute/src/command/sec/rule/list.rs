//! `cms sec rule list`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;
use serde::Serialize;

use crate::cli::{Column, Report, Session, cell, field, heading, usage};
use crate::command::pick;
use crate::library::RuleLibrary;
use crate::partial::Partial;
use crate::{Direction, Ethertype, Result, SecurityGroup, SecurityGroups, SecurityRule};

/// `cms sec rule list [GROUPS]`
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Groups by name or id, ranges such as `lab[1-3]`, globs such as `lab*`; none: all
    #[arg(value_name = "GROUPS")]
    groups: Vec<String>,
    /// Those that are kept on this machine; then the names are those of rules
    #[arg(long)]
    local: bool,
}

/// A rule that is kept on this machine.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) rule: String,
    direction: Direction,
    family: Ethertype,
    protocol: String,
    ports: Option<String>,
    remote: String,
    groups: Vec<String>,
}

/// A rule of a group.
#[derive(Debug, Serialize)]
struct Row {
    group: String,
    rule: String,
    direction: Direction,
    family: Ethertype,
    protocol: String,
    ports: Option<String>,
    remote: String,
    cidr: Option<String>,
    remote_group: Option<String>,
    cloud: Option<String>,
    group_id: Option<String>,
    id: Option<String>,
}

impl List {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let wanted = select(&self.groups).map_err(usage)?;
        if self.local {
            session.shared.view.check(&columns_of_kept())?;
            let found = pick::some(&wanted, kept(&session.rule_library()?)?);
            let report = Report::of_known(Partial::of_items(vec![Ok(found)]));
            return report.finish(session, "rules", &columns_of_kept());
        }
        session.needs_the_cloud()?;
        session.shared.view.check(&columns())?;
        let found = session.items(async |provider| Ok(pick::some(&wanted, provider.list_secgroups().await?)));
        found.await?.each(|group| rows(&group)).finish(session, "rules", &columns())
    }
}

/// A row for each rule of a group.
fn rows(group: &SecurityGroup) -> Vec<Row> {
    group.rules.iter().map(|rule| row(group, rule)).collect()
}

fn row(group: &SecurityGroup, rule: &SecurityRule) -> Row {
    let (protocol, ports) = parts(rule);
    Row {
        group: group.name.clone(),
        rule: rule.to_string(),
        direction: rule.direction,
        family: rule.ethertype,
        protocol,
        ports,
        remote: remote(rule),
        cidr: rule.cidr.clone(),
        remote_group: rule.remote_group.clone(),
        cloud: Some(group.cloud.clone()),
        group_id: Some(group.id.clone()),
        id: rule.id.clone(),
    }
}

/// The rules of the library.
pub(super) fn kept(library: &RuleLibrary) -> Result<Vec<Kept>> {
    let groups = library.groups()?;
    let of_rule = |(name, rule): (String, SecurityRule)| {
        let (protocol, ports) = parts(&rule);
        let users = groups.iter().filter(|(_, words)| words.contains(&name)).map(|(group, _)| group.clone());
        Kept {
            groups: users.collect(),
            rule: rule.to_string(),
            direction: rule.direction,
            family: rule.ethertype,
            protocol,
            ports,
            remote: remote(&rule),
            name,
        }
    };
    Ok(library.rules()?.into_iter().map(of_rule).collect())
}

/// The protocol, and the ports or the type of ICMP.
fn parts(rule: &SecurityRule) -> (String, Option<String>) {
    let what = rule.protocol.to_string();
    match what.split_once('/') {
        Some((protocol, ports)) => (protocol.to_owned(), Some(ports.to_owned())),
        None => (what, None),
    }
}

/// The other end: a network, or the members of a group.
fn remote(rule: &SecurityRule) -> String {
    let everything = || if rule.ethertype == Ethertype::IPv6 { "::/0" } else { "0.0.0.0/0" }.to_owned();
    let group = rule.remote_group.as_ref().map(|group| format!("group:{group}"));
    group.or_else(|| rule.cidr.clone()).unwrap_or_else(everything)
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("GROUP", |row: &Row| row.group.clone()).rank(0),
        heading("DIRECTION", |row: &Row| row.direction.to_string()).rank(3),
        heading("FAMILY", |row: &Row| row.family.to_string()).rank(4),
        heading("PROTOCOL", |row: &Row| row.protocol.clone()).rank(0),
        heading("PORTS", |row: &Row| cell(row.ports.as_ref())).rank(0),
        heading("REMOTE", |row: &Row| row.remote.clone()).rank(0),
        heading("CLOUD", |row: &Row| cell(row.cloud.as_ref())).rank(2),
        heading("ID", |row: &Row| cell(row.id.as_ref())).rank(5),
        field("rule"),
        field("cidr").detail(),
        field("remote_group").detail(),
        field("group_id").detail(),
    ]
}

fn columns_of_kept() -> Vec<Column<Kept>> {
    vec![
        heading("NAME", |rule: &Kept| rule.name.clone()).rank(0),
        heading("DIRECTION", |rule: &Kept| rule.direction.to_string()).rank(3),
        heading("FAMILY", |rule: &Kept| rule.family.to_string()).rank(4),
        heading("PROTOCOL", |rule: &Kept| rule.protocol.clone()).rank(0),
        heading("PORTS", |rule: &Kept| cell(rule.ports.as_ref())).rank(0),
        heading("REMOTE", |rule: &Kept| rule.remote.clone()).rank(0),
        heading("GROUPS", |rule: &Kept| cell(Some(&rule.groups.join(", ")).filter(|groups| !groups.is_empty())))
            .wraps()
            .rank(2),
        field("rule"),
    ]
}

impl pick::Thing for Kept {
    const WORD: &'static str = "rule";
    const LIST: &'static str = "cms sec rule list --local";

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> Option<&str> {
        None
    }
}
