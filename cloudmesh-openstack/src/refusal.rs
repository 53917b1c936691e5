//! What a refusal means: from status and body to an [`Error`]. Pure functions.
//!
//! Each service has its own shape: Nova <https://docs.openstack.org/api-guide/compute/faults.html>, Neutron
//! `NeutronError`, Keystone `error`, Glance a bare message or HTML.

use std::time::Duration;

use cloudmesh_abstract::{Error, ErrorKind, http};
use jiff::Timestamp;
use serde_json::Value;

/// The longest text of a body that goes into a message.
const LONGEST: usize = 300;

/// An answer as it came, of which these functions need no more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The `x-openstack-request-id`, or Nova's older `x-compute-request-id`.
    pub(crate) request_id: Option<String>,
    /// The `Retry-After` header.
    pub(crate) retry_after: Option<String>,
    /// The token, where Keystone grants one.
    pub(crate) subject: Option<cloudmesh_abstract::Secret>,
    /// Where a redirect leads.
    pub(crate) location: Option<String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What a body says about an error.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    code: Option<String>,
    message: String,
    retry_after: Option<String>,
}

/// The error that an answer is. `what` is the request in one line.
pub(crate) fn refusal(answer: &Answer, what: &str, now: Timestamp) -> Error {
    let told = told(&answer.body);
    let kind = kind(answer.status, &told);
    let message = message(answer.status, kind, &told.message, what);
    let mut error = Error::new(kind, message);
    if let Some(code) = told.code {
        error = error.with_code(code);
    }
    if let Some(wait) = wait(answer, told.retry_after.as_deref(), now) {
        error = error.with_retry_after(wait);
    }
    with_request_id(error, answer)
}

/// Adds the cloud's id of the request.
pub(crate) fn with_request_id(error: Error, answer: &Answer) -> Error {
    match &answer.request_id {
        Some(id) => error.with_request_id(id),
        None => error,
    }
}

/// The error of a successful answer that cannot be read.
pub(crate) fn unreadable(answer: &Answer, what: &str, cause: Option<serde_json::Error>) -> Error {
    let found = found(&answer.body, "JSON of another shape or broken off");
    let message = format!("the answer to `{what}` cannot be read, it holds {found}");
    let error = Error::new(ErrorKind::Unexpected, message);
    // The text of any other error may show a value.
    let error = match cause.filter(|cause| cause.is_syntax() || cause.is_eof()) {
        Some(cause) => error.with_source(cause),
        None => error,
    };
    with_request_id(error, answer)
}

/// The error of a change that was answered with another success than `accepted`: the cloud may never have seen it.
pub(crate) fn not_accepted(answer: &Answer, what: &str, accepted: u16) -> Error {
    let (status, found) = (answer.status, found(&answer.body, "JSON"));
    let message = format!(
        "the answer to `{what}` cannot be understood, it has status {status} in place of {accepted} and holds {found}; \
         check whether the change was made"
    );
    with_request_id(Error::new(ErrorKind::Unexpected, message), answer)
}

/// What a body that makes no sense holds, in words for people. JSON is only named: it may hold a password.
fn found(body: &[u8], json: &str) -> String {
    let text = String::from_utf8_lossy(body);
    match text.trim_start().chars().next() {
        None => "nothing".to_owned(),
        Some('{' | '[') => json.to_owned(),
        Some(_) => format!("`{}`", shorten(&plain(&text), 80)),
    }
}

/// The beginning of a page for people, where the body is one and no JSON.
pub(crate) fn page(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let is_page = text.trim_start().starts_with('<');
    is_page.then(|| shorten(&plain(&text), 80))
}

fn wait(answer: &Answer, told: Option<&str>, now: Timestamp) -> Option<Duration> {
    http::retry_after(answer.retry_after.as_deref().or(told)?, now)
}

