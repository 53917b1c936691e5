//! Cloudmesh on Amazon EC2.

mod account;
mod addresses;
mod alias;
mod client;
mod config;
mod connection;
mod filter;
mod flavors;
mod groups;
mod holders;
mod http;
mod images;
mod kept;
mod keyring;
mod keys;
mod leftovers;
mod machine;
mod map;
mod one;
mod raw;
mod refusal;
mod region;
mod rules;
mod shown;
mod sources;
mod wearers;
mod whoami;
mod xml;

pub use crate::config::{Config, Credentials, Imds};

use crate::client::Client;
use crate::machine::Machine;

/// One AWS account in one region.
#[derive(Debug)]
pub struct Aws {
    client: Client,
}

impl Aws {
    fn new(config: Config, context: cloudmesh_abstract::Context) -> Self {
        Self { client: Client::new(config, Machine::this(), context) }
    }
}
