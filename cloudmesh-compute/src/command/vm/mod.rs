//! `cms vm`: virtual machines.

mod address;
mod advice;
mod boot;
mod change;
mod default;
mod delete;
mod find;
mod follow;
mod generate;
mod late;
mod lead;
mod make;
mod meta;
mod rename;
mod resize;
mod screen;
mod show;
mod twins;
mod username;
mod what;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::change::Way;
pub(crate) use self::find::{find, one};
use crate::cli::{Column, Session, cell, field, heading};
use crate::{Node, Result};

/// What can be done with machines.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make machines
    #[command(after_help = "Examples:\n  cms vm boot web-1 --image ubuntu-24.04 --size m1.small --key laptop\n  \
                            cms vm boot 'web[01-20]' --cloud a,b --no-wait\n  cms vm boot web --n 3 --dry-run\n  \
                            cms vm boot web-1 --ip 203.0.113.7")]
    Boot(Box<boot::Boot>),
    /// Show what `cms vm boot` would use now, and where each value comes from
    #[command(after_help = "Examples:\n  cms vm default\n  cms vm default --cloud a,b --size m1.small -o json")]
    Default(Box<default::Default>),
    /// List machines, of the whole account or only some
    #[command(after_help = "Examples:\n  cms vm list\n  cms vm list 'web*' --cloud all -o json\n  \
                            cms vm list --filter status=error --filter name~^web\n  \
                            cms vm list --columns name,cloud,metadata.course\n  \
                            cms vm list --sort -created --limit 10\n  cms vm list --watch=5")]
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
    /// Suspend machines: stop them with their memory kept
    #[command(after_help = "Examples:\n  cms vm suspend web-1\n  cms vm suspend 'web*' --no-wait")]
    Suspend(change::Change),
    /// Let suspended machines go on
    #[command(after_help = "Examples:\n  cms vm resume web-1\n  cms vm resume 'web[1-3]'")]
    Resume(change::Change),
    /// Restart machines
    #[command(after_help = "Examples:\n  cms vm reboot web-1\n  cms vm reboot 'web[1-3]' --hard")]
    Reboot(change::Reboot),
    /// Give machines another size; they may be restarted for it
    #[command(
        after_help = "Examples:\n  cms vm resize web-1 --size m1.large\n  cms vm resize 'web[1-3]' --size m1.large --no-wait"
    )]
    Resize(resize::Resize),
    /// Give machines other names
    #[command(after_help = "Examples:\n  cms vm rename web-1 www-1\n  cms vm rename 'web[1-3]' 'www-[01-03]'\n  \
                            cms vm rename 'web[1-2]' 'web[2-3]'\n\n\
                            A name that another machine has is refused, so that no two share one.")]
    Rename(rename::Rename),
    /// Tags of machines
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms vm meta list web-1\n  cms vm meta set 'web[1-3]' course=e516")]
    Meta(meta::Verb),
    /// Addresses of machines
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms vm ip show\n  cms vm ip assign web-1")]
    Ip(address::Verb),
    /// Show as whom one signs in to machines, and what says so
    #[command(after_help = "Examples:\n  cms vm username web-1\n  cms vm username 'web*' --set albert")]
    Username(username::Username),
    /// Show the consoles of machines: an address for a browser where the cloud has one, else their text
    #[command(after_help = "Examples:\n  cms vm console web-1\n  cms vm console 'web[1-3]' -o json")]
    Console(Names),
    /// Show what machines have written to their consoles
    #[command(after_help = "Examples:\n  cms vm log web-1 --tail 20\n  cms vm log 'web[1-3]'\n  \
                            cms vm log web-1 > web-1.log")]
    Log(screen::Log),
    /// Delete machines, with what was made for them alone
    #[command(visible_aliases = ["terminate", "destroy"])]
    #[command(after_help = "Examples:\n  cms vm delete web-1\n  cms vm delete 'web[1-3],db*' --yes --if-exists")]
    Delete(delete::Delete),
    /// Wait until machines are in a state
    #[command(after_help = "Examples:\n  cms vm wait 'web[1-3]'\n  cms vm wait web-1 --for stopped --timeout 2m")]
    Wait(change::Wait),
}

