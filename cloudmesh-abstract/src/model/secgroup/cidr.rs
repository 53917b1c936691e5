//! Networks in CIDR notation.

use std::fmt;
use std::net::IpAddr;

use super::Ethertype;

/// A network: an address, and how many of its first bits all members share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cidr {
    address: IpAddr,
    bits: u8,
}

impl Cidr {
    /// Reads `10.0.0.0/8`; `None` for what is no network.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let address = address.parse().ok()?;
        let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = bits.parse().ok().filter(|bits| digits && *bits <= width(address))?;
        Some(Self { address, bits })
    }

    /// The network that has this address alone.
    pub(super) fn of_one(address: IpAddr) -> Self {
        Self { address, bits: width(address) }
    }

    pub(super) fn family(self) -> Ethertype {
        if self.address.is_ipv4() { Ethertype::IPv4 } else { Ethertype::IPv6 }
    }

    /// The same network by its first address.
    pub(super) fn network(self) -> Self {
        let gone = u32::from(width(self.address) - self.bits);
        let address = match self.address {
            IpAddr::V4(address) => IpAddr::V4((address.to_bits() & u32::MAX.checked_shl(gone).unwrap_or(0)).into()),
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() & u128::MAX.checked_shl(gone).unwrap_or(0)).into()),
        };
        Self { address, ..self }
    }

    /// Whether it is called by its first address, as a network must be.
    pub(super) fn is_exact(self) -> bool {
        self == self.network()
    }

    /// Its address, as a network of one.
    pub(super) fn only(self) -> Self {
        Self::of_one(self.address)
    }

    /// Whether every address of the family is in it.
    pub(super) fn is_everything(self) -> bool {
        self.bits == 0
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}
