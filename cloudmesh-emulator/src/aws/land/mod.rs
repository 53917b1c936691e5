//! What an account has in one region.

pub(crate) mod instance;
pub(crate) mod seed;

use std::time::Duration;

use jiff::Timestamp;

use self::instance::Instance;
use crate::world::prepared::Prepared;

/// How many instances one may make, when nothing else is said.
const QUOTA: usize = 100;

/// Everything there is in a region.
#[derive(Debug, Clone)]
pub(crate) struct Land {
    pub(crate) region: String,
    /// The account's number.
    pub(crate) account: String,
    pub(crate) now: Timestamp,
    pub(crate) pace: Duration,
    /// In the order of their making.
    pub(crate) instances: Vec<Instance>,
    /// How many instances one may make.
    pub(crate) quota: usize,
    /// Descriptions of instances that were given before.
    pub(crate) prepared: Prepared,
}

impl Land {
    pub(crate) fn new(region: &str, account: &str, now: Timestamp, pace: Duration) -> Self {
        Self {
            region: region.to_owned(),
            account: account.to_owned(),
            now,
            pace,
            instances: Vec::new(),
            quota: QUOTA,
            prepared: Prepared::default(),
        }
    }

    /// Moves on to a moment and ends what is due by then.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// The zones, the first being the one that is taken when nothing is said.
    pub(crate) fn zones(&self) -> [String; 3] {
        ["a", "b", "c"].map(|letter| format!("{}{letter}", self.region))
    }
}

/// A time as EC2 writes it, such as `2026-11-22T10:11:12.000Z`.
pub(crate) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
