//! Networks, and the subnets in them.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};

use super::cidr::Cidr;
use super::{Land, ids};
use crate::aws::fault::Fault;

/// The block of the default network.
const DEFAULT: &str = "172.31.0.0/16";
/// How many addresses at the begin of a subnet nobody gets, and how many in all.
const KEPT: u32 = 4;
const ALL_KEPT: u32 = 5;

/// A network.
#[derive(Debug, Clone)]
pub(crate) struct Vpc {
    pub(crate) id: String,
    pub(crate) block: Cidr,
    pub(crate) association: String,
    pub(crate) dhcp_options: String,
    pub(crate) default: bool,
    /// What leads to the Internet.
    pub(crate) gateway: Option<String>,
    pub(crate) route_table: String,
    pub(crate) table_association: String,
    pub(crate) dns_hostnames: bool,
}

/// A part of a network, in one zone.
#[derive(Debug, Clone)]
pub(crate) struct Subnet {
    pub(crate) id: String,
    pub(crate) vpc: String,
    pub(crate) block: Cidr,
    pub(crate) zone: String,
    pub(crate) default: bool,
    /// Whether what is launched in it has a public address.
    pub(crate) public: bool,
    taken: HashSet<u32>,
    next: u32,
}

impl Subnet {
    /// How many addresses are free.
    pub(crate) fn free(&self) -> usize {
        let size = usize::try_from(self.block.size().saturating_sub(ALL_KEPT)).unwrap_or(0);
        size.saturating_sub(self.taken.len())
    }

    /// Takes an address: the one that is wished for, or the next that is free.
    pub(super) fn take(&mut self, wished: Option<Ipv4Addr>) -> Result<Ipv4Addr, Fault> {
        let place = match wished {
            Some(address) => self.place(address)?,
            None => self.next_place()?,
        };
        self.taken.insert(place);
        Ok(self.block.at(place))
    }

    fn place(&self, address: Ipv4Addr) -> Result<u32, Fault> {
        let told = format!("Address {address} does not fall within the subnet's address range");
        if !self.block.holds(IpAddr::V4(address)) {
            return Err(Fault::new("InvalidParameterValue", told));
        }
        let place = u32::from(address).wrapping_sub(u32::from(self.block.at(0)));
        if !(KEPT..self.block.size() - 1).contains(&place) {
            let told = format!("Address {address} is in subnet's reserved address range");
            return Err(Fault::new("InvalidParameterValue", told));
        }
        if self.taken.contains(&place) {
            return Err(Fault::new("InvalidIPAddress.InUse", format!("Address {address} is in use.")));
        }
        Ok(place)
    }

    fn next_place(&mut self) -> Result<u32, Fault> {
        let (first, last) = (KEPT, self.block.size() - 1);
        let places = (self.next.max(first)..last).chain(first..last);
        let told = || {
            let told = format!(
                "There are not enough free addresses in subnet '{}' to satisfy the requested number of instances.",
                self.id
            );
            Fault::new("InsufficientFreeAddressesInSubnet", told)
        };
        let place = places.into_iter().find(|place| !self.taken.contains(place)).ok_or_else(told)?;
        self.next = place + 1;
        Ok(place)
    }

    /// Lets an address go.
    pub(super) fn release(&mut self, address: Ipv4Addr) {
        self.taken.remove(&u32::from(address).wrapping_sub(u32::from(self.block.at(0))));
    }
}

/// That there is no default network.
pub(crate) fn no_default() -> Fault {
    Fault::new("VPCIdNotSpecified", "No default VPC for this user")
}

impl Land {
    /// The network that is meant when none is named.
    pub(crate) fn default_vpc(&self) -> Option<&Vpc> {
        self.vpcs.iter().find(|vpc| vpc.default)
    }

    /// Makes the default network, with a subnet in each zone.
    pub(super) fn seed_default_vpc(&mut self) {
        let Some(block) = Cidr::exact(DEFAULT) else { return };
        let id = self.put_vpc(block, true);
        for (place, zone) in (0_u32..).zip(self.zones()) {
            let subnet = Cidr { first: block.at(place << 12).into(), length: 20 };
            self.put_subnet(&id, subnet, &zone.name, true);
        }
    }

    /// Makes a network without subnets.
    pub(crate) fn add_vpc(&mut self, block: &str) -> Result<String, Fault> {
        let told = || Fault::value("cidrBlock", block, "This is not a valid CIDR block.");
        let block = Cidr::within(block).filter(|block| block.first.is_ipv4()).ok_or_else(told)?;
        if !(16..=28).contains(&block.length) {
            return Err(Fault::new("InvalidVpc.Range", format!("The CIDR '{block}' is invalid.")));
        }
        if self.vpcs.len() >= self.limits.vpcs {
            return Err(Fault::new("VpcLimitExceeded", "The maximum number of VPCs has been reached."));
        }
        Ok(self.put_vpc(block, false))
    }

