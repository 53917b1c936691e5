//! What every face has: one vendor's API over a world.

use std::fmt::Debug;
use std::time::Duration;

use cloudmesh_abstract::Operation;

use crate::World;
use crate::exchange::{Answer, Ask};

/// One vendor's API.
pub(crate) trait Face: Debug + Send + Sync {
    /// Whether a request is for this vendor.
    fn owns(&self, ask: &Ask) -> bool;

    /// Answers a request.
    fn answer(&self, world: &World, ask: &Ask) -> Answer;

    /// What a request is for.
    fn purpose(&self, ask: &Ask) -> Purpose;

    /// The request in one line, without secrets.
    fn line(&self, ask: &Ask) -> String {
        ask.line()
    }

    /// The vendor's answer to too many requests.
    fn throttled(&self, ask: &Ask, retry_after: Option<Duration>) -> Answer;

    /// The vendor's answer when a part of it is down.
    fn unavailable(&self, ask: &Ask) -> Answer;
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Purpose {
    /// The operation it serves.
    pub(crate) operation: Option<Operation>,
    pub(crate) effect: Effect,
    pub(crate) makes: Makes,
    /// It shows a token.
    pub(crate) has_token: bool,
}

/// What a request does to the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    SignIn,
    Look,
    Change,
}

/// What a request makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Makes {
    Nothing,
    /// Something that counts against a quota.
    Something,
    Nodes,
}
