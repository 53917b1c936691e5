//! What is wrong with a rule on every cloud.

use std::net::IpAddr;

use super::cidr::Cidr;
use super::{Ethertype, SecurityRule};
use crate::{Error, ErrorKind, Result};

impl SecurityRule {
    /// Says what is wrong with it on every cloud, before anything is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for ports that run backwards or begin at 0, an ICMP code without a type, a protocol
    /// that nobody knows or that has no ports, a network that is none, is called by another than its first address or
    /// is of the other family, and for a network and a group at once. The message has the right spelling.
    pub fn check(&self) -> Result<()> {
        match self.protocol.wrong().or_else(|| self.wrong_end()) {
            None => Ok(()),
            Some(why) => Err(Error::new(ErrorKind::InvalidInput, format!("`{self}` is no rule: {why}"))),
        }
    }

    /// The same rule in the one spelling that all its spellings share: the network as its first address and shortest
    /// form, and none where it is every address of the family; a protocol by its name where it has one.
    ///
    /// ```
    /// use cloudmesh_abstract::{Direction, Ethertype, Protocol, SecurityRule};
    ///
    /// let rule = SecurityRule::new(Direction::Ingress, Ethertype::IPv6, Protocol::Any);
    /// assert_eq!(rule.clone().with_cidr("2001:DB8:0::/32").normalized().cidr.as_deref(), Some("2001:db8::/32"));
    /// assert_eq!(rule.clone().with_cidr("::/0").normalized(), rule);
    /// ```
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let read = self.cidr.as_deref().and_then(Cidr::read);
        if let Some(cidr) = read.filter(|cidr| cidr.is_exact() && cidr.family() == self.ethertype) {
            self.cidr = (!cidr.is_everything()).then(|| cidr.to_string());
        }
        self.protocol = self.protocol.named();
        self
    }

    /// Whether another rule admits exactly the same, whatever its id and the spelling of its network.
    pub fn is_same(&self, other: &Self) -> bool {
        let bare = |rule: &Self| Self { id: None, ..rule.clone() }.normalized();
        bare(self) == bare(other)
    }

    /// What is wrong with the other end.
    fn wrong_end(&self) -> Option<String> {
        match (&self.cidr, &self.remote_group) {
            (Some(_), Some(_)) => Some("it names a network and a group: write one rule for each".to_owned()),
            (None, Some(group)) if group.is_empty() => {
                Some("the other group has no name: write `@group:NAME`".to_owned())
            }
            (Some(text), None) => wrong_network(text, self.ethertype),
            _ => None,
        }
    }
}

fn wrong_network(text: &str, family: Ethertype) -> Option<String> {
    let Some(cidr) = Cidr::read(text) else { return Some(no_network(text, family)) };
    if cidr.family() != family {
        let all = everything(family);
        let of = cidr.family();
        return Some(format!(
            "`{text}` is a network of {of} in a rule for {family}: write one of {family}, such as `{all}`"
        ));
    }
    let (network, only) = (cidr.network(), cidr.only());
    let message =
        || format!("`{text}` is not the first address of its network: write `{network}`, or `{only}` for one");
    (!cidr.is_exact()).then(message)
}

fn no_network(text: &str, family: Ethertype) -> String {
    let right = match text.parse::<IpAddr>() {
        Ok(address) => Cidr::of_one(address).to_string(),
        Err(_) if family == Ethertype::IPv4 => "192.0.2.0/24".to_owned(),
        Err(_) => "2001:db8::/32".to_owned(),
    };
    format!("`{text}` is no network: write an address and its bits, such as `{right}`")
}

/// The network that has every address of a family.
pub(super) fn everything(family: Ethertype) -> &'static str {
    match family {
        Ethertype::IPv4 => "0.0.0.0/0",
        Ethertype::IPv6 => "::/0",
    }
}
