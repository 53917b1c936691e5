//! What a rule of a security group lets through.

use std::fmt;
use std::net::IpAddr;

use super::cidr::Cidr;
use super::ids;
use crate::aws::fault::Fault;

/// How long a description may be.
const LONGEST: usize = 255;
/// What names and descriptions may have beside letters and digits.
const SIGNS: &str = ". _-:/()#,@[]+=&;{}!$*";

/// What a rule lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) protocol: Protocol,
    /// The first port, or the ICMP type; -1 for all.
    pub(crate) from: i32,
    /// The last port, or the ICMP code; -1 for all.
    pub(crate) to: i32,
    /// Where it comes from, or goes to.
    pub(crate) peer: Peer,
}

/// A protocol by its number; `None` for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Protocol(Option<u8>);

/// The other side of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Peer {
    Block(Cidr),
    Group { id: String, user: String },
    PrefixList(String),
}

const NAMES: [(u8, &str); 4] = [(6, "tcp"), (17, "udp"), (1, "icmp"), (58, "icmpv6")];

impl Protocol {
    /// Any protocol.
    pub(crate) const ANY: Self = Self(None);
    pub(crate) const TCP: Self = Self(Some(6));

    /// Reads a name, a number or `-1`.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let lower = text.to_ascii_lowercase();
        if matches!(lower.as_str(), "-1" | "all") {
            return Ok(Self::ANY);
        }
        let named = NAMES.iter().find(|(_, name)| *name == lower).map(|(number, _)| *number);
        let number = named.or_else(|| lower.parse().ok());
        let told = || Fault::new("InvalidPermission.Malformed", format!("Unsupported IP protocol \"{text}\" in rule"));
        number.map(|number| Self(Some(number))).ok_or_else(told)
    }

    /// Whether it has ports, or types and codes.
    pub(crate) fn has_ports(self) -> bool {
        self.0.is_some_and(|number| NAMES.iter().any(|(known, _)| *known == number))
    }

    fn is_icmp(self) -> bool {
        matches!(self.0, Some(1 | 58))
    }

    /// The ports that a rule of this protocol has.
    pub(crate) fn ports(self, from: Option<i32>, to: Option<i32>) -> Result<(i32, i32), Fault> {
        if !self.has_ports() {
            return Ok((-1, -1));
        }
        if self.is_icmp() {
            let (kind, code) = (from.unwrap_or(-1), to.unwrap_or(-1));
            let fits = (-1..=255).contains(&kind) && (-1..=255).contains(&code) && (kind != -1 || code == -1);
            let told = || Fault::new("InvalidPermission.Malformed", format!("Invalid ICMP type/code ({kind}:{code})"));
            return fits.then_some((kind, code)).ok_or_else(told);
        }
        let told = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.";
        let (from, to) = from.zip(to).ok_or_else(|| Fault::new("InvalidParameterValue", told))?;
        let is_port = |port: &i32| (0..=65_535).contains(port);
        if let Some(port) = [from, to].iter().find(|port| !is_port(port)) {
            let told = format!("Invalid value '{port}' for portRange. Must be in the range 0-65535.");
            return Err(Fault::new("InvalidParameterValue", told));
        }
        let told = || Fault::new("InvalidParameterValue", format!("Invalid TCP/UDP port range ({from}:{to})"));
        (from <= to).then_some((from, to)).ok_or_else(told)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("-1"),
            Some(number) => match NAMES.iter().find(|(known, _)| *known == number) {
                Some((_, name)) => f.write_str(name),
                None => write!(f, "{number}"),
            },
        }
    }
}

impl Peer {
    /// Reads a block of IPv4 addresses.
    pub(crate) fn v4(text: &str) -> Result<Self, Fault> {
        Self::block(text, true)
    }

    /// Reads a block of IPv6 addresses.
    pub(crate) fn v6(text: &str) -> Result<Self, Fault> {
        Self::block(text, false)
    }

    fn block(text: &str, four: bool) -> Result<Self, Fault> {
        let read = Cidr::within(text).filter(|block| block.first.is_ipv4() == four);
        let told = || Fault::new("InvalidParameterValue", format!("CIDR block {text} is malformed"));
        read.map(Self::Block).ok_or_else(told)
    }

    /// Reads the id of a prefix list.
    pub(crate) fn prefix_list(text: &str) -> Result<Self, Fault> {
        if ids::PREFIX_LIST.fits(text) {
            Ok(Self::PrefixList(text.to_owned()))
        } else {
            Err(ids::PREFIX_LIST.malformed(text))
        }
    }

