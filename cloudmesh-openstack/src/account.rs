//! What is needed to sign in, checked and complete.

mod places;

use std::path::PathBuf;

use cloudmesh_abstract::{Error, ExposeSecret, Result, Secret};
use openstack::{EndpointFilters, IdOrName};
use reqwest::Url;
use sha2::{Digest, Sha256};

use self::places::{filters, overrides, versioned};
use crate::config::{Auth, Credentials};

/// The domain that a user or a project is looked for in when none is named, as the other OpenStack clients do.
const DEFAULT_DOMAIN: &str = "default";

/// Who signs in, how, where and for what.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Keystone's address, with its version and without a final slash.
    pub(crate) auth_url: Url,
    /// How to sign in.
    pub(crate) method: Method,
    /// What to sign in for; an application credential has its own project, and a user may have a usual one.
    pub(crate) scope: Option<Scope>,
    /// Which entries of the catalogue are meant.
    pub(crate) filters: EndpointFilters,
    /// Addresses that are taken in place of the catalogue's, by the type of the service.
    pub(crate) overrides: Vec<(&'static str, Url)>,
    /// The certificate authorities to trust in place of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// A certificate of ours, and its key where that stands in a file of its own.
    pub(crate) own: Option<(PathBuf, Option<PathBuf>)>,
    /// Whether to trust any certificate.
    pub(crate) insecure: bool,
    /// Where all this was found.
    pub(crate) source: String,
}

/// How to sign in.
#[derive(Debug, Clone)]
pub(crate) enum Method {
    /// A user with a password.
    Password(Within, Secret),
    /// An application credential, of a user where it is given by its name.
    ApplicationCredential(IdOrName, Option<Within>, Secret),
    /// A token that was had elsewhere.
    Token(Secret),
}

/// What to sign in for.
#[derive(Debug, Clone)]
pub(crate) enum Scope {
    /// A project.
    Project(Within),
    /// A domain and what belongs to it.
    Domain(IdOrName),
    /// The whole cloud.
    System,
}

/// A user or a project, in a domain unless it is given by its id.
#[derive(Debug, Clone)]
pub(crate) struct Within {
    /// The user or the project.
    pub(crate) it: IdOrName,
    /// Its domain.
    pub(crate) domain: Option<IdOrName>,
}

impl Account {
    /// Checks credentials. `source` says where they were found.
    ///
    /// # Errors
    ///
    /// A configuration error for what is missing or contradicts itself.
    pub(crate) fn new(credentials: Credentials, source: impl Into<String>) -> Result<Self> {
        let source = source.into();
        let missing = |key: &str| missing(key, &source);
        let method = method(&credentials, &missing)?;
        let auth = &credentials.auth;
        let scope = match method {
            Method::ApplicationCredential(..) => None,
            Method::Password(..) | Method::Token(_) => scope(auth)?,
        };
        let auth_url = auth.auth_url.as_deref().ok_or_else(|| missing("auth_url"))?;
        Ok(Self {
            auth_url: versioned(auth_url)?,
            method,
            scope,
            overrides: overrides(&credentials)?,
            own: own(&credentials)?,
            filters: filters(credentials.interface.as_deref(), credentials.region_name)?,
            ca_file: credentials.cacert,
            insecure: credentials.insecure.unwrap_or(credentials.verify == Some(false)),
            source,
        })
    }

    /// The region, where one is given.
    pub(crate) fn region(&self) -> Option<&str> {
        self.filters.region.as_deref()
    }

    /// Who signs in, in words for people.
    pub(crate) fn who(&self) -> String {
        match &self.method {
            Method::Password(user, _) => format!("user {}", user.words()),
            Method::ApplicationCredential(it, user, _) => {
                let of = user.as_ref().map(|user| format!(" of user {}", user.words())).unwrap_or_default();
                format!("application credential {}{of}", word(it))
            }
            Method::Token(_) => "the given token".to_owned(),
        }
    }

    /// What is signed in for, in words for people, where it is given.
    pub(crate) fn what_for(&self) -> String {
        match &self.scope {
            Some(Scope::Project(project)) => format!(" for project {}", project.words()),
            Some(Scope::Domain(domain)) => format!(" for domain {}", word(domain)),
            Some(Scope::System) => " for the whole system".to_owned(),
            None => String::new(),
        }
    }

    /// Who, where and for what, without any secret: under this name a token is kept. Whose a given token is, only its
    /// digest tells.
    pub(crate) fn identity(&self) -> String {
        let (url, region) = (&self.auth_url, self.region().unwrap_or_default());
        let instead: Vec<String> = self.overrides.iter().map(|(kind, url)| format!(" {kind} at {url}")).collect();
        let (what_for, interfaces) = (self.what_for(), &self.filters.interfaces);
        let who = match &self.method {
            Method::Token(token) => format!("token {:x}", Sha256::digest(token.expose_secret())),
            _ => self.who(),
        };
        format!("openstack {url} {who}{what_for} region `{region}` {interfaces:?}{}", instead.concat())
    }
}

impl Within {
    fn words(&self) -> String {
        let domain = self.domain.as_ref().map(|domain| format!(" (domain {})", word(domain))).unwrap_or_default();
        format!("{}{domain}", word(&self.it))
    }
}

fn word(it: &IdOrName) -> String {
    match it {
        IdOrName::Id(id) => format!("id `{id}`"),
        IdOrName::Name(name) => format!("`{name}`"),
    }
}

