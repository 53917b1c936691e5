//! What to tell clients about the emulated OpenStack.

use cloudmesh_abstract::ExposeSecret;
use cloudmesh_abstract::conformance::Props;
use serde_json::{Map, Value, json};

use super::{CLOUD, shown, yaml};
use crate::Emulator;
use crate::world::seed;

/// What exists there to make nodes from.
pub(super) fn props() -> Props {
    let props = Props::new(seed::IMAGE, seed::FLAVOR).with_key(seed::KEY).with_secgroup(seed::GROUP);
    props.with_network(seed::NETWORK).with_raw("compute/flavors?limit=1")
}

impl Emulator {
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

    /// What a provider is told.
    pub(super) fn openstack_told(&self) -> Map<String, Value> {
        let credentials = json!({"auth": self.auth(seed::NAME), "region": self.region()});
        Map::from_iter([("credentials".to_owned(), credentials)])
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
