//! A rule in one word.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::check::everything;
use super::cidr::Cidr;
use super::{Direction, Ethertype, Protocol, SecurityRule};
use crate::{Error, ErrorKind, Result};

const EGRESS: &str = "egress:";
const INGRESS: &str = "ingress:";
const IPV4: &str = "ipv4:";
const IPV6: &str = "ipv6:";
const GROUP: &str = "group:";

/// What the ICMP of IPv6 is called in other places.
const ICMP_V6: [&str; 4] = ["icmp6", "icmpv6", "ipv6-icmp", "58"];

impl FromStr for SecurityRule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let read = |error: Error| {
            let message = format!("`{text}` is no rule: {}", error.message());
            error.with_message(message)
        };
        let (direction, rest) = direction(text.trim());
        let (family, rest) = family(rest);
        let (what, end) = rest.split_once('@').map_or((rest, None), |(what, end)| (what, Some(end)));
        let (implied, protocol) = protocol(what).map_err(read)?;
        if (family, implied) == (Some(Ethertype::IPv4), Some(Ethertype::IPv6)) {
            let message = format!("`{what}` is the ICMP of IPv6: write `ipv4:icmp`, or leave `{IPV4}` out");
            return Err(read(Error::new(ErrorKind::InvalidInput, message)));
        }
        let (group, cidr) = match end.map(|end| (end.strip_prefix(GROUP), end)) {
            None => (None, None),
            Some((Some(group), _)) => (Some(group.to_owned()), None),
            Some((None, network)) => (None, Some(with_bits(network))),
        };
        let of_network = cidr.as_deref().and_then(Cidr::read).map(Cidr::family);
        let ethertype = family.or(implied).or(of_network).unwrap_or(Ethertype::IPv4);
        let rule = Self { cidr, remote_group: group, ..Self::new(direction, ethertype, protocol) };
        rule.check()?;
        Ok(rule.normalized())
    }
}

fn direction(text: &str) -> (Direction, &str) {
    match (text.strip_prefix(EGRESS), text.strip_prefix(INGRESS)) {
        (Some(rest), _) => (Direction::Egress, rest),
        (None, Some(rest)) => (Direction::Ingress, rest),
        (None, None) => (Direction::Ingress, text),
    }
}

fn family(text: &str) -> (Option<Ethertype>, &str) {
    match (text.strip_prefix(IPV4), text.strip_prefix(IPV6)) {
        (Some(rest), _) => (Some(Ethertype::IPv4), rest),
        (None, Some(rest)) => (Some(Ethertype::IPv6), rest),
        (None, None) => (None, text),
    }
}

/// The protocol, and the family that its name implies.
fn protocol(text: &str) -> Result<(Option<Ethertype>, Protocol)> {
    let (name, rest) = text.split_at(text.find('/').unwrap_or(text.len()));
    if ICMP_V6.contains(&name.to_lowercase().as_str()) {
        return Ok((Some(Ethertype::IPv6), format!("icmp{rest}").parse()?));
    }
    Ok((None, text.parse()?))
}

/// A bare address means itself alone.
fn with_bits(network: &str) -> String {
    network.parse::<IpAddr>().map_or_else(|_| network.to_owned(), |address| Cidr::of_one(address).to_string())
}

impl fmt::Display for SecurityRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.direction == Direction::Egress {
            f.write_str(EGRESS)?;
        }
        let told = self.cidr.as_deref().map(|cidr| Cidr::read(cidr).map(Cidr::family));
        match (self.ethertype, told, &self.remote_group) {
            (Ethertype::IPv4, Some(Some(Ethertype::IPv6)), _) => f.write_str(IPV4)?,
            (Ethertype::IPv6, Some(Some(Ethertype::IPv4) | None), _) | (Ethertype::IPv6, None, Some(_)) => {
                f.write_str(IPV6)?;
            }
            _ => {}
        }
        write!(f, "{}", self.protocol)?;
        if let Some(cidr) = &self.cidr {
            write!(f, "@{cidr}")?;
        }
        match &self.remote_group {
            Some(group) => write!(f, "@{GROUP}{group}"),
            None if told.is_none() && self.ethertype == Ethertype::IPv6 => write!(f, "@{}", everything(self.ethertype)),
            None => Ok(()),
        }
    }
}
