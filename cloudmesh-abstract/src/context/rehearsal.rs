//! Wire requests as people see them, and rehearsing: sending what looks, showing what would change something.

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;

use super::Effect;
use crate::{Error, ErrorKind, Result};

type Body<'a> = &'a (dyn Fn() -> Value + Sync);

/// What a wire request says, for traces and rehearsals: one line without secrets and, where it has one, a body. A text
/// is such a line.
///
/// ```
/// use cloudmesh_abstract::{Context, Effect, Rehearsal, Wire};
/// use serde_json::json;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let rehearsal = Rehearsal::default();
/// let context = Context::builder("lab").rehearsal(rehearsal.clone()).build();
/// let order = json!({ "name": "web-1", "user_data": "IyEvYmluL3No" });
/// let body = || order.clone();
/// let wire = Wire::new("POST /servers").with_body(&body);
/// let sent = context.send(Effect::Once, wire, || async { Ok(()) }).await;
/// assert!(Rehearsal::is_held_back(&sent.unwrap_err()));
/// assert_eq!(rehearsal.requests()[0].body, Some(json!({ "name": "web-1", "user_data": "[redacted]" })));
/// # });
/// ```
#[derive(Clone, Copy)]
pub struct Wire<'a> {
    line: &'a str,
    body: Option<Body<'a>>,
}

impl<'a> Wire<'a> {
    /// The request of this line.
    pub fn new(line: &'a str) -> Self {
        Self { line, body: None }
    }

    /// Adds its body, which is only asked for where somebody wants to see it. What is secret in it by its name (a
    /// password, user data, a private key) is taken out before it is shown.
    #[must_use]
    pub fn with_body(mut self, body: &'a (dyn Fn() -> Value + Sync)) -> Self {
        self.body = Some(body);
        self
    }

    /// The line.
    pub fn line(&self) -> &'a str {
        self.line
    }
}

impl<'a> From<&'a str> for Wire<'a> {
    fn from(line: &'a str) -> Self {
        Self::new(line)
    }
}

impl<'a> From<&'a String> for Wire<'a> {
    fn from(line: &'a String) -> Self {
        Self::new(line)
    }
}

impl fmt::Debug for Wire<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wire").field(&self.line).finish()
    }
}

/// A request of a rehearsal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Rehearsed {
    /// The request in one line.
    pub request: String,
    /// Whether it was sent, since it changes nothing.
    pub sent: bool,
    /// The body of one that was not sent, without secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// The requests of a rehearsal, in order. Clones share them.
///
/// In a context with one ([`ContextBuilder::rehearsal`](super::ContextBuilder::rehearsal)) no request that changes
/// anything is sent: it is noted here instead, and fails with an error that [`is_held_back`](Self::is_held_back) knows.
/// So an operation gets as far as its first change, and what it would send after that stays unknown.
#[derive(Debug, Clone, Default)]
pub struct Rehearsal(Arc<Mutex<Vec<Rehearsed>>>);

impl Rehearsal {
    /// The requests so far.
    pub fn requests(&self) -> Vec<Rehearsed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an error says that a request was not sent, since this is a rehearsal.
    pub fn is_held_back(error: &Error) -> bool {
        Self::held_back(error).is_some()
    }

    /// The request that was not sent, in one line.
    pub(crate) fn held_back(error: &Error) -> Option<&str> {
        let mut cause = error.source();
        while let Some(this) = cause {
            if let Some(HeldBack(line)) = this.downcast_ref() {
                return Some(line);
            }
            cause = this.source();
        }
        None
    }

    /// Takes note of a request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Cancelled`] for one that must not be sent.
    pub(super) fn note(&self, effect: Effect, wire: &Wire<'_>) -> Result<()> {
        let sent = !effect.changes();
        let body = wire.body.filter(|_| !sent).map(|body| redacted(body())).filter(|body| !body.is_null());
        let request = Rehearsed { request: wire.line.to_owned(), sent, body };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        if sent {
            return Ok(());
        }
        let message = format!("`{}` was not sent, since this is a dry run", wire.line);
        Err(Error::new(ErrorKind::Cancelled, message).with_source(HeldBack(wire.line.to_owned())))
    }
}

/// The request in this line would have changed something.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` would change something")]
struct HeldBack(String);

