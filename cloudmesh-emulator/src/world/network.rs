//! Networks, subnets and the addresses that nodes get from them.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use jiff::Timestamp;

/// A network.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) project: String,
    pub(crate) external: bool,
    pub(crate) description: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// A range of addresses of a network.
#[derive(Debug, Clone)]
pub(crate) struct Subnet {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) network: String,
    pub(crate) project: String,
    pub(crate) range: Range,
    pub(crate) created: Timestamp,
    next: u32,
    free: BTreeSet<u32>,
}

/// What connects a node to a network.
#[derive(Debug, Clone)]
pub(crate) struct Port {
    pub(crate) id: String,
    pub(crate) network: String,
    pub(crate) subnet: String,
    pub(crate) mac: String,
    pub(crate) address: Ipv4Addr,
    pub(crate) groups: Vec<String>,
    pub(crate) created: Timestamp,
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
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.base), self.bits)
    }
}

impl Subnet {
    pub(crate) fn new(id: String, name: &str, network: &Network, range: Range, now: Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            network: network.id.clone(),
            project: network.project.clone(),
            range,
            created: now,
            next: u32::from(range.first()),
            free: BTreeSet::new(),
        }
    }

    /// The next free address, if one is left.
    pub(crate) fn take(&mut self) -> Option<Ipv4Addr> {
        if self.next <= u32::from(self.range.last()) {
            self.next += 1;
            return Some(Ipv4Addr::from(self.next - 1));
        }
        self.free.pop_first().map(Ipv4Addr::from)
    }

    /// Gives an address back.
    pub(crate) fn release(&mut self, address: Ipv4Addr) {
        self.free.insert(u32::from(address));
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, Range, Subnet};
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
    fn addresses_run_out_and_come_back() {
        let network = Network {
            id: "n".into(),
            name: "n".into(),
            project: "p".into(),
            external: false,
            description: String::new(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        };
        let range = Range::parse("10.0.0.0/30").unwrap();
        let mut subnet = Subnet::new("s".into(), "s", &network, range, Timestamp::UNIX_EPOCH);
        let only = subnet.take().unwrap();
        assert_eq!((only.to_string().as_str(), subnet.take()), ("10.0.0.2", None));
        subnet.release(only);
        assert_eq!(subnet.take(), Some(only));
    }
}
