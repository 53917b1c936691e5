//! Signed requests to the services. Knows HTTP, nothing of nodes.

use std::fmt;
use std::sync::Arc;

use cloudmesh_abstract::{Context, Effect, Error, ErrorKind, ExposeSecret, Grant, Result, Wire};
use reqwest::{Method, Request, Url};
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::catalog::{self, Service};
use crate::clouds::{self, Surroundings};
use crate::config::Config;
use crate::http;
use crate::keystone::{Keystone, Pass, validation};
use crate::microversion::{Spoken, with_version};
use crate::refusal::{Answer, not_accepted, refusal, unreadable};
use crate::wire;

/// Sends requests to one cloud.
#[derive(Debug)]
pub(crate) struct Client {
    config: Config,
    machine: Box<dyn Surroundings>,
    context: Context,
    keystone: OnceCell<Arc<Keystone>>,
}

/// A request to a service, before it is signed.
#[derive(Clone)]
pub(crate) struct Ask {
    service: Service,
    effect: Effect,
    method: Method,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    /// The version of Nova's interface that it is written in.
    spoken: Spoken,
    /// The status that says that a change is accepted; a look is judged by its body.
    accepted: Option<u16>,
    /// The revision that what is changed must still have: Neutron's `revision-if-match`.
    revision: Option<u64>,
}

impl Ask {
    fn new(service: Service, effect: Effect, method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(ToString::to_string).collect();
        let (query, body, spoken) = (Vec::new(), None, Spoken::default());
        Self { service, effect, method, path, query, body, spoken, accepted: None, revision: None }
    }

    /// Looks at something.
    pub(crate) fn get(service: Service, path: &[&str]) -> Self {
        Self::new(service, Effect::Read, Method::GET, path)
    }

    /// Removes something, which the services answer with 204.
    pub(crate) fn delete(service: Service, path: &[&str]) -> Self {
        Self { accepted: Some(204), ..Self::new(service, Effect::Idempotent, Method::DELETE, path) }
    }

    /// Begins a change, which Nova answers with 202.
    pub(crate) fn post(service: Service, path: &[&str], effect: Effect, body: Value) -> Self {
        Self { body: Some(body), accepted: Some(202), ..Self::new(service, effect, Method::POST, path) }
    }

    /// Writes something anew, which the services answer with 200.
    pub(crate) fn put(service: Service, path: &[&str], body: Value) -> Self {
        let ask = Self::new(service, Effect::Idempotent, Method::PUT, path);
        Self { body: Some(body), accepted: Some(200), ..ask }
    }

    /// Expects another status for success.
    #[must_use]
    pub(crate) fn accepted_with(mut self, status: u16) -> Self {
        self.accepted = Some(status);
        self
    }

    /// Lets Neutron refuse the change with 412 once somebody else has changed the thing:
    /// <https://docs.openstack.org/api-ref/network/v2/index.html#revisions>. Neutrons older than Queens tell no revision.
    #[must_use]
    pub(crate) fn unless_changed_since(mut self, revision: Option<u64>) -> Self {
        self.revision = revision;
        self
    }

    /// Adds a parameter.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Adds a parameter where there is one.
    #[must_use]
    pub(crate) fn with_some(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value.to_string()),
            None => self,
        }
    }

    /// Leaves a parameter out.
    #[must_use]
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.query.retain(|(known, _)| *known != name);
        self
    }

    /// Asks Nova in the words of another version than the newest that both know.
    #[must_use]
    pub(crate) fn spoken(mut self, spoken: Spoken) -> Self {
        self.spoken = spoken;
        self
    }

    /// The request in one line, without its body.
    pub(crate) fn line(&self) -> String {
        let pairs: Vec<String> = self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{} /{}{mark}{}", self.method, self.path.join("/"), pairs.join("&"))
    }
}

/// The body may hold user data, so it is not shown.
impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line())
    }
}

impl Client {
    /// A client that signs in with its first request.
    pub(crate) fn new(config: Config, machine: Box<dyn Surroundings>, context: Context) -> Self {
        Self { config, machine, context, keystone: OnceCell::new() }
    }

    /// The context of all requests.
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Whether each new server gets a drive with its metadata; `None`: as the cloud does by itself.
    pub(crate) fn config_drive(&self) -> Option<bool> {
        self.config.config_drive
    }

    /// The account's Keystone; the first call finds the account.
    pub(crate) async fn keystone(&self) -> Result<&Arc<Keystone>> {
        let find = || async {
            let account = clouds::account(&self.config, self.machine.as_ref())?;
            Keystone::new(account, self.context.clone()).map(Arc::new)
        };
        self.keystone.get_or_try_init(find).await
    }

    /// The id of the project that we are signed in to.
    pub(crate) async fn project(&self) -> Result<Option<String>> {
        Ok(self.keystone().await?.pass().await?.value.project.clone())
    }

    /// Whether the catalogue has a service.
    pub(crate) async fn has(&self, service: Service) -> Result<bool> {
        let keystone = self.keystone().await?;
        Ok(catalog::address(&keystone.pass().await?.value.catalog, service, &keystone.account.filters).is_ok())
    }

    /// Repeats a change while the cloud refuses it with this code: somebody else was faster.
    pub(crate) async fn retry_on<T, F, Fut>(&self, code: &str, change: F) -> Result<T>
    where
        T: Send,
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T>> + Send,
    {
        let change = || async {
            match change().await {
                Err(error) if error.code() == Some(code) => Err(error),
                settled => Ok(settled),
            }
        };
        self.context.retry_on_conflict(change).await?
    }

