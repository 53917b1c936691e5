//! Cloud compute APIs on loopback, for trying out, teaching and testing.
//!
//! An [`Emulator`] is a [`World`] (accounts, nodes that change on a clock, images, flavors, networks) and faces over
//! it, each of which speaks one vendor's API and checks what the vendor checks: OpenStack (Keystone v3, Nova v2.1 with
//! microversions, Glance v2, Neutron v2.0) and AWS (EC2 and STS in the Query form, Signature Version 4).
//!
//! It listens on loopback only, keeps everything in memory, and forgets it at the end. Passwords are made at start, and
//! so are, with [`tls`](Builder::tls), its certificate and the root that signs it.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use cloudmesh_abstract::conformance::{Disturbance, Trouble};
//! use cloudmesh_emulator::Emulator;
//!
//! let emulator = Emulator::start().await?;
//! let settings = emulator.settings("openstack")?;
//! assert!(settings.get("credentials.auth.password").is_some());
//! emulator.troubles().disturb(Disturbance::new(Trouble::Throttled { retry_after: None }).every(3));
//! # Ok::<(), cloudmesh_abstract::Error>(())
//! # }).unwrap();
//! ```

#[expect(dead_code, reason = "some of the core serves actions that are not there yet")]
mod aws;
mod builder;
mod emulator;
mod exchange;
mod face;
mod gate;
mod hex;
mod journal;
mod openstack;
mod private;
mod server;
mod settings;
mod target;
mod tls;
mod troubles;
mod world;

pub use crate::builder::Builder;
pub use crate::emulator::Emulator;
pub use crate::gate::{Held, When};
pub use crate::settings::{AwsProofs, CLOUD, KINDS};
pub use crate::target::target;
pub use crate::tls::Certificate;
pub use crate::world::{Clock, World};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