fn kind(status: u16, told: &Told) -> ErrorKind {
    let text = told.message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let quota = says(&["quota", "maximum number of", "exceeds allowed"]) || told.code.as_deref() == Some("OverQuota");
    match status {
        403 if says(&["metadata items"]) => ErrorKind::InvalidInput,
        403 | 409 | 413 if quota => ErrorKind::QuotaExceeded,
        409 if says(&[
            "multiple possible networks",
            "multiple security_group",
            "multiple security groups",
            "more than one",
        ]) =>
        {
            ErrorKind::Ambiguous
        }
        409 if says(&["already exists", "already in use"]) => ErrorKind::AlreadyExists,
        413 if says(&["request is too large"]) => ErrorKind::InvalidInput,
        501 => ErrorKind::Unsupported,
        other => http::kind_of(other),
    }
}

fn message(status: u16, kind: ErrorKind, told: &str, what: &str) -> String {
    let said = if told.is_empty() { format!("status {status}") } else { told.to_owned() };
    match (status, kind) {
        (300, _) => format!("`{what}` was answered with a choice of versions; its address lacks the version"),
        (301..=399, _) => format!("`{what}` was answered with a redirect, which no token is sent after"),
        (_, ErrorKind::Ambiguous) => format!("{said}; name it, or give its id"),
        (_, ErrorKind::PermissionDenied) => format!("{said}; ask the cloud's operator for a role that allows `{what}`"),
        (_, ErrorKind::Unavailable) => format!("the cloud cannot answer `{what}`: {said}"),
        _ => said,
    }
}

fn told(body: &[u8]) -> Told {
    let text = String::from_utf8_lossy(body);
    let told = match serde_json::from_str(&text) {
        Ok(Value::Object(fields)) => from_json(&fields),
        _ => Told { message: plain(&text), ..Told::default() },
    };
    Told { message: tidy(&told.message), ..told }
}

fn from_json(fields: &serde_json::Map<String, Value>) -> Told {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    // Glance, and Nova for a route that it does not have: `{"message": …, "code": "404 Not Found", "title": …}`.
    if let Some(message) = text(fields.get("message")) {
        return Told { code: text(fields.get("title")), message: plain(&message), retry_after: None };
    }
    // Placement, as <https://specs.openstack.org/openstack/api-sig/guidelines/errors.html> has it.
    if let Some(first) = fields.get("errors").and_then(Value::as_array).and_then(|errors| errors.first()) {
        let message = text(first.get("detail")).or_else(|| text(first.get("title"))).unwrap_or_default();
        return Told { code: text(first.get("code")), message: plain(&message), retry_after: None };
    }
    // Octavia and others that are made with WSME.
    if let Some(message) = text(fields.get("faultstring")) {
        return Told { code: text(fields.get("faultcode")), message: plain(&message), retry_after: None };
    }
    for (name, inner) in fields {
        if let Some(message) = inner.as_str().filter(|_| name.ends_with("Error")) {
            return Told { code: Some(name.clone()), message: plain(message), retry_after: None };
        }
        let Some(message) = text(inner.get("message")) else { continue };
        let code = match name.as_str() {
            "NeutronError" => text(inner.get("type")),
            "error" => text(inner.get("title")),
            _ => None,
        };
        let retry_after = text(inner.get("retryAfter"));
        return Told { code: code.or_else(|| Some(name.clone())), message: plain(&message), retry_after };
    }
    Told::default()
}

/// The words of a text that may be HTML.
fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut in_tag = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '<' if letters.peek().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!')) => {
                in_tag = true;
            }
            '>' if in_tag => {
                in_tag = false;
                words.push(' ');
            }
            other if !in_tag => words.push(other),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One sentence without a full stop, and without the values that Nova repeats: user data may be among them.
fn tidy(message: &str) -> String {
    let secret = ["user_data", "adminPass", "password"].iter().any(|word| message.contains(word));
    let shown = match message.split_once(" Value: ") {
        Some((before, _)) if secret => before,
        _ => message,
    };
    shorten(shown.trim().trim_end_matches('.'), LONGEST)
}

fn shorten(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
