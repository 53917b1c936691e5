//! Signing in at Keystone.
//!
//! The sign-in goes through our [`Context`] and its grant is kept by our [`Login`], so it is repeated, limited, traced,
//! shared and renewed as on every other cloud. [`SignedIn`] gives the same sign-in to a session of the `openstack` crate.

mod refused;

use std::sync::Arc;

use async_trait::async_trait;
use cloudmesh_abstract::{Context, Effect, Error, ErrorKind, ExposeSecret, Grant, Login, Result, Secret, expose};
use jiff::Timestamp;
use openstack::IdOrName;
use openstack::auth::AuthType;
use openstack::{EndpointFilters, Error as SessionError, ErrorKind as SessionErrorKind};
use reqwest::{Client, Method as Verb, RequestBuilder, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::refused::refused;
use crate::account::{Account, Method, Scope, Within};
use crate::catalog::{self, Service};
use crate::http;
use crate::microversion::{Microversions, versions};
use crate::refusal::{Answer, refusal, unreadable, with_request_id};
use crate::wire;

/// The request that signs in: <https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management>.
const SIGN_IN: &str = "POST /auth/tokens";

/// The request for the projects that one may sign in for.
const PROJECTS: &str = "GET /auth/projects";

/// The request for Nova's versions: <https://docs.openstack.org/api-ref/compute/#show-details-of-specific-api-version>.
const VERSIONS: &str = "GET / of Nova";

/// What Keystone grants, and what must be known to use it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pass {
    #[serde(serialize_with = "expose")]
    pub(crate) token: Secret,
    pub(crate) catalog: Vec<wire::CatalogService>,
    /// The versions that Nova speaks; `None` where it does not say.
    pub(crate) compute: Option<Microversions>,
    /// The id of the project that it is for.
    #[serde(default)]
    pub(crate) project: Option<String>,
}

/// One account at one Keystone.
#[derive(Debug)]
pub(crate) struct Keystone {
    pub(crate) account: Account,
    pub(crate) client: Client,
    pub(crate) context: Context,
    pub(crate) login: Login<Pass>,
}

impl Keystone {
    /// # Errors
    ///
    /// A configuration error when the certificate authorities cannot be read.
    pub(crate) fn new(account: Account, context: Context) -> Result<Self> {
        let client = http::client(&account, &context)?;
        if account.insecure && account.auth_url.scheme() == "https" {
            context.warn(&unchecked(&account));
        }
        let login = Login::new(account.identity());
        Ok(Self { account, client, context, login })
    }

    /// What is granted, signing in where that is needed.
    pub(crate) async fn pass(&self) -> Result<Arc<Grant<Pass>>> {
        self.context.granted(&self.login, || self.sign_in()).await
    }

    /// Signs in and asks Nova for its versions, once for the lifetime of the token.
    pub(crate) async fn sign_in(&self) -> Result<Grant<Pass>> {
        let (mut pass, token) = self.context.send(Effect::SignIn, SIGN_IN, || self.ask_for_token()).await?;
        if pass.catalog.is_empty() {
            return Err(self.without_catalogue(&token, &pass.token).await);
        }
        let project = token.project.as_ref().map_or("", |project| project.id.as_str());
        for (kind, address) in &self.account.overrides {
            catalog::put(&mut pass.catalog, kind, &self.account.filters, address, project);
        }
        let expires = end(&token, self.context.clock().now())?;
        if let Ok(address) = catalog::address(&pass.catalog, Service::Compute, &self.account.filters) {
            pass.compute = self.versions(&address, &pass.token).await?;
        }
        Ok(Grant { value: pass, expires })
    }

    async fn ask_for_token(&self) -> Result<(Pass, wire::Token)> {
        let url = self.address(&["auth", "tokens"]);
        let request = self.client.post(url).json(&body(&self.account)).build();
        let request = request.map_err(|error| failure("cannot be written").with_source(error.without_url()))?;
        let answer = http::exchange(&self.client, request).await?;
        if !(200..300).contains(&answer.status) {
            let refusal = refusal(&answer, SIGN_IN, self.context.clock().now());
            return Err(refused(&self.account, &answer, refusal));
        }
        granted(&answer)
    }

