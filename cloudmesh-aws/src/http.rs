//! HTTP: one client a provider, for EC2, STS and whatever grants credentials.

use std::collections::HashMap;
use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use cloudmesh_abstract::{Error, Result};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Time limits of a connection and of an answer; what grants credentials to machines is not waited for long.
type Limits = (Option<Duration>, Option<Duration>);

/// The client. Proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`, …), but nothing on this machine or on its
/// link, such as the metadata service, is asked through one.
///
/// # Errors
///
/// A configuration error when the certificate authorities cannot be read.
pub(crate) fn client(ca_file: Option<&Path>) -> Result<SharedHttpClient> {
    let trust = Arc::new(trust(ca_file)?);
    let connectors: Mutex<HashMap<Limits, SharedHttpConnector>> = Mutex::default();
    Ok(http_client_fn(move |settings, _| {
        let limits = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || SharedHttpConnector::new(Ways::new(settings.clone(), Arc::clone(&trust)));
        connectors.entry(limits).or_insert_with(fresh).clone()
    }))
}

/// The ways to a server. Those with encryption are made when they are needed, since that reads the system's certificates.
#[derive(Debug)]
struct Ways {
    settings: HttpConnectorSettings,
    trust: Arc<TrustStore>,
    plain: OnceLock<Connector>,
    near: OnceLock<Connector>,
    far: OnceLock<Connector>,
}

impl Ways {
    fn new(settings: HttpConnectorSettings, trust: Arc<TrustStore>) -> Self {
        Self { settings, trust, plain: OnceLock::new(), near: OnceLock::new(), far: OnceLock::new() }
    }

    fn builder(&self) -> ConnectorBuilder {
        Connector::builder().connector_settings(self.settings.clone())
    }

    fn encrypted(&self, proxies: ProxyConfig) -> Connector {
        let context = TlsContext::builder().with_trust_store((*self.trust).clone()).build();
        let builder = self.builder().proxy_config(proxies).tls_provider(Provider::Rustls(CryptoMode::Ring));
        match context {
            Ok(context) => builder.tls_context(context).build(),
            Err(_) => builder.build(),
        }
    }

    fn to(&self, address: &str) -> &Connector {
        match (is_near(address), address.starts_with("http://")) {
            (true, true) => self.plain.get_or_init(|| self.builder().build_http()),
            (true, false) => self.near.get_or_init(|| self.encrypted(ProxyConfig::disabled())),
            (false, _) => self.far.get_or_init(|| self.encrypted(ProxyConfig::from_env())),
        }
    }
}

impl HttpConnector for Ways {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.to(request.uri()).call(request)
    }
}

/// Whether an address is on this machine or on its link.
pub(crate) fn is_near(address: &str) -> bool {
    match host(address) {
        "localhost" => true,
        host => host.trim_matches(['[', ']']).parse().is_ok_and(|address| match address {
            IpAddr::V4(address) => address.is_loopback() || address.is_link_local(),
            IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
        }),
    }
}

/// The host of an address, without its port.
pub(crate) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Refuses what can be no address of a server. The SDK would tell it with the whole request, user data and all.
///
/// # Errors
///
/// A configuration error at that key.
pub(crate) fn check(key: &str, address: &str) -> Result<()> {
    let whole = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme)) && !host(address).is_empty();
    if whole && !address.contains(['@', '?', '#']) && HttpRequest::empty().set_uri(address).is_ok() {
        return Ok(());
    }
    // What stands before an `@` may be a password.
    let shown = if address.contains('@') { "this".to_owned() } else { format!("`{address}`") };
    let message = format!(
        "{shown} is no address where AWS answers; write it like `https://ec2.example.org` or `http://127.0.0.1:5000`, here, in \
         `AWS_ENDPOINT_URL` or in the profile, wherever it stands"
    );
    Err(Error::config(key, message))
}

/// The roots to trust. What the SDK cannot read it answers with a panic, so it is read here first.
fn trust(ca_file: Option<&Path>) -> Result<TrustStore> {
    let Some(path) = ca_file else { return Ok(TrustStore::default()) };
    let refuse = |why: &str| {
        let message = format!("`{}` {why}; `ca_file` must name a PEM file with the roots to trust", path.display());
        Error::config("ca_file", message)
    };
    let text = fs::read(path).map_err(|error| refuse("cannot be read").with_source(error))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| refuse("is no PEM file").with_source(error))?;
        let added = roots.add(certificate);
        added.map_err(|error| refuse("holds a certificate that cannot be read").with_source(error))?;
    }
    if roots.is_empty() {
        return Err(refuse("holds no certificate in PEM form"));
    }
    Ok(TrustStore::empty().with_pem_certificate(text))
}

#[cfg(test)]
mod tests {
    use super::{check, host, is_near, trust};
    use cloudmesh_abstract::ErrorKind;
    use std::fs;

    #[test]
    fn the_host_of_an_address() {
        let table = [
            ("http://127.0.0.1:5000/", "127.0.0.1"),
            ("https://ec2.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com"),
            ("http://[::1]:80/x", "[::1]"),
            ("http://user@localhost:1/x?y=http://z", "localhost"),
        ];
        for (address, expected) in table {
            assert_eq!(host(address), expected);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_no_password_is_told() {
        for good in ["http://127.0.0.1:5000", "https://ec2.example.org/", "http://[::1]:80", "https://a.example.org/x"]
        {
            assert!(check("endpoint", good).is_ok(), "{good}");
        }
        let bad = [
            "localhost:5000",
            "ftp://x.y",
            "http://",
            "http:///x",
            "http://exa mple",
            "",
            "http://a:hunter2@b/",
            "http://a?b=c",
        ];
        for bad in bad {
            let error = check("endpoint", bad).unwrap_err();
            assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("endpoint")), "{bad}");
            assert!(!error.message().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn what_is_near_needs_no_proxy() {
        for near in ["http://127.0.0.1:5000/", "http://localhost", "http://169.254.169.254/", "http://[fd00:ec2::254]/"]
        {
            assert!(is_near(near), "{near}");
        }
        for far in ["https://ec2.us-east-1.amazonaws.com", "http://10.0.0.1/", "http://localhost.example.org/"] {
            assert!(!is_near(far), "{far}");
        }
    }

    #[test]
    fn bad_roots_are_told_and_do_not_end_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roots.pem");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let table = [
            (None, "cannot be read"),
            (Some(""), "holds no certificate in PEM form"),
            (Some(broken), "holds a certificate that cannot be read"),
            (Some("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"), "is no PEM file"),
        ];
        for (text, why) in table {
            if let Some(text) = text {
                fs::write(&path, text).unwrap();
            }
            let error = trust(Some(&path)).unwrap_err();
            assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("ca_file")), "{why}");
            assert!(error.message().contains(why), "{error}");
        }
    }
}
