//! Which account a cloud's entry means, found out without its secrets.

use std::collections::BTreeMap;

use cloudmesh_abstract::{Form, Key, Result, Settings};
use sha2::{Digest, Sha256};

use super::Config;
use super::cloud::{check, head};
use super::model::Head;
use super::references::Resolver;
use super::tree::{Entry, Kind};

/// Key paths with their values as text.
type Values = BTreeMap<String, String>;

/// What an entry says.
#[derive(Default)]
struct Said {
    values: Values,
    /// Whether it says a secret, and so needs nothing from elsewhere to sign in.
    secret: bool,
}

impl Config {
    /// A mark of the account that a cloud's entry means: another user, project, region or address is another mark. It
    /// is made from what `keys` describe for the entry's kind and do not call secret. Secrets are not even resolved; what cannot be
    /// resolved counts as it is written. Of an entry without a secret the environment says what the entry does not.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is no such cloud, or its head has a mistake.
    pub(crate) fn account(&self, name: &str, keys: fn(&str) -> &'static [Key]) -> Result<String> {
        let (section, entry) = self.only_entry(name)?;
        let path = format!("cloudmesh.{section}.{name}");
        let wrong = |problem| self.problem(problem, &path);
        let resolver = self.resolver();
        let settings: Settings = head(entry, &resolver).map_err(wrong)?;
        let mark = settings.parse::<Head>().map_err(|error| self.place(error, &entry.value, &path))?.cm;
        check(&mark, entry, false).map_err(wrong)?;
        let keys = keys(&mark.kind);
        let mut said = Said::default();
        collect(entry.value.entries(), keys, "", &resolver, &mut said);
        if !said.secret {
            self.add_environment(keys, "", &mut said.values);
        }
        let digest = Sha256::digest(format!("{}\n{:?}", mark.kind, said.values).as_bytes());
        Ok(format!("{digest:x}"))
    }

    /// What variables say that are called as keys are, such as `OS_USERNAME`, of the keys that have no value yet.
    fn add_environment(&self, keys: &[Key], path: &str, values: &mut Values) {
        for key in keys.iter().filter(|key| !key.secret) {
            let place = below(path, key);
            let is_variable = |name: &&str| name.chars().all(|sign| sign.is_ascii_uppercase() || sign == '_');
            let mut names = key.spellings.iter().copied().filter(is_variable);
            if !values.contains_key(&place)
                && let Some(value) = names.find_map(|name| self.environment.variable(name))
            {
                values.insert(place.clone(), value.to_string_lossy().into_owned());
            }
            self.add_environment(key.inner, &place, values);
        }
    }
}

fn collect(entries: &[Entry], keys: &'static [Key], path: &str, resolver: &Resolver<'_>, said: &mut Said) {
    for entry in entries {
        let Some((place, key)) = find(keys, path, &entry.name) else { continue };
        match &entry.value.kind {
            Kind::Group(inner) if key.form == Form::Group => collect(inner, key.inner, &place, resolver, said),
            Kind::Null => {}
            Kind::Text(written) if key.form == Form::Group => _ = said.values.insert(place, written.clone()),
            _ if key.secret => said.secret = true,
            _ => {
                let written = || entry.value.text().unwrap_or_default().to_owned();
                let value =
                    resolver.resolve(&entry.value, &place).map_or_else(|_| written(), |value| value.to_string());
                said.values.insert(place, value);
            }
        }
    }
}

/// The key that a name means, also inside of groups that may be left out, with its path.
fn find(keys: &'static [Key], path: &str, name: &str) -> Option<(String, &'static Key)> {
    let direct = keys.iter().find(|key| key.is(name)).map(|key| (below(path, key), key));
    direct.or_else(|| keys.iter().filter(|key| key.flat).find_map(|group| find(group.inner, &below(path, group), name)))
}

fn below(path: &str, key: &Key) -> String {
    if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) }
}

#[cfg(test)]
mod tests {
    use cloudmesh_abstract::{Describe, Key, Secret, settings};

    use crate::config::{Config, Variables};

    settings! {
        /// What must be told.
        struct Told {
            /// Who we are.
            credentials [flat]: Option<Credentials>,
            /// Where it answers.
            endpoint: Option<String>,
        }
    }

    settings! {
        /// Who we are.
        struct Credentials {
            /// The user.
            user as ["LAB_USER"]: Option<String>,
            /// The password.
            password as ["LAB_PASSWORD"]: Option<Secret>,
        }
    }

    fn account(entry: &str, variables: &[(&str, &str)]) -> String {
        let text = format!("cloudmesh:\n  compute:\n    lab: {{cm: {{kind: lab}}, {entry}}}\n");
        let config = Config::from_text(&text, "test").unwrap().with_environment(Variables::new(variables.to_vec()));
        let keys: fn(&str) -> &'static [Key] = |_| Told::KEYS;
        config.account("lab", keys).unwrap()
    }

    #[test]
    fn who_and_where_make_the_account_and_secrets_do_not() {
        let one = account("credentials: {user: albert, password: a}", &[]);
        assert_eq!(one, account("credentials: {password: '${UNSET}', LAB_USER: albert}", &[]));
        assert_eq!(one, account("credentials: {user: '${NAME}'}", &[("NAME", "albert")]));
        assert_eq!(one, account("user: albert, defaults: {size: m1.small}", &[]));
        for other in ["credentials: {user: berta}", "user: albert, endpoint: http://b", "user: '${UNSET}'"] {
            assert_ne!(one, account(other, &[]), "{other}");
        }
    }

    #[test]
    fn without_credentials_the_environment_says_who() {
        let entry = "defaults: {size: m1.small}";
        let albert = account(entry, &[("LAB_USER", "albert"), ("LAB_PASSWORD", "a")]);
        assert_eq!(albert, account(entry, &[("LAB_USER", "albert"), ("LAB_PASSWORD", "b")]));
        assert_ne!(albert, account(entry, &[("LAB_USER", "berta")]));
        let half = |user| account("endpoint: http://b", &[("LAB_USER", user)]);
        assert_ne!(half("albert"), half("berta"), "an entry that leaves open who");
        let whole = |user| account("endpoint: http://b, password: a", &[("LAB_USER", user)]);
        assert_eq!(whole("albert"), whole("berta"), "an entry that signs in by itself");
        let own = account("user: albert", &[]);
        assert_eq!(own, account("user: albert", &[("LAB_USER", "berta")]));
    }
}
