//! Raw calls: `METHOD SERVICE/PATH`, where the service is a type of the catalogue.

use std::sync::Arc;

use async_trait::async_trait;
use cloudmesh_abstract::{Effect, Error, ErrorKind, ExposeSecret, Grant, Raw, RawCall, Result, Wire};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde_json::Value;

use crate::OpenStack;
use crate::catalog::{self, Service, is_version};
use crate::client::Client;
use crate::http;
use crate::keystone::{Keystone, Pass};
use crate::microversion::{Spoken, with_version};
use crate::refusal::{Answer, with_request_id};

const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

#[async_trait]
impl Raw for OpenStack {
    /// `GET compute/servers/detail?limit=1`: the path stands below the service's address of the version that it has in
    /// the catalogue, which may be written again (`identity/v3/projects`). Nova is asked in the version that is asked for
    /// elsewhere. An answer that is no JSON is a text, an empty one is null.
    async fn raw(&self, call: &RawCall) -> Result<Value> {
        let ask = RawAsk::read(call)?;
        let answer = self.client.send_raw(&ask).await?;
        value(answer, &ask.line)
    }
}

/// A raw call, taken apart.
#[derive(Debug)]
struct RawAsk<'a> {
    /// The request in one line, without its body.
    line: String,
    method: Method,
    /// The service's type.
    service: &'a str,
    /// What follows, as it was written.
    path: &'a str,
    query: Option<&'a str>,
    body: Option<&'a Value>,
}

impl<'a> RawAsk<'a> {
    fn read(call: &'a RawCall) -> Result<Self> {
        let method = method(&call.method)?;
        let whole = call.path.trim_start_matches('/');
        let (path, query) = whole.split_once('?').map_or((whole, None), |(path, query)| (path, Some(query)));
        check_path(path)?;
        let (service, path) = path.split_once('/').unwrap_or((path, ""));
        let line = format!("{method} {whole}");
        Ok(Self { line, method, service, path, query, body: call.data.as_ref() })
    }

    fn effect(&self) -> Effect {
        match self.method {
            Method::GET | Method::HEAD | Method::OPTIONS => Effect::Read,
            Method::PUT | Method::DELETE => Effect::Idempotent,
            _ => Effect::Once,
        }
    }

    fn address(&self, keystone: &Keystone, pass: &Pass) -> Result<Url> {
        let filters = &keystone.account.filters;
        let base = match known(self.service) {
            Some(service) => catalog::address(&pass.catalog, service, filters),
            None if self.service == "identity" => Ok(keystone.account.auth_url.clone()),
            None => catalog::find(&pass.catalog, self.service, filters),
        };
        let mut url = base.map_err(|error| no_service(error, self.service))?;
        url.set_path(&below(url.path(), self.path));
        url.set_query(self.query);
        Ok(url)
    }

    fn request(&self, keystone: &Keystone, pass: &Pass) -> Result<Request> {
        let mut request = keystone.client.request(self.method.clone(), self.address(keystone, pass)?);
        request = request.header("X-Auth-Token", http::sensitive(pass.token.expose_secret())?);
        request = request.header(ACCEPT, "application/json");
        if self.service == "compute" {
            request = with_version(request, Spoken::default().version(pass.compute)?);
        }
        if let Some(body) = self.body {
            request = request.json(body);
        }
        let mut request = request.build().map_err(|error| {
            let message = format!("`{}` cannot be put together", self.line);
            Error::new(ErrorKind::InvalidInput, message).with_source(error.without_url())
        })?;
        if self.body.is_some() && self.method == Method::PATCH && self.service == "image" {
            // Glance takes patches in its own dialect of JSON patch only.
            let patch = HeaderValue::from_static("application/openstack-images-v2.1-json-patch");
            request.headers_mut().insert(CONTENT_TYPE, patch);
        }
        Ok(request)
    }
}

impl Client {
    async fn send_raw(&self, ask: &RawAsk<'_>) -> Result<Answer> {
        let keystone = self.keystone().await?;
        let send = |grant: Arc<Grant<Pass>>| async move {
            self.checked(keystone, ask.request(keystone, &grant.value)?, &ask.line).await
        };
        let body = || ask.body.cloned().unwrap_or_default();
        let wire = Wire::new(&ask.line).with_body(&body);
        self.context().send_signed(&keystone.login, || keystone.sign_in(), ask.effect(), wire, send).await
    }
}

fn method(name: &str) -> Result<Method> {
    let name = name.to_ascii_uppercase();
    let known = METHODS.iter().find(|known| **known == name);
    let method = known.and_then(|known| Method::from_bytes(known.as_bytes()).ok());
    method.ok_or_else(|| {
        let message = format!("`{name}` is no method that OpenStack takes; use one of {}", METHODS.join(", "));
        Error::new(ErrorKind::InvalidInput, message)
    })
}

/// Refuses what would lead out of the service's address, or be another path than it looks like.
fn check_path(path: &str) -> Result<()> {
    let why = if path.is_empty() {
        "names no service"
    } else if path.contains('\\') || path.chars().any(char::is_control) {
        "holds a character that no path can hold"
    } else if path.split('/').any(|part| matches!(part.to_lowercase().replace("%2e", ".").as_str(), "." | "..")) {
        "leads out of the service's address"
    } else {
        return Ok(());
    };
    let message = format!("the path `{path}` {why}; write it as `compute/servers`");
    Err(Error::new(ErrorKind::InvalidInput, message))
}

