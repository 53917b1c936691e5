//! What a dry run shows.

use std::iter;

use serde::Serialize;

use super::{Column, cell, heading};
use crate::{Operation, Rehearsed, Step};

/// What would have been done in one cloud, or on this machine.
#[derive(Debug, Serialize)]
pub(super) struct Planned {
    /// `None`: on this machine.
    cloud: Option<String>,
    operation: String,
    subject: String,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_change: Option<String>,
}

impl Planned {
    /// What would have been done in a cloud.
    pub(super) fn there(cloud: String, step: Step) -> Self {
        let Step { operation, subject, detail, first_change, .. } = step;
        Self { cloud: Some(cloud), operation: operation.to_string(), subject, detail, first_change }
    }

    /// What would have been done on this machine.
    pub(super) fn here(operation: &str, subject: String, detail: String) -> Self {
        Self { cloud: None, operation: operation.to_owned(), subject, detail, first_change: None }
    }
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
        heading("WOULD", |planned: &Planned| verb(&planned.operation)).key("operation").rank(0),
        heading("NAME", |planned: &Planned| planned.subject.clone()).key("subject").rank(0),
        heading("CLOUD", |planned: &Planned| cell(planned.cloud.as_ref())).rank(0),
        heading("DETAIL", |planned: &Planned| planned.detail.clone()).wraps(),
    ]
}

/// The operation in the words that are typed for it.
fn verb(operation: &str) -> String {
    let words = match operation.parse() {
        Ok(Operation::Create) => "boot",
        Ok(Operation::Destroy) => "delete",
        Ok(Operation::KeyUpload) => "upload key",
        Ok(Operation::KeyDelete) => "delete key",
        Ok(Operation::AddSecgroup) => "add group",
        Ok(Operation::RemoveSecgroup) => "delete group",
        Ok(Operation::AddRulesToSecgroup) => "add rules to group",
        Ok(Operation::RemoveRulesFromSecgroup) => "delete rules of group",
        _ => operation,
    };
    words.to_owned()
}
