//! Cloudmesh on Amazon EC2.

mod account;
mod client;
mod config;
mod connection;
mod http;
mod kept;
mod keyring;
mod machine;
mod raw;
mod refusal;
mod region;
mod shown;
mod sources;
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
