//! The contract between Cloudmesh and its clouds.
//!
//! A provider implements [`ComputeNodeABC`] and registers itself; whoever uses clouds speaks to that trait and never
//! to a vendor. Everything that is the same for all clouds stands here once: the [model](Node), the [`Error`], the
//! [`Settings`] a user writes, the [`Context`] that every wire request passes, and the [`Request`] that every operation
//! is on its way from the user to the provider.
//!
//! This crate knows no vendor, no terminal and no file format.

extern crate self as cloudmesh_abstract;

#[cfg(feature = "conformance")]
pub mod conformance;
mod contract;
mod error;
mod model;
pub mod names;
mod request;
mod settings;

pub use crate::contract::{
    Capabilities, Capability, ComputeNodeABC, Console, Keys, Leftover, Leftovers, Metadata, PublicIps, Raw, RawCall,
    Rename, Resize, SecurityGroups, Suspend,
};
pub use crate::error::{Error, ErrorKind, Place, Result};
pub use crate::model::{
    Direction, Ethertype, Fault, Flavor, FlavorQuery, Identity, Image, ImageQuery, KeyPair, Marks, Node, NodeId,
    NodeQuery, NodeSpec, NodeState, Protocol, PublicIp, RebootKind, SecurityGroup, SecurityRule, Token, UserData,
};
pub use crate::request::{Operation, Reply, Request};
pub use crate::settings::{Describe, Form, Key, Setting, Settings};
pub use secrecy::{ExposeSecret, SecretString as Secret};

/// What the macros of this crate expand to. Not for use by hand.
#[doc(hidden)]
pub mod private {
    pub use serde::{self, Deserialize};
}
