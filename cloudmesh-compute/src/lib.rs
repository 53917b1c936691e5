//! One way to run virtual machines on many clouds.
//!
//! [`Provider::new`] reads a cloud's entry in `~/.cloudmesh/cloudmesh.yaml`, finds the provider of its kind among those
//! that are linked, and speaks to it through [`ComputeNodeABC`], the same for every cloud.
//!
//! ```no_run
//! use cloudmesh_compute::{Provider, Wishes};
//!
//! # async fn example() -> cloudmesh_compute::Result<()> {
//! let cloud = Provider::new("mycloud")?;
//! let spec = Wishes::default().spec(&cloud, "web-1")?;
//! # use cloudmesh_compute::ComputeNodeABC;
//! let node = cloud.create(&spec).await?;
//! println!("{} is {}", node.name, node.status);
//! cloud.nodes("web[1-3]")?.destroy().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `cli` (default) | the program `cms` |
//! | `openstack` | clouds of kind `openstack` |
//! | `memory` | clouds of kind `memory`, which live in the process, for tests |

pub mod blocking;
mod boot;
#[cfg(feature = "cli")]
pub mod cli;
mod clouds;
#[cfg(feature = "cli")]
mod command;
pub mod config;
mod kinds;
mod nodes;
mod partial;
mod provider;
#[cfg(feature = "cli")]
mod state;
#[cfg(feature = "cli")]
mod variables;
mod witness;
mod work;

#[cfg(feature = "memory")]
pub use cloudmesh_abstract::memory;
pub use cloudmesh_abstract::{
    Call, Capabilities, Capability, Clock, ComputeNodeABC, Connect, Console, Context, ContextBuilder, Deadline,
    Describe, Direction, DryRun, Effect, Error, ErrorKind, Ethertype, Event, ExposeSecret, Fault, FileTokens, Flavor,
    FlavorQuery, Form, Goal, Grant, Identity, Image, ImageQuery, Kept, Key, KeyPair, Keys, Leftover, Leftovers, Local,
    Login, Marks, MemoryTokens, Metadata, NoTokens, Node, NodeId, NodeQuery, NodeSpec, NodeState, Operation,
    Outcome as Attempt, Page, Place, Plan, PollPolicy, Protocol, PublicIp, PublicIps, Raw, RawCall, RebootKind,
    Recorder, Registration, Rehearsal, Rehearsed, Rename, Reply, Request, Resize, Result, RetryPolicy, Secret,
    SecurityGroup, SecurityGroups, SecurityRule, Setting, Settings, Silent, SkippingClock, Step, Suspend, SystemClock,
    Token, TokenStore, Trace, UserData, Wire, Young, all_pages, expose, names, nearest, registration, registrations,
    settings, wait_for,
};
#[cfg(feature = "openstack")]
pub use cloudmesh_openstack as openstack;

pub use crate::boot::{Choice, Source, Wishes};
pub use crate::clouds::{Clouds, CloudsBuilder, CloudsNodes};
pub use crate::nodes::{Nodes, Outcome};
pub use crate::partial::{Partial, Plural};
pub use crate::provider::{DEADLINE, Provider, ProviderBuilder};
pub use crate::witness::Witness;

/// The examples in the READMEs, compiled as tests.
#[cfg(all(doctest, feature = "openstack"))]
mod readmes {
    #[doc = include_str!("../../README.md")]
    mod project {}
    #[doc = include_str!("../README.md")]
    mod package {}
}
