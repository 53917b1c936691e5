//! An account at AWS: who may ask, and what there is in each region.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::access::Access;
use super::identities::Identities;
use super::land::Land;
use super::regions;

/// The region that nodes are in when nothing else is said.
pub(crate) const REGION: &str = "us-east-1";

/// An account, and what it has.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) now: Timestamp,
    pub(crate) access: Access,
    pub(super) identities: Identities,
    /// What shows that a token for a next page is ours.
    pub(super) secret: [u8; 16],
    pace: Duration,
    lands: BTreeMap<String, Land>,
}

impl Account {
    /// An account with one user, and nothing made yet.
    pub(crate) fn new(now: Timestamp, pace: Duration) -> Self {
        let secret = Uuid::new_v4().into_bytes();
        Self { now, access: Access::new(), identities: Identities::new(), secret, pace, lands: BTreeMap::new() }
    }

    /// Moves on to a moment.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// What there is in a region at this moment.
    pub(crate) fn land(&mut self, region: &str) -> &mut Land {
        let (now, pace, account) = (self.now, self.pace, &self.access.account);
        let new = || Land::new(region, account, now, pace);
        let land = self.lands.entry(region.to_owned()).or_insert_with(new);
        land.advance(now);
        land
    }

    /// What there is where nodes are when nothing else is said.
    pub(crate) fn home(&mut self) -> &mut Land {
        self.land(REGION)
    }

    /// Does something and then puts a region back as it was.
    pub(super) fn rehearse<T>(&mut self, region: &str, what: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.land(region).clone();
        let told = what(self);
        self.lands.insert(region.to_owned(), before);
        told
    }

    /// Whether there is such a region.
    pub(super) fn has_region(region: &str) -> bool {
        regions::is_known(region)
    }
}