    /// Nova's versions; `None` where it keeps them to itself, as some do behind a proxy.
    async fn versions(&self, address: &Url, token: &Secret) -> Result<Option<Microversions>> {
        let asked = self.context.send(Effect::Read, VERSIONS, || async {
            let answer = http::exchange(&self.client, versions::request(&self.client, address, token)?).await?;
            match answer.status {
                200 | 300 => versions::read(&answer.body).map_err(|cause| unreadable(&answer, VERSIONS, Some(cause))),
                _ => Err(refusal(&answer, VERSIONS, self.context.clock().now())),
            }
        });
        asked.await.or_else(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::Unauthenticated | ErrorKind::PermissionDenied => Ok(None),
            _ => Err(error),
        })
    }

    /// An address at Keystone.
    pub(crate) fn address(&self, path: &[&str]) -> Url {
        let mut url = self.account.auth_url.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.extend(path);
        }
        url
    }

    async fn without_catalogue(&self, token: &wire::Token, subject: &Secret) -> Error {
        if token.project.is_some() {
            let message = "the sign-in brought an empty catalogue of services; ask the cloud's operator for a role in the project";
            return Error::new(ErrorKind::PermissionDenied, message);
        }
        let projects = self.projects(subject).await.unwrap_or_default();
        let which = if projects.is_empty() { String::new() } else { format!(", such as {}", projects.join(", ")) };
        let message =
            format!("{} signed in without a project; set `project_name` or `project_id`{which}", self.account.who());
        Error::config("credentials.auth.project_name", message)
    }

    /// The names of the projects that may be signed in for: <https://docs.openstack.org/api-ref/identity/v3/#get-available-project-scopes>.
    async fn projects(&self, token: &Secret) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Body {
            projects: Vec<wire::Person>,
        }
        let answer = self.context.send(Effect::Read, PROJECTS, || async {
            let url = self.address(&["auth", "projects"]);
            let request = self.client.get(url).header("X-Auth-Token", http::sensitive(token.expose_secret())?).build();
            http::exchange(&self.client, request.map_err(|error| failure("cannot be written").with_source(error))?)
                .await
        });
        let answer = answer.await?;
        let body = serde_json::from_slice::<Body>(&answer.body);
        let projects = body.map_err(|cause| unreadable(&answer, PROJECTS, Some(cause)))?.projects;
        Ok(projects.into_iter().map(|project| format!("`{}`", project.label())).collect())
    }
}

fn unchecked(account: &Account) -> String {
    let host = http::host(&account.auth_url);
    format!(
        "the certificate of `{host}` is not checked, as `insecure` says: whoever answers there gets the credentials; \
         name its root with `cacert` instead"
    )
}

fn granted(answer: &Answer) -> Result<(Pass, wire::Token)> {
    #[derive(Deserialize)]
    struct Body {
        token: wire::Token,
    }
    let body = serde_json::from_slice::<Body>(&answer.body);
    let mut token = body.map_err(|cause| unreadable(answer, SIGN_IN, Some(cause)))?.token;
    let subject = answer.subject.clone().ok_or_else(|| with_request_id(failure("brought no token"), answer))?;
    let catalog = std::mem::take(&mut token.catalog);
    let project = token.project.as_ref().map(|project| project.id.clone());
    Ok((Pass { token: subject, catalog, compute: None, project }, token))
}

/// When a token ends by our clock, which may differ from the cloud's: what counts is how long it lasts.
fn end(token: &wire::Token, now: Timestamp) -> Result<Timestamp> {
    let read = |text: &str| {
        text.parse::<Timestamp>().map_err(|error| {
            let message = format!("the token ends at `{text}`, which is no time");
            Error::new(ErrorKind::Unexpected, message).with_source(error)
        })
    };
    let expires = read(&token.expires_at)?;
    let Some(issued) = token.issued_at.as_deref().and_then(|issued| issued.parse::<Timestamp>().ok()) else {
        return Ok(expires);
    };
    Ok(now.checked_add(expires.duration_since(issued)).unwrap_or(expires))
}

