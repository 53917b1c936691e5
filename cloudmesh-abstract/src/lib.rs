//! The contract between Cloudmesh and its clouds.
//!
//! A provider implements [`ComputeNodeABC`] and registers itself; whoever uses clouds speaks to that trait and never
//! to a vendor. Everything that is the same for all clouds stands here once: the [model](Node), the [`Error`], the
//! [`Settings`] a user writes, the [`Context`] that every wire request passes, and the [`Request`] that every operation
//! is on its way from the user to the provider.
//!
//! This crate knows no vendor, no terminal and no file format.

extern crate self as cloudmesh_abstract;

mod call;
#[cfg(feature = "memory")]
pub mod conformance;
mod context;
mod contract;
mod error;
pub mod http;
#[cfg(feature = "memory")]
pub mod memory;
mod model;
pub mod names;
mod paging;
mod registry;
mod request;
mod settings;
mod suggest;
mod wait;

pub use crate::call::{Call, Deadline, DryRun, Local, Plan, Step, Young};
pub use crate::context::{
    Clock, Context, ContextBuilder, Effect, Event, FileTokens, Grant, HeldBack, Kept, Login, MemoryTokens, NoTokens,
    Outcome, PollPolicy, Recorder, Rehearsal, Rehearsed, RetryPolicy, SharedLook, Silent, SkippingClock, SystemClock,
    TokenStore, Trace, Wire, expose,
};
pub use crate::contract::{
    Capabilities, Capability, ComputeNodeABC, Console, Keys, Leftover, Leftovers, Metadata, PublicIps, Raw, RawCall,
    Rename, Resize, SecurityGroups, Suspend,
};
pub use crate::error::{Error, ErrorKind, Place, Result};
pub use crate::model::{
    Direction, Ethertype, Fault, Flavor, FlavorQuery, Identity, Image, ImageQuery, KeyPair, Marks, Node, NodeId,
    NodeQuery, NodeSpec, NodeState, Protocol, PublicIp, PublicKey, RebootKind, SecurityGroup, SecurityRule, Token,
    UserData, login_name,
};
pub use crate::paging::{Page, all_pages};
pub use crate::registry::{Connect, Registration, registration, registrations};
pub use crate::request::{Operation, Reply, Request};
pub use crate::settings::{Describe, Form, Key, Setting, Settings};
pub use crate::suggest::nearest;
pub use crate::wait::{Goal, wait_for};
pub use secrecy::{ExposeSecret, SecretString as Secret};

/// What the macros of this crate expand to. Not for use by hand.
#[doc(hidden)]
pub mod private {
    pub use inventory;
    pub use serde::{self, Deserialize};
}

/// The examples of the README, to be compiled.
#[cfg(all(doctest, feature = "conformance"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
