//! `cms sec rule list`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;
use serde::Serialize;

use crate::cli::{Column, Session, cell, field, heading, usage};
use crate::command::pick;
use crate::{Direction, Ethertype, Result, SecurityGroup, SecurityGroups, SecurityRule};

/// `cms sec rule list [GROUPS]`
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Groups by name or id, ranges such as `lab[1-3]`, globs such as `lab*`; none: all
    #[arg(value_name = "GROUPS")]
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
        session.shared.view.check(&columns())?;
        let wanted = select(&self.groups).map_err(usage)?;
        let found = session.items(async |provider| Ok(pick::some(&wanted, provider.list_secgroups().await?)));
        found.await?.each(|group| rows(&group)).finish(session, "rules", &columns())
    }
}

/// A row for each rule of a group.
fn rows(group: &SecurityGroup) -> Vec<Row> {
    group.rules.iter().map(|rule| row(group, rule)).collect()
}

fn row(group: &SecurityGroup, rule: &SecurityRule) -> Row {
    let what = rule.protocol.to_string();
    let (protocol, ports) = what.split_once('/').map_or((what.as_str(), None), |(name, ports)| (name, Some(ports)));
    Row {
        group: group.name.clone(),
        rule: rule.to_string(),
        direction: rule.direction,
        family: rule.ethertype,
        protocol: protocol.to_owned(),
        ports: ports.map(str::to_owned),
        remote: remote(rule),
        cidr: rule.cidr.clone(),
        remote_group: rule.remote_group.clone(),
        cloud: Some(group.cloud.clone()),
        group_id: Some(group.id.clone()),
        id: rule.id.clone(),
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
