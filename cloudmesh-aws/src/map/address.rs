//! Elastic IPs. Pure functions.

use std::net::IpAddr;

use aws_sdk_ec2::types::Address;
use cloudmesh_abstract::{NodeId, PublicIp};

use super::marks::is_ours;

/// An address that the account holds; `None` for one that only a customer's own network or a carrier knows.
pub(crate) fn address(record: &Address) -> Option<PublicIp> {
    let address: IpAddr = record.public_ip()?.parse().ok()?;
    // The oldest addresses have no id but themselves.
    let id = record.allocation_id().or(record.public_ip())?;
    let mut found = PublicIp::new(id, address);
    found.node = record.instance_id().filter(|id| !id.is_empty()).map(NodeId::from);
    found.pool = record.public_ipv4_pool().filter(|pool| !pool.is_empty()).map(str::to_owned);
    found.ours = is_ours(record.tags());
    Some(found)
}

/// What an address leads to: a node, or else an interface of something that is none, such as a gateway.
pub(crate) fn end(record: &Address) -> Option<&str> {
    let ends = [record.instance_id(), record.network_interface_id(), record.association_id()];
    ends.into_iter().flatten().find(|end| !end.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{address, end};
    use aws_sdk_ec2::types::{Address, Tag};

    #[test]
    fn an_address_is_told_with_what_it_leads_to() {
        let base = || Address::builder().public_ip("198.51.100.7").allocation_id("eipalloc-1");
        let free = base().public_ipv4_pool("amazon").tags(Tag::builder().key("cm-name").value("x").build()).build();
        let found = address(&free).unwrap();
        assert_eq!((found.id.as_str(), found.address.to_string().as_str()), ("eipalloc-1", "198.51.100.7"));
        assert!(found.ours && found.node.is_none() && found.pool.as_deref() == Some("amazon"));
        assert_eq!(end(&free), None);

        let attached = base().instance_id("i-1").network_interface_id("eni-1").association_id("eipassoc-1").build();
        assert_eq!(address(&attached).unwrap().node, Some("i-1".into()));
        assert_eq!(end(&attached), Some("i-1"));
        assert_eq!(end(&base().instance_id("").network_interface_id("eni-1").build()), Some("eni-1"));
        assert!(!address(&attached).unwrap().ours);
    }

    #[test]
    fn an_address_without_the_internet_is_none() {
        assert_eq!(address(&Address::builder().allocation_id("eipalloc-1").carrier_ip("203.0.113.1").build()), None);
    }
}
