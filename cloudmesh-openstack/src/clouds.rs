//! Finding credentials where other OpenStack clients have theirs: `clouds.yaml`, `secure.yaml`, the `OS_*` environment.
//!
//! The order is [openstacksdk's](https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html).

use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};

use cloudmesh_abstract::{Describe, Error, Form, Key, Result, Settings};
use serde_json::{Map, Value};

use crate::account::Account;
use crate::config::{Config, Credentials};

/// What this process can see of its machine, so that tests can show it another one.
pub(crate) trait Surroundings: Debug + Send + Sync {
    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<String>;

    /// The text of a file.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// The folder of the user's configuration files.
    fn config_folder(&self) -> Option<PathBuf>;
}

/// The machine as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine;

impl Surroundings for Machine {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn config_folder(&self) -> Option<PathBuf> {
        let told = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
        told.or_else(|| std::env::home_dir().map(|home| home.join(".config")))
    }
}

/// The account that a configuration means, with what it leaves open found on the machine.
///
/// # Errors
///
/// A configuration error for what is missing, contradicts itself or cannot be read.
pub(crate) fn account(config: &Config, machine: &dyn Surroundings) -> Result<Account> {
    let given = config.credentials.clone();
    let (mut credentials, source) = match given {
        Some(given) if given.stand_alone() => (given, "the configuration".to_owned()),
        given => {
            let cloud = given.as_ref().and_then(|given| given.cloud.clone());
            let (found, source) = search(cloud, machine)?;
            (given.map_or(found.clone(), |given| given.or(found)), source)
        }
    };
    if let Some(endpoint) = &config.endpoint {
        credentials.auth.auth_url = Some(endpoint.clone());
    }
    Account::new(credentials, source)
}

fn search(cloud: Option<String>, machine: &dyn Surroundings) -> Result<(Credentials, String)> {
    if let Some(name) = cloud.or_else(|| machine.variable("OS_CLOUD")) {
        return entry(&clouds(machine)?.ok_or_else(|| no_file(&name))?, &name);
    }
    if machine.variable("OS_AUTH_URL").is_some() {
        return Ok((from_environment(machine)?, "the `OS_*` environment".to_owned()));
    }
    let file = clouds(machine)?.ok_or_else(nothing)?;
    match file.clouds.keys().collect::<Vec<_>>().as_slice() {
        [only] => entry(&file, only),
        _ => Err(choose(&file)),
    }
}

/// A `clouds.yaml` that was read, its secrets filled in.
#[derive(Debug)]
struct File {
    path: PathBuf,
    clouds: Map<String, Value>,
}

fn clouds(machine: &dyn Surroundings) -> Result<Option<File>> {
    let Some((path, mut clouds)) = first(machine, "OS_CLIENT_CONFIG_FILE", "clouds")? else { return Ok(None) };
    if let Some((_, secrets)) = first(machine, "OS_CLIENT_SECURE_FILE", "secure")? {
        merge(&mut clouds, secrets);
    }
    Ok(Some(File { path, clouds }))
}

/// The first file of this name that exists, and what stands under `clouds` in it.
fn first(machine: &dyn Surroundings, variable: &str, name: &str) -> Result<Option<(PathBuf, Map<String, Value>)>> {
    let told = machine.variable(variable).map(PathBuf::from);
    let folders = [
        Some(PathBuf::new()),
        machine.config_folder().map(|folder| folder.join("openstack")),
        Some(PathBuf::from("/etc/openstack")),
    ];
    let usual = folders.into_iter().flatten();
    let usual = usual.flat_map(|folder| ["yaml", "yml"].map(|end| folder.join(name).with_extension(end)));
    for path in told.into_iter().chain(usual) {
        match machine.read(&path) {
            Ok(text) => return parse(&path, &text).map(|clouds| Some((path, clouds))),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(unreadable(&path, "cannot be read").with_source(error)),
        }
    }
    Ok(None)
}

fn parse(path: &Path, text: &str) -> Result<Map<String, Value>> {
    let broken = |error| unreadable(path, "is not valid YAML").with_source(error);
    let mut tree: serde_yaml::Value = serde_yaml::from_str(text).map_err(broken)?;
    tree.apply_merge().map_err(broken)?;
    match serde_json::to_value(tree) {
        Ok(Value::Object(mut root)) => match root.remove("clouds") {
            Some(Value::Object(clouds)) => Ok(clouds),
            _ => Err(unreadable(path, "has no group `clouds`")),
        },
        _ => Err(unreadable(path, "must be a group of keys")),
    }
}

