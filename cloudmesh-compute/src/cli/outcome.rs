//! What becomes of things that are no machines, such as keys and groups: one line each, the failures beside.

use std::collections::HashSet;
use std::process::ExitCode;

use cloudmesh_abstract::names;
use futures::future::join_all;
use serde::Serialize;

use super::{Column, Report, Session, cell, confirm, heading};
use crate::library::{KeyLibrary, RuleLibrary};
use crate::partial::Partial;
use crate::{Brought, Error, ErrorKind, Provider, Result};

/// What was done to one thing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Done {
    name: String,
    /// `None`: it is kept on this machine.
    cloud: Option<String>,
    outcome: String,
    detail: Option<String>,
    id: Option<String>,
}

impl Done {
    /// What was done in a cloud to the thing of this name, in a word such as `deleted`.
    pub(crate) fn new(name: impl Into<String>, cloud: impl Into<String>, outcome: impl Into<String>) -> Self {
        Self { cloud: Some(cloud.into()), ..Self::here(name, outcome) }
    }

    /// What was done to a thing that is kept on this machine.
    pub(crate) fn here(name: impl Into<String>, outcome: impl Into<String>) -> Self {
        Self { name: name.into(), cloud: None, outcome: outcome.into(), detail: None, id: None }
    }

    /// Says more about it.
    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds the cloud's id.
    pub(crate) fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

/// The columns of outcomes.
pub(crate) fn outcomes() -> Vec<Column<Done>> {
    vec![
        heading("NAME", |done: &Done| done.name.clone()).rank(0),
        heading("OUTCOME", |done: &Done| done.outcome.clone()).rank(0),
        heading("CLOUD", |done: &Done| cell(done.cloud.as_ref())).rank(2),
        heading("DETAIL", |done: &Done| cell(done.detail.as_ref())).wraps().rank(3),
        heading("ID", |done: &Done| cell(done.id.as_ref())).wide(),
    ]
}

impl Report<Done> {
    /// Prints the outcomes. People are told nothing where there was nothing to do.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub(crate) fn finish_outcomes(self, session: &Session) -> Result<ExitCode> {
        if self.is_blank() && session.format().is_table() && !session.dry_run() {
            return Ok(ExitCode::SUCCESS);
        }
        self.finish(session, "outcomes", &outcomes())
    }
}

/// Something that was asked for, and what came of it.
#[derive(Debug)]
pub(crate) struct Item<T> {
    /// The name, id or pattern that was asked for; the thing's own name once it is known.
    pub(crate) name: String,
    pub(crate) result: Result<T>,
}

impl<T> Item<T> {
    /// What came of what was asked for by this name.
    pub(crate) fn new(name: impl Into<String>, result: Result<T>) -> Self {
        Self { name: name.into(), result }
    }
}

impl<T> Partial<T> {
    /// What came of things on several clouds. What one cloud lacks and another has is not missing.
    pub(crate) fn of_items(shares: Vec<Result<Vec<Item<T>>>>) -> Self {
        let found = shares.iter().flatten().flatten().filter(|item| item.result.is_ok());
        let found: HashSet<String> = found.map(|item| item.name.clone()).collect();
        let elsewhere = |item: &Item<T>| {
            let missing = matches!(&item.result, Err(error) if error.kind() == ErrorKind::NotFound);
            let fits = || names::is_glob(&item.name) && found.iter().any(|name| names::matches(&item.name, name));
            missing && (found.contains(&item.name) || fits())
        };
        let results =
            |items: Vec<Item<T>>| items.into_iter().filter(|item| !elsewhere(item)).map(|item| item.result).collect();
        Partial::flatten(shares.into_iter().map(|share| share.map(results)).collect())
    }
}

/// What was done to keep something on this machine.
fn word(brought: Brought) -> &'static str {
    match brought {
        Brought::New => "added",
        Brought::Unchanged => "already there",
        Brought::Replaced => "replaced",
    }
}

impl Session {
    /// Finds things on all chosen clouds at once and puts them together, in the order of the clouds.
    ///
    /// # Errors
    ///
    /// As [`clouds`](Self::clouds); what fails on one cloud is in the report.
    pub(crate) async fn items<T, F>(&self, work: F) -> Result<Report<T>>
    where
        F: AsyncFn(&Provider) -> Result<Vec<Item<T>>>,
    {
        let (clouds, work) = (self.chosen()?, &work);
        let shares = clouds.shares(|cloud| async move {
            let in_cloud =
                |item: Item<T>| Item { result: item.result.map_err(|error| error.in_cloud(cloud.name())), ..item };
            Ok(work(&cloud).await?.into_iter().map(in_cloud).collect())
        });
        Ok(Report::of_clouds(Partial::of_items(shares.await), &clouds))
    }

