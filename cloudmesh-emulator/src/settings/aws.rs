//! What to tell clients about the emulated AWS.

use cloudmesh_abstract::ExposeSecret;
use cloudmesh_abstract::conformance::Props;
use serde_json::{Map, Value, json};

use super::{CLOUD, shown};
use crate::Emulator;
use crate::aws::{REGION, seed};

/// What new nodes boot from when nothing else is said: the newest image of a family.
pub(super) const IMAGE: &str = seed::IMAGE;

/// What exists there to make nodes from, each under its own name.
pub(super) fn props() -> Props {
    let props = Props::new(seed::OWN_IMAGE, seed::FLAVOR).with_key(seed::KEY).with_secgroup(seed::GROUP);
    props.with_raw("/?Action=DescribeRegions")
}

impl Emulator {
    /// An AWS shared `config` file: its default profile, and one called [`CLOUD`], lead here.
    pub fn aws_config(&self) -> String {
        let profile = |name: &str| {
            let trust = self.root_file().map(|file| format!("ca_bundle = {}\n", shown(file))).unwrap_or_default();
            format!("[{name}]\nregion = {REGION}\nendpoint_url = {}\n{trust}", self.url())
        };
        format!("{}\n{}", profile("default"), profile(&format!("profile {CLOUD}")))
    }

    /// An AWS shared `credentials` file for [`aws_config`](Self::aws_config). It holds a secret.
    pub fn aws_credentials(&self) -> String {
        let (id, secret) = self.access_key();
        let profile = |name| format!("[{name}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        format!("{}\n{}", profile("default"), profile(CLOUD))
    }

    /// What a provider is told.
    pub(super) fn aws_told(&self) -> Map<String, Value> {
        let (id, secret) = self.access_key();
        let credentials = json!({"region": REGION, "aws_access_key_id": id, "aws_secret_access_key": secret});
        Map::from_iter([("credentials".to_owned(), credentials), ("endpoint".to_owned(), json!(self.url()))])
    }

    /// The id and the secret of the user's access key.
    fn access_key(&self) -> (String, String) {
        self.world().aws(|account| {
            let id = account.access.first.clone();
            let secret = account.access.key(&id).map(|key| key.secret.expose_secret().to_owned());
            (id, secret.unwrap_or_default())
        })
    }
}