fn merge(target: &mut Map<String, Value>, more: Map<String, Value>) {
    for (name, value) in more {
        match (target.get_mut(&name), value) {
            (Some(Value::Object(inner)), Value::Object(value)) => merge(inner, value),
            (_, value) => _ = target.insert(name, value),
        }
    }
}

fn entry(file: &File, name: &str) -> Result<(Credentials, String)> {
    let path = file.path.display();
    let Some(Value::Object(entry)) = file.clouds.get(name) else { return Err(unknown(file, name)) };
    let source = format!("cloud `{name}` of `{path}`");
    let credentials = Settings::new(known(entry, Credentials::KEYS)).parse().map_err(|error: Error| {
        let message = format!("{} in {source}", error.message());
        error.with_message(message)
    })?;
    Ok((credentials, source))
}

/// What we understand of an entry: other clients know dozens of keys more.
fn known(entry: &Map<String, Value>, keys: &'static [Key]) -> Map<String, Value> {
    let inner = keys.iter().filter(|key| key.flat).flat_map(|key| key.inner);
    let keys: Vec<&Key> = keys.iter().chain(inner).collect();
    let understood = entry.iter().filter_map(|(name, value)| {
        // In `clouds.yaml` this key names a vendor's profile, not a cloud.
        let key = keys.iter().find(|key| key.is(name) && key.name != "cloud")?;
        Some((name.clone(), fit(value, key)?))
    });
    understood.collect()
}

/// A value in the form that its key asks for: these files and the environment are freer with types than ours.
fn fit(value: &Value, key: &Key) -> Option<Value> {
    match (key.form, value) {
        (_, Value::Null) => None,
        (Form::Group, Value::Object(group)) => Some(Value::Object(known(group, key.inner))),
        (Form::Text, Value::Number(number)) => Some(Value::String(number.to_string())),
        (Form::Text, Value::Bool(flag)) => Some(Value::String(flag.to_string())),
        (Form::Boolean, Value::String(word)) => {
            Some(Value::Bool(matches!(word.to_lowercase().as_str(), "true" | "1" | "yes")))
        }
        _ => Some(value.clone()),
    }
}

fn from_environment(machine: &dyn Surroundings) -> Result<Credentials> {
    let inner = Credentials::KEYS.iter().filter(|key| key.flat).flat_map(|key| key.inner);
    let found = Credentials::KEYS.iter().chain(inner).filter_map(|key| {
        let mut names = key.spellings.iter().filter(|name| name.starts_with("OS_"));
        let value = names.find_map(|name| machine.variable(name))?;
        Some((key.name.to_owned(), fit(&Value::String(value), key)?))
    });
    Settings::new(found.collect()).parse()
}

fn unreadable(path: &Path, why: &str) -> Error {
    Error::config("credentials", format!("`{}` {why}", path.display()))
}

fn names(file: &File) -> String {
    file.clouds.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn unknown(file: &File, name: &str) -> Error {
    let message = format!("there is no cloud `{name}` in `{}`, only {}", file.path.display(), names(file));
    Error::config("credentials.cloud", message)
}

fn choose(file: &File) -> Error {
    let message =
        format!("say with `cloud:` which of the clouds in `{}` is meant: {}", file.path.display(), names(file));
    Error::config("credentials.cloud", message)
}

fn no_file(name: &str) -> Error {
    let message = format!(
        "no `clouds.yaml` was found for cloud `{name}`; it is looked for where OS_CLIENT_CONFIG_FILE says, \
         in `.`, `~/.config/openstack` and `/etc/openstack`"
    );
    Error::config("credentials.cloud", message)
}

fn nothing() -> Error {
    let message = "there are no credentials; write them under `credentials`, name a cloud of `clouds.yaml` with `cloud:`, \
                   or set OS_CLOUD or OS_AUTH_URL and the other OS_* variables";
    Error::config("credentials", message)
}

#[cfg(test)]
mod tests;