    /// Against which of the limits it counts: that for IPv4, that for IPv6.
    pub(crate) fn counts(&self) -> [usize; 2] {
        match self {
            Self::Block(Cidr { first: IpAddr::V4(_), .. }) => [1, 0],
            Self::Block(_) => [0, 1],
            Self::Group { .. } | Self::PrefixList(_) => [1, 1],
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(block) => write!(f, "{block}"),
            Self::Group { id, .. } | Self::PrefixList(id) => f.write_str(id),
        }
    }
}

impl fmt::Display for Traffic {
    /// As the messages name a rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "peer: {}, ", self.peer)?;
        if self.protocol == Protocol::ANY {
            return f.write_str("ALL, ALLOW");
        }
        write!(f, "{}, ", self.protocol.to_string().to_uppercase())?;
        match (self.protocol.has_ports(), self.protocol.is_icmp()) {
            (true, true) => write!(f, "type: {}, code: {}, ALLOW", self.from, self.to),
            (true, false) => write!(f, "from port: {}, to port: {}, ALLOW", self.from, self.to),
            _ => f.write_str("ALLOW"),
        }
    }
}

/// Whether a rule, or a group, may be described like that.
pub(crate) fn check_description(what: &str, text: &str) -> Result<(), Fault> {
    if text.len() <= LONGEST && is_plain(text) {
        return Ok(());
    }
    let told = format!(
        "Invalid {what} description. Valid descriptions are strings less than {} characters from the following set: \
         a-zA-Z0-9{SIGNS}",
        LONGEST + 1
    );
    Err(Fault::new("InvalidParameterValue", told))
}

/// Whether a text has letters, digits and some signs only.
pub(crate) fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_alphanumeric() || SIGNS.contains(letter))
}

#[cfg(test)]
mod tests {
    use super::{Peer, Protocol, Traffic, check_description};

    #[test]
    fn protocols_have_one_name() {
        let table =
            [("tcp", "tcp"), ("6", "tcp"), ("UDP", "udp"), ("58", "icmpv6"), ("-1", "-1"), ("50", "50"), ("all", "-1")];
        for (text, wanted) in table {
            assert_eq!(Protocol::parse(text).unwrap().to_string(), wanted, "{text}");
        }
        for text in ["", "256", "-2", "http"] {
            assert_eq!(Protocol::parse(text).unwrap_err().code, "InvalidPermission.Malformed", "{text}");
        }
    }

    #[test]
    fn ports_fit_the_protocol() {
        let table = [
            ("tcp", Some(22), Some(22), Some((22, 22))),
            ("udp", Some(0), Some(65_535), Some((0, 65_535))),
            ("tcp", Some(23), Some(22), None),
            ("tcp", Some(-1), Some(-1), None),
            ("tcp", Some(22), None, None),
            ("tcp", Some(1), Some(65_536), None),
            ("icmp", Some(8), Some(-1), Some((8, -1))),
            ("icmp", None, None, Some((-1, -1))),
            ("icmp", Some(-1), Some(4), None),
            ("icmpv6", Some(256), Some(0), None),
            ("-1", Some(22), Some(22), Some((-1, -1))),
            ("50", None, None, Some((-1, -1))),
        ];
        for (protocol, from, to, wanted) in table {
            let ports = Protocol::parse(protocol).unwrap().ports(from, to);
            assert_eq!(ports.ok(), wanted, "{protocol} {from:?} {to:?}");
        }
    }

    #[test]
    fn peers_are_of_one_family() {
        assert_eq!(Peer::v4("10.1.2.3/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(Peer::v6("2001:db8::1/32").unwrap().to_string(), "2001:db8::/32");
        for wrong in [Peer::v4("10.0.0.1"), Peer::v4("::/0"), Peer::v6("0.0.0.0/0"), Peer::v4("0.0.0.0/33")] {
            assert_eq!(wrong.unwrap_err().code, "InvalidParameterValue");
        }
    }

    #[test]
    fn rules_are_named_in_messages() {
        let peer = Peer::v4("0.0.0.0/0").unwrap();
        let tcp = Traffic { protocol: Protocol::TCP, from: 22, to: 23, peer: peer.clone() };
        assert_eq!(tcp.to_string(), "peer: 0.0.0.0/0, TCP, from port: 22, to port: 23, ALLOW");
        let any = Traffic { protocol: Protocol::ANY, from: -1, to: -1, peer };
        assert_eq!(any.to_string(), "peer: 0.0.0.0/0, ALL, ALLOW");
    }

    #[test]
    fn descriptions_have_few_characters() {
        assert!(check_description("rule", "ssh (22) from a_b-c: #1, {x}!").is_ok());
        for text in ["größe", "a\"b", "<a>", &"x".repeat(256)] {
            assert!(check_description("rule", text).is_err(), "{text}");
        }
    }
}