/// The services whose version some catalogues leave out.
fn known(kind: &str) -> Option<Service> {
    [Service::Compute, Service::Image, Service::Network].into_iter().find(|service| service.kind() == kind)
}

/// A service that the catalogue lacks is a slip in the path, not in the configuration.
fn no_service(error: Error, kind: &str) -> Error {
    if error.key() != Some("credentials.auth.auth_url") {
        return error;
    }
    let message = format!("{}; begin the path with one of them, not with `{kind}`", error.message());
    Error::new(ErrorKind::InvalidInput, message)
}

/// `path` below the address `base`. The version at its end, or before a project's id, stands there once: a path that
/// begins with one takes its place.
fn below(base: &str, path: &str) -> String {
    let base = base.trim_end_matches('/');
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if !is_version(first) {
        return format!("{base}/{path}");
    }
    let parts: Vec<&str> = base.split('/').collect();
    match parts.iter().position(|part| is_version(part)) {
        Some(place) if parts[place] == first => format!("{base}/{rest}"),
        Some(place) => format!("{}/{path}", parts[..place].join("/")),
        None => format!("{base}/{path}"),
    }
}

/// An answer as a value.
fn value(answer: Answer, line: &str) -> Result<Value> {
    if answer.body.is_empty() {
        return Ok(Value::Null);
    }
    if let Ok(value) = serde_json::from_slice(&answer.body) {
        return Ok(value);
    }
    let (length, id) = (answer.body.len(), answer.request_id.clone());
    String::from_utf8(answer.body).map(Value::String).map_err(|error| {
        let message = format!(
            "`{line}` was answered with {length} bytes that are no text, which cannot be shown; fetch them with \
             another program"
        );
        let error = Error::new(ErrorKind::Unsupported, message).with_source(error.utf8_error());
        with_request_id(error, &Answer { request_id: id, ..Answer::default() })
    })
}

#[cfg(test)]
mod tests {
    use super::{RawAsk, below, value};
    use crate::refusal::Answer;
    use cloudmesh_abstract::{Effect, ErrorKind, RawCall};
    use serde_json::json;

    #[test]
    fn a_call_is_taken_apart() {
        let table = [
            ("GET", "compute/servers/detail?limit=1", "GET", "compute", "servers/detail", Some("limit=1")),
            ("get", "/network/floatingips", "GET", "network", "floatingips", None),
            ("Post", "//identity/v3/users?", "POST", "identity", "v3/users", Some("")),
            ("HEAD", "image", "HEAD", "image", "", None),
            ("GET", "compute/a?next=http://x/../y?z", "GET", "compute", "a", Some("next=http://x/../y?z")),
        ];
        for (method, path, verb, service, below, query) in table {
            let call = RawCall::new(method, path);
            let ask = RawAsk::read(&call).unwrap();
            assert_eq!(
                (ask.method.as_str(), ask.service, ask.path, ask.query),
                (verb, service, below, query),
                "{path}"
            );
        }
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        let paths = [
            "",
            "/",
            "compute/../../secret",
            "compute/servers/..",
            "compute/%2e%2E/x",
            "compute/.%2e/x",
            "compute/./x",
            "..",
            "compute\\..\\x",
            "compute/a\nb",
        ];
        for path in paths {
            let error = RawAsk::read(&RawCall::new("GET", path)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{path}");
        }
        assert!(RawAsk::read(&RawCall::new("GET", "compute/a..b/...")).is_ok());
    }

    #[test]
    fn a_method_says_what_it_does() {
        let table = [
            ("GET", Effect::Read),
            ("HEAD", Effect::Read),
            ("OPTIONS", Effect::Read),
            ("PUT", Effect::Idempotent),
            ("delete", Effect::Idempotent),
            ("POST", Effect::Once),
            ("PATCH", Effect::Once),
        ];
        for (method, effect) in table {
            assert_eq!(RawAsk::read(&RawCall::new(method, "compute/x")).unwrap().effect(), effect, "{method}");
        }
        for method in ["", "FETCH", "CONNECT", "GET /"] {
            let error = RawAsk::read(&RawCall::new(method, "compute/x")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{method}");
        }
    }

    #[test]
    fn the_version_stands_once() {
        let table = [
            ("/compute/v2.1/7", "servers", "/compute/v2.1/7/servers"),
            ("/compute/v2.1/7", "v2.1/servers", "/compute/v2.1/7/servers"),
            ("/compute/v2.1/7", "v2/7/servers", "/compute/v2/7/servers"),
            ("/identity/v3", "v3/projects", "/identity/v3/projects"),
            ("/identity/v3/", "projects", "/identity/v3/projects"),
            ("/image", "v2/images", "/image/v2/images"),
            ("/", "resource_providers", "/resource_providers"),
            ("/v2.0", "", "/v2.0/"),
        ];
        for (base, path, expected) in table {
            assert_eq!(below(base, path), expected, "{base} {path}");
        }
    }

    #[test]
    fn an_answer_is_a_value() {
        let read = |body: &[u8]| value(Answer { body: body.to_vec(), ..Answer::default() }, "GET compute/x");
        assert_eq!(read(b"").unwrap(), json!(null));
        assert_eq!(read(b"{\"a\": 1}").unwrap(), json!({"a": 1}));
        assert_eq!(read(b"<html>hi</html>").unwrap(), json!("<html>hi</html>"));
        assert_eq!(read(&[0xff, 0xfe]).unwrap_err().kind(), ErrorKind::Unsupported);
    }
}
