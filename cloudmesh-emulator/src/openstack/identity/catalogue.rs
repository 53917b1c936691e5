//! The services of the cloud, as Keystone lists them.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::exchange::Ask;
use crate::hex::hex;
use crate::openstack::urls::Urls;
use crate::world::State;
use crate::world::account::Token;

/// The catalogue, with addresses as the client calls this server; volumes have the token's project in theirs.
pub(super) fn catalogue(state: &State, ask: &Ask, token: &Token) -> Value {
    let urls = Urls::new(ask);
    let services = [
        ("identity", "keystone", format!("{}/v3", urls.identity())),
        ("image", "glance", urls.image()),
        ("placement", "placement", urls.placement()),
        ("compute", "nova", format!("{}/v2.1", urls.compute())),
        ("network", "neutron", urls.network()),
    ];
    let volumes = token.project().and_then(|project| state.with_volumes(project));
    let volumes = volumes.map(|project| ("volumev3", "cinderv3", format!("{}/v3/{project}", urls.volume())));
    let all = services.iter().chain(volumes.iter());
    let there = all.filter(|(kind, ..)| !state.accounts.without.iter().any(|out| out == kind));
    there.map(|(kind, name, url)| service(&state.accounts.regions, kind, name, url)).collect()
}

fn service(regions: &[String], kind: &str, name: &str, url: &str) -> Value {
    let endpoint = |region: &String, interface: &str| {
        json!({
            "id": id(&format!("{kind} {interface} {region}")), "interface": interface,
            "region_id": region, "url": url, "region": region,
        })
    };
    let interfaces = ["public", "internal", "admin"];
    let endpoints = regions.iter().flat_map(|region| interfaces.map(|interface| endpoint(region, interface)));
    let endpoints: Vec<Value> = endpoints.collect();
    json!({"endpoints": endpoints, "id": id(kind), "type": kind, "name": name})
}

/// An id that is always the same for the same text.
pub(super) fn id(text: &str) -> String {
    hex(&Sha256::digest(text)[..16])
}
