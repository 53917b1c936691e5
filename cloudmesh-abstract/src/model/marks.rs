//! What we write on everything that we make.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Token;

/// The marks on what we made, so that it can be found, grouped and removed from any machine.
///
/// They are tags, labels or metadata under the keys `cm-name`, `cm-group`, `cm-user`, `cm-token` and `cm-version`, and
/// `cm-username` where a login name was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Marks {
    /// The name that was asked for.
    pub name: String,
    /// The group it belongs to.
    pub group: Option<String>,
    /// Who asked for it.
    pub user: Option<String>,
    /// The idempotency token of the request that made it.
    pub token: Option<Token>,
    /// The login name that was asked for.
    #[serde(default)]
    pub username: Option<String>,
    /// The version of Cloudmesh that made it.
    pub version: String,
}

const NAME: &str = "cm-name";
const GROUP: &str = "cm-group";
const USER: &str = "cm-user";
const TOKEN: &str = "cm-token";
const USERNAME: &str = "cm-username";
const VERSION: &str = "cm-version";

impl Marks {
    /// The key of the login name, for those who write it later.
    pub const USERNAME: &'static str = USERNAME;

    /// Marks for something called `name`, made by this version.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), version: env!("CARGO_PKG_VERSION").to_owned(), ..Self::default() }
    }

    /// The marks as pairs, in the spelling of the vendors that allow dashes.
    pub fn pairs(&self) -> BTreeMap<String, String> {
        let token = self.token.as_ref().map(|token| token.as_str().to_owned());
        let all = [
            (NAME, Some(self.name.clone())),
            (GROUP, self.group.clone()),
            (USER, self.user.clone()),
            (TOKEN, token),
            (USERNAME, self.username.clone()),
            (VERSION, Some(self.version.clone())),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }

    /// Finds our marks among `pairs`; `None` where there are none.
    pub fn read(pairs: &BTreeMap<String, String>) -> Option<Self> {
        Some(Self {
            name: pairs.get(NAME)?.clone(),
            group: pairs.get(GROUP).cloned(),
            user: pairs.get(USER).cloned(),
            token: pairs.get(TOKEN).map(Token::new),
            username: pairs.get(USERNAME).cloned(),
            version: pairs.get(VERSION).cloned().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;
    use crate::Token;
    use std::collections::BTreeMap;

    #[test]
    fn read_back_what_was_written() {
        let marks = Marks { group: Some("lab".into()), token: Some(Token::random()), ..Marks::new("web-1") };
        assert_eq!(Marks::read(&marks.pairs()), Some(marks));
    }

    #[test]
    fn a_login_name_is_written_only_when_it_was_asked_for() {
        assert!(!Marks::new("web-1").pairs().contains_key(Marks::USERNAME));
        let marks = Marks { username: Some("albert".into()), ..Marks::new("web-1") };
        assert_eq!(marks.pairs()["cm-username"], "albert");
        assert_eq!(Marks::read(&marks.pairs()), Some(marks));
    }

    #[test]
    fn foreign_things_have_none() {
        assert_eq!(Marks::read(&BTreeMap::from([("name".into(), "x".into())])), None);
    }
}
