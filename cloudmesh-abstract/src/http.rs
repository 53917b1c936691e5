//! What HTTP says the same way on every cloud. Pure functions; no client is chosen here.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::ErrorKind;

/// What a status means where the vendor says nothing more exact.
pub fn kind_of(status: u16) -> ErrorKind {
    match status {
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::PermissionDenied,
        404 | 410 => ErrorKind::NotFound,
        // What is behind the gateway may still be at it, which no other fault of a server says.
        504 => ErrorKind::Timeout,
        408 | 500..=599 => ErrorKind::Unavailable,
        409 | 412 => ErrorKind::Conflict,
        413 | 429 => ErrorKind::RateLimited,
        400..=499 => ErrorKind::InvalidInput,
        _ => ErrorKind::Unexpected,
    }
}

/// How long a `Retry-After` header asks to wait: whole seconds, or a date (RFC 9110, 10.2.3).
pub fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = rfc2822::parse(header).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{kind_of, retry_after};
    use crate::ErrorKind;
    use std::time::Duration;

    #[test]
    fn reads_both_forms_of_retry_after() {
        let now = "2015-10-21T07:28:00Z".parse().unwrap();
        let table = [
            ("3", Some(Duration::from_secs(3))),
            (" 0 ", Some(Duration::ZERO)),
            ("Wed, 21 Oct 2015 07:28:30 GMT", Some(Duration::from_secs(30))),
            ("Wed, 21 Oct 2015 07:27:00 GMT", Some(Duration::ZERO)),
            ("soon", None),
            ("-1", None),
        ];
        for (header, wait) in table {
            assert_eq!(retry_after(header, now), wait, "{header}");
        }
    }

    #[test]
    fn statuses_have_a_meaning() {
        assert_eq!(kind_of(429), ErrorKind::RateLimited);
        assert_eq!(kind_of(503), ErrorKind::Unavailable);
        assert_eq!(kind_of(504), ErrorKind::Timeout);
        assert_eq!(kind_of(418), ErrorKind::InvalidInput);
        assert_eq!(kind_of(302), ErrorKind::Unexpected);
    }
}