fn failure(what: &str) -> Error {
    Error::new(ErrorKind::Unexpected, format!("the sign-in {what}"))
}

/// The body that signs in. Its secrets leave the process here.
fn body(account: &Account) -> Value {
    let identity = match &account.method {
        Method::Password(user, password) => {
            let mut user = within(user);
            user["password"] = json!(password.expose_secret());
            json!({"methods": ["password"], "password": {"user": user}})
        }
        Method::ApplicationCredential(it, user, secret) => {
            let mut credential = json!(it);
            credential["secret"] = json!(secret.expose_secret());
            if let Some(user) = user {
                credential["user"] = within(user);
            }
            json!({"methods": ["application_credential"], "application_credential": credential})
        }
        Method::Token(token) => json!({"methods": ["token"], "token": {"id": token.expose_secret()}}),
    };
    let mut auth = json!({"identity": identity});
    if let Some(scope) = &account.scope {
        auth["scope"] = match scope {
            Scope::Project(project) => json!({"project": within(project)}),
            Scope::Domain(domain) => json!({"domain": domain}),
            Scope::System => json!({"system": {"all": true}}),
        };
    }
    json!({"auth": auth})
}

fn within(within: &Within) -> Value {
    let mut value = json!(within.it);
    if let (IdOrName::Name(_), Some(domain)) = (&within.it, &within.domain) {
        value["domain"] = json!(domain);
    }
    value
}

/// Our sign-in, for a session of the `openstack` crate.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn(pub(crate) Arc<Keystone>);

#[async_trait]
impl AuthType for SignedIn {
    async fn authenticate(&self, _: &Client, request: RequestBuilder) -> Result<RequestBuilder, SessionError> {
        let grant = self.0.pass().await.map_err(|error| retold(&error))?;
        let token = http::sensitive(grant.value.token.expose_secret()).map_err(|error| retold(&error))?;
        Ok(request.header("X-Auth-Token", token))
    }

    async fn get_endpoint(&self, _: &Client, kind: &str, filters: &EndpointFilters) -> Result<Url, SessionError> {
        let grant = self.0.pass().await.map_err(|error| retold(&error))?;
        catalog::find(&grant.value.catalog, kind, filters).map_err(|error| retold(&error))
    }

    async fn refresh(&self, _: &Client) -> Result<(), SessionError> {
        self.0.pass().await.map(|_| ()).map_err(|error| retold(&error))
    }
}

/// Our error in the words of the session, which keeps no cause.
fn retold(error: &Error) -> SessionError {
    let kind = match error.kind() {
        ErrorKind::Config => SessionErrorKind::InvalidConfig,
        ErrorKind::Unauthenticated => SessionErrorKind::AuthenticationFailed,
        ErrorKind::PermissionDenied => SessionErrorKind::AccessDenied,
        ErrorKind::Timeout => SessionErrorKind::OperationTimedOut,
        ErrorKind::Unavailable | ErrorKind::RateLimited => SessionErrorKind::InternalServerError,
        _ => SessionErrorKind::OperationFailed,
    };
    SessionError::new(kind, error.to_string())
}

/// The request for who a token belongs to: <https://docs.openstack.org/api-ref/identity/v3/#validate-and-show-information-for-token>.
pub(crate) fn validation(keystone: &Keystone, token: &Secret) -> Result<reqwest::Request> {
    let token = http::sensitive(token.expose_secret())?;
    let url = keystone.address(&["auth", "tokens"]);
    let request = keystone.client.request(Verb::GET, url).header("X-Auth-Token", &token);
    let request = request.header("X-Subject-Token", &token).query(&[("nocatalog", "")]).build();
    request.map_err(|error| failure("cannot be checked").with_source(error.without_url()))
}

#[cfg(test)]
mod tests;
