//! What a dry run shows.

use std::iter;

use serde::Serialize;

use super::{Column, heading};
use crate::{Operation, Rehearsed, Step};

/// What would have been done in one cloud.
#[derive(Debug, Serialize)]
pub(super) struct Planned {
    pub(super) cloud: String,
    #[serde(flatten)]
    pub(super) step: Step,
}

/// A request of one cloud's rehearsal.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    pub(super) cloud: String,
    #[serde(flatten)]
    pub(super) request: Rehearsed,
}

impl Shown {
    /// The request in lines for people.
    pub(super) fn lines(&self) -> Vec<String> {
        let Rehearsed { request, sent, body, .. } = &self.request;
        let what = if *sent { "sent" } else { "would send" };
        let body = body.as_ref().map(|body| format!("{body:#}")).unwrap_or_default();
        let body = body.lines().map(|line| format!("  {line}"));
        iter::once(format!("{}: {what} {request}", self.cloud)).chain(body).collect()
    }
}

/// The columns of a plan.
pub(super) fn columns() -> [Column<Planned>; 4] {
    [
        heading("WOULD", |planned: &Planned| verb(planned.step.operation)).key("operation").rank(0),
        heading("NAME", |planned: &Planned| planned.step.subject.clone()).key("subject").rank(0),
        heading("CLOUD", |planned: &Planned| planned.cloud.clone()).rank(0),
        heading("DETAIL", |planned: &Planned| planned.step.detail.clone()).wraps(),
    ]
}

/// The operation in the word that is typed for it.
fn verb(operation: Operation) -> String {
    match operation {
        Operation::Create => "boot".to_owned(),
        Operation::Destroy => "delete".to_owned(),
        other => other.to_string(),
    }
}
