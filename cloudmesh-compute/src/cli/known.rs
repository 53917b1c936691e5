//! What a session knows without asking.

use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Ages, Session, output};
use crate::config::{ProcessEnvironment, folder, path};
use crate::kinds;
use crate::state::{Cloud, Journal, Listed, Notes, Owner, State, What, told};
use crate::witness::Witness;
use crate::{Error, ErrorKind, Node, Provider, Result};

/// How long catalogues answer by themselves.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

impl Session {
    /// What is known of the clouds, opened on first use. `None` when it cannot be used, which is said once.
    pub(crate) fn state(&self) -> Option<&State> {
        self.opened().ok().map(AsRef::as_ref)
    }

    /// The known state, or why it cannot be used. That is found out once: to wait for a locked file takes long.
    fn opened(&self) -> Result<&Arc<State>> {
        self.state.get_or_init(|| self.open_state()).as_ref().map_err(Clone::clone)
    }

    fn open_state(&self) -> Result<Arc<State>> {
        let opened = folder(&ProcessEnvironment).and_then(|folder| State::open(&folder));
        let warn = |error: &_| self.note(&format!("warning: known state is not used: {}", told(error)));
        let state = opened.inspect_err(warn)?;
        for sentence in state.said() {
            self.note(&format!("warning: {sentence}"));
        }
        Ok(Arc::new(state))
    }

    /// Whose data a cloud's is, in the known state.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no such cloud. Credentials are not resolved.
    pub(crate) fn owner(&self, cloud: &str) -> Result<Owner> {
        let config = self.config()?;
        let account = config.account(cloud, kinds::keys)?;
        Ok(Owner { origin: self.origin(), cloud: cloud.to_owned(), account })
    }

    /// What the known state calls the configuration file: nothing for the usual one, else its path.
    pub(crate) fn origin(&self) -> String {
        origin(self.shared.config.as_deref())
    }

    /// Whether the catalogues that are kept may answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when `refresh` under `default` in the configuration is neither true nor false.
    pub(crate) fn may_be_kept(&self) -> Result<bool> {
        if self.shared.refresh || self.wants_raw() {
            return Ok(false);
        }
        let config = self.config()?;
        match config.default("refresh")?.as_deref() {
            None | Some("false") => Ok(true),
            Some("true") => Ok(false),
            Some(_) => {
                let message = format!("`refresh` under `default` in `{}` must be true or false", config.origin());
                Err(Error::config("default.refresh", message))
            }
        }
    }

    /// Refuses `--cached` for what needs the cloud.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`].
    pub(crate) fn needs_the_cloud(&self) -> Result<()> {
        if !self.shared.cached {
            return Ok(());
        }
        let message = "`--cached` asks no cloud, and this command has to; leave it out";
        Err(Error::new(ErrorKind::Config, message))
    }

    /// What is known of a cloud's machines, for `--cached`.
    ///
    /// # Errors
    ///
    /// When nothing is known, with what to type.
    pub(crate) fn known_nodes(&self, cloud: &str, ages: &Ages) -> Result<Vec<Node>> {
        let known = self.kept()?.nodes(&self.owner(cloud)?)?;
        let listed = known.listed.ok_or_else(|| never_listed(cloud, What::Node))?;
        ages.add(cloud, listed);
        Ok(known.rows)
    }

    /// A cloud's catalogue as it is known, for `--cached`.
    ///
    /// # Errors
    ///
    /// When nothing is known, with what to type.
    pub(crate) fn known_catalogue<T: Listed>(&self, cloud: &str, ages: &Ages) -> Result<Vec<T>> {
        let known = self.kept()?.catalogue(&self.owner(cloud)?)?;
        let listed = known.listed.ok_or_else(|| never_listed(cloud, T::WHAT))?;
        ages.add(cloud, listed);
        Ok(known.rows)
    }

    /// A cloud's catalogue if it was asked for less than a day ago, with the time.
    pub(crate) fn fresh_catalogue<T: Listed>(&self, cloud: &str, ages: &Ages) -> Option<(Vec<T>, Timestamp)> {
        let known = self.state()?.catalogue(&self.owner(cloud).ok()?).ok()?;
        let listed = known.listed?;
        let age = ages.now().duration_since(listed);
        (age < A_DAY && !age.is_negative()).then_some((known.rows, listed))
    }

    fn kept(&self) -> Result<&State> {
        self.state().ok_or_else(|| {
            let message = "nothing that was known can be read; leave `--cached` out to ask the clouds";
            Error::new(ErrorKind::Unavailable, message)
        })
    }

    /// Who keeps what the clouds answer; nobody where that cannot be kept.
    pub(super) fn notes(&self, clouds: &[String]) -> Option<Arc<dyn Witness>> {
        let state = Arc::clone(self.opened().ok()?);
        let owners = clouds.iter().filter_map(|cloud| self.owner(cloud).ok()).collect();
        let tell = if self.shared.quiet { |_: &str| {} } else { |sentence: &str| output::say(&output::tame(sentence)) };
        Some(Arc::new(Notes::new(state, owners, tell)))
    }

    /// The journal of creates, without which nothing is made.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn journal(&self) -> Result<Journal<'_>> {
        self.opened().and_then(|state| Journal::open(state)).map_err(not_written)
    }

    /// How the journal calls a cloud.
    pub(crate) fn place_of(&self, provider: &Provider) -> Cloud {
        Cloud { origin: self.origin(), name: provider.name().to_owned() }
    }

    /// The next number of a counter; in a dry run the one that would be next after `skipped` others.
    ///
    /// # Errors
    ///
    /// When the known state cannot be used.
    pub(crate) fn next_number(&self, counter: &str, skipped: u64) -> Result<u64> {
        let state = self.opened().map_err(not_written)?;
        if self.dry_run() { Ok(state.last_number(counter)? + skipped + 1) } else { state.next_number(counter) }
    }
}

/// What the known state calls a configuration file: nothing for the usual one, else its path.
pub(super) fn origin(file: Option<&Path>) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let usual = path(&ProcessEnvironment).map(|usual| real(&usual)).ok();
    let other = file.map(real).filter(|file| Some(file) != usual.as_ref());
    other.map_or_else(String::new, |file| file.display().to_string())
}

/// The error of a journal that cannot be written.
pub(crate) fn not_written(error: Error) -> Error {
    let message = format!(
        "{}; nothing is made before it is written down, there or in the folder that `CLOUDMESH_CONFIG_DIR` names",
        error.message()
    );
    error.with_message(message)
}

fn never_listed(cloud: &str, what: What) -> Error {
    let what = what.word();
    let message = format!("nothing is known yet; `cms {what} list --cloud {cloud}` asks the cloud");
    Error::new(ErrorKind::Unavailable, message).in_cloud(cloud)
}
