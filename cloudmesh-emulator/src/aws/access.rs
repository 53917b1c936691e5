//! Who may ask: access keys, those of sessions too.

use std::collections::BTreeMap;
use std::fmt;

use cloudmesh_abstract::Secret;
use jiff::Timestamp;
use uuid::Uuid;

/// The name of the user that there is from the start.
const USER: &str = "demo";

/// The access keys of an account.
#[derive(Clone)]
pub(crate) struct Access {
    /// The account's number.
    pub(crate) account: String,
    /// The access key of the user that there is from the start.
    pub(crate) first: String,
    keys: BTreeMap<String, Key>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} access keys]", self.keys.len())
    }
}

/// An access key.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) secret: Secret,
    /// What must be shown beside it, if it is one of a session.
    pub(crate) session: Option<Session>,
    pub(crate) who: Caller,
}

/// What makes a key one of a session.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) token: Secret,
    pub(crate) expires: Timestamp,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) arn: String,
    /// The unique id, such as `AIDA…`, or `AROA…:SESSION` for a role.
    pub(crate) id: String,
}

impl Access {
    /// One user with one key.
    pub(crate) fn new() -> Self {
        let account: String = Uuid::new_v4().as_u128().to_string().chars().rev().take(12).collect();
        let who = Caller { arn: format!("arn:aws:iam::{account}:user/{USER}"), id: unique("AIDA") };
        let mut access = Self { account, first: String::new(), keys: BTreeMap::new() };
        access.first = access.add(Key { secret: secret(), session: None, who });
        access
    }

    /// Adds a key and gives its id.
    pub(crate) fn add(&mut self, key: Key) -> String {
        let id = unique(if key.session.is_some() { "ASIA" } else { "AKIA" });
        self.keys.insert(id.clone(), key);
        id
    }

    /// The key of that id, of a session that has ended too.
    pub(crate) fn key(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }

    /// Ends all sessions before their time.
    pub(crate) fn end_sessions(&mut self, now: Timestamp) {
        for session in self.keys.values_mut().filter_map(|key| key.session.as_mut()) {
            session.expires = session.expires.min(now);
        }
    }
}

/// A secret key: 40 characters.
pub(crate) fn secret() -> Secret {
    use base64::Engine;
    let random: Vec<u8> = (0..2).flat_map(|_| Uuid::new_v4().into_bytes()).take(30).collect();
    Secret::from(base64::engine::general_purpose::STANDARD.encode(random))
}

/// A unique id: four letters that tell of what, and 16 more characters.
pub(crate) fn unique(kind: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte % 32)]);
    kind.chars().chain(Uuid::new_v4().into_bytes().map(letter)).collect()
}

#[cfg(test)]
mod tests {
    use cloudmesh_abstract::ExposeSecret;

    use super::{Access, secret, unique};

    #[test]
    fn keys_look_like_those_of_aws() {
        let access = Access::new();
        assert!(access.account.len() == 12 && access.account.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(access.first.starts_with("AKIA") && access.first.len() == 20);
        assert_eq!(secret().expose_secret().len(), 40);
        assert_ne!(unique("AIDA"), unique("AIDA"));
    }
}
