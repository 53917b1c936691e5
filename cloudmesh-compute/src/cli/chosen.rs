//! Which clouds a command works with, and working with all of them.

use std::sync::Arc;

use cloudmesh_abstract::{PollPolicy, Trace};

use super::{Report, Session};
use crate::clouds::{Clouds, chosen, none_active};
use crate::config::Config;
use crate::nodes::Outcome;
use crate::partial::Partial;
use crate::provider::{DEADLINE, ProviderBuilder};
use crate::variables;
use crate::work::{PARALLEL, Pace};
use crate::{Error, ErrorKind, Node, Provider, Result};

impl Session {
    /// The names of the chosen clouds: `--cloud`, or the configuration's default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when none can be chosen.
    pub(crate) fn clouds(&self) -> Result<Vec<String>> {
        let config = self.config()?;
        let wanted = self.wanted_clouds(&config)?;
        // A mistake in what was typed is one of usage.
        chosen(&config, &[wanted]).map_err(|error| error.with_kind(ErrorKind::Config))
    }

    /// What is said about which clouds to use: by `--cloud`, by what `cms set` keeps, by the configuration.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when nothing is said and there are several, or when what is kept names none of them.
    pub(crate) fn wanted_clouds(&self, config: &Config) -> Result<String> {
        if let Some(wanted) = &self.shared.cloud {
            return Ok(wanted.clone());
        }
        let Some(line) = self.variables()?.line("cloud") else { return usual(config) };
        let known = variables::check_clouds(config, &line.value);
        known.map_err(|error| {
            let advice = "; `cms set cloud=NAME` sets another, `cms set --delete cloud` forgets it";
            let message = format!("{}: {}{advice}", line.place, error.message());
            error.with_message(message)
        })?;
        Ok(line.value.clone())
    }

    /// What says which clouds to use, and where that stands.
    ///
    /// # Errors
    ///
    /// As [`variables`](Self::variables).
    pub(crate) fn source_of_clouds(&self) -> Result<(String, Option<String>)> {
        if let Some(option) = self.shared.given.source("cloud") {
            return Ok((option, None));
        }
        if let Some(line) = self.variables()?.line("cloud") {
            return Ok(("cms set".to_owned(), Some(line.place.clone())));
        }
        let config = self.config()?;
        Ok(match config.default_cloud()? {
            Some(_) => ("default".to_owned(), Some(config.place_of(&["default", "cloud"]))),
            None => ("the only one".to_owned(), None),
        })
    }

    /// The chosen clouds.
    ///
    /// # Errors
    ///
    /// As [`clouds`](Self::clouds). Mistakes in one cloud's entry do not stop the others.
    pub(crate) fn chosen(&self) -> Result<Clouds> {
        let shared = &self.shared;
        let mut settings =
            ProviderBuilder::new(()).deadline(shared.timeout.unwrap_or(DEADLINE)).dry_run(self.dry_run());
        settings = settings.trace(Arc::clone(&self.spoken) as Arc<dyn Trace>);
        if let Some(limit) = shared.timeout {
            settings = settings.poll(PollPolicy::default().with_limit(limit));
        }
        if let Some(parallel) = shared.parallel {
            settings = settings.parallel(parallel.into());
        }
        if self.rehearses() {
            settings = settings.rehearse();
        }
        let names = self.clouds()?;
        if let Some(notes) = self.notes(&names) {
            settings = settings.witness(notes);
        }
        Ok(Clouds::named(names, &self.config()?, &settings))
    }

    /// A provider for each of the chosen clouds, and a report that begins with why some have none.
    ///
    /// # Errors
    ///
    /// As [`chosen`](Self::chosen).
    pub(crate) fn providers<T>(&self) -> Result<(Vec<Provider>, Report<T>)> {
        let clouds = self.chosen()?;
        let mut report = Report::default();
        clouds.unusable().for_each(|error| report.add(Err(error.clone())));
        Ok((clouds.providers().cloned().collect(), report))
    }

    /// Does the same on all chosen clouds at once and puts the results together, in the order of the clouds.
    ///
    /// # Errors
    ///
    /// As [`clouds`](Self::clouds); what fails on one cloud is in the report.
    pub(crate) async fn on_each<T, F>(&self, work: F) -> Result<Report<T>>
    where
        F: AsyncFn(&Provider) -> Result<Vec<Result<T>>>,
    {
        let (clouds, work) = (self.chosen()?, &work);
        let done = Partial::flatten(clouds.shares(|cloud| async move { work(&cloud).await }).await);
        Ok(Report::of_clouds(done, &clouds))
    }

    /// Does the same to nodes on all chosen clouds at once and puts the outcomes together.
    ///
    /// # Errors
    ///
    /// As [`on_each`](Self::on_each).
    pub(crate) async fn on_each_node<F>(&self, work: F) -> Result<Report<Node>>
    where
        F: AsyncFn(&Provider) -> Result<Vec<Outcome>>,
    {
        let (clouds, work) = (self.chosen()?, &work);
        let shares = clouds.shares(|cloud| async move { work(&cloud).await }).await;
        let done = Partial::of_outcomes(self.suggest_nodes(shares));
        Ok(Report::of_clouds(done, &clouds))
    }

    /// How many nodes of a cloud may be worked on at once, and until when.
    pub(crate) fn pace(&self) -> Pace {
        Pace::new(self.shared.parallel.map_or(PARALLEL, usize::from), Some(self.interrupt.asks()))
    }
}

/// The cloud that is meant when none is named: the default one, or the only one there is.
fn usual(config: &Config) -> Result<String> {
    if let Some(name) = config.default_cloud()? {
        return Ok(name);
    }
    let active: Vec<&str> = config.clouds().filter(|cloud| cloud.active).map(|cloud| cloud.name.as_str()).collect();
    match active.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(none_active(config)),
        several => {
            let message = format!(
                "no cloud was named: pass `--cloud`, or write `default: {{cloud: …}}` into `{}`; it has {}",
                config.origin(),
                several.join(", ")
            );
            Err(Error::new(ErrorKind::Config, message))
        }
    }
}
