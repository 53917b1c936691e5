//! What it means when no answer came: the host, its certificate, the connection.

use std::error::Error as StdError;
use std::io;

use cloudmesh_abstract::{Error, ErrorKind};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustls::{AlertDescription, CertificateError, Error as TlsError};

/// The error of a request that brought no answer. `host` is whom it was sent to, with a port that is not the usual one.
pub(crate) fn failure(error: reqwest::Error, host: &str) -> Error {
    if let Some(cause) = find::<TlsError>(&error) {
        return encrypted(cause, host).with_source(cause.clone());
    }
    let told = match () {
        () if error.is_builder() => Error::new(ErrorKind::Unexpected, "the request cannot be put together"),
        () if error.is_timeout() => unavailable(format!("`{host}` does not answer in time")),
        () if error.is_connect() => unreached(find::<io::Error>(&error), host),
        () if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) => no_http(host),
        () => unavailable(format!("the connection to `{host}` broke off")),
    };
    told.with_source(error.without_url())
}

fn unavailable(message: String) -> Error {
    Error::new(ErrorKind::Unavailable, message)
}

/// What the machine says about a connection that it could not make. Only the failure to find a name has no number.
fn unreached(cause: Option<&io::Error>, host: &str) -> Error {
    unavailable(match cause.map(|cause| (cause.kind(), cause.raw_os_error())) {
        Some((io::ErrorKind::ConnectionRefused, _)) => {
            format!("nothing listens at `{host}`; check the address and its port")
        }
        Some((io::ErrorKind::UnexpectedEof, _)) => {
            format!(
                "`{host}` ended the connection before it was encrypted; check whether its address begins with `https://`"
            )
        }
        Some((_, None)) => format!("the host of `{host}` cannot be found; check its name, and the network"),
        _ => format!("`{host}` cannot be reached; check the address, the network and the proxy"),
    })
}

fn no_http(host: &str) -> Error {
    let message = format!("`{host}` does not answer in HTTP; if it speaks TLS, its address must begin with `https://`");
    Error::config("credentials.auth.auth_url", message)
}

fn encrypted(cause: &TlsError, host: &str) -> Error {
    match cause {
        TlsError::InvalidCertificate(why) => certificate(why, host),
        TlsError::InvalidMessage(_) => {
            let message = format!(
                "`{host}` does not speak TLS, though its address begins with `https://`; check the address and its port"
            );
            Error::config("credentials.auth.auth_url", message)
        }
        TlsError::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::DecryptError
            | AlertDescription::CertificateUnknown,
        ) => {
            let message = format!(
                "`{host}` asks for a certificate of ours and does not take what it got; name one with `cert` and `key`"
            );
            Error::new(ErrorKind::Unauthenticated, message)
        }
        _ => unavailable(format!("no encrypted connection to `{host}` can be had")),
    }
}

fn certificate(why: &CertificateError, host: &str) -> Error {
    match why {
        CertificateError::ExpiredContext { not_after, .. } => ended(&format!(" on {}", day(not_after.as_secs())), host),
        CertificateError::Expired => ended("", host),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            let message = format!("the certificate of `{host}` is not valid yet; check the clock of this machine");
            Error::new(ErrorKind::Unexpected, message)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let message = format!(
                "the certificate of `{host}` is for another host; write the address with the name that the \
                 certificate has, or check who answers there"
            );
            Error::config("credentials.auth.auth_url", message)
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            let message = format!(
                "the certificate of `{host}` is signed by nobody who is trusted here; if you know the host, name the \
                 file with the root that signed it with `cacert`"
            );
            Error::config("credentials.cacert", message)
        }
        _ => Error::new(
            ErrorKind::Unexpected,
            format!("the certificate of `{host}` cannot be trusted; ask its operator"),
        ),
    }
}

fn ended(when: &str, host: &str) -> Error {
    let message = format!(
        "the certificate of `{host}` has ended{when}; tell the cloud's operator, or check the clock of this machine"
    );
    Error::new(ErrorKind::Unexpected, message)
}

fn day(seconds: u64) -> String {
    let moment = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    moment.map_or_else(String::new, |moment| moment.to_zoned(TimeZone::UTC).date().to_string())
}

/// The first cause of that type. An I/O error hides what it is made of from the usual way down.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| find::<T>(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}
