//! Finding credentials where other OpenStack clients have theirs: `clouds.yaml`, `secure.yaml`, the `OS_*` environment.
//!
//! The order is [openstacksdk's](https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html), with
//! these differences, each of which says more than it does: the environment is taken for a cloud only when it says where
//! Keystone is; a file that cannot be read or understood is an error, not left out; profiles of vendors come from
//! `clouds-public.yaml` alone, since addresses that a client ships grow stale.

mod entry;
mod files;
mod machine;
mod region;

use cloudmesh_abstract::{Describe, Error, Result};
use serde_json::Value;

pub(crate) use self::machine::{Machine, Surroundings};

use self::entry::Entry;
use self::files::{File, Group};
use crate::account::Account;
use crate::config::{Config, Credentials};

/// The cloud that the environment describes.
const ENVIRONMENT: &str = "envvars";

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
            let region = given.as_ref().and_then(|given| given.region_name.clone());
            let (found, source) = search(cloud, region.as_deref(), machine)?;
            (given.map_or(found.clone(), |given| given.or(found)), source)
        }
    };
    if let Some(endpoint) = &config.endpoint {
        credentials.auth.auth_url = Some(endpoint.clone());
    }
    Account::new(credentials, source)
}

fn search(cloud: Option<String>, region: Option<&str>, machine: &dyn Surroundings) -> Result<(Credentials, String)> {
    let own = machine.variable("OS_CLOUD_NAME").unwrap_or_else(|| ENVIRONMENT.to_owned());
    let told = ["OS_AUTH_URL", "OS_PROFILE"].iter().any(|name| machine.variable(name).is_some());
    match cloud.or_else(|| machine.variable("OS_CLOUD")) {
        Some(name) if name == own && told => from_environment(region, machine),
        Some(name) => {
            let file = files::clouds(machine)?.ok_or_else(|| no_file(&name))?;
            from_file(&file, &name, region, machine)
        }
        None if told => from_environment(region, machine),
        None => {
            let file = files::clouds(machine)?.ok_or_else(nothing)?;
            match file.clouds.keys().collect::<Vec<_>>().as_slice() {
                [only] => from_file(&file, only, region, machine),
                _ => Err(choose(&file)),
            }
        }
    }
}

fn from_file(
    file: &File,
    name: &str,
    region: Option<&str>,
    machine: &dyn Surroundings,
) -> Result<(Credentials, String)> {
    let Some(Value::Object(values)) = file.clouds.get(name) else { return Err(unknown(file, name)) };
    let source = format!("cloud `{name}` of `{}`", file.path.display());
    let profile = profile(values, &source, machine)?;
    let entry = Entry { values: values.clone(), profile, source: &source };
    Ok((entry.credentials(region, machine)?, source))
}

fn from_environment(region: Option<&str>, machine: &dyn Surroundings) -> Result<(Credentials, String)> {
    let source = "the `OS_*` environment";
    let inner = Credentials::KEYS.iter().filter(|key| key.flat).flat_map(|key| key.inner);
    let spellings = Credentials::KEYS.iter().chain(inner).flat_map(|key| key.spellings);
    let names = spellings.copied().chain(["OS_PROFILE", "OS_AUTH_TOKEN"]);
    let found = names.filter_map(|name| {
        let plain = name.strip_prefix("OS_")?.to_lowercase();
        Some((plain, Value::String(machine.variable(name)?)))
    });
    let mut values: Group = found.collect();
    // It names the cloud that these very values are.
    values.remove("cloud");
    let profile = profile(&values, source, machine)?;
    let entry = Entry { values, profile, source };
    Ok((entry.credentials(region, machine)?, source.to_owned()))
}

/// The vendor's profile that an entry builds upon, also under the key's former name, `cloud`.
fn profile(values: &Group, source: &str, machine: &dyn Surroundings) -> Result<Option<Group>> {
    let Some(name) = values.get("profile").or_else(|| values.get("cloud")).and_then(Value::as_str) else {
        return Ok(None);
    };
    let file = files::profiles(machine)?;
    let found = file.as_ref().and_then(|file| file.clouds.get(name)).and_then(Value::as_object);
    let complete = values.get("auth").and_then(|auth| auth.get("auth_url")).or_else(|| values.get("auth_url"));
    match (found, complete) {
        (Some(found), _) => Ok(Some(found.clone())),
        (None, Some(_)) => Ok(None),
        (None, None) => Err(no_profile(name, source)),
    }
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

fn no_profile(name: &str, source: &str) -> Error {
    let message = format!(
        "no profile `{name}` is known, which {source} builds upon; write `auth_url` and `region_name` there, or the \
         profile into a `clouds-public.yaml` beside it"
    );
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
#[cfg(test)]
mod witness;
