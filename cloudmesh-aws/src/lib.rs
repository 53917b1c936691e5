//! Cloudmesh on Amazon EC2.
//!
//! ```
//! use cloudmesh_abstract::{ComputeNodeABC, Connect, Context, NodeQuery, Settings};
//! use cloudmesh_aws::Aws;
//!
//! # async fn show() -> cloudmesh_abstract::Result<()> {
//! let settings = Settings::default().with("credentials.profile", "work").with("credentials.region", "eu-central-1");
//! let cloud = Aws::connect(settings.parse()?, Context::builder("work").build())?;
//! for node in cloud.list(&NodeQuery::new()).await? {
//!     println!("{} {}", node.label(), node.status);
//! }
//! # Ok(())
//! # }
//! ```

// The SDK's futures are many layers deep.
#![recursion_limit = "256"]

mod account;
mod addresses;
mod alias;
mod check;
mod client;
mod config;
mod connection;
mod console;
mod create;
mod disk;
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
mod metadata;
mod network;
mod node;
mod one;
mod order;
mod power;
mod raw;
mod refusal;
mod region;
mod rename;
mod resize;
mod rules;
mod shown;
mod sources;
mod suspend;
mod wearers;
mod whoami;
mod whole;
mod xml;

use cloudmesh_abstract::{Connect, Context, Result, Settings, register};

pub use crate::config::{Config, Credentials, Imds};

use crate::client::Client;
use crate::machine::Machine;

/// One AWS account in one region.
#[derive(Debug)]
pub struct Aws {
    client: Client,
}

register!(Aws);

impl Connect for Aws {
    const KIND: &'static str = "aws";
    const ABOUT: &'static str = "Amazon EC2";
    type Config = Config;

    /// What the configuration says of credentials is checked here; the first operation looks for them and for the region.
    fn connect(config: Config, context: Context) -> Result<Self> {
        sources::check(&config)?;
        Ok(Self { client: Client::new(config, Machine::this(), context) })
    }

    fn example() -> Settings {
        Settings::default()
            .with("credentials.region", "us-east-1")
            .with("credentials.aws_access_key_id", "${AWS_ACCESS_KEY_ID}")
            .with("credentials.aws_secret_access_key", "${AWS_SECRET_ACCESS_KEY}")
    }
}
