//! What one command works with: the configuration and the chosen clouds.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum;
use cloudmesh_abstract::PollPolicy;
use cloudmesh_abstract::names::PatternError;

use super::arguments::Object;
use super::begun::Begun;
use super::output::tame;
use super::trace::Spoken;
use super::{DryRun, Format, Interrupt, Report, Shared, exit, output};
use crate::clouds::{Clouds, chosen, none_active};
use crate::config::{Config, ProcessEnvironment};
use crate::nodes::Outcome;
use crate::partial::Partial;
use crate::provider::{DEADLINE, ProviderBuilder};
use crate::state::State;
use crate::variables::{self, Variables};
use crate::work::{PARALLEL, Pace};
use crate::{Error, ErrorKind, Node, Provider, Result};

/// The options that all commands share, and what follows from them. The configuration is read when it is needed.
pub(crate) struct Session {
    pub(crate) shared: Shared,
    /// The nodes that it makes.
    pub(crate) begun: Begun,
    /// Whether the user has asked to stop.
    pub(crate) interrupt: Interrupt,
    config: OnceCell<Arc<Config>>,
    variables: OnceCell<Variables>,
    pub(super) state: OnceCell<Option<Arc<State>>>,
}

impl Session {
    /// Begins a session.
    pub(crate) fn open(shared: Shared) -> Self {
        Self {
            shared,
            begun: Begun::default(),
            interrupt: Interrupt::default(),
            config: OnceCell::new(),
            variables: OnceCell::new(),
            state: OnceCell::new(),
        }
    }

    /// The configuration.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with the place of the mistake.
    pub(crate) fn config(&self) -> Result<Arc<Config>> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(Config::load(self.shared.config.as_deref())?);
        format_of(&config)?;
        for warning in config.warnings() {
            self.note(&format!("warning: {warning}"));
        }
        Ok(Arc::clone(self.config.get_or_init(|| config)))
    }

    /// What `cms set` keeps for this configuration.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with the place of the mistake.
    pub(crate) fn variables(&self) -> Result<&Variables> {
        if let Some(variables) = self.variables.get() {
            return Ok(variables);
        }
        let variables = Variables::read(&self.variables_file()?, &ProcessEnvironment)?;
        Ok(self.variables.get_or_init(|| variables))
    }

    /// The file that `cms set` keeps defaults in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no home directory to look in.
    pub(crate) fn variables_file(&self) -> Result<PathBuf> {
        variables::file(self.shared.config.as_deref(), &ProcessEnvironment)
    }

    /// How to print: as the options or the environment say, else what `cms set` keeps, else as the file's `default` does.
    pub(crate) fn format(&self) -> Format {
        let kept = || self.variables().ok()?.format();
        let of_file = || format_of(&*self.config().ok()?).ok()?;
        self.shared.view.output.or_else(kept).or_else(of_file).unwrap_or_default()
    }

    /// Looks whether what is asked of the output goes together, before anything is done.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with what to do instead.
    pub(super) fn check(&self, object: &Object) -> Result<()> {
        let view = &self.shared.view;
        let wrong = |message: String| Err(Error::new(ErrorKind::Config, message));
        match view.leaves_out().filter(|_| object.changes()) {
            Some(option) => wrong(format!(
                "`{option}` chooses what is shown, not what is changed; look first, with \
                 `cms vm list {option} … -o name`, and name what is meant"
            )),
            None if view.raw && !self.format().has_errors() => {
                wrong("`--raw` goes with `-o json` or `-o yaml`".to_owned())
            }
            None if view.picks() && self.format() == Format::Name => {
                wrong("`--columns` does not go with `-o name`, which shows one".to_owned())
            }
            None if view.watch.is_some() && !object.lists() => {
                wrong("`--watch` goes with what lists, such as `cms vm list` and `cms vm status`".to_owned())
            }
            None => Ok(()),
        }
    }

    /// Says something on stderr, unless the user wants quiet.
    pub(crate) fn note(&self, sentence: &str) {
        if !self.shared.quiet {
            output::say(&tame(sentence));
        }
    }

    /// Says an error that ends the program.
    pub(super) fn fail(&self, error: &Error) -> ExitCode {
        exit::say(error, self.shared.quiet);
        let errors = serde_json::json!({ "errors": [error] });
        // The exit code tells of the error already, also where nobody reads this.
        _ = match self.format() {
            Format::Json => output::json(&errors),
            Format::Yaml => output::yaml(&errors),
            _ => Ok(()),
        };
        ExitCode::from(exit::code(error.kind()))
    }

    /// Says at the first interruption that it goes on for a moment.
    pub(super) fn say_that_it_finishes(&self) {
        self.leave_the_line();
        self.note("finishing what is under way; Ctrl-C again ends at once");
    }

    /// Says that the work was cut off, and what it leaves behind.
    pub(super) fn cut_off(&self) -> Error {
        self.leave_the_line();
        let left = self.begun.tell();
        for line in &left {
            output::say(&tame(line));
        }
        let advice =
            if left.is_empty() { "; what was under way may have taken effect, `cms vm list` shows it" } else { "" };
        Error::new(ErrorKind::Cancelled, format!("interrupted{advice}"))
    }

    /// Whether nothing is to be changed, and what would be done is to be said instead.
    pub(crate) fn dry_run(&self) -> bool {
        self.shared.dry_run.is_some()
    }

    /// Ends the work that was interrupted once, and says what to do about what the report shows.
    pub(super) fn stopped(&self, done: &Result<ExitCode>) -> ExitCode {
        if let Err(error) = done {
            _ = self.fail(error);
        }
        for line in self.begun.advise() {
            output::say(&tame(&line));
        }
        ExitCode::from(exit::code(ErrorKind::Cancelled))
    }

    /// The line that `^C` stands in may have been begun.
    fn leave_the_line(&self) {
        if !self.shared.quiet && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            output::say("");
        }
    }

    /// How many nodes of a cloud may be worked on at once, and until when.
    pub(crate) fn pace(&self) -> Pace {
        Pace::new(self.shared.parallel.map_or(PARALLEL, usize::from), Some(self.interrupt.asks()))
    }

    /// Whether the requests of a dry run are shown.
    pub(crate) fn rehearses(&self) -> bool {
        self.shared.dry_run == Some(DryRun::Wire)
    }

    /// Whether the vendors' own records are to be kept, which is when they are printed.
    pub(crate) fn wants_raw(&self) -> bool {
        self.shared.view.needs_raw()
    }

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
        if let Some(limit) = shared.timeout {
            settings = settings.poll(PollPolicy::default().with_limit(limit));
        }
        if let Some(parallel) = shared.parallel {
            settings = settings.parallel(parallel.into());
        }
        if shared.verbose {
            settings = settings.trace(Arc::new(Spoken));
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
}

/// How the file says to print.
fn format_of(config: &Config) -> Result<Option<Format>> {
    let wrong = |_| {
        let message =
            format!("`output` under `default` in `{}` must be one of {}", config.origin(), variables::formats());
        Error::config("default.output", message)
    };
    config.default("output")?.map(|name| Format::from_str(&name, true).map_err(wrong)).transpose()
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

/// A mistake in what was typed.
pub(crate) fn usage(error: PatternError) -> Error {
    Error::from(error).with_kind(ErrorKind::Config)
}
