//! `cms vm boot`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names;

use super::change::Waiting;
use super::generate::generated;
use super::lead::{Lead, Wanted};
use super::make::{Birth, Maker, Who};
use super::short_columns;
use super::what::What;
use crate::boot::Wishes;
use crate::cli::{Progress, Report, Session, usage};
use crate::nodes::Outcome;
use crate::partial::Partial;
use crate::state::{Cloud, Journal};
use crate::{Error, ErrorKind, Provider, Result};

/// What the new machines should be.
#[derive(Debug, Args)]
pub(crate) struct Boot {
    /// Names, or ranges such as `web[1-3]`; none: the next generated one, such as `albert-vm-7`
    #[arg(value_name = "NAMES")]
    names: Vec<String>,
    /// Make NAME-1 to NAME-N, or so many generated names
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    n: Option<u32>,
    #[command(flatten)]
    what: What,
    /// Address of the account that is to lead to the machine, or `any`: one that leads nowhere, else a new one
    #[arg(long, value_name = "ADDRESS", value_parser = Wanted::read)]
    ip: Option<Wanted>,
    /// Leave machines alone that exist already, and succeed
    #[arg(long)]
    if_not_exists: bool,
    #[command(flatten)]
    waiting: Waiting,
}

/// Names of one cloud whose outcome is known.
struct Known {
    cloud: Cloud,
    names: Vec<String>,
}

impl Boot {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let said = self.names()?;
        let wishes = self.what.wishes(session)?;
        let clouds = session.chosen()?;
        self.check(session, said.as_ref().map_or(self.n.unwrap_or(1) as usize, Vec::len) * clouds.names().count())?;
        let names = match said {
            Some(names) => names,
            None => generated(session, wishes.user.as_deref(), &clouds, self.n.unwrap_or(1) as usize).await?,
        };
        let journal = if session.dry_run() { None } else { Some(session.journal()?) };
        let progress = session.progress(&format!("boot {}", names.len()));
        let work = async |cloud: Provider| self.on(session, &cloud, journal.as_ref(), &names, &wishes, &progress).await;
        let (outcomes, known) = apart(clouds.shares(work).await);
        drop(progress);
        let report = Report::of_clouds(Partial::of_outcomes(outcomes), &clouds);
        let code = report.finish(session, "nodes", &short_columns())?;
        // Not before it was told: whoever is killed until here can go on with the same command.
        for known in known {
            let closed = journal.as_ref().map_or(Ok(()), |journal| journal.close(&known.cloud, &known.names));
            // All is made and told; the next boot of these names takes them for an interrupted one's.
            closed.unwrap_or_else(|error| session.note(&format!("warning: {error}")));
        }
        Ok(code)
    }

    /// Makes the machines on one cloud.
    async fn on(
        &self,
        session: &Session,
        provider: &Provider,
        journal: Option<&Journal<'_>>,
        names: &[String],
        wishes: &Wishes,
        progress: &Progress,
    ) -> Result<(Known, Vec<Birth>)> {
        // What is not said is found out before anything is asked or made.
        let mut specs = names.iter().map(|name| wishes.spec(provider, name)).collect::<Result<Vec<_>>>()?;
        let lead = match (self.ip, names.first()) {
            (Some(wanted), Some(name)) => Some(Lead::look(wanted, provider, name).await?),
            _ => None,
        };
        if lead.is_some() {
            // It gets one, and not another beside it.
            for spec in &mut specs {
                spec.public = spec.public.filter(|public| !public);
            }
        }
        let cloud = session.place_of(provider);
        let maker = Maker { session, provider, cloud: cloud.clone(), journal, if_not_exists: self.if_not_exists };
        let mut births = maker.make(specs).await?;
        if self.waiting.is_wanted(session) {
            births = maker.follow(births, progress).await;
        }
        if let Some(lead) = lead {
            lead.attach(session, provider, &mut births).await;
        }
        maker.remove_twins(&births).await;
        let stopped = session.interrupt.is_asked();
        // After an interruption the same command goes on with what exists already.
        let is_known = |birth: &&Birth| !(birth.open || stopped && birth.by != Who::Another);
        let names = births.iter().filter(is_known).map(|birth| birth.outcome.name.clone()).collect();
        Ok((Known { cloud, names }, births))
    }

    /// Refuses what does not go together with an address, for so many machines.
    fn check(&self, session: &Session, count: usize) -> Result<()> {
        let wrong = |message: &str| Err(Error::new(ErrorKind::Config, message));
        let given = |option: &str| session.shared.given.source(option).is_some_and(|source| source.starts_with("--"));
        match self.ip {
            Some(_) if given("public") || given("no_public") => {
                wrong("`--ip` says which public address; leave `--public` and `--no-public` out")
            }
            Some(_) if self.waiting.is_refused() => wrong("`--ip` waits until the machine runs; leave `--no-wait` out"),
            Some(Wanted::This(_)) if count > 1 => {
                wrong("one address leads to one machine; `--ip any` gives each of several its own")
            }
            _ => Ok(()),
        }
    }

    /// The names to make, if any are said.
    fn names(&self) -> Result<Option<Vec<String>>> {
        let names = names::expand_all(self.names.iter().map(String::as_str)).map_err(usage)?;
        match (self.n, names.as_slice()) {
            (_, []) => Ok(None),
            (None, _) => Ok(Some(names)),
            (Some(n), [base]) => names::number(base, n as usize).map(Some).map_err(usage),
            (Some(_), _) => {
                Err(Error::new(ErrorKind::Config, "`--n` goes with one name; use a range such as `web[1-3]`"))
            }
        }
    }
}

/// The outcomes of all clouds, and the names whose intents can be closed.
fn apart(done: Vec<Result<(Known, Vec<Birth>)>>) -> (Vec<Result<Vec<Outcome>>>, Vec<Known>) {
    let mut closing = Vec::new();
    let outcomes = done.into_iter().map(|done| {
        let (known, births) = done?;
        closing.push(known);
        Ok(births.into_iter().map(|birth| birth.outcome).collect())
    });
    (outcomes.collect(), closing)
}
