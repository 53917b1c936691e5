//! What it means when no answer came: the host, its certificate, the connection.

use std::error::Error as StdError;
use std::io;

use aws_sdk_ec2::error::ConnectorError;
use cloudmesh_abstract::{Error, ErrorKind};
use rustls::{CertificateError, Error as TlsError};

use crate::http::host;
use crate::refusal::Scene;
use crate::region;

/// The error of a request that brought no answer.
pub(crate) fn failure(error: &(dyn StdError + 'static), scene: &Scene<'_>) -> Error {
    let host = host(scene.endpoint);
    if let Some(cause) = find::<TlsError>(error) {
        return encrypted(cause, host);
    }
    let timeout = find::<ConnectorError>(error).is_some_and(ConnectorError::is_timeout);
    match find::<io::Error>(error) {
        _ if timeout => unavailable(format!("`{host}` does not answer in time; check the network and the proxy")),
        Some(cause) => unreached(cause, scene),
        None => unavailable(format!("the connection to `{host}` broke off")),
    }
}

/// Whether a request failed because no answer came.
pub(crate) fn broken<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a ConnectorError> {
    find::<ConnectorError>(error)
}

fn unavailable(message: String) -> Error {
    Error::new(ErrorKind::Unavailable, message)
}

/// What the machine says about a connection that it could not make. Only the failure to find a name has no number.
fn unreached(cause: &io::Error, scene: &Scene<'_>) -> Error {
    let host = host(scene.endpoint);
    match (cause.kind(), cause.raw_os_error()) {
        (io::ErrorKind::ConnectionRefused, _) => {
            let address = scene.endpoint.trim_end_matches('/');
            unavailable(format!("nothing listens at `{address}`; check the address and its port"))
        }
        (io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe, _) => {
            unavailable(format!("the connection to `{host}` broke off"))
        }
        (io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput, _) => {
            unavailable(format!("no encrypted connection to `{host}` can be had; check the address and its port"))
        }
        (_, None) => no_host(host, scene.region),
        _ => unavailable(format!("`{host}` cannot be reached; check the network and the proxy")),
    }
}

/// A name that nobody knows: the network is down, or there is no such region.
fn no_host(host: &str, region: &str) -> Error {
    if region::is_known(region) || !host.contains(region) {
        return unavailable(format!("the host `{host}` cannot be found; check its name, and the network"));
    }
    let near = region::meant(region).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    let message = format!("the host `{host}` cannot be found, so there may be no region `{region}`{near}");
    Error::config("credentials.region", message)
}

fn encrypted(cause: &TlsError, host: &str) -> Error {
    match cause {
        TlsError::InvalidCertificate(why) => certificate(why, host),
        TlsError::InvalidMessage(_) => {
            let message = format!(
                "`{host}` does not speak TLS, though its address begins with `https://`; check the address and its port"
            );
            Error::config("endpoint", message)
        }
        _ => unavailable(format!("no encrypted connection to `{host}` can be had")),
    }
}

fn certificate(why: &CertificateError, host: &str) -> Error {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            let message = format!("the certificate of `{host}` has ended; check the clock of this machine");
            Error::new(ErrorKind::Unexpected, message)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            let message = format!("the certificate of `{host}` is not valid yet; check the clock of this machine");
            Error::new(ErrorKind::Unexpected, message)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let message = format!("the certificate of `{host}` is for another host; check who answers there");
            Error::config("endpoint", message)
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            let message = format!(
                "the certificate of `{host}` is signed by nobody who is trusted here; if you know the host, name the \
                 file with the root that signed it with `ca_file` or `AWS_CA_BUNDLE`"
            );
            Error::config("ca_file", message)
        }
        _ => Error::new(
            ErrorKind::Unexpected,
            format!("the certificate of `{host}` cannot be trusted; check who answers there"),
        ),
    }
}

/// The first cause of that type. An I/O error hides what it is made of from the usual way down.
pub(crate) fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
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
