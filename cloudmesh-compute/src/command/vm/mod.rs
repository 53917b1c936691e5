//! `cms vm`: virtual machines.

mod boot;
mod change;
mod default;
mod show;
mod what;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::cli::{Column, Session, cell, heading};
use crate::{Goal, Node, Result};

/// What can be done with machines.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make machines
    #[command(after_help = "Examples:\n  cms vm boot web-1 --image ubuntu-24.04 --size m1.small --key laptop\n  \
                            cms vm boot 'web[01-20]' --cloud a,b --no-wait\n  cms vm boot web --n 3 --dry-run")]
    Boot(Box<boot::Boot>),
    /// Show what `cms vm boot` would use now, and where each value comes from
    #[command(after_help = "Examples:\n  cms vm default\n  cms vm default --cloud a,b --size m1.small -o json")]
    Default(Box<default::Default>),
    /// List machines, of the whole account or only some
    #[command(after_help = "Examples:\n  cms vm list\n  cms vm list 'web*' --cloud all -o json")]
    List(Chosen),
    /// Show everything about machines
    #[command(after_help = "Examples:\n  cms vm info web-1\n  cms vm info 'web[1-3]' -o json --raw")]
    Info(Names),
    /// Show the states of machines
    #[command(after_help = "Examples:\n  cms vm status\n  cms vm status 'web*'")]
    Status(Chosen),
    /// Start machines
    #[command(after_help = "Examples:\n  cms vm start web-1\n  cms vm start 'web[1-3]' --no-wait")]
    Start(change::Change),
    /// Stop machines
    #[command(after_help = "Examples:\n  cms vm stop web-1\n  cms vm stop 'web*' --cloud a,b")]
    Stop(change::Change),
    /// Restart machines
    #[command(after_help = "Examples:\n  cms vm reboot web-1\n  cms vm reboot 'web[1-3]' --hard")]
    Reboot(change::Reboot),
    /// Delete machines, with what was made for them alone
    #[command(visible_aliases = ["terminate", "destroy"])]
    #[command(after_help = "Examples:\n  cms vm delete web-1\n  cms vm delete 'web[1-3],db*' --yes --if-exists")]
    Delete(change::Delete),
    /// Wait until machines are in a state
    #[command(after_help = "Examples:\n  cms vm wait 'web[1-3]'\n  cms vm wait web-1 --for stopped --timeout 2m")]
    Wait(change::Wait),
}

impl Verb {
    /// Whether it may change anything in a cloud.
    pub(crate) fn changes(&self) -> bool {
        match self {
            Self::Boot(_) | Self::Start(_) | Self::Stop(_) | Self::Reboot(_) | Self::Delete(_) => true,
            Self::Default(_) | Self::List(_) | Self::Info(_) | Self::Status(_) | Self::Wait(_) => false,
        }
    }
}

/// Machines that must be named.
#[derive(Debug, Args)]
pub(crate) struct Names {
    /// Names, ids, ranges such as `web[1-3]`, globs such as `web*`, or several with commas
    #[arg(required = true, value_name = "NAMES")]
    pub(crate) names: Vec<String>,
}

/// Machines that may be named.
#[derive(Debug, Args)]
pub(crate) struct Chosen {
    /// Names, ids, ranges such as `web[1-3]`, globs such as `web*`; none: all
    #[arg(value_name = "NAMES")]
    pub(crate) names: Vec<String>,
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::Boot(boot) => boot.run(session).await,
        Verb::Default(default) => default.run(session),
        Verb::List(some) => show::list(session, &some.names).await,
        Verb::Info(names) => show::info(session, &names.names).await,
        Verb::Status(some) => show::status(session, &some.names).await,
        Verb::Start(start) => start.run(session, Goal::Running).await,
        Verb::Stop(stop) => stop.run(session, Goal::Stopped).await,
        Verb::Reboot(reboot) => reboot.run(session).await,
        Verb::Delete(delete) => delete.run(session).await,
        Verb::Wait(wait) => wait.run(session).await,
    }
}

/// The columns of a listing.
fn columns() -> Vec<Column<Node>> {
    vec![
        heading("NAME", |node: &Node| node.label().to_owned()),
        heading("STATUS", |node: &Node| node.status.to_string()).coloured(|node| node.status),
        heading("PUBLIC", |node| addresses(&node.public_ips)),
        heading("PRIVATE", |node| addresses(&node.private_ips)),
        heading("SIZE", |node| cell(node.flavor.as_ref())),
        heading("CLOUD", |node| node.cloud.clone()),
        heading("CREATED", |node| cell(node.created.map(|time| time.strftime("%Y-%m-%dT%H:%MZ").to_string()).as_ref())),
    ]
}

/// The columns of an outcome.
fn short_columns() -> Vec<Column<Node>> {
    vec![
        heading("NAME", |node: &Node| node.label().to_owned()),
        heading("STATUS", |node: &Node| node.status.to_string()).coloured(|node| node.status),
        heading("CLOUD", |node| node.cloud.clone()),
        heading("ID", |node| node.id.to_string()),
    ]
}

fn addresses(ips: &[std::net::IpAddr]) -> String {
    if ips.is_empty() { "-".to_owned() } else { ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(",") }
}
