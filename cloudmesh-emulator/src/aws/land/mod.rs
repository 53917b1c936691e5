//! What an account has in one region.

pub(crate) mod address;
mod catalogue;
pub(crate) mod cidr;
mod der;
mod estate;
mod families;
pub(crate) mod group;
pub(crate) mod ids;
pub(crate) mod image;
pub(crate) mod instance;
pub(crate) mod instance_type;
pub(crate) mod interface;
pub(crate) mod key;
mod ladders;
pub(crate) mod launch;
mod life;
pub(crate) mod new_key;
mod place;
pub(crate) mod public_key;
pub(crate) mod regions;
pub(crate) mod seed;
mod specials;
pub(crate) mod store;
pub(crate) mod tags;
pub(crate) mod traffic;
pub(crate) mod volume;
pub(crate) mod volume_type;
pub(crate) mod vpc;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use self::address::Address;
use self::estate::Limits;
use self::group::Group;
use self::image::Image;
use self::instance::Instance;
use self::interface::Interface;
use self::key::KeyPair;
use self::store::Store;
use self::tags::Tags;
use self::volume::Volume;
use self::vpc::{Subnet, Vpc};
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
    pub(crate) instances: Store<Instance>,
    /// When an instance next changes by itself.
    due: BTreeSet<(Timestamp, String)>,
    /// How many instances are unknown to the next requests about them.
    hidden: usize,
    /// What was made with a client's token: the parameters, and the ids of the instances.
    pub(crate) tokens: BTreeMap<String, (String, Vec<String>)>,
    /// How many instances one may make.
    pub(crate) quota: usize,
    /// Descriptions of instances that were given before.
    pub(crate) prepared: Prepared,
    pub(crate) limits: Limits,
    pub(crate) tags: Tags,
    pub(crate) keys: Store<KeyPair>,
    pub(crate) vpcs: Store<Vpc>,
    pub(crate) subnets: Store<Subnet>,
    pub(crate) groups: Store<Group>,
    pub(crate) interfaces: Store<Interface>,
    pub(crate) addresses: Store<Address>,
    pub(crate) volumes: Store<Volume>,
    pub(crate) images: Store<Image>,
    /// The interfaces of each instance.
    plugged: HashMap<String, Vec<String>>,
    /// The volumes of each instance.
    mounted: HashMap<String, Vec<String>>,
    /// Gateways that lead nowhere.
    pub(crate) loose_gateways: Vec<String>,
    /// How many public addresses were given away.
    publics: u32,
    /// The options that all networks have.
    dhcp_options: String,
    /// The key that volumes are encrypted with unless another is named.
    own_key: String,
}

impl Land {
    pub(crate) fn new(region: &str, account: &str, now: Timestamp, pace: Duration) -> Self {
        let mut land = Self {
            region: region.to_owned(),
            account: account.to_owned(),
            now,
            pace,
            instances: Store::default(),
            due: BTreeSet::new(),
            hidden: 0,
            tokens: BTreeMap::new(),
            quota: QUOTA,
            prepared: Prepared::default(),
            limits: Limits::default(),
            tags: Tags::default(),
            keys: Store::default(),
            vpcs: Store::default(),
            subnets: Store::default(),
            groups: Store::default(),
            interfaces: Store::default(),
            addresses: Store::default(),
            volumes: Store::default(),
            images: Store::default(),
            plugged: HashMap::new(),
            mounted: HashMap::new(),
            loose_gateways: Vec::new(),
            publics: 0,
            dhcp_options: ids::VPC.id().replace("vpc-", "dopt-"),
            own_key: format!("arn:aws:kms:{region}:{account}:key/{}", uuid::Uuid::new_v4()),
        };
        land.furnish();
        land
    }

    /// Moves on to a moment and ends what is due by then.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        self.now = now;
        self.settle();
    }
}

/// A time as EC2 writes it, such as `2026-11-22T10:11:12.000Z`.
pub(crate) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
