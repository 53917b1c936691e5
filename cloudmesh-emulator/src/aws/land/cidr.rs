//! Blocks of addresses, read as strictly as the vendor reads them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cidr {
    pub(crate) first: IpAddr,
    pub(crate) length: u8,
}

impl Cidr {
    /// Reads a block with its length, whose address may lie anywhere in it, as in a rule.
    pub(crate) fn within(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let first: IpAddr = address.parse().ok()?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        if length.is_empty() || length.len() > 3 || !length.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let length = length.parse().ok().filter(|length| *length <= most)?;
        Some(Self { first: masked(first, length), length })
    }

    /// Reads a block of IPv4 addresses by its first one.
    pub(crate) fn exact(text: &str) -> Option<Self> {
        let block = Self::within(text)?;
        (block.first.is_ipv4() && block.to_string() == text).then_some(block)
    }

    /// Whether it holds an address.
    pub(crate) fn holds(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.first.is_ipv4() && masked(address, self.length) == self.first
    }

    /// Whether all of another block lies in it.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.length <= other.length && self.holds(other.first)
    }

    /// How many addresses an IPv4 block has.
    pub(crate) fn size(&self) -> u32 {
        1_u32.checked_shl(32 - u32::from(self.length.min(32))).unwrap_or(u32::MAX)
    }

    /// The IPv4 address at a place in it.
    pub(crate) fn at(&self, place: u32) -> Ipv4Addr {
        match self.first {
            IpAddr::V4(first) => Ipv4Addr::from(u32::from(first).wrapping_add(place)),
            IpAddr::V6(_) => Ipv4Addr::UNSPECIFIED,
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.length)
    }
}

fn masked(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            Ipv4Addr::from(u32::from(address) & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            Ipv6Addr::from(u128::from(address) & mask).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    #[test]
    fn blocks_are_read_strictly() {
        let table = [
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("10.1.2.3/8", Some("10.0.0.0/8")),
            ("192.0.2.7/32", Some("192.0.2.7/32")),
            ("2001:DB8:0::1/64", Some("2001:db8::/64")),
            ("::/0", Some("::/0")),
            ("10.0.0.0", None),
            ("10.0.0.0/33", None),
            ("10.0.0.0/+8", None),
            ("10.0.0/8", None),
            ("010.0.0.0/8", None),
            ("::/129", None),
            (" 10.0.0.0/8", None),
        ];
        for (text, wanted) in table {
            assert_eq!(Cidr::within(text).map(|block| block.to_string()).as_deref(), wanted, "{text}");
        }
        assert!(Cidr::exact("10.0.0.0/8").is_some());
        assert!(Cidr::exact("10.0.0.1/8").is_none());
    }

    #[test]
    fn blocks_lie_in_blocks() {
        let [outer, inner, other] =
            ["172.31.0.0/16", "172.31.16.0/20", "10.0.0.0/8"].map(|text| Cidr::exact(text).unwrap());
        assert!(outer.covers(&inner) && !inner.covers(&outer) && !outer.covers(&other));
        assert_eq!((inner.size(), inner.at(4).to_string()), (4096, "172.31.16.4".to_owned()));
    }
}
