//! `cms sec`: security groups and their rules.

/// How a rule is written.
macro_rules! spelling {
    () => {
        "  tcp/22                    a port, for every IPv4 address\n  \
           tcp/8000-8010@10.0.0.0/8  ports, for a network\n  \
           tcp/443@::/0              for every IPv6 address\n  \
           icmp, icmp/8              ICMP; of one type\n  \
           any@group:web             everything, for the members of a group\n  \
           egress:udp/53             what may go out"
    };
}

mod group;
mod rule;

use std::process::ExitCode;

use clap::Subcommand;

use crate::Result;
use crate::cli::{Session, outcomes};

/// What can be done with security groups.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Security groups
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms sec group list --cloud all\n  cms sec group add web ssh http https\n  \
                            cms sec group load default --cloud all")]
    Group(group::Verb),
    /// Rules of security groups
    #[command(subcommand)]
    #[command(after_help = concat!(
        "Examples:\n  cms sec rule list web\n  cms sec rule add https tcp/8443@10.0.0.0/8 --group web\n  \
         cms sec rule add postgres tcp/5432 --local\n\n", "A rule in one word:\n", spelling!()
    ))]
    Rule(rule::Verb),
}

impl Verb {
    /// Whether it may change anything.
    pub(crate) fn changes(&self) -> bool {
        !self.lists()
    }

    /// Whether it lists what there is.
    pub(crate) fn lists(&self) -> bool {
        matches!(self, Self::Group(group::Verb::List(_)) | Self::Rule(rule::Verb::List(_)))
    }
}

/// Runs a verb.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<ExitCode> {
    if verb.changes() {
        // A slip is told before anything is done.
        session.shared.view.check(&outcomes())?;
    }
    match verb {
        Verb::Group(verb) => group::run(session, verb).await,
        Verb::Rule(verb) => rule::run(session, verb).await,
    }
}
