//! One way to run virtual machines on many clouds.
//!
//! # One cloud
//!
//! [`Provider::new`] reads a cloud's entry in `~/.cloudmesh/cloudmesh.yaml`, finds the provider of its kind among those
//! that are linked, and speaks to it through [`ComputeNodeABC`], the same for every cloud. What only some clouds can do
//! is a trait of its own, such as [`Suspend`] or [`SecurityGroups`]. Nodes can be named by patterns
//! ([`Provider::nodes`]), and what becomes of each is an [`Outcome`] of its own.
//!
//! ```no_run
//! use cloudmesh_compute::{ComputeNodeABC, Goal, Provider, Wishes};
//!
//! # async fn example() -> cloudmesh_compute::Result<()> {
//! let cloud = Provider::new("mycloud")?;
//! // What is not wished, the configuration's defaults say: image, size, key, …
//! let node = cloud.create(&Wishes::default().spec(&cloud, "web-1")?).await?;
//! println!("{} is {}", node.name, node.status);
//! for outcome in cloud.nodes("web-[1-3]")?.wait(Goal::Running).await? {
//!     println!("{}: {:?}", outcome.name, outcome.result);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Many clouds
//!
//! [`Clouds`] asks several at once. What comes back is [`Partial`]: what succeeded, and beside it what failed and why,
//! so that a slow or broken cloud hides none of the others.
//!
//! ```no_run
//! use cloudmesh_compute::{Clouds, NodeQuery};
//! use std::time::Duration;
//!
//! # async fn example() -> cloudmesh_compute::Result<()> {
//! let clouds = Clouds::builder(["lab*", "mycloud"]).deadline(Duration::from_secs(30)).build()?;
//! let listing = clouds.list(&NodeQuery::new()).await;
//! for node in &listing.done {
//!     println!("{} {} {}", node.cloud, node.name, node.status);
//! }
//! for error in &listing.failed {
//!     eprintln!("{error}");
//! }
//! let stopped = clouds.nodes("web-*")?.stop().await.into_result()?; // an error if anything failed
//! # Ok(())
//! # }
//! ```
//!
//! # Without `async`
//!
//! [`blocking`] has the same types and methods for programs that wait.
//!
//! ```no_run
//! use cloudmesh_compute::blocking::Provider;
//!
//! # fn example() -> cloudmesh_compute::Result<()> {
//! Provider::new("mycloud")?.nodes("web-[1-3]")?.destroy()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Errors, limits, and trying out
//!
//! There is one [`Error`]; its [`kind`](Error::kind) means the same on every cloud. Each operation has a
//! [deadline](ProviderBuilder::deadline), is repeated where that is safe, and stays under the cloud's
//! [limit](ProviderBuilder::parallel) of requests at once. A [dry run](ProviderBuilder::dry_run) changes nothing and
//! notes in a [`Plan`] what would have been done. [`ProviderBuilder::witness`] tells of every answer.
//!
//! The library keeps nothing but sign-in tokens, in files of their own beside the usual configuration
//! ([`config`]); the known state and the journal are `cms`'s.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `cli` (default) | the program `cms`, with SQLite and the crates for terminals; a library user may leave it out |
//! | `aws` | clouds of kind `aws` |
//! | `openstack` | clouds of kind `openstack` |
//! | `memory` | clouds of kind `memory`, which live in the process, for tests |

mod addresses;
pub mod blocking;
mod boot;
#[cfg(feature = "cli")]
pub mod cli;
mod clouds;
#[cfg(feature = "cli")]
mod command;
pub mod config;
mod kinds;
pub mod library;
mod nodes;
mod partial;
mod provider;
mod rename;
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
    FlavorQuery, Form, Goal, Grant, HeldBack, Identity, Image, ImageQuery, Kept, Key, KeyPair, Keys, Leftover,
    Leftovers, Local, Login, Marks, MemoryTokens, Metadata, NoTokens, Node, NodeId, NodeQuery, NodeSpec, NodeState,
    Operation, Outcome as Attempt, Page, Place, Plan, PollPolicy, Protocol, PublicIp, PublicIps, PublicKey, Raw,
    RawCall, RebootKind, Recorder, Registration, Rehearsal, Rehearsed, Rename, Reply, Request, Resize, Result,
    RetryPolicy, Secret, SecurityGroup, SecurityGroups, SecurityRule, Setting, Settings, Silent, SkippingClock, Step,
    Suspend, SystemClock, Token, TokenStore, Trace, UserData, Wire, Young, all_pages, expose, names, nearest,
    registration, registrations, settings, wait_for,
};
#[cfg(feature = "aws")]
pub use cloudmesh_aws as aws;
#[cfg(feature = "openstack")]
pub use cloudmesh_openstack as openstack;

pub use crate::boot::{Choice, Source, Wishes};
pub use crate::clouds::{Clouds, CloudsBuilder, CloudsNodes};
pub use crate::nodes::{Nodes, Outcome};
pub use crate::partial::{Partial, Plural};
pub use crate::provider::{Brought, DEADLINE, GroupChanges, Provider, ProviderBuilder};
pub use crate::witness::Witness;

/// The examples in the READMEs, compiled as tests.
#[cfg(all(doctest, feature = "openstack"))]
mod readmes {
    #[doc = include_str!("../../README.md")]
    mod project {}
    #[doc = include_str!("../README.md")]
    mod package {}
}
