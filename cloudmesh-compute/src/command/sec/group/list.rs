//! `cms sec group list`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;

use crate::cli::{Column, Session, heading, usage};
use crate::command::pick;
use crate::{Result, SecurityGroup, SecurityGroups};

/// `cms sec group list [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Names, ids, ranges such as `lab[1-3]`, globs such as `lab*`; none: all
    #[arg(value_name = "NAMES")]
    names: Vec<String>,
}

impl List {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        session.shared.view.check(&columns())?;
        let wanted = select(&self.names).map_err(usage)?;
        let found = session.items(async |provider| Ok(pick::some(&wanted, provider.list_secgroups().await?)));
        found.await?.finish(session, "secgroups", &columns())
    }
}

fn columns() -> Vec<Column<SecurityGroup>> {
    vec![
        heading("NAME", |group: &SecurityGroup| group.name.clone()).rank(0),
        heading("RULES", |group: &SecurityGroup| {
            let rules: Vec<String> = group.rules.iter().map(ToString::to_string).collect();
            if rules.is_empty() { "-".to_owned() } else { rules.join(", ") }
        })
        .wraps()
        .rank(2),
        heading("CLOUD", |group: &SecurityGroup| group.cloud.clone()).rank(1),
        heading(
            "DESCRIPTION",
            |group: &SecurityGroup| {
                if group.description.is_empty() { "-".to_owned() } else { group.description.clone() }
            },
        )
        .wraps()
        .rank(4),
        heading("ID", |group: &SecurityGroup| group.id.clone()).wide(),
    ]
}
