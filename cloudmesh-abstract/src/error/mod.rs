//! The one error type, by meaning rather than by vendor.

mod wire;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::request::Operation;

/// What a fallible call of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Cause = Box<dyn StdError + Send + Sync>;

/// What went wrong, in words that mean the same on every cloud.
///
/// Callers decide by this; the text of an error is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is wrong; [`Error::key`] says where.
    Config,
    /// The cloud does not know who we are: wrong, missing or expired credentials.
    Unauthenticated,
    /// The cloud knows who we are and refuses.
    PermissionDenied,
    /// What was named does not exist.
    NotFound,
    /// What was to be made exists already.
    AlreadyExists,
    /// A name fits several things.
    Ambiguous,
    /// The cloud, or we before it, refuse a value.
    InvalidInput,
    /// What was asked does not fit the present state.
    Conflict,
    /// A quota of the account or the capacity of the cloud is used up.
    QuotaExceeded,
    /// This cloud cannot do it.
    Unsupported,
    /// Too many requests; [`Error::retry_after`] may say how long to wait.
    RateLimited,
    /// The cloud is out of reach or answers with a fault of its own.
    Unavailable,
    /// A time limit passed.
    Timeout,
    /// Somebody interrupted the work.
    Cancelled,
    /// An answer that nobody foresaw: a defect, here or there. A kind that only a later version knows is read as this.
    #[serde(other)]
    Unexpected,
}

/// An error with all that is known about it: kind, message, the vendor's code and
/// request id, the place where it happened and the cause beneath.
///
/// ```
/// use cloudmesh_abstract::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::NotFound, "no image `ubunto`").with_code("itemNotFound");
/// assert_eq!(error.kind(), ErrorKind::NotFound);
/// assert_eq!(error.to_string(), "no image `ubunto` (itemNotFound)");
/// ```
///
/// Clones share the cause.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    code: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    place: Place,
    key: Option<String>,
    meant: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// Where an error happened: the cloud, the operation, and what it was about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Place {
    /// The name of the cloud in the configuration.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cloud: Option<String>,
    /// The operation that was under way.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<Operation>,
    /// The name or id of what the operation was about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
}

impl Error {
    /// An error of `kind`; `message` is one sentence without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            code: None,
            request_id: None,
            retry_after: None,
            place: Place::default(),
            key: None,
            meant: None,
            source: None,
        }))
    }

    /// A configuration error at a key path such as `credentials.auth.auth_url`.
    pub fn config(key: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::Config, message);
        error.0.key = Some(key.into());
        error
    }

    /// Adds the vendor's own code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Adds the vendor's id of the request that failed.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    /// Adds how long the vendor asks to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Cause>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Adds the name that may have been meant, where only the cloud's provider knows it.
    #[must_use]
    pub fn with_meant(mut self, name: impl Into<String>) -> Self {
        self.0.meant = Some(name.into());
        self
    }

    /// Puts the error under another kind, and keeps the rest.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Replaces the message, and keeps the rest.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Says in which cloud it happened, unless that is known already.
    #[must_use]
    pub fn in_cloud(mut self, cloud: &str) -> Self {
        self.0.place.cloud.get_or_insert_with(|| cloud.to_owned());
        self
    }

    /// Says during which operation, and about what, it happened, unless that is known already.
    #[must_use]
    pub fn during(mut self, operation: Operation, subject: Option<&str>) -> Self {
        if self.0.place.operation.is_none() {
            self.0.place.operation = Some(operation);
            self.0.place.subject = subject.map(str::to_owned);
        }
        self
    }

    /// Names what it is about as people do, where the operation was asked for by id.
    #[must_use]
    pub fn about(mut self, name: &str) -> Self {
        if self.0.place.operation.is_some() {
            self.0.place.subject = Some(name.to_owned());
        }
        self
    }

    /// What it means.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The sentence for people, without place, code and request id.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The vendor's code, word for word.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The vendor's id of the request, for their support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the vendor asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Where it happened.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// The key path in the configuration, for [`ErrorKind::Config`].
    pub fn key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// The name that may have been meant.
    pub fn meant(&self) -> Option<&str> {
        self.0.meant.as_deref()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation.map(<&str>::from);
        let parts = [self.cloud.as_deref(), operation, self.subject.as_deref()];
        let words: Vec<&str> = parts.into_iter().flatten().collect();
        f.write_str(&words.join(" "))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if inner.place != Place::default() {
            write!(f, "{}: ", inner.place)?;
        }
        f.write_str(&inner.message)?;
        match (&inner.code, &inner.request_id) {
            (Some(code), Some(id)) => write!(f, " ({code}, request {id})"),
            (Some(code), None) => write!(f, " ({code})"),
            (None, Some(id)) => write!(f, " (request {id})"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("code", &inner.code)
            .field("request_id", &inner.request_id)
            .field("retry_after", &inner.retry_after)
            .field("place", &inner.place)
            .field("key", &inner.key)
            .field("meant", &inner.meant)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind, StdError};
    use crate::request::Operation;
    use std::time::Duration;

    #[test]
    fn says_place_message_code_and_request() {
        let error = Error::new(ErrorKind::NotFound, "no node `web-1`")
            .with_code("itemNotFound")
            .with_request_id("req-1")
            .in_cloud("chameleon")
            .during(Operation::Start, Some("web-1"));
        assert_eq!(error.to_string(), "chameleon start web-1: no node `web-1` (itemNotFound, request req-1)");
    }

    #[test]
    fn travels_as_json_with_its_causes() {
        let cause = std::io::Error::other("connection reset");
        let error =
            Error::new(ErrorKind::Unavailable, "no answer").with_retry_after(Duration::from_secs(2)).with_source(cause);
        let error = error.with_meant("lab");
        let text = serde_json::to_string(&error).unwrap();
        let back: Error = serde_json::from_str(&text).unwrap();
        assert_eq!(back.kind(), ErrorKind::Unavailable);
        assert_eq!(back.retry_after(), Some(Duration::from_secs(2)));
        assert_eq!(back.meant(), Some("lab"));
        assert_eq!(back.source().unwrap().to_string(), "connection reset");
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
    }

    #[test]
    fn a_kind_from_the_future_is_unexpected() {
        let error: Error = serde_json::from_str(r#"{"kind":"enchanted","message":"a spell","spell":3}"#).unwrap();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Unexpected, "a spell"));
    }

    #[test]
    fn says_the_name_in_place_of_the_id() {
        let error = Error::new(ErrorKind::Conflict, "it is worn").during(Operation::RemoveSecgroup, Some("595c6410"));
        assert_eq!(error.about("web").to_string(), "remove_secgroup web: it is worn");
        assert_eq!(Error::new(ErrorKind::Conflict, "it is worn").about("web").to_string(), "it is worn");
    }

    #[test]
    fn the_first_place_wins() {
        let error = Error::new(ErrorKind::Timeout, "too late").in_cloud("a").in_cloud("b");
        assert_eq!(error.place().cloud.as_deref(), Some("a"));
    }
}
