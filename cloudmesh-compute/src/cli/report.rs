//! What a command prints at its end: what was done, what failed, and the exit code that follows.

use std::process::ExitCode;

use serde::Serialize;

use super::output::{self, Beside, Column};
use super::plan::{self, Planned, Shown};
use super::view::Seen;
use super::{Session, exit};
use crate::clouds::Clouds;
use crate::partial::Partial;
use crate::{Error, ErrorKind, Plan, Provider, Result};

/// Results from several clouds, with the errors beside them.
#[derive(Debug)]
pub(crate) struct Report<T> {
    rows: Vec<T>,
    errors: Vec<Error>,
    steps: Vec<Planned>,
    requests: Vec<Shown>,
}

impl<T> Default for Report<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), errors: Vec::new(), steps: Vec::new(), requests: Vec::new() }
    }
}

impl<T> Report<T> {
    /// Adds a result.
    pub(crate) fn add(&mut self, row: Result<T>) {
        match row {
            Ok(row) => self.rows.push(row),
            Err(error) => self.errors.push(error),
        }
    }

    /// What several clouds brought, with what would have been done on them.
    pub(crate) fn of_clouds(done: Partial<T>, clouds: &Clouds) -> Self {
        let (rows, errors) = done.into_parts();
        let mut report = Self { rows, errors, ..Self::default() };
        clouds.providers().for_each(|provider| report.add_plan(provider));
        report
    }

    fn add_plan(&mut self, provider: &Provider) {
        let cloud = || provider.name().to_owned();
        let steps = provider.plan().map(Plan::steps).unwrap_or_default();
        self.steps.extend(steps.into_iter().map(|step| Planned::there(cloud(), step)));
        let requests = provider.plan().map(Plan::requests).unwrap_or_default();
        self.requests.extend(requests.into_iter().map(|request| Shown { cloud: cloud(), request }));
    }

    /// Adds what would have been done on this machine.
    pub(crate) fn plan(&mut self, operation: &str, subject: impl Into<String>, detail: impl Into<String>) {
        self.steps.push(Planned::here(operation, subject.into(), detail.into()));
    }

    /// What is known of several clouds.
    pub(crate) fn of_known(done: Partial<T>) -> Self {
        let (rows, errors) = done.into_parts();
        Self { rows, errors, ..Self::default() }
    }

    /// A report of rows that cannot fail.
    pub(crate) fn of(rows: Vec<T>) -> Self {
        Self { rows, ..Self::default() }
    }

    /// The same report of what is made of each row, which may be several.
    pub(crate) fn each<U>(self, made_of: impl FnMut(T) -> Vec<U>) -> Report<U> {
        let Self { rows, errors, steps, requests } = self;
        Report { rows: rows.into_iter().flat_map(made_of).collect(), errors, steps, requests }
    }

    /// What there is to show.
    pub(crate) fn rows(&self) -> &[T] {
        &self.rows
    }

    /// Whether there is nothing to tell: no result, no failure, nothing that would be done.
    pub(crate) fn is_blank(&self) -> bool {
        self.rows.is_empty() && self.errors.is_empty() && self.steps.is_empty()
    }

    /// Leaves out the errors of this kind.
    pub(crate) fn forgive(&mut self, kind: ErrorKind) {
        self.errors.retain(|error| error.kind() != kind);
    }
}

impl<T: Serialize> Report<T> {
    /// Prints the report; `what` is the plural that stands in json, and in the sentence that there are none.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub(crate) fn finish(self, session: &Session, what: &str, columns: &[Column<T>]) -> Result<ExitCode> {
        let code = self.code();
        if session.dry_run() {
            self.show_plan(session)?;
            return Ok(code);
        }
        let seen = session.shared.view.apply(self.rows, columns, what)?;
        output::rows(session.format(), what, columns, &seen, &Beside::errors(&self.errors))?;
        remark(session, what, &seen, &self.errors);
        complain(session, &self.errors);
        Ok(code)
    }

    /// Prints each row as lines of names and values, where people read it.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub(crate) fn finish_in_full(
        self,
        session: &Session,
        what: &str,
        columns: &[Column<T>],
        lines: fn(&T) -> Vec<(String, String)>,
    ) -> Result<ExitCode> {
        if !session.format().is_table() {
            return self.finish(session, what, columns);
        }
        let code = self.code();
        let seen = session.shared.view.apply(self.rows, columns, what)?;
        for (number, row) in seen.rows.items().iter().enumerate() {
            if number > 0 {
                output::blank()?;
            }
            output::lines(seen.lines(number).unwrap_or_else(|| lines(row)))?;
        }
        remark(session, what, &seen, &self.errors);
        complain(session, &self.errors);
        Ok(code)
    }
}

impl<T: Serialize> Report<T> {
    /// Prints the text of each row where people read it; of several each line begins with the name.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub(crate) fn finish_as_text(
        self,
        session: &Session,
        what: &str,
        columns: &[Column<T>],
        text: fn(&T) -> (String, String),
    ) -> Result<ExitCode> {
        if !session.format().is_table() || session.shared.view.picks() {
            return self.finish(session, what, columns);
        }
        let code = self.code();
        let several = self.rows.len() + self.errors.len() > 1;
        let seen = session.shared.view.apply(self.rows, columns, what)?;
        for (name, text) in seen.rows.items().iter().map(text) {
            output::verbatim(&text, several.then_some(name.as_str()))?;
        }
        remark(session, what, &seen, &self.errors);
        complain(session, &self.errors);
        Ok(code)
    }
}

impl<T> Report<T> {
    /// Prints what would have been done, and the requests where the user asked for them.
    fn show_plan(self, session: &Session) -> Result<()> {
        let requests = session.rehearses().then(|| serde_json::to_value(&self.requests).unwrap_or_default());
        let beside = Beside { requests: requests.as_ref(), errors: &self.errors };
        output::rows(session.format(), "plan", &plan::columns(), &Seen::all(self.steps), &beside)?;
        if requests.is_some() && !session.format().has_errors() {
            self.requests.iter().flat_map(Shown::lines).for_each(|line| output::say(&output::tame(&line)));
        }
        complain(session, &self.errors);
        if session.format().is_table() {
            session.note("nothing was changed");
        }
        Ok(())
    }

    fn code(&self) -> ExitCode {
        let errors: Vec<&Error> = self.errors.iter().collect();
        ExitCode::from(exit::code_of(self.rows.len(), &errors))
    }
}

/// Tells that nothing or not everything is shown, and why.
fn remark<T>(session: &Session, what: &str, seen: &Seen<T>, errors: &[Error]) {
    match &seen.remark {
        Some(remark) => session.note(remark),
        None if session.format().is_table() && seen.rows.is_empty() && errors.is_empty() => {
            session.note(&format!("no {what}"));
        }
        None => {}
    }
}

fn complain(session: &Session, errors: &[Error]) {
    for error in errors {
        exit::say(error, session.shared.quiet);
    }
    if !session.shared.quiet {
        exit::advise(&errors.iter().collect::<Vec<_>>());
    }
}
