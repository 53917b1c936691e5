//! Nova's errors.

use serde_json::json;

use crate::exchange::Answer;

/// An error of Nova: its status and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, message)
    }

    /// What the policy does not allow to a plain user.
    pub(super) fn policy(rule: &str) -> Self {
        Self::forbidden(format!("Policy doesn't allow {rule} to be performed."))
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(404, message)
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, message)
    }

    /// About a server that does not exist.
    pub(super) fn no_server(id: &str) -> Self {
        Self::missing(format!("Instance {id} could not be found."))
    }

    /// About a resource that there is not, or not in the version that is spoken.
    pub(super) fn no_resource() -> Self {
        Self::missing("The resource could not be found.")
    }

    /// About a body that cannot be read.
    pub(super) fn malformed() -> Self {
        Self::bad("Malformed request body")
    }

    pub(super) fn answer(&self) -> Answer {
        let body = json!({kind(self.status): {"code": self.status, "message": self.message}});
        Answer::json(self.status, &body).typed("application/json; charset=UTF-8")
    }
}

/// The word that Nova puts around an error.
fn kind(status: u16) -> &'static str {
    match status {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 | 429 => "overLimit",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    }
}
