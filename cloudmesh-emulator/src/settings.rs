//! What to tell clients about an emulator: settings, `cloudmesh.yaml`, `clouds.yaml`.

use std::path::Path;

use cloudmesh_abstract::{Error, ErrorKind, ExposeSecret, Result, Settings};
use serde_json::{Value, json};

use crate::world::seed;
use crate::{Emulator, private};

/// The kinds of clouds there are, as a configuration names them.
pub const KINDS: [&str; 1] = ["openstack"];

/// The name that the emulator has in the files.
pub const CLOUD: &str = "emulator";

impl Emulator {
    /// What a provider of that kind is told: the `credentials` that stand in [`cloudmesh_yaml`](Self::cloudmesh_yaml).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] for a kind that is not emulated.
    pub fn settings(&self, kind: &str) -> Result<Settings> {
        if !KINDS.contains(&kind) {
            let known = KINDS.join("`, `");
            return Err(Error::new(ErrorKind::Unsupported, format!("`{kind}` is not emulated, but `{known}` is")));
        }
        let settings = Settings::default().with("credentials", self.credentials());
        Ok(match self.root_file() {
            Some(file) => settings.with("ca_file", shown(file)),
            None => settings,
        })
    }

    /// Writes [`cloudmesh.yaml`](Self::cloudmesh_yaml) and [`clouds.yaml`](Self::clouds_yaml) into a folder, for their
    /// owner's eyes only.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when they cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        private::write(&folder.join("cloudmesh.yaml"), &self.cloudmesh_yaml())?;
        private::write(&folder.join("clouds.yaml"), &self.clouds_yaml())
    }

    /// A complete `cloudmesh.yaml` with this cloud in it, called [`CLOUD`]. It holds a password.
    pub fn cloudmesh_yaml(&self) -> String {
        let mut cloud = json!({
            "cm": {"name": CLOUD, "kind": "openstack", "label": "emulated OpenStack", "active": true},
            "credentials": self.credentials(),
            "defaults": {"image": seed::IMAGE, "size": seed::FLAVOR, "network": seed::NETWORK},
        });
        if let Some(file) = self.root_file() {
            cloud["ca_file"] = json!(shown(file));
        }
        yaml(&json!({"cloudmesh": {
            "profile": {"user": seed::NAME},
            "default": {"cloud": CLOUD, "group": "cloudmesh"},
            "compute": {CLOUD: cloud},
        }}))
    }

    /// A `clouds.yaml` for OpenStack's own clients: [`CLOUD`] signs in by password, `emulator-appcred` by an
    /// application credential, `emulator-admin` as who operates the cloud, `emulator-system` as the same for the whole
    /// system. It holds secrets.
    pub fn clouds_yaml(&self) -> String {
        yaml(&json!({"clouds": {
            CLOUD: self.cloud(&self.auth(seed::NAME), "password"),
            format!("{CLOUD}-appcred"): self.cloud(&self.application_credential(), "v3applicationcredential"),
            format!("{CLOUD}-admin"): self.cloud(&self.auth(seed::OPERATOR), "password"),
            format!("{CLOUD}-system"): self.cloud(&self.system(), "v3password"),
        }}))
    }

    fn credentials(&self) -> Value {
        json!({"auth": self.auth(seed::NAME), "region": self.region()})
    }

    /// A cloud of a `clouds.yaml`.
    fn cloud(&self, auth: &Value, kind: &str) -> Value {
        let mut cloud =
            json!({"auth_type": kind, "auth": auth, "region_name": self.region(), "identity_api_version": 3});
        if let Some(file) = self.root_file() {
            cloud["cacert"] = json!(shown(file));
        }
        cloud
    }

    fn auth_url(&self) -> String {
        format!("{}/identity/v3", self.url())
    }

    /// The first region.
    fn region(&self) -> String {
        self.world().look(|state| state.accounts.regions.first().cloned().unwrap_or_default())
    }

    /// The same user, for the whole system in place of a project.
    fn system(&self) -> Value {
        let mut auth = self.auth(seed::OPERATOR);
        if let Some(auth) = auth.as_object_mut() {
            auth.retain(|key, _| !key.starts_with("project"));
            auth.insert("system_scope".to_owned(), json!("all"));
        }
        auth
    }

    /// What signs a user in to the project of the same name.
    fn auth(&self, name: &str) -> Value {
        let password = self.world().look(|state| {
            let user = state.accounts.user_named(name);
            user.map(|user| user.password.expose_secret().to_owned()).unwrap_or_default()
        });
        json!({
            "auth_url": self.auth_url(), "username": name, "password": password, "project_name": name,
            "user_domain_name": "Default", "project_domain_name": "Default",
        })
    }

    fn application_credential(&self) -> Value {
        let found = self.world().look(|state| {
            let first = state.accounts.credentials.first();
            first.map(|one| (one.id.clone(), one.secret.expose_secret().to_owned())).unwrap_or_default()
        });
        json!({
            "auth_url": self.auth_url(), "application_credential_id": found.0,
            "application_credential_secret": found.1,
        })
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

/// Plain groups of texts always become YAML.
fn yaml(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default()
}
