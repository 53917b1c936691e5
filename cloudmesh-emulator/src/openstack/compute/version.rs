//! Microversions: which dialect of the API a request is in.

use std::fmt;

use super::fault::Fault;
use crate::exchange::{Answer, Ask};

/// A version 2.x of the API, by its second number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub(super) u16);

/// The oldest one that is spoken.
pub(super) const OLDEST: Version = Version(1);
/// The newest one that is spoken.
pub(super) const NEWEST: Version = Version(93);

/// A version that is not spoken, or is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// A version, but not one of ours.
    Unknown(String),
    /// Not a version.
    Unreadable(Fault),
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}", self.0)
    }
}

/// The version that a request asks for; the oldest when it asks for none.
pub(super) fn wanted(ask: &Ask) -> Result<Version, Refused> {
    let new = ask.header("openstack-api-version").and_then(|header| {
        let mut services = header.split(',').filter_map(|one| one.trim().split_once(' '));
        services.find(|(service, _)| *service == "compute").map(|(_, version)| version)
    });
    match new.or_else(|| ask.header("x-openstack-nova-api-version")) {
        None => Ok(OLDEST),
        Some(text) => parse(text.trim()),
    }
}

fn parse(text: &str) -> Result<Version, Refused> {
    if text == "latest" {
        return Ok(NEWEST);
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (major, minor) = text.split_once('.').filter(|(a, b)| digits(a) && digits(b)).ok_or_else(|| {
        let form = "Must be of format MajorNum.MinorNum.";
        Refused::Unreadable(Fault::bad(format!("API Version String {text} is of invalid format. {form}")))
    })?;
    let version = minor.parse().ok().filter(|_| major == "2").map(Version);
    version.filter(|one| (OLDEST..=NEWEST).contains(one)).ok_or_else(|| Refused::Unknown(text.to_owned()))
}

impl Refused {
    pub(super) fn answer(&self) -> Answer {
        match self {
            Self::Unreadable(fault) => fault.answer(),
            Self::Unknown(version) => {
                let told = format!("Version {version} is not supported by the API.");
                let fault = Fault::new(406, format!("{told} Minimum is {OLDEST} and maximum is {NEWEST}."));
                stamped(fault.answer(), version)
            }
        }
    }
}

/// The answer with the headers that tell the version.
pub(super) fn stamped(answer: Answer, version: &str) -> Answer {
    answer
        .with("openstack-api-version", format!("compute {version}"))
        .with("x-openstack-nova-api-version", version)
        .with("vary", "OpenStack-API-Version, X-OpenStack-Nova-API-Version")
}

#[cfg(test)]
mod tests {
    use super::{NEWEST, Refused, Version, parse};

    #[test]
    fn versions_are_read() {
        assert_eq!(parse("latest"), Ok(NEWEST));
        assert_eq!(parse("2.37"), Ok(Version(37)));
        for text in ["2.0", "2.94", "3.1", "2.999999"] {
            assert_eq!(parse(text), Err(Refused::Unknown(text.to_owned())));
        }
        for text in ["new", "2", "2.", ".1", "2.x", ""] {
            assert!(matches!(parse(text), Err(Refused::Unreadable(_))), "{text}");
        }
    }
}
