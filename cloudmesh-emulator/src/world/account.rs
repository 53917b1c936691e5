//! Who may use the cloud: projects, users, credentials and tokens.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use cloudmesh_abstract::{ExposeSecret, Secret};
use jiff::Timestamp;
use uuid::Uuid;

use super::clock::later;

/// What resources belong to.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Who signs in.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) password: Secret,
    /// The projects it is a member of.
    pub(crate) projects: Vec<String>,
    /// Whether it operates the cloud, and may sign in for the domain and the whole system.
    pub(crate) operates: bool,
}

/// A secret that signs a user in to one project.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) secret: Secret,
    pub(crate) user: String,
    pub(crate) project: String,
    pub(crate) description: Option<String>,
    pub(crate) expires: Option<Timestamp>,
    /// Whether it may make others of its kind.
    pub(crate) unrestricted: bool,
    pub(crate) roles: Vec<&'static str>,
    /// The only requests that it is good for, where there are any.
    pub(crate) rules: Vec<Rule>,
}

/// A kind of request that a credential is good for.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: String,
    /// The type of the service.
    pub(crate) service: String,
    pub(crate) method: String,
    /// The path below the service, in which `*` and `{name}` are any one part, and `**` is any number of them.
    pub(crate) path: String,
}

impl Rule {
    /// Whether it is about a request.
    pub(crate) fn covers(&self, service: &str, method: &str, path: &str) -> bool {
        let parts = |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
        self.service == service && self.method == method && fits(&parts(&self.path), &parts(path))
    }
}

fn fits(pattern: &[String], path: &[String]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "**" => (0..=path.len()).any(|skipped| fits(rest, &path[skipped..])),
        (Some((first, rest)), Some((part, others))) => {
            let any = first == "*" || (first.starts_with('{') && first.ends_with('}'));
            (any || first == part) && fits(rest, others)
        }
        _ => false,
    }
}

/// What a token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    Nothing,
    Project(String),
    /// The one domain there is.
    Domain,
    System,
}

/// What a user shows after signing in.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) user: String,
    pub(crate) scope: Scope,
    /// The credential it was issued for.
    pub(crate) credential: Option<String>,
    pub(crate) methods: Vec<&'static str>,
    pub(crate) audit: Vec<String>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

impl Token {
    /// The project it is for.
    pub(crate) fn project(&self) -> Option<&str> {
        match &self.scope {
            Scope::Project(id) => Some(id),
            Scope::Nothing | Scope::Domain | Scope::System => None,
        }
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    pub(crate) projects: Vec<Project>,
    pub(crate) users: Vec<User>,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) token_life: Duration,
    /// The regions of the catalogue.
    pub(crate) regions: Vec<String>,
    /// The types of services that the catalogue leaves out.
    pub(crate) without: Vec<String>,
    tokens: Tokens,
}

#[derive(Default)]
struct Tokens(HashMap<String, Token>);

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} tokens]", self.0.len())
    }
}

impl Accounts {
    pub(crate) fn project(&self, id: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.id == id)
    }

    pub(crate) fn project_named(&self, name: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.name == name)
    }

    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(crate) fn user_named(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    pub(crate) fn credential(&self, id: &str) -> Option<&Credential> {
        self.credentials.iter().find(|credential| credential.id == id)
    }

    /// The roles that a token gives.
    pub(crate) fn roles(&self, token: &Token) -> Vec<&'static str> {
        let operates = self.user(&token.user).is_some_and(|user| user.operates);
        match token.credential.as_deref().and_then(|id| self.credential(id)) {
            Some(credential) => credential.roles.clone(),
            None if operates => vec!["admin", "reader", "member"],
            None => vec!["reader", "member"],
        }
    }

    /// Whether a token is good for such a request: a credential may have rules.
    pub(crate) fn allows(&self, token: &Token, service: &str, method: &str, path: &str) -> bool {
        let rules = token.credential.as_deref().and_then(|id| self.credential(id)).map(|one| &one.rules);
        rules.is_none_or(|rules| rules.is_empty() || rules.iter().any(|rule| rule.covers(service, method, path)))
    }

    /// Issues a token and gives its text.
    pub(crate) fn issue(&mut self, mut token: Token, expires: Option<Timestamp>) -> (String, Token) {
        self.tokens.0.retain(|_, one| one.expires > token.issued);
        token.expires = expires.unwrap_or_else(|| later(token.issued, self.token_life));
        let text = new_token();
        self.tokens.0.insert(text.clone(), token.clone());
        (text, token)
    }

    /// The token of that text, if it is valid.
    pub(crate) fn token(&self, text: &str, now: Timestamp) -> Option<&Token> {
        self.tokens.0.get(text).filter(|token| token.expires > now)
    }

    pub(crate) fn revoke(&mut self, text: &str) -> bool {
        self.tokens.0.remove(text).is_some()
    }

    pub(crate) fn revoke_all(&mut self) {
        self.tokens.0.clear();
    }
}

/// Whether two secrets are the same.
pub(crate) fn same(secret: &Secret, given: &str) -> bool {
    secret.expose_secret() == given
}

/// A secret that nobody can guess.
pub(crate) fn new_secret() -> String {
    Uuid::new_v4().simple().to_string()
}

fn new_token() -> String {
    format!("gAAAAAB{}", random(6))
}

/// The secret of a new credential, when the user brings none.
pub(crate) fn long_secret() -> String {
    random(4)
}

fn random(parts: usize) -> String {
    use base64::Engine;
    let random: Vec<u8> = (0..parts).flat_map(|_| Uuid::new_v4().into_bytes()).collect();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random)
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn a_rule_covers_paths_by_its_pattern() {
        let rule = |path: &str| Rule {
            id: String::new(),
            service: "compute".to_owned(),
            method: "GET".to_owned(),
            path: path.to_owned(),
        };
        let table = [
            ("/v2.1/servers", "/v2.1/servers", true),
            ("/v2.1/servers", "/v2.1/servers/detail", false),
            ("/v2.1/servers/*", "/v2.1/servers/7", true),
            ("/v2.1/servers/{id}", "/v2.1/servers/7", true),
            ("/v2.1/servers/*", "/v2.1/servers/7/action", false),
            ("/v2.1/**", "/v2.1/servers/7/action", true),
            ("/v2.1/**", "/v2.1", true),
            ("/**", "/", true),
        ];
        for (pattern, path, covered) in table {
            assert_eq!(rule(pattern).covers("compute", "GET", path), covered, "{pattern} {path}");
        }
        assert!(!rule("/**").covers("compute", "POST", "/"));
        assert!(!rule("/**").covers("image", "GET", "/"));
    }
}
