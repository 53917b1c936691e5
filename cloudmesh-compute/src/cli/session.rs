//! What one command works with: its options, the configuration, and how it speaks.

use std::cell::OnceCell;
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum;
use cloudmesh_abstract::names::PatternError;

use super::arguments::Object;
use super::begun::Begun;
use super::output::tame;
use super::trace::Spoken;
use super::{DryRun, Format, Interrupt, Progress, Shared, exit, output};
use crate::config::companion::Place;
use crate::config::{Config, ProcessEnvironment};
use crate::state::State;
use crate::variables::{self, Variables};
use crate::{Error, ErrorKind, Result};

/// The options that all commands share, and what follows from them. The configuration is read when it is needed.
pub(crate) struct Session {
    pub(crate) shared: Shared,
    /// The nodes that it makes.
    pub(crate) begun: Begun,
    /// Whether the user has asked to stop.
    pub(crate) interrupt: Interrupt,
    pub(super) spoken: Arc<Spoken>,
    config: OnceCell<Arc<Config>>,
    variables: OnceCell<Variables>,
    pub(super) state: OnceCell<Result<Arc<State>>>,
}

impl Session {
    /// Begins a session.
    pub(crate) fn open(shared: Shared) -> Self {
        Self {
            spoken: Arc::new(Spoken::new(&shared)),
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
    pub(crate) fn variables_file(&self) -> Result<Place> {
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
            Some(option) if !matches!(object, Object::Vm(_)) => wrong(format!(
                "`{option}` goes with what lists, such as `cms vm list`; here there is nothing to choose from"
            )),
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

    /// Begins to show progress; a dry run makes none.
    pub(crate) fn progress(&self, what: &str) -> Progress {
        Progress::new(what, self.shared.quiet || self.dry_run())
    }

    /// Says an error that ends the program.
    pub(super) fn fail(&self, error: &Error) -> ExitCode {
        exit::say(error, self.shared.quiet);
        if !self.shared.quiet {
            exit::advise(&[error]);
        }
        let errors = serde_json::json!({ "errors": [error] });
        // The exit code tells of the error already, also where nobody reads this.
        _ = match self.format() {
            Format::Json => output::json(&errors),
            Format::Yaml => output::yaml(&errors),
            _ => Ok(()),
        };
        ExitCode::from(exit::code(error.kind()))
    }

    /// Whether nothing is to be changed, and what would be done is to be said instead.
    pub(crate) fn dry_run(&self) -> bool {
        self.shared.dry_run.is_some()
    }

    /// Whether the requests of a dry run are shown.
    pub(crate) fn rehearses(&self) -> bool {
        self.shared.dry_run == Some(DryRun::Wire)
    }

    /// Whether the vendors' own records are to be kept, which is when they are printed.
    pub(crate) fn wants_raw(&self) -> bool {
        self.shared.view.needs_raw()
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

/// A mistake in what was typed.
pub(crate) fn usage(error: PatternError) -> Error {
    Error::from(error).with_kind(ErrorKind::Config)
}