    fn put_vpc(&mut self, block: Cidr, default: bool) -> String {
        let id = ids::VPC.id();
        let vpc = Vpc {
            id: id.clone(),
            block,
            association: ids::VPC.id().replace("vpc-", "vpc-cidr-assoc-"),
            dhcp_options: self.dhcp_options.clone(),
            default,
            gateway: default.then(|| ids::GATEWAY.id()),
            route_table: ids::ROUTE_TABLE.id(),
            table_association: ids::ROUTE_TABLE.id().replace("rtb-", "rtbassoc-"),
            dns_hostnames: default,
        };
        self.vpcs.insert(&id, vpc);
        let group = self.put_group(&id, "default", "default VPC security group");
        self.let_in_members(&group);
        id
    }

    /// Removes a network in which nothing is left but its default group.
    pub(crate) fn remove_vpc(&mut self, id: &str) -> Result<(), Fault> {
        if !self.vpcs.contains(id) {
            return Err(ids::VPC.missing(id));
        }
        let groups: Vec<_> = self.groups.iter().filter(|group| group.vpc == id).collect();
        if groups.len() > 1 || self.subnets.iter().any(|subnet| subnet.vpc == id) {
            let told = format!("The vpc '{id}' has dependencies and cannot be deleted.");
            return Err(Fault::new("DependencyViolation", told));
        }
        let own: Vec<String> = groups.iter().map(|group| group.id.clone()).collect();
        for group in &own {
            self.groups.remove(group);
            self.tags.forget(group);
        }
        self.vpcs.remove(id);
        self.tags.forget(id);
        Ok(())
    }

    /// Makes a subnet in a network.
    pub(crate) fn add_subnet(&mut self, vpc: &str, block: &str, zone: Option<&str>) -> Result<String, Fault> {
        let within = self.vpcs.get(vpc).ok_or_else(|| ids::VPC.missing(vpc))?;
        let told = || Fault::value("cidrBlock", block, "This is not a valid CIDR block.");
        let block = Cidr::within(block).filter(|block| block.first.is_ipv4()).ok_or_else(told)?;
        if !(16..=28).contains(&block.length) || !within.block.covers(&block) {
            return Err(Fault::new("InvalidSubnet.Range", format!("The CIDR '{block}' is invalid.")));
        }
        let others = self.subnets.iter().filter(|subnet| subnet.vpc == vpc);
        if let Some(other) = others.map(|one| one.block).find(|other| other.covers(&block) || block.covers(other)) {
            let told = format!("The CIDR '{block}' conflicts with another subnet ({other})");
            return Err(Fault::new("InvalidSubnet.Conflict", told));
        }
        let zone = self.zone(zone)?;
        Ok(self.put_subnet(vpc, block, &zone, false))
    }

    fn put_subnet(&mut self, vpc: &str, block: Cidr, zone: &str, default: bool) -> String {
        let id = ids::SUBNET.id();
        let subnet = Subnet {
            id: id.clone(),
            vpc: vpc.to_owned(),
            block,
            zone: zone.to_owned(),
            default,
            public: default,
            taken: HashSet::new(),
            next: KEPT,
        };
        self.subnets.insert(&id, subnet);
        id
    }

    /// Removes a subnet that nothing is in.
    pub(crate) fn remove_subnet(&mut self, id: &str) -> Result<(), Fault> {
        if !self.subnets.contains(id) {
            return Err(ids::SUBNET.missing(id));
        }
        if self.interfaces.iter().any(|one| one.subnet == id) {
            let told = format!("The subnet '{id}' has dependencies and cannot be deleted.");
            return Err(Fault::new("DependencyViolation", told));
        }
        self.subnets.remove(id);
        self.tags.forget(id);
        Ok(())
    }

    /// The name of a zone of this region; the first one when none is named.
    pub(crate) fn zone(&self, name: Option<&str>) -> Result<String, Fault> {
        let zones = self.zones();
        let Some(name) = name else { return Ok(zones.into_iter().next().map(|zone| zone.name).unwrap_or_default()) };
        let names: Vec<&str> = zones.iter().map(|zone| zone.name.as_str()).collect();
        let told = || {
            let told = format!("Invalid availability zone: [{name}]. Use one of {}.", names.join(", "));
            Fault::new("InvalidParameterValue", told)
        };
        names.contains(&name).then(|| name.to_owned()).ok_or_else(told)
    }

