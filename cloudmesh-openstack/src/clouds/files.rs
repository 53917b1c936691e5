//! `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`: where they are, and reading them.

use std::io;
use std::path::{Path, PathBuf};

use cloudmesh_abstract::{Error, Result};
use serde_json::{Map, Value};

use super::machine::Surroundings;

/// A group of named values.
pub(super) type Group = Map<String, Value>;

/// A file that was read.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// The clouds by their names.
    pub(super) clouds: Group,
}

/// The first `clouds.yaml`, what the first `secure.yaml` says put over it.
pub(super) fn clouds(machine: &dyn Surroundings) -> Result<Option<File>> {
    let open = first(machine, "OS_CLIENT_CONFIG_FILE", "clouds", "clouds")?;
    let secret = first(machine, "OS_CLIENT_SECURE_FILE", "secure", "clouds")?;
    Ok(match (open, secret) {
        (Some(mut open), Some(secret)) => {
            merge(&mut open.clouds, secret.clouds);
            Some(open)
        }
        (open, secret) => open.or(secret),
    })
}

/// The profiles of vendors, by their names.
pub(super) fn profiles(machine: &dyn Surroundings) -> Result<Option<File>> {
    first(machine, "OS_CLIENT_VENDOR_FILE", "clouds-public", "public-clouds")
}

/// The first file of this name that exists, and what stands below `root` in it.
fn first(machine: &dyn Surroundings, variable: &str, name: &str, root: &str) -> Result<Option<File>> {
    let told = machine.variable(variable).map(PathBuf::from);
    let usual = folders(machine);
    let usual = usual.iter().flat_map(|folder| ["yaml", "yml", "json"].map(|end| folder.join(format!("{name}.{end}"))));
    for path in told.into_iter().chain(usual) {
        match machine.read(&path) {
            Ok(text) => return parse(&path, &text, root).map(|clouds| Some(File { path, clouds })),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(unreadable(&path, "cannot be read").with_source(error)),
        }
    }
    Ok(None)
}

/// Where such files are looked for: here, at the user's, at the machine's.
fn folders(machine: &dyn Surroundings) -> Vec<PathBuf> {
    let home = machine.variable("SNAP_REAL_HOME").map(PathBuf::from).or_else(|| machine.home());
    let own = machine.variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let site = machine.variable("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".to_owned());
    let mut folders = vec![PathBuf::new()];
    folders.extend(own.into_iter().chain(home.map(|home| home.join(".config"))).map(|folder| folder.join("openstack")));
    folders
        .extend(site.split(':').filter(|folder| !folder.is_empty()).map(|folder| Path::new(folder).join("openstack")));
    folders.push("/etc/openstack".into());
    folders
}

/// Reads YAML, of which JSON is a part.
fn parse(path: &Path, text: &str, root: &str) -> Result<Group> {
    let broken = |error| unreadable(path, "is not valid YAML").with_source(error);
    let mut tree: serde_yaml::Value = serde_yaml::from_str(text).map_err(broken)?;
    tree.apply_merge().map_err(broken)?;
    match serde_json::to_value(tree) {
        Ok(Value::Object(mut all)) => match all.remove(root) {
            Some(Value::Object(clouds)) => Ok(clouds),
            _ => Err(unreadable(path, &format!("has no group `{root}`"))),
        },
        _ => Err(unreadable(path, "must be a group of keys")),
    }
}

fn merge(target: &mut Group, more: Group) {
    for (name, value) in more {
        match (target.get_mut(&name), value) {
            (Some(Value::Object(inner)), Value::Object(value)) => merge(inner, value),
            (_, value) => _ = target.insert(name, value),
        }
    }
}

fn unreadable(path: &Path, why: &str) -> Error {
    let message = format!("`{}` {why}; correct it, or move it away", path.display());
    Error::config("credentials", message)
}
