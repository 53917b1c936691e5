//! Networks, subnets and the addresses that ports get from them.

use std::collections::{BTreeSet, HashSet};
use std::net::Ipv4Addr;

use jiff::Timestamp;

/// What everything in a network service has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) description: String,
    pub(crate) tags: Vec<String>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    /// How often it was changed.
    pub(crate) revision: u64,
}

impl About {
    pub(crate) fn new(description: &str, now: Timestamp) -> Self {
        Self { description: description.to_owned(), created: now, updated: now, ..Self::default() }
    }

    /// Notes a change.
    pub(crate) fn touch(&mut self, now: Timestamp) {
        (self.updated, self.revision) = (now, self.revision + 1);
    }
}

/// A network.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) project: String,
    pub(crate) external: bool,
    pub(crate) up: bool,
    pub(crate) mtu: u64,
    /// Whether its ports are guarded, when nothing else is said.
    pub(crate) guarded: bool,
    pub(crate) about: About,
}

/// A range of addresses of a network.
#[derive(Debug, Clone)]
pub(crate) struct Subnet {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) network: String,
    pub(crate) project: String,
    pub(crate) range: Range,
    pub(crate) gateway: Option<Ipv4Addr>,
    pub(crate) dhcp: bool,
    pub(crate) name_servers: Vec<String>,
    pub(crate) about: About,
    pool: (u32, u32),
    next: u32,
    taken: HashSet<u32>,
    free: BTreeSet<u32>,
}

/// A block of IPv4 addresses such as `10.0.0.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    base: u32,
    bits: u32,
}

impl Range {
    /// Reads `10.0.0.0/24`; at least two host addresses must remain.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let address: Ipv4Addr = address.parse().ok()?;
        let bits: u32 = bits.parse().ok().filter(|bits| (1..=30).contains(bits))?;
        let base = u32::from(address) & (u32::MAX << (32 - bits));
        Some(Self { base, bits })
    }

    pub(crate) fn gateway(self) -> Ipv4Addr {
        Ipv4Addr::from(self.base + 1)
    }

    pub(crate) fn first(self) -> Ipv4Addr {
        Ipv4Addr::from(self.base + 2)
    }

    pub(crate) fn last(self) -> Ipv4Addr {
        Ipv4Addr::from(self.base + (u32::MAX >> self.bits) - 1)
    }

    /// Whether an address is of this block and can be a host's.
    pub(crate) fn holds(self, address: Ipv4Addr) -> bool {
        (self.base + 1..=u32::from(self.last())).contains(&u32::from(address))
    }

    /// Whether two blocks have an address in common.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let bits = self.bits.min(other.bits);
        (self.base ^ other.base) >> (32 - bits) == 0
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.base), self.bits)
    }
}

impl Subnet {
    /// A subnet whose first address is its gateway, and from which all others can be had.
    pub(crate) fn new(id: String, name: &str, network: &Network, range: Range, now: Timestamp) -> Self {
        let mut made = Self {
            id,
            name: name.to_owned(),
            network: network.id.clone(),
            project: network.project.clone(),
            range,
            gateway: Some(range.gateway()),
            dhcp: true,
            name_servers: Vec::new(),
            about: About::new("", now),
            pool: (0, 0),
            next: 0,
            taken: HashSet::new(),
            free: BTreeSet::new(),
        };
        made.set_pool(range.first(), range.last());
        made
    }

    /// Lets addresses be had from `first` to `last` only.
    pub(crate) fn set_pool(&mut self, first: Ipv4Addr, last: Ipv4Addr) {
        self.pool = (first.into(), last.into());
        self.next = first.into();
    }

    /// The first and the last address that can be had.
    pub(crate) fn pool(&self) -> (Ipv4Addr, Ipv4Addr) {
        (self.pool.0.into(), self.pool.1.into())
    }

    /// The next free address, if one is left.
    pub(crate) fn take(&mut self) -> Option<Ipv4Addr> {
        while self.next <= self.pool.1 {
            self.next += 1;
            if self.taken.insert(self.next - 1) {
                return Some(Ipv4Addr::from(self.next - 1));
            }
        }
        let free = self.free.pop_first()?;
        self.taken.insert(free);
        Some(free.into())
    }

    /// Takes a certain address; `false` when somebody has it.
    pub(crate) fn claim(&mut self, address: Ipv4Addr) -> bool {
        let address = u32::from(address);
        self.free.remove(&address);
        self.taken.insert(address)
    }

    /// Gives an address back.
    pub(crate) fn release(&mut self, address: Ipv4Addr) {
        let address = u32::from(address);
        if self.taken.remove(&address) && (self.pool.0..self.next).contains(&address) {
            self.free.insert(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{About, Network, Range, Subnet};
    use jiff::Timestamp;

    #[test]
    fn ranges_are_read_and_shown() {
        let range = Range::parse("10.0.0.7/24").unwrap();
        assert_eq!(range.to_string(), "10.0.0.0/24");
        assert_eq!((range.first().to_string(), range.last().to_string()), ("10.0.0.2".into(), "10.0.0.254".into()));
        for text in ["everywhere", "10.0.0.0", "10.0.0.0/31", "10.0.0.0/x", "1.2.3/8"] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_hold_hosts_and_overlap() {
        let [wide, narrow, other] =
            ["10.0.0.0/16", "10.0.7.0/24", "10.1.0.0/24"].map(|text| Range::parse(text).unwrap());
        assert!(wide.overlaps(narrow) && narrow.overlaps(wide) && !wide.overlaps(other));
        let table = [("10.0.7.0", false), ("10.0.7.1", true), ("10.0.7.254", true), ("10.0.7.255", false)];
        for (address, wanted) in table {
            assert_eq!(narrow.holds(address.parse().unwrap()), wanted, "{address}");
        }
    }

    fn subnet(range: &str) -> Subnet {
        let network = Network {
            id: "n".into(),
            name: "n".into(),
            project: "p".into(),
            external: false,
            up: true,
            mtu: 1450,
            guarded: true,
            about: About::default(),
        };
        Subnet::new("s".into(), "s", &network, Range::parse(range).unwrap(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn addresses_run_out_and_come_back() {
        let mut subnet = subnet("10.0.0.0/30");
        let only = subnet.take().unwrap();
        assert_eq!((only.to_string().as_str(), subnet.take()), ("10.0.0.2", None));
        subnet.release(only);
        assert_eq!(subnet.take(), Some(only));
    }

    #[test]
    fn a_claimed_address_is_given_to_nobody_else() {
        let mut subnet = subnet("10.0.0.0/29");
        let second = "10.0.0.3".parse().unwrap();
        assert!(subnet.claim(second));
        assert!(!subnet.claim(second));
        let rest: Vec<String> = std::iter::from_fn(|| subnet.take()).map(|address| address.to_string()).collect();
        assert_eq!(rest, ["10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6"]);
        subnet.release(second);
        assert_eq!(subnet.take(), Some(second));
    }
}