    /// The gateways that lead into networks.
    pub(crate) fn gateways(&self) -> impl Iterator<Item = (&Vpc, &str)> {
        self.vpcs.iter().filter_map(|vpc| Some((vpc, vpc.gateway.as_deref()?)))
    }

    /// Whether what is in a network can have public addresses.
    pub(crate) fn is_reachable(&self, vpc: &str) -> bool {
        self.vpcs.get(vpc).is_some_and(|vpc| vpc.gateway.is_some())
    }

    /// Lets a gateway that leads nowhere lead into a network.
    pub(crate) fn attach_gateway(&mut self, id: &str, vpc: &str) -> Result<(), Fault> {
        let place = self.loose_gateways.iter().position(|one| one == id);
        if let (None, Some((other, _))) = (place, self.gateways().find(|(_, own)| *own == id)) {
            let told = format!("resource {id} is already attached to network {}", other.id);
            return Err(Fault::new("Resource.AlreadyAssociated", told));
        }
        let place = place.ok_or_else(|| ids::GATEWAY.missing(id))?;
        let found = self.vpcs.get_mut(vpc).ok_or_else(|| ids::VPC.missing(vpc))?;
        if found.gateway.is_some() {
            let told = format!("Network {vpc} already has an internet gateway attached");
            return Err(Fault::new("InvalidParameterValue", told));
        }
        found.gateway = Some(self.loose_gateways.remove(place));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Land;

    #[test]
    fn the_default_network_has_a_subnet_in_each_zone() {
        let land = Land::example();
        let subnets: Vec<_> =
            land.subnets.iter().map(|one| (one.zone.clone(), one.block.to_string(), one.free())).collect();
        let wanted =
            [("us-east-2a", "172.31.0.0/20"), ("us-east-2b", "172.31.16.0/20"), ("us-east-2c", "172.31.32.0/20")];
        assert_eq!(subnets, wanted.map(|(zone, block)| (zone.to_owned(), block.to_owned(), 4091)));
    }

    #[test]
    fn addresses_are_taken_once() {
        let mut land = Land::example();
        let vpc = land.add_vpc("10.0.0.0/16").unwrap();
        let id = land.add_subnet(&vpc, "10.0.0.0/28", None).unwrap();
        let subnet = land.subnets.get_mut(&id).unwrap();
        let wished = "10.0.0.5".parse().unwrap();
        assert_eq!(subnet.take(Some(wished)), Ok(wished));
        assert_eq!(subnet.take(Some(wished)).unwrap_err().code, "InvalidIPAddress.InUse");
        assert_eq!(subnet.take(Some("10.0.0.3".parse().unwrap())).unwrap_err().code, "InvalidParameterValue");
        assert_eq!(subnet.take(Some("10.0.1.1".parse().unwrap())).unwrap_err().code, "InvalidParameterValue");
        let taken: Vec<String> = (0..10).map(|_| subnet.take(None).unwrap().to_string()).collect();
        assert_eq!((taken[0].as_str(), taken[1].as_str(), taken[9].as_str()), ("10.0.0.4", "10.0.0.6", "10.0.0.14"));
        assert_eq!(subnet.take(None).unwrap_err().code, "InsufficientFreeAddressesInSubnet");
        subnet.release(wished);
        assert_eq!(subnet.take(None), Ok(wished));
    }

    #[test]
    fn networks_and_subnets_are_checked() {
        let mut land = Land::example();
        assert_eq!(land.add_vpc("10.0.0.0/8").unwrap_err().code, "InvalidVpc.Range");
        assert_eq!(land.add_vpc("ten").unwrap_err().code, "InvalidParameterValue");
        let vpc = land.add_vpc("10.0.0.0/16").unwrap();
        let subnet = land.add_subnet(&vpc, "10.0.1.0/24", Some("us-east-2b")).unwrap();
        let table = [
            ("10.0.1.128/25", None, "InvalidSubnet.Conflict"),
            ("10.1.0.0/24", None, "InvalidSubnet.Range"),
            ("10.0.2.0/29", None, "InvalidSubnet.Range"),
            ("10.0.2.0/24", Some("eu-west-1a"), "InvalidParameterValue"),
        ];
        for (block, zone, code) in table {
            assert_eq!(land.add_subnet(&vpc, block, zone).unwrap_err().code, code, "{block}");
        }
        assert_eq!(land.remove_vpc(&vpc).unwrap_err().code, "DependencyViolation");
        land.remove_subnet(&subnet).unwrap();
        land.remove_vpc(&vpc).unwrap();
        assert!(land.groups.iter().all(|group| group.vpc != vpc));
    }
}
