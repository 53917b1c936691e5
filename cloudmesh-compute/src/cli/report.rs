//! What a command prints at its end: what was done, what failed, and the exit code that follows.

use std::process::ExitCode;

use cloudmesh_abstract::names;
use serde::Serialize;

use super::output::{self, Beside, Column, Rows};
use super::plan::{self, Planned, Shown};
use super::{Session, exit};
use crate::nodes::Outcome;
use crate::{Error, ErrorKind, Node, NodeId, Plan, Provider, Result};

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

    /// Adds what a provider brought, with what it would have done.
    pub(crate) fn gather(&mut self, provider: &Provider, rows: Result<Vec<Result<T>>>) {
        let steps = provider.plan().map(Plan::steps).unwrap_or_default();
        self.steps.extend(steps.into_iter().map(|step| Planned { cloud: provider.name().to_owned(), step }));
        let requests = provider.plan().map(Plan::requests).unwrap_or_default();
        self.requests.extend(requests.into_iter().map(|request| Shown { cloud: provider.name().to_owned(), request }));
        match rows {
            Ok(rows) => rows.into_iter().for_each(|row| self.add(row)),
            Err(error) => self.add(Err(error)),
        }
    }

    /// A report of rows that cannot fail.
    pub(crate) fn of(rows: Vec<T>) -> Self {
        Self { rows, ..Self::default() }
    }

    /// Leaves out the errors of this kind.
    pub(crate) fn forgive(&mut self, kind: ErrorKind) {
        self.errors.retain(|error| error.kind() != kind);
    }
}

impl Report<Node> {
    /// Adds the outcomes of several providers. A name that one cloud lacks and another has is not missing.
    pub(crate) fn gather_outcomes(&mut self, providers: &[Provider], done: Vec<Result<Vec<Outcome>>>) {
        let found =
            |outcome: &Outcome| outcome.result.as_ref().ok()?.as_ref().map(|node| (node.name.clone(), node.id.clone()));
        let known: Vec<(String, NodeId)> = done.iter().flatten().flatten().filter_map(found).collect();
        let is_elsewhere = |outcome: &Outcome| {
            let missing = matches!(&outcome.result, Err(error) if error.kind() == ErrorKind::NotFound);
            missing && known.iter().any(|(name, id)| is_meant(&outcome.name, name, id))
        };
        for (provider, outcomes) in providers.iter().zip(done) {
            let here = |outcomes: Vec<Outcome>| outcomes.into_iter().filter(|outcome| !is_elsewhere(outcome));
            let rows =
                outcomes.map(|outcomes| here(outcomes).filter_map(|outcome| outcome.result.transpose()).collect());
            self.gather(provider, rows);
        }
    }
}

/// Whether a node is what was asked for by name, id or glob.
fn is_meant(asked: &str, name: &str, id: &NodeId) -> bool {
    asked == name || asked == id.as_str() || (names::is_glob(asked) && names::matches(asked, name))
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
        let rows = Rows::new(self.rows);
        output::rows(session.format(), what, columns, &rows, &Beside::errors(&self.errors))?;
        if session.format().is_table() && rows.is_empty() && self.errors.is_empty() {
            session.note(&format!("no {what}"));
        }
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
        for (number, row) in self.rows.iter().enumerate() {
            if number > 0 {
                output::blank()?;
            }
            output::lines(lines(row))?;
        }
        complain(session, &self.errors);
        Ok(self.code())
    }
}

impl<T> Report<T> {
    /// Prints what would have been done, and the requests where the user asked for them.
    fn show_plan(self, session: &Session) -> Result<()> {
        let requests = session.rehearses().then(|| serde_json::to_value(&self.requests).unwrap_or_default());
        let beside = Beside { requests: requests.as_ref(), errors: &self.errors };
        output::rows(session.format(), "plan", &plan::columns(), &Rows::new(self.steps), &beside)?;
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

fn complain(session: &Session, errors: &[Error]) {
    for error in errors {
        exit::say(error, session.shared.quiet);
    }
}
