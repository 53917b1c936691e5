//! Security groups and their rules.

use jiff::Timestamp;

use super::network::About;

/// A security group.
#[derive(Debug, Clone)]
pub(crate) struct SecurityGroup {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) project: String,
    pub(crate) stateful: bool,
    pub(crate) rules: Vec<Rule>,
    pub(crate) about: About,
}

/// What a group lets through.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) what: Traffic,
    pub(crate) created: Timestamp,
}

/// Traffic, as a rule describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) inward: bool,
    pub(crate) v6: bool,
    pub(crate) protocol: Option<String>,
    pub(crate) from_port: Option<u16>,
    pub(crate) to_port: Option<u16>,
    pub(crate) prefix: Option<String>,
    pub(crate) from_group: Option<String>,
    pub(crate) description: Option<String>,
}

impl Traffic {
    /// Anything, in one direction, of one address family.
    pub(crate) fn any(inward: bool, v6: bool) -> Self {
        Self {
            inward,
            v6,
            protocol: None,
            from_port: None,
            to_port: None,
            prefix: None,
            from_group: None,
            description: None,
        }
    }
}