/// A body without what is secret in it by its name.
fn redacted(body: Value) -> Value {
    match body {
        Value::Object(mut fields) => {
            // Google writes a pair of metadata as an object of its key and its value, AWS a tag with capitals, and others
            // call the key a name.
            let named = |name: &str| ["key", "name"].iter().any(|word| name.eq_ignore_ascii_case(word));
            let secret = |value: &Value| value.as_str().is_some_and(is_secret);
            let pair = fields.iter().any(|(name, value)| named(name) && secret(value));
            for (name, value) in &mut fields {
                let hidden = is_secret(name) || (pair && name.eq_ignore_ascii_case("value"));
                *value = if hidden { hide(value.take()) } else { redacted(value.take()) };
            }
            Value::Object(fields)
        }
        Value::Array(items) => items.into_iter().map(redacted).collect(),
        other => other,
    }
}

fn hide(value: Value) -> Value {
    if value.is_null() { value } else { "[redacted]".into() }
}

/// Whether what is called like this is nobody's business. Tokens that make a request idempotent are no secrets.
fn is_secret(name: &str) -> bool {
    const SECRETS: [&str; 21] = [
        "password",
        "passwd",
        "adminpass",
        "passphrase",
        "secret",
        "userdata",
        "customdata",
        "startupscript",
        "privatekey",
        "accesskey",
        "apikey",
        "authorization",
        "authtoken",
        "accesstoken",
        "refreshtoken",
        "sessiontoken",
        "securitytoken",
        "identitytoken",
        "assertion",
        "tokencode",
        "bearer",
    ];
    let letters: String = name.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let letters = letters.to_lowercase();
    SECRETS.iter().any(|secret| letters.contains(secret)) || letters == "personality"
}

#[cfg(test)]
mod tests {
    use super::{Rehearsal, is_secret, redacted};
    use crate::{Context, Effect, Error, ErrorKind, Wire};
    use serde_json::json;

    #[test]
    fn secrets_are_known_by_their_names() {
        for secret in [
            "adminPass",
            "user_data",
            "UserData",
            "customData",
            "startup-script",
            "personality",
            "client-secret",
            "privateKey",
            "Password",
            "passwd",
            "pass_phrase",
            "accessKeyId",
            "x-api-key",
            "Authorization",
            "bearer",
            "X-Auth-Token",
            "access_token",
            "refresh_token",
            "SessionToken",
            "X-Amz-Security-Token",
            "WebIdentityToken",
            "SAMLAssertion",
            "TokenCode",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
        for open in ["name", "key_name", "cm-token", "ClientToken", "public_key", "imageRef", "keypair"] {
            assert!(!is_secret(open), "{open}");
        }
    }

    #[test]
    fn secrets_are_taken_out_wherever_they_stand() {
        let body = json!({
            "server": { "name": "web-1", "user_data": "aGk=", "adminPass": null, "items": [{ "password": { "a": 1 } }] },
            "metadata": { "items": [{ "key": "user-data", "value": "x" }, { "key": "lab", "value": "7" }] },
            "Tags": [{ "Key": "db-password", "Value": "x" }, { "Key": "lab", "Value": "7" }],
            "variables": [{ "name": "API_KEY", "value": { "text": "x" } }],
        });
        let wanted = json!({
            "server": { "name": "web-1", "user_data": "[redacted]", "adminPass": null, "items": [{ "password": "[redacted]" }] },
            "metadata": { "items": [{ "key": "user-data", "value": "[redacted]" }, { "key": "lab", "value": "7" }] },
            "Tags": [{ "Key": "db-password", "Value": "[redacted]" }, { "Key": "lab", "Value": "7" }],
            "variables": [{ "name": "API_KEY", "value": "[redacted]" }],
        });
        assert_eq!(redacted(body), wanted);
    }

    #[tokio::test]
    async fn what_looks_is_sent_and_what_changes_something_is_not() {
        let table = [(Effect::Read, true), (Effect::SignIn, true), (Effect::Idempotent, false), (Effect::Once, false)];
        for (effect, sent) in table {
            let rehearsal = Rehearsal::default();
            let context = Context::builder("lab").rehearsal(rehearsal.clone()).build();
            let answer = context.send(effect, Wire::new("POST /"), || async { Ok(()) }).await;
            assert_eq!(answer.is_ok(), sent, "{effect:?}");
            assert_eq!(answer.is_err_and(|error| Rehearsal::is_held_back(&error)), !sent, "{effect:?}");
            assert_eq!(rehearsal.requests()[0].sent, sent, "{effect:?}");
        }
    }

    #[test]
    fn other_errors_are_errors() {
        assert!(!Rehearsal::is_held_back(&Error::new(ErrorKind::Cancelled, "interrupted")));
    }
}
