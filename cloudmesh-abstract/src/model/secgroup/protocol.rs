//! What a rule admits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Result, nearest};

/// What a rule admits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Protocol {
    /// Every protocol.
    Any,
    /// TCP on the ports from the first to the last, both included.
    Tcp(u16, u16),
    /// UDP on the ports from the first to the last, both included.
    Udp(u16, u16),
    /// ICMP, of one type and code where they are given; in a rule for IPv6, the ICMP of that.
    Icmp(Option<u8>, Option<u8>),
    /// Another protocol, by its name or number, with ports where it has some: `sctp/5000-5010`, `gre`, `112`.
    Other(String),
}

/// Protocols by their names and the numbers that the Internet Assigned Numbers Authority gives them.
const NAMES: [(&str, u8); 21] = [
    ("ah", 51),
    ("dccp", 33),
    ("egp", 8),
    ("esp", 50),
    ("gre", 47),
    ("igmp", 2),
    ("ipip", 4),
    ("ipv6-encap", 41),
    ("ipv6-frag", 44),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("ipv6-route", 43),
    ("ospf", 89),
    ("pgm", 113),
    ("rsvp", 46),
    ("sctp", 132),
    ("udplite", 136),
    ("vrrp", 112),
    ("tcp", 6),
    ("udp", 17),
    ("icmp", 1),
];

/// Those of them that have ports.
const WITH_PORTS: [&str; 6] = ["dccp", "sctp", "udplite", "33", "132", "136"];

impl Protocol {
    /// Another protocol than those that have a variant, in the one spelling that [`Other`](Self::Other) has for it.
    ///
    /// ```
    /// use cloudmesh_abstract::Protocol;
    ///
    /// assert_eq!(Protocol::other("SCTP", Some((5000, 5000))), Protocol::Other("sctp/5000".into()));
    /// ```
    pub fn other(name: &str, ports: Option<(u16, u16)>) -> Self {
        let name = name.to_lowercase();
        Self::Other(match ports {
            None => name,
            Some((first, last)) => format!("{name}/{}", span(first, last)),
        })
    }

    /// Name and ports of another protocol than those that have a variant; `None` for those, and for what makes no
    /// sense.
    pub fn as_other(&self) -> Option<(&str, Option<(u16, u16)>)> {
        let Self::Other(text) = self else { return None };
        match text.split_once('/') {
            None => Some((text, None)),
            Some((name, rest)) => Some((name, Some(ports(rest)?))),
        }
    }

    /// The number of another protocol than those that have a variant; `None` for those, and for what nobody knows.
    ///
    /// ```
    /// use cloudmesh_abstract::Protocol;
    ///
    /// assert_eq!(Protocol::other("sctp", None).number(), Some(132));
    /// assert_eq!(Protocol::Tcp(22, 22).number(), None);
    /// ```
    pub fn number(&self) -> Option<u8> {
        let (name, _) = self.as_other()?;
        let named = NAMES.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
        named.or_else(|| name.parse().ok().filter(|number| is_number(name) && *number > 0))
    }

    /// The same protocol by its name, where it was called by its number.
    pub(super) fn named(self) -> Self {
        let Some((name, ports)) = self.as_other() else { return self };
        let known = NAMES.iter().find(|(_, number)| is_number(name) && name.parse() == Ok(*number));
        match (known, ports) {
            (Some(("tcp", _)), Some((first, last))) => Self::Tcp(first, last),
            (Some(("udp", _)), Some((first, last))) => Self::Udp(first, last),
            (Some(("icmp", _)), None) => Self::Icmp(None, None),
            (Some(("tcp" | "udp" | "icmp", _)) | None, _) => self,
            (Some((known, _)), ports) => Self::other(known, ports),
        }
    }

    /// What is wrong with it on every cloud.
    pub(super) fn wrong(&self) -> Option<String> {
        match self {
            Self::Tcp(first, last) | Self::Udp(first, last) => wrong_ports(self.name(), *first, *last),
            Self::Icmp(None, Some(code)) => {
                Some(format!("an ICMP code belongs to a type: write `icmp/TYPE/{code}`, such as `icmp/3/{code}`"))
            }
            Self::Other(text) => self.wrong_other(text),
            _ => None,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Any => "any",
            Self::Tcp(..) => "tcp",
            Self::Udp(..) => "udp",
            Self::Icmp(..) => "icmp",
            Self::Other(text) => text.split('/').next().unwrap_or_default(),
        }
    }

