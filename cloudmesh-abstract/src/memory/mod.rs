//! A cloud in memory: for tests, for trying out, and as a model for whoever writes a provider.
//!
//! It behaves as a cloud does. Requests pass the [`Context`], carry a ticket from a sign-in, and are answered in JSON
//! with codes and request ids; listings come in pages; states move on a clock; wrong values and wrong states are
//! refused; a repeated create with the same token makes one node. A [`World`] can be disturbed, as
//! [`Troubles`](crate::conformance::Troubles) says.
//!
//! ```
//! use cloudmesh_abstract::memory::Memory;
//! use cloudmesh_abstract::{ComputeNodeABC, Connect, Context, NodeSpec};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let cloud = Memory::connect(Memory::example().parse()?, Context::builder("lab").build())?;
//! let node = cloud.create(&NodeSpec::new("web-1", "ubuntu-24.04", "m1.small")).await?;
//! assert_eq!(cloud.info(&node.id).await?.name, "web-1");
//! # Ok::<(), cloudmesh_abstract::Error>(())
//! # }).unwrap();
//! ```

mod addresses;
mod catalogue;
mod client;
mod extras;
mod groups;
mod keys;
mod map;
mod node;
mod server;
mod target;
mod wire;

use std::time::Duration;

use self::client::Client;
pub use self::server::World;
pub use self::target::target;
use crate::{Connect, Context, Result, Secret, Settings, settings};

/// The password of every user of every world.
pub const PASSWORD: &str = "relativity-1905";

settings! {
    /// Who we are to the cloud in memory.
    pub struct Credentials {
        /// The user; any name will do.
        pub user: String,
        /// The password, which is the same for all users.
        pub password: Secret,
    }
}

settings! {
    /// What the cloud in memory must be told.
    pub struct Config {
        /// Who we are to the cloud.
        pub credentials: Credentials,
        /// The world: all who name the same one share it within the process; none: a world of one's own.
        pub world: Option<String>,
        /// The region that nodes say they are in.
        pub region: Option<String>,
        /// How long a change of state takes, in milliseconds; 5 unless said.
        pub pace_ms: Option<u64>,
    }
}

/// The cloud in memory, as a provider.
#[derive(Debug)]
pub struct Memory {
    client: Client,
    region: String,
}

impl Connect for Memory {
    const KIND: &'static str = "memory";
    const ABOUT: &'static str = "Cloud in memory";
    type Config = Config;

    fn connect(config: Config, context: Context) -> Result<Self> {
        let world = config.world.map_or_else(World::new, |name| World::named(&name));
        if let Some(pace) = config.pace_ms {
            world.set_pace(Duration::from_millis(pace));
        }
        let region = config.region.unwrap_or_else(|| "here".to_owned());
        Ok(Self { client: Client::new(world, config.credentials, context), region })
    }

    fn example() -> Settings {
        Settings::default().with("credentials.user", "albert").with("credentials.password", PASSWORD)
    }
}

crate::register!(Memory);
