//! What a user says about a cloud, and what a provider makes of it.
//!
//! A provider declares its configuration with [`settings!`](crate::settings!): one declaration gives the struct, the
//! spellings that are accepted, and the description that suggestions, checks and documentation are made from.

mod key;
mod macros;
mod shape;

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::key::{Form, Key, Setting};
use crate::{Error, Result};

/// The untyped settings of one cloud: `credentials`, `defaults`, `endpoint` and so on, references already resolved.
///
/// `Debug` shows the names and the types of values, never the values, since any of them may be a secret.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(Map<String, Value>);

/// What a provider must be told, as [`settings!`](crate::settings!) declares it.
pub trait Describe: DeserializeOwned {
    /// Its keys, in the order of the declaration.
    const KEYS: &'static [Key];
}

impl Settings {
    /// Settings from a JSON object.
    pub fn new(map: Map<String, Value>) -> Self {
        Self(map)
    }

    /// The settings as JSON, to hand them on.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The value at a key path such as `credentials.auth.auth_url`.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut names = path.split('.');
        let first = self.0.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    }

    /// Puts a value at a key path and makes the groups on the way.
    #[must_use]
    pub fn with(mut self, path: &str, value: impl Into<Value>) -> Self {
        let mut names: Vec<&str> = path.split('.').collect();
        let last = names.pop().unwrap_or_default();
        let mut group = &mut self.0;
        for name in names {
            let entry = group.entry(name).or_insert_with(|| Value::Object(Map::new()));
            if !entry.is_object() {
                *entry = Value::Object(Map::new());
            }
            let Value::Object(inner) = entry else { return self };
            group = inner;
        }
        group.insert(last.to_owned(), value.into());
        self
    }

    /// Reads the settings as a provider's configuration.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) with the key path of the first mistake: an unknown key with the
    /// nearest right one, a wrong type, a value still `TBD`, a key written twice in two spellings, a missing key.
    /// Below `credentials` the message names the type that was found, never the value.
    pub fn parse<T: Describe>(&self) -> Result<T> {
        let mut shaped = shape::shape(&self.0, T::KEYS, "")?;
        shape::complete(&mut shaped, T::KEYS, "")?;
        serde_path_to_error::deserialize(Value::Object(shaped)).map_err(|error| {
            let path = error.path().to_string();
            let path = if path == "." { String::new() } else { path };
            Error::config(&path, shape::refusal(&path, &error.into_inner().to_string()))
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn redact(map: &Map<String, Value>) -> Map<String, Value> {
            map.iter().map(|(name, value)| (name.clone(), hide(value))).collect()
        }
        fn hide(value: &Value) -> Value {
            match value {
                Value::Object(map) => Value::Object(redact(map)),
                other => Value::String(format!("[{}]", shape::found(other))),
            }
        }
        write!(f, "Settings({})", Value::Object(redact(&self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::{Describe, ErrorKind, Secret, settings};
    use secrecy::ExposeSecret;
    use serde_json::{Value, json};

    settings! {
        /// Who we are.
        struct Auth {
            /// Where Keystone answers.
            auth_url as ["OS_AUTH_URL"]: String,
            /// The password.
            password as ["OS_PASSWORD"]: Option<Secret>,
        }
    }

    settings! {
        /// What must be told.
        struct Config {
            /// Who we are.
            auth [flat]: Auth,
            /// The region.
            region: Option<String>,
            /// Whether to look twice.
            careful: Option<bool>,
            /// The networks.
            networks: Option<Vec<String>>,
        }
    }

    settings! {
        /// A cloud's entry.
        struct Entry {
            /// Who we are to the cloud.
            credentials: Config,
        }
    }

    fn settings(value: &Value) -> Settings {
        Settings::new(value.as_object().unwrap().clone())
    }

    fn complaint(value: &Value) -> (String, String) {
        let error = settings(value).parse::<Entry>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        (error.key().unwrap().to_owned(), error.message().to_owned())
    }

    #[test]
    fn accepts_nested_flat_and_old_spellings() {
        let shapes = [
            json!({"credentials": {"auth": {"auth_url": "http://k", "password": "p"}}}),
            json!({"credentials": {"auth_url": "http://k", "password": "p"}}),
            json!({"credentials": {"OS_AUTH_URL": "http://k", "OS_PASSWORD": "p"}}),
        ];
        for shape in shapes {
            let entry: Entry = settings(&shape).parse().unwrap();
            assert_eq!(entry.credentials.auth.auth_url, "http://k");
            assert_eq!(entry.credentials.auth.password.unwrap().expose_secret(), "p");
            let Config { region, careful, networks, .. } = entry.credentials;
            assert_eq!((region, careful, networks), (None, None, None));
        }
    }

    #[test]
    fn names_the_place_and_the_nearest_key() {
        let (key, message) = complaint(&json!({"credentials": {"auth": {"auth_ulr": "http://k"}}}));
        assert_eq!(key, "credentials.auth.auth_ulr");
        assert_eq!(message, "unknown key `auth_ulr`, did you mean `auth_url`?");
    }

    #[test]
    fn a_missing_key_is_named() {
        let (key, message) = complaint(&json!({"credentials": {"region": "RegionOne"}}));
        assert_eq!((key.as_str(), message.as_str()), ("credentials.auth.auth_url", "`auth_url` is missing"));
    }

    #[test]
    fn two_spellings_of_one_key_are_refused() {
        let (key, message) = complaint(&json!({"credentials": {"OS_AUTH_URL": "a", "auth": {"auth_url": "b"}}}));
        assert_eq!(key, "credentials.auth.auth_url");
        assert!(message.contains("twice"), "{message}");
    }

    #[test]
    fn a_value_still_to_be_filled_in_is_refused() {
        let table = [
            ("credentials.auth.auth_url", json!({"credentials": {"auth": {"auth_url": "TBD"}}})),
            ("credentials.careful", json!({"credentials": {"auth_url": "http://k", "careful": "TBD"}})),
            ("credentials.networks", json!({"credentials": {"auth_url": "http://k", "networks": "TBD"}})),
            ("credentials.auth", json!({"credentials": {"auth": "TBD"}})),
        ];
        for (place, given) in table {
            let (key, message) = complaint(&given);
            assert_eq!(key, place);
            assert!(message.contains("still `TBD`"), "{message}");
        }
    }

    #[test]
    fn no_value_below_credentials_is_told() {
        let (_, message) = complaint(&json!({"credentials": {"auth_url": "a", "careful": "hunter2"}}));
        assert!(!message.contains("hunter2"), "{message}");
        assert_eq!(message, "`careful` must be true or false, found text");
    }

    #[test]
    fn what_a_variable_holds_may_be_a_flag() {
        let given = json!({"credentials": {"auth_url": "a", "careful": "true"}});
        assert_eq!(settings(&given).parse::<Entry>().unwrap().credentials.careful, Some(true));
    }

    #[test]
    fn debug_shows_types_only() {
        let text = format!("{:?}", settings(&json!({"credentials": {"password": "hunter2", "tries": 3}})));
        assert_eq!(text, r#"Settings({"credentials":{"password":"[text]","tries":"[a number]"}})"#);
    }

    #[test]
    fn keys_describe_themselves() {
        let [credentials] = Entry::KEYS else { panic!("one key") };
        let auth = &credentials.inner[0];
        assert_eq!((auth.name, auth.flat), ("auth", true));
        assert_eq!(
            (auth.inner[1].meaning, auth.inner[1].secret, auth.inner[1].required),
            ("The password.", true, false)
        );
        assert_eq!(auth.inner[0].spellings, ["OS_AUTH_URL"]);
    }

    #[test]
    fn values_are_put_and_found_by_path() {
        let settings = Settings::default().with("credentials.auth.username", "albert");
        assert_eq!(settings.get("credentials.auth.username").unwrap(), "albert");
        assert_eq!(settings.get("credentials.nothing"), None);
    }
}
