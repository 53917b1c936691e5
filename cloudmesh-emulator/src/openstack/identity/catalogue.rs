//! The services of the cloud, as Keystone lists them.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::exchange::Ask;
use crate::hex::hex;
use crate::openstack::urls::Urls;

/// The one region.
pub(super) const REGION: &str = "RegionOne";

/// The catalogue, with addresses as the client calls this server; volumes have the project in theirs.
pub(super) fn catalogue(ask: &Ask, volumes: Option<&str>) -> Value {
    let urls = Urls::new(ask);
    let services = [
        ("identity", "keystone", format!("{}/v3", urls.identity())),
        ("image", "glance", urls.image()),
        ("placement", "placement", urls.placement()),
        ("compute", "nova", format!("{}/v2.1", urls.compute())),
        ("network", "neutron", urls.network()),
    ];
    let volumes = volumes.map(|project| ("volumev3", "cinderv3", format!("{}/v3/{project}", urls.volume())));
    services.iter().chain(volumes.iter()).map(|(kind, name, url)| service(kind, name, url)).collect()
}

fn service(kind: &str, name: &str, url: &str) -> Value {
    let endpoint = |interface: &str| {
        json!({
            "id": id(&format!("{kind} {interface}")), "interface": interface,
            "region_id": REGION, "url": url, "region": REGION,
        })
    };
    let endpoints: Vec<Value> = ["public", "internal", "admin"].map(endpoint).into();
    json!({"endpoints": endpoints, "id": id(kind), "type": kind, "name": name})
}

/// An id that is always the same for the same text.
pub(super) fn id(text: &str) -> String {
    hex(&Sha256::digest(text)[..16])
}