impl Verb {
    /// Whether it may change anything in a cloud.
    pub(crate) fn changes(&self) -> bool {
        match self {
            Self::Boot(_)
            | Self::Start(_)
            | Self::Stop(_)
            | Self::Suspend(_)
            | Self::Resume(_)
            | Self::Reboot(_)
            | Self::Resize(_)
            | Self::Rename(_)
            | Self::Delete(_)
            | Self::Ip(address::Verb::Assign(_)) => true,
            Self::Meta(verb) => verb.changes(),
            Self::Username(username) => username.changes(),
            Self::Default(_)
            | Self::List(_)
            | Self::Info(_)
            | Self::Status(_)
            | Self::Wait(_)
            | Self::Ip(address::Verb::Show(_))
            | Self::Console(_)
            | Self::Log(_) => false,
        }
    }
}

impl Verb {
    /// Whether it lists what there is, which may be watched.
    pub(crate) fn lists(&self) -> bool {
        let parts = matches!(self, Self::Ip(address::Verb::Show(_)) | Self::Meta(meta::Verb::List(_)));
        parts || matches!(self, Self::List(_) | Self::Status(_))
    }

    /// Whether machines come out of it, and not something about them.
    fn is_about_nodes(&self) -> bool {
        let others = matches!(self, Self::Default(_) | Self::Username(_) | Self::Console(_) | Self::Log(_));
        !others && !matches!(self, Self::Meta(meta::Verb::List(_)))
    }

    /// Whether what is known already can answer.
    fn may_know(&self) -> bool {
        self.lists()
            || matches!(self, Self::Info(_) | Self::Default(_))
            || matches!(self, Self::Username(_) if !self.changes())
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
    if verb.is_about_nodes() {
        // A slip is told before anything is done.
        session.shared.view.check(&columns())?;
    }
    if !verb.may_know() {
        session.needs_the_cloud()?;
    }
    match verb {
        Verb::Boot(boot) => boot.run(session).await,
        Verb::Default(default) => default.run(session),
        Verb::List(some) => show::list(session, &some.names).await,
        Verb::Info(names) => show::info(session, &names.names).await,
        Verb::Status(some) => show::status(session, &some.names).await,
        Verb::Start(start) => start.run(session, Way::Start).await,
        Verb::Stop(stop) => stop.run(session, Way::Stop).await,
        Verb::Suspend(suspend) => suspend.run(session, Way::Suspend).await,
        Verb::Resume(resume) => resume.run(session, Way::Resume).await,
        Verb::Resize(resize) => resize.run(session).await,
        Verb::Rename(rename) => rename.run(session).await,
        Verb::Reboot(reboot) => reboot.run(session).await,
        Verb::Meta(verb) => meta::run(session, verb).await,
        Verb::Ip(verb) => address::run(session, verb).await,
        Verb::Username(username) => username.run(session).await,
        Verb::Console(names) => screen::console(session, &names).await,
        Verb::Log(log) => log.run(session).await,
        Verb::Delete(delete) => delete.run(session).await,
        Verb::Wait(wait) => wait.run(session).await,
    }
}

/// The columns of a listing, the most important first.
fn columns() -> Vec<Column<Node>> {
    vec![
        heading("NAME", |node: &Node| node.label().to_owned()).rank(0),
        heading("STATUS", |node: &Node| node.status.to_string()).coloured(|node| node.status),
        heading("PUBLIC", |node: &Node| addresses(&node.public_ips)).key("public_ips").wraps().rank(3),
        heading("PRIVATE", |node: &Node| addresses(&node.private_ips)).key("private_ips").wraps().rank(5),
        heading("SIZE", |node: &Node| cell(node.flavor.as_ref())).key("flavor").rank(4),
        heading("CLOUD", |node: &Node| node.cloud.clone()).rank(2),
        heading("CREATED", |node: &Node| {
            cell(node.created.map(|time| time.strftime("%Y-%m-%dT%H:%MZ").to_string()).as_ref())
        })
        .rank(6),
        heading("ID", |node: &Node| node.id.to_string()).wide().rank(0),
        heading("VENDOR STATUS", |node: &Node| node.vendor_status.clone()).wide(),
        heading("IMAGE", |node: &Node| cell(node.image.as_ref())).wide(),
        heading("KEY", |node: &Node| cell(node.key.as_ref())).wide(),
        field("secgroups"),
        field("zone"),
        field("region"),
        field("kind"),
        field("hibernate").named(),
        field("metadata").wraps(),
        field("fault").named(),
        field("raw").named(),
    ]
}

/// The columns of an outcome.
fn short_columns() -> Vec<Column<Node>> {
    Column::pick(columns(), &["name", "status", "cloud", "id"])
}

fn addresses(ips: &[std::net::IpAddr]) -> String {
    if ips.is_empty() { "-".to_owned() } else { ips.iter().map(ToString::to_string).collect::<Vec<_>>().join(",") }
}
