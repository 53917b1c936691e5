//! HTTP: one client a provider, and what its failures mean.

use std::path::Path;

use cloudmesh_abstract::{Context, Error, ErrorKind, Result, Secret};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity, Request, Response, Url};

use crate::account::Account;
use crate::connection::failure;
use crate::refusal::Answer;

/// The client for an account.
///
/// No redirect is followed, since the token would go along. Proxies are those of the environment (`HTTPS_PROXY`,
/// `NO_PROXY`, …), but nothing on this machine is asked through one. Time limits and repeating are the context's.
///
/// # Errors
///
/// A configuration error when the certificate authorities cannot be read.
pub(crate) fn client(account: &Account, context: &Context) -> Result<Client> {
    let mut builder = Client::builder().user_agent(context.user_agent()).redirect(Policy::none());
    if is_on_this_machine(account) {
        builder = builder.no_proxy();
    }
    if account.insecure {
        builder = builder.danger_accept_invalid_certs(true);
    }
    if let Some((certificate, key)) = &account.own {
        builder = builder.identity(own(certificate, key.as_deref())?);
    }
    if let Some(path) = &account.ca_file {
        builder = builder.tls_built_in_root_certs(false);
        for authority in authorities(path)? {
            builder = builder.add_root_certificate(authority);
        }
    }
    builder.build().map_err(|error| match &account.ca_file {
        Some(path) => no_authorities(path, "holds a certificate that cannot be read").with_source(error),
        None => Error::new(ErrorKind::Config, "HTTPS cannot be set up").with_source(error),
    })
}

fn is_on_this_machine(account: &Account) -> bool {
    let host = account.auth_url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn authorities(path: &Path) -> Result<Vec<Certificate>> {
    let refuse = |why: &str| no_authorities(path, why);
    let text = std::fs::read(path).map_err(|error| refuse("cannot be read").with_source(error))?;
    let found = Certificate::from_pem_bundle(&text).map_err(|error| refuse("is no PEM file").with_source(error))?;
    if found.is_empty() { Err(refuse("holds no certificate in PEM form")) } else { Ok(found) }
}

/// A certificate of ours, with its key.
fn own(certificate: &Path, key: Option<&Path>) -> Result<Identity> {
    let refuse = |key: &str, path: &Path, why: &str| {
        let message = format!("`{}` {why}", path.display());
        Error::config(format!("credentials.{key}"), message)
    };
    let read = |name: &str, path: &Path| {
        std::fs::read(path).map_err(|error| refuse(name, path, "cannot be read; check the path").with_source(error))
    };
    let mut text = read("cert", certificate)?;
    if let Some(key) = key {
        text.push(b'\n');
        text.extend(read("key", key)?);
    }
    // The cause is left out: it could show a part of the key.
    Identity::from_pem(&text).map_err(|_| {
        let why = "holds no certificate in PEM form with a key beside it; name the file with the key with `key`";
        refuse("cert", certificate, why)
    })
}

fn no_authorities(path: &Path, why: &str) -> Error {
    let message = format!("`{}` {why}; `cacert` must name a PEM file with the roots to trust", path.display());
    Error::config("credentials.cacert", message)
}

/// Sends a request and takes its whole answer, whatever its status.
///
/// # Errors
///
/// [`ErrorKind::Unavailable`] when the host is out of reach or the connection breaks off.
pub(crate) async fn exchange(client: &Client, request: Request) -> Result<Answer> {
    let host = host(request.url());
    let response = client.execute(request).await.map_err(|error| failure(error, &host))?;
    let status = response.status().as_u16();
    let header = |names: &[&str]| text(&response, names);
    let answer = Answer {
        status,
        request_id: header(&["x-openstack-request-id", "x-compute-request-id"]),
        retry_after: header(&["retry-after"]),
        location: header(&["location"]),
        subject: header(&["x-subject-token"]).map(Secret::from),
        body: Vec::new(),
    };
    let body = response.bytes().await.map_err(|error| failure(error, &host))?;
    Ok(Answer { body: body.into(), ..answer })
}

/// A header's value that no log shows.
pub(crate) fn sensitive(text: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(text).map_err(|error| {
        Error::new(ErrorKind::Unauthenticated, "the token holds characters that no header can").with_source(error)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn text(response: &Response, names: &[&str]) -> Option<String> {
    let headers: &HeaderMap = response.headers();
    let value = names.iter().find_map(|name| headers.get(*name))?;
    value.to_str().ok().map(str::to_owned)
}

/// The host of an address, with its port unless it is the usual one.
pub(crate) fn host(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}
