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
}

/// What a user shows after signing in.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) user: String,
    pub(crate) project: Option<String>,
    /// The credential it was issued for.
    pub(crate) credential: Option<String>,
    pub(crate) methods: Vec<&'static str>,
    pub(crate) audit: Vec<String>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    pub(crate) projects: Vec<Project>,
    pub(crate) users: Vec<User>,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) token_life: Duration,
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
