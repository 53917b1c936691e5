//! `cms sec group add`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::expand_all;

use super::load::bring;
use crate::cli::{Session, usage};
use crate::command::key::typed;
use crate::{Error, ErrorKind, Provider, Result, SecurityGroup, SecurityGroups};

/// `cms sec group add NAME [RULES]`
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Name of the group
    name: String,
    /// Rules: names of those that this machine keeps, or spelled out, such as `tcp/22`
    #[arg(value_name = "RULES")]
    rules: Vec<String>,
    /// What people should know about it
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    description: String,
    /// Keep it on this machine instead, for `cms sec group load`
    #[arg(long)]
    local: bool,
    /// With --local, replace a group of this name
    #[arg(long, requires = "local")]
    force: bool,
}

impl Add {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        if self.local { self.here(session) } else { self.in_clouds(session).await }
    }

    fn here(&self, session: &Session) -> Result<ExitCode> {
        let library = session.rule_library()?;
        let brought = library.add_group(&self.name, &self.description, &self.rules, self.force).map_err(typed)?;
        session.finish_kept(" group", &self.name, self.rules.join(", "), brought)
    }

    async fn in_clouds(&self, session: &Session) -> Result<ExitCode> {
        session.needs_the_cloud()?;
        let library = session.rule_library()?;
        let [name] = expand_all([&self.name]).map_err(usage)?.try_into().map_err(|_| {
            let message = "`cms sec group add` makes one group; keep it with `--local` and load it where it is wanted";
            Error::new(ErrorKind::Config, message)
        })?;
        let mut group = SecurityGroup::new("", name);
        group.description.clone_from(&self.description);
        group.rules = self.rules.iter().map(|rule| library.rule(rule)).collect::<Result<_>>().map_err(typed)?;
        let done = session.items(async |provider: &Provider| {
            if provider.list_secgroups().await?.iter().any(|there| there.name == group.name) {
                return Err(taken(&group.name));
            }
            bring(provider, std::slice::from_ref(&group), false).await
        });
        done.await?.finish_outcomes(session)
    }
}

fn taken(name: &str) -> Error {
    let message =
        format!("there is a security group `{name}`; `cms sec rule add` adds rules to it, or take another name");
    Error::new(ErrorKind::AlreadyExists, message)
}