    /// Sends a request and takes its answer.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Answer> {
        let keystone = self.keystone().await?;
        let sign_in = || keystone.sign_in();
        let send = |grant: Arc<Grant<Pass>>| async move { self.once(keystone, ask, &grant.value).await };
        let (line, body) = (ask.line(), || ask.body.clone().unwrap_or_default());
        let wire = Wire::new(&line).with_body(&body);
        self.context.send_signed(&keystone.login, sign_in, ask.effect, wire, send).await
    }

    /// Sends a request and reads one record of its answer.
    pub(crate) async fn read(&self, ask: &Ask, name: Option<&str>) -> Result<Value> {
        let answer = self.send(ask).await?;
        let record = parse(&answer, &ask.line())?;
        let Some(name) = name else { return Ok(record) };
        match record {
            Value::Object(mut fields) => fields.remove(name).filter(Value::is_object),
            _ => None,
        }
        .ok_or_else(|| unreadable(&answer, &ask.line(), None))
    }

    /// Asks Keystone who we are.
    pub(crate) async fn whoami(&self) -> Result<wire::Token> {
        const LINE: &str = "GET /auth/tokens";
        let keystone = self.keystone().await?;
        let ask = |grant: Arc<Grant<Pass>>| async move {
            let request = validation(keystone, &grant.value.token)?;
            let answer = self.checked(keystone, request, LINE).await?;
            let mut body = parse(&answer, LINE)?;
            let token = serde_json::from_value(body["token"].take());
            token.map_err(|cause| unreadable(&answer, LINE, Some(cause)))
        };
        self.context.send_signed(&keystone.login, || keystone.sign_in(), Effect::Read, LINE, ask).await
    }

    async fn once(&self, keystone: &Keystone, ask: &Ask, pass: &Pass) -> Result<Answer> {
        let answer = self.checked(keystone, signed(keystone, ask, pass)?, &ask.line()).await;
        let answer = answer.map_err(|error| missing(error, ask.service))?;
        match ask.accepted.filter(|accepted| *accepted != answer.status) {
            // A proxy's page of HTML, for one, comes with 200.
            Some(accepted) => Err(not_accepted(&answer, &ask.line(), accepted)),
            None => Ok(answer),
        }
    }

    /// The answer, if it says that all went well.
    pub(crate) async fn checked(&self, keystone: &Keystone, request: Request, line: &str) -> Result<Answer> {
        let answer = http::exchange(&keystone.client, request).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        Err(refusal(&answer, line, self.context.clock().now()))
    }
}

/// What is missing is missing only in the service's own words: the 404 of a proxy, or of an address that it does not have,
/// says nothing about a server or an address, which may be there and cost money.
fn missing(error: Error, service: Service) -> Error {
    let (its_own, what) = match service {
        Service::Compute => (error.code() == Some("itemNotFound"), "Nova's about a server"),
        Service::Network => (error.code().is_some_and(|code| code.contains("NotFound")), "Neutron's"),
        Service::Image => return error,
    };
    if error.kind() != ErrorKind::NotFound || its_own {
        return error;
    }
    let message = format!("{}; that is no answer of {what}, check its address in the catalogue", error.message());
    error.with_kind(ErrorKind::Unexpected).with_message(message)
}

fn signed(keystone: &Keystone, ask: &Ask, pass: &Pass) -> Result<Request> {
    let mut url: Url = catalog::address(&pass.catalog, ask.service, &keystone.account.filters)?;
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.extend(&ask.path);
    }
    let mut request = keystone.client.request(ask.method.clone(), url);
    request = request.header("X-Auth-Token", http::sensitive(pass.token.expose_secret())?);
    request = request.header("Accept", "application/json");
    if !ask.query.is_empty() {
        request = request.query(&ask.query);
    }
    let version = if ask.service == Service::Compute { ask.spoken.version(pass.compute)? } else { None };
    request = with_version(request, version);
    if let Some(revision) = ask.revision {
        request = request.header("If-Match", format!("revision_number={revision}"));
    }
    if let Some(body) = &ask.body {
        request = request.json(body);
    }
    request.build().map_err(|error| {
        let message = format!("`{}` cannot be put together", ask.line());
        Error::new(ErrorKind::Unexpected, message).with_source(error.without_url())
    })
}

pub(crate) fn parse(answer: &Answer, line: &str) -> Result<Value> {
    serde_json::from_slice(&answer.body).map_err(|cause| unreadable(answer, line, Some(cause)))
}

#[cfg(test)]
mod tests {
    use super::{Ask, Service};
    use cloudmesh_abstract::Effect;
    use serde_json::json;

    #[test]
    fn a_request_is_named_without_its_body() {
        let ask = Ask::get(Service::Compute, &["servers", "detail"]).with("limit", "1").with_some("marker", Some("x"));
        assert_eq!(ask.line(), "GET /servers/detail?limit=1&marker=x");
        let ask = Ask::post(Service::Compute, &["servers"], Effect::Once, json!({"user_data": "hunter2"}));
        assert_eq!((ask.line().as_str(), format!("{ask:?}").as_str()), ("POST /servers", "POST /servers"));
    }
}