fn missing(key: &str, source: &str) -> Error {
    let place = if matches!(key, "auth_type") { key.to_owned() } else { format!("auth.{key}") };
    Error::config(format!("credentials.{place}"), format!("`{key}` is missing in {source}"))
}

fn method(credentials: &Credentials, missing: &dyn Fn(&str) -> Error) -> Result<Method> {
    let auth = &credentials.auth;
    match credentials.auth_type.as_deref() {
        Some("password" | "v3password") => password(auth, missing),
        Some("v3applicationcredential" | "application_credential") => application_credential(auth, missing),
        Some("token" | "v3token") => token(auth, missing),
        Some(other) => {
            let known = "`password`, `v3password`, `v3applicationcredential`, `token` and `v3token`";
            let message = format!("`auth_type` `{other}` is not supported, only {known} are");
            Err(Error::config("credentials.auth_type", message))
        }
        None if auth.application_credential_secret.is_some() || auth.application_credential_id.is_some() => {
            application_credential(auth, missing)
        }
        None if auth.token.is_some() && auth.password.is_none() => token(auth, missing),
        None => password(auth, missing),
    }
}

fn password(auth: &Auth, missing: &dyn Fn(&str) -> Error) -> Result<Method> {
    let user = user(auth).ok_or_else(|| missing("username"))?;
    let password = auth.password.clone().ok_or_else(|| missing("password"))?;
    Ok(Method::Password(user, password))
}

fn application_credential(auth: &Auth, missing: &dyn Fn(&str) -> Error) -> Result<Method> {
    let secret = auth.application_credential_secret.clone().ok_or_else(|| missing("application_credential_secret"))?;
    let (id, name) = (auth.application_credential_id.clone(), auth.application_credential_name.clone());
    if let Some(id) = id {
        return Ok(Method::ApplicationCredential(IdOrName::Id(id), None, secret));
    }
    let name = name.ok_or_else(|| missing("application_credential_id"))?;
    let user = user(auth).ok_or_else(|| missing("username"))?;
    Ok(Method::ApplicationCredential(IdOrName::Name(name), Some(user), secret))
}

fn token(auth: &Auth, missing: &dyn Fn(&str) -> Error) -> Result<Method> {
    auth.token.clone().map(Method::Token).ok_or_else(|| missing("token"))
}

fn user(auth: &Auth) -> Option<Within> {
    let domain = (auth.user_domain_id.as_ref(), auth.user_domain_name.as_ref());
    within(auth, auth.user_id.as_ref(), auth.username.as_ref(), domain)
}

fn scope(auth: &Auth) -> Result<Option<Scope>> {
    let refuse = |key: &str, why: &str| Err(Error::config(format!("credentials.auth.{key}"), why));
    if auth.trust_id.is_some() {
        return refuse("trust_id", "`trust_id` is not supported; use an application credential, which does the same");
    }
    let domain = id_or_name((auth.domain_id.as_ref(), auth.domain_name.as_ref()));
    match (auth.system_scope.as_deref(), project(auth)) {
        (Some("all"), None) => Ok(Some(Scope::System)),
        (Some("all"), Some(_)) => {
            refuse("system_scope", "`system_scope` and a project are both named; take one of them out")
        }
        (Some(other), _) => refuse("system_scope", &format!("`system_scope` is `{other}`, it must be `all`")),
        (None, Some(project)) => Ok(Some(Scope::Project(project))),
        (None, None) => Ok(domain.map(Scope::Domain)),
    }
}

fn project(auth: &Auth) -> Option<Within> {
    let domain = (auth.project_domain_id.as_ref(), auth.project_domain_name.as_ref());
    let id = auth.project_id.as_ref().or(auth.tenant_id.as_ref());
    let name = auth.project_name.as_ref().or(auth.tenant_name.as_ref());
    within(auth, id, name, domain)
}

type Domain<'a> = (Option<&'a String>, Option<&'a String>);

fn within(auth: &Auth, id: Option<&String>, name: Option<&String>, domain: Domain<'_>) -> Option<Within> {
    if let Some(id) = id {
        return Some(Within { it: IdOrName::Id(id.clone()), domain: None });
    }
    let name = name?.clone();
    let both = (auth.domain_id.as_ref(), auth.domain_name.as_ref());
    let usual = (auth.default_domain_id.as_ref(), auth.default_domain_name.as_ref());
    let domain = id_or_name(domain).or_else(|| id_or_name(both)).or_else(|| id_or_name(usual));
    let domain = domain.unwrap_or_else(|| IdOrName::Id(DEFAULT_DOMAIN.to_owned()));
    Some(Within { it: IdOrName::Name(name), domain: Some(domain) })
}

fn id_or_name((id, name): Domain<'_>) -> Option<IdOrName> {
    id.cloned().map(IdOrName::Id).or_else(|| name.cloned().map(IdOrName::Name))
}

fn own(credentials: &Credentials) -> Result<Option<(PathBuf, Option<PathBuf>)>> {
    match (&credentials.cert, &credentials.key) {
        (Some(cert), key) => Ok(Some((cert.clone(), key.clone()))),
        (None, None) => Ok(None),
        (None, Some(_)) => {
            let message = "`key` is the key of a certificate; name the file with that with `cert`";
            Err(Error::config("credentials.key", message))
        }
    }
}

#[cfg(test)]
mod tests;
