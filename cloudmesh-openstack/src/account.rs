//! What is needed to sign in, checked and complete.

use std::path::PathBuf;

use cloudmesh_abstract::{Error, Result, Secret};
use openstack::{EndpointFilters, IdOrName, InterfaceType};
use reqwest::Url;

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
    /// The project; an application credential has its own.
    pub(crate) project: Option<Within>,
    /// Which entries of the catalogue are meant.
    pub(crate) filters: EndpointFilters,
    /// The certificate authorities to trust in place of the system's.
    pub(crate) ca_file: Option<PathBuf>,
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
        let project = match method {
            Method::ApplicationCredential(..) => None,
            Method::Password(..) | Method::Token(_) => project(auth),
        };
        let auth_url = auth.auth_url.as_deref().ok_or_else(|| missing("auth_url"))?;
        Ok(Self {
            auth_url: versioned(auth_url)?,
            method,
            project,
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

    /// The project in words for people, where one is given.
    pub(crate) fn what_for(&self) -> String {
        self.project.as_ref().map(|project| format!(" for project {}", project.words())).unwrap_or_default()
    }

    /// Who, where and for what, without any secret: under this name a token is kept.
    pub(crate) fn identity(&self) -> String {
        let (url, region) = (&self.auth_url, self.region().unwrap_or_default());
        format!("openstack {url} {}{} region `{region}` {:?}", self.who(), self.what_for(), self.filters.interfaces)
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
        None if auth.application_credential_secret.is_some() => application_credential(auth, missing),
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
    let domain = id_or_name(domain).or_else(|| id_or_name(both));
    let domain = domain.unwrap_or_else(|| IdOrName::Id(DEFAULT_DOMAIN.to_owned()));
    Some(Within { it: IdOrName::Name(name), domain: Some(domain) })
}

fn id_or_name((id, name): Domain<'_>) -> Option<IdOrName> {
    id.cloned().map(IdOrName::Id).or_else(|| name.cloned().map(IdOrName::Name))
}

fn filters(interface: Option<&str>, region: Option<String>) -> Result<EndpointFilters> {
    let mut filters = EndpointFilters::default();
    if let Some(word) = interface {
        let interface: InterfaceType = word.parse().map_err(|_| {
            let message = format!("`interface` is `{word}`, it must be `public`, `internal` or `admin`");
            Error::config("credentials.interface", message)
        })?;
        filters.set_interfaces(interface);
    }
    filters.region = region;
    Ok(filters)
}

/// Keystone's address with its version: many write it without, some with a final slash, old files with `/v2.0`.
fn versioned(address: &str) -> Result<Url> {
    let refuse = |why: &str| Error::config("credentials.auth.auth_url", format!("`auth_url` {why}"));
    let mut url: Url = address.trim().parse().map_err(|error| refuse("is no address").with_source(error))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(refuse("must begin with `https://` or `http://` and name a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not hold a user or password"));
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/');
    let root = path.strip_suffix("/v3").or_else(|| path.strip_suffix("/v2.0")).unwrap_or(path);
    let path = format!("{root}/v3");
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests;