    fn wrong_other(&self, text: &str) -> Option<String> {
        let Some((name, ports)) = self.as_other() else {
            return Some(format!(
                "`{text}` is no protocol: write its ports as `{}/5000` or `{0}/5000-5010`",
                self.name()
            ));
        };
        if !is_known(name) {
            return Some(unknown(name));
        }
        let (first, last) = ports?;
        if WITH_PORTS.contains(&name) {
            return wrong_ports(name, first, last);
        }
        Some(format!("`{name}` has no ports: write `{name}` alone"))
    }
}

/// Whether another protocol is called like that, or has this number. 0 is none: some firewalls take it for all.
fn is_known(name: &str) -> bool {
    let variant = ["tcp", "udp", "icmp"].contains(&name);
    let number = is_number(name) && name.parse::<u8>().is_ok_and(|number| number > 0);
    number || NAMES.iter().any(|(known, _)| *known == name) && !variant
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unknown(name: &str) -> String {
    let hint = match nearest(name, NAMES.map(|(known, _)| known)) {
        Some(known) => format!("did you mean `{known}`?"),
        None => {
            "write `any`, `tcp/22`, `udp/53`, `icmp`, another name such as `sctp`, or a number from 1 to 255".into()
        }
    };
    format!("there is no protocol `{name}`: {hint}")
}

fn wrong_ports(name: &str, first: u16, last: u16) -> Option<String> {
    if first > last {
        return Some(format!("the ports run backwards: write `{name}/{}`", span(last, first)));
    }
    (first == 0).then(|| format!("there is no port 0: write `{name}/{}`", span(1, last.max(1))))
}

fn span(first: u16, last: u16) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// One port, or the first and the last.
fn ports(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let port = |text: &str| text.parse().ok().filter(|_| is_number(text));
    Some((port(first)?, port(last)?))
}

fn no_ports(name: &str, rest: Option<&str>) -> Error {
    let message = match rest {
        None => format!("`{name}` needs its ports: write `{name}/22`, `{name}/8000-8010`, or `{name}/1-65535` for all"),
        Some(rest) => {
            format!("`{rest}` is no port from 1 to 65535 and no range of them: write `{name}/22` or `{name}/8000-8010`")
        }
    };
    Error::new(ErrorKind::InvalidInput, message)
}

fn icmp(rest: &str) -> Result<Protocol> {
    let number = |text: &str| {
        let message = format!("`{rest}` is no ICMP type and code from 0 to 255: write `icmp/8` or `icmp/3/4`");
        text.parse::<u8>().ok().filter(|_| is_number(text)).ok_or_else(|| Error::new(ErrorKind::InvalidInput, message))
    };
    Ok(match rest.split_once('/') {
        None => Protocol::Icmp(Some(number(rest)?), None),
        Some((sort, code)) => Protocol::Icmp(Some(number(sort)?), Some(number(code)?)),
    })
}

impl FromStr for Protocol {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let protocol = read(text)?;
        match protocol.wrong() {
            None => Ok(protocol),
            Some(why) => Err(Error::new(ErrorKind::InvalidInput, why)),
        }
    }
}

/// A protocol as it is written, whatever its numbers.
fn read(text: &str) -> Result<Protocol> {
    let (name, rest) = text.split_once('/').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let name = name.to_lowercase();
    let both = || rest.and_then(ports).ok_or_else(|| no_ports(&name, rest));
    match (name.as_str(), rest) {
        ("any" | "all", None) => Ok(Protocol::Any),
        ("tcp" | "6", _) => both().map(|(first, last)| Protocol::Tcp(first, last)),
        ("udp" | "17", _) => both().map(|(first, last)| Protocol::Udp(first, last)),
        ("icmp" | "1", None) => Ok(Protocol::Icmp(None, None)),
        ("icmp" | "1", Some(rest)) => icmp(rest),
        (_, Some(_)) if is_known(&name) => both().map(|ports| Protocol::other(&name, Some(ports))),
        _ if is_known(&name) => Ok(Protocol::other(&name, None)),
        _ => Err(Error::new(ErrorKind::InvalidInput, unknown(&name))),
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Tcp(first, last) | Self::Udp(first, last) => write!(f, "{}/{}", self.name(), span(*first, *last)),
            Self::Icmp(None, None) => f.write_str("icmp"),
            Self::Icmp(Some(sort), None) => write!(f, "icmp/{sort}"),
            Self::Icmp(Some(sort), Some(code)) => write!(f, "icmp/{sort}/{code}"),
            Self::Icmp(None, Some(code)) => write!(f, "icmp/any/{code}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}