    /// Finds things on all chosen clouds, shows what would be lost, asks, and does it to each. `None`: the user does not
    /// want it, which is told.
    ///
    /// `question` is asked of how many there are, such as "delete 2 keys"; `describe` says in a line what is lost.
    ///
    /// # Errors
    ///
    /// As [`items`](Self::items), and [`confirm`].
    pub(crate) async fn after_asking<T, U>(
        &self,
        question: impl Fn(usize) -> String,
        describe: impl Fn(&str, &T) -> String,
        find: impl AsyncFn(&Provider) -> Result<Vec<Item<T>>>,
        lose: impl AsyncFn(&Provider, T) -> Result<U>,
    ) -> Result<Option<Report<U>>> {
        let (clouds, find, lose) = (self.chosen()?, &find, &lose);
        let look = |cloud: Provider| async move { self.interrupt.unless_asked(find(&cloud)).await };
        let found = clouds.shares(look).await;
        let of_cloud = |(cloud, items): (&str, &Result<Vec<Item<T>>>)| -> Vec<String> {
            let things = items.iter().flatten().filter_map(|item| item.result.as_ref().ok());
            things.map(|thing| describe(cloud, thing)).collect()
        };
        let losses: Vec<String> = clouds.names().zip(&found).flat_map(of_cloud).collect();
        if !losses.is_empty() && !confirm(self, &question(losses.len()), &losses).await? {
            return Ok(None);
        }
        let done = clouds.shares_of(found, |cloud, found| async move { Ok(self.do_each(&cloud, found?, lose).await) });
        let done = Partial::of_items(done.await);
        Ok(Some(Report::of_clouds(done, &clouds)))
    }

    /// As [`after_asking`](Self::after_asking), of things that are kept on this machine, in a library that knows of a dry
    /// run.
    ///
    /// # Errors
    ///
    /// Those of [`confirm`]; what fails of one thing is in the report.
    pub(crate) async fn after_asking_here<T>(
        &self,
        question: impl Fn(usize) -> String,
        operation: &str,
        describe: impl Fn(&T) -> String,
        items: Vec<Item<T>>,
        mut lose: impl FnMut(T) -> Result<Done>,
    ) -> Result<Option<Report<Done>>> {
        let losses: Vec<String> = items.iter().filter_map(|item| Some(describe(item.result.as_ref().ok()?))).collect();
        if !losses.is_empty() && !confirm(self, &question(losses.len()), &losses).await? {
            return Ok(None);
        }
        let mut report = Report::default();
        for item in items {
            match item.result {
                Ok(thing) if self.dry_run() => {
                    let told = describe(&thing);
                    match lose(thing) {
                        Ok(_) => report.plan(operation, item.name, told),
                        Err(error) => report.add(Err(error)),
                    }
                }
                Ok(thing) => report.add(lose(thing)),
                Err(error) => report.add(Err(error)),
            }
        }
        Ok(Some(report))
    }

    /// Says what was done to keep something on this machine, or would be done; nothing, if it is there already.
    pub(crate) fn finish_kept(&self, what: &str, name: &str, detail: String, brought: Brought) -> Result<ExitCode> {
        let mut report = Report::default();
        match brought {
            Brought::Unchanged if self.dry_run() => {}
            Brought::Replaced if self.dry_run() => report.plan(&format!("replace{what}"), name, detail),
            _ if self.dry_run() => report.plan(&format!("add{what}"), name, detail),
            _ => report.add(Ok(Done::here(name, word(brought)).with_detail(detail))),
        }
        report.finish_outcomes(self)
    }

    /// The keys that are kept beside the configuration.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no home directory to look in.
    pub(crate) fn key_library(&self) -> Result<KeyLibrary> {
        Ok(KeyLibrary::new(self.shared.config.as_deref())?.dry_run(self.dry_run()))
    }

    /// The rules and groups that are kept beside the configuration.
    ///
    /// # Errors
    ///
    /// As [`key_library`](Self::key_library).
    pub(crate) fn rule_library(&self) -> Result<RuleLibrary> {
        Ok(RuleLibrary::new(self.shared.config.as_deref())?.dry_run(self.dry_run()))
    }

    /// Does the same to each thing that was found, as many at once as may be.
    pub(crate) async fn do_each<T, U>(
        &self,
        provider: &Provider,
        items: Vec<Item<T>>,
        work: &impl AsyncFn(&Provider, T) -> Result<U>,
    ) -> Vec<Item<U>> {
        let pace = self.pace();
        let pace = &pace;
        let one = async |item: Item<T>| {
            let result = match item.result {
                Ok(thing) => pace.keep(|| work(provider, thing)).await,
                Err(error) => Err(error),
            };
            let result = result.map_err(|error| which(error, &item.name).in_cloud(provider.name()).about(&item.name));
            Item::new(item.name, result)
        };
        join_all(items.into_iter().map(one)).await
    }
}

/// Says what was not begun when the user stopped it.
fn which(error: Error, name: &str) -> Error {
    if error.kind() != ErrorKind::Cancelled {
        return error;
    }
    let sentence = format!("`{name}`: {}", error.message());
    error.with_message(sentence)
}
