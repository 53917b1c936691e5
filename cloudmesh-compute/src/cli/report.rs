//! What a command prints at its end: what was done, what failed, and the exit code that follows.

use std::iter;
use std::process::ExitCode;

use cloudmesh_abstract::names;
use serde::Serialize;
use serde_json::json;

use super::{Column, Format, Session, exit, heading, output};
use crate::nodes::Outcome;
use crate::{Error, ErrorKind, Node, NodeId, Operation, Plan, Provider, Rehearsed, Result, Step};

/// What would have been done in one cloud.
#[derive(Debug, Serialize)]
struct Planned {
    cloud: String,
    #[serde(flatten)]
    step: Step,
}

/// A request of one cloud's rehearsal.
#[derive(Debug, Serialize)]
struct Shown {
    cloud: String,
    #[serde(flatten)]
    request: Rehearsed,
}

/// Results from several clouds, with the errors beside them.
#[derive(Debug)]
pub(crate) struct Report<T> {
    rows: Vec<T>,
    errors: Vec<Error>,
    steps: Vec<Planned>,
    requests: Vec<Shown>,
}

impl Shown {
    /// The request in lines for people.
    fn lines(&self) -> Vec<String> {
        let Rehearsed { request, sent, body, .. } = &self.request;
        let what = if *sent { "sent" } else { "would send" };
        let body = body.as_ref().map(|body| format!("{body:#}")).unwrap_or_default();
        let body = body.lines().map(|line| format!("  {line}"));
        iter::once(format!("{}: {what} {request}", self.cloud)).chain(body).collect()
    }
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
    /// Prints the report; `what` is the plural that stands in the JSON, and in the sentence that there are none.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub(crate) fn finish(self, session: &Session, what: &str, columns: &[Column<T>]) -> Result<ExitCode> {
        let code = self.code();
        match session.format() {
            Format::Json if session.dry_run() => {
                output::json(&self.planned(session))?;
                self.complain(session);
            }
            Format::Json => {
                output::json(&json!({ (what): self.rows, "errors": self.errors }))?;
                self.complain(session);
            }
            Format::Table if session.dry_run() => self.print_plan(session)?,
            Format::Table => self.print(session, what, columns)?,
        }
        Ok(code)
    }

    /// Prints each row as lines of names and values.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub(crate) fn finish_in_full(
        self,
        session: &Session,
        what: &str,
        lines: fn(&T) -> Vec<(String, String)>,
    ) -> Result<ExitCode> {
        if session.format() == Format::Json {
            return self.finish(session, what, &[]);
        }
        let fields = [
            heading("FIELD", |(name, _): &(String, String)| name.clone()),
            heading("VALUE", |(_, value): &(String, String)| value.clone()),
        ];
        for (number, row) in self.rows.iter().enumerate() {
            if number > 0 {
                output::blank()?;
            }
            output::table(&fields, &lines(row))?;
        }
        self.complain(session);
        Ok(self.code())
    }

    fn print(&self, session: &Session, what: &str, columns: &[Column<T>]) -> Result<()> {
        if !self.rows.is_empty() {
            output::table(columns, &self.rows)?;
        } else if self.errors.is_empty() {
            session.note(&format!("no {what}"));
        }
        self.complain(session);
        Ok(())
    }

    fn print_plan(&self, session: &Session) -> Result<()> {
        if !self.steps.is_empty() {
            output::table(
                &[
                    heading("WOULD", |planned: &Planned| verb(planned.step.operation)),
                    heading("NAME", |planned| planned.step.subject.clone()),
                    heading("CLOUD", |planned| planned.cloud.clone()),
                    heading("DETAIL", |planned| planned.step.detail.clone()),
                ],
                &self.steps,
            )?;
        }
        self.show_requests(session);
        self.complain(session);
        session.note("nothing was changed");
        Ok(())
    }

    /// What would have been done, as an object.
    fn planned(&self, session: &Session) -> serde_json::Value {
        if session.rehearses() {
            json!({ "plan": self.steps, "requests": self.requests, "errors": self.errors })
        } else {
            json!({ "plan": self.steps, "errors": self.errors })
        }
    }

    /// Says the requests on stderr, which the user asked for.
    fn show_requests(&self, session: &Session) {
        if session.rehearses() {
            self.requests.iter().flat_map(Shown::lines).for_each(|line| output::say(&output::tame(&line)));
        }
    }

    fn complain(&self, session: &Session) {
        for error in &self.errors {
            exit::say(error, session.shared.quiet);
        }
    }

    fn code(&self) -> ExitCode {
        let errors: Vec<&Error> = self.errors.iter().collect();
        ExitCode::from(exit::code_of(self.rows.len(), &errors))
    }
}

/// The operation in the word that is typed for it.
fn verb(operation: Operation) -> String {
    match operation {
        Operation::Create => "boot".to_owned(),
        Operation::Destroy => "delete".to_owned(),
        other => other.to_string(),
    }
}
