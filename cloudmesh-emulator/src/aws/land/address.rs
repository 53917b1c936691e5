//! Addresses that the account keeps: Elastic IPs.

use std::net::Ipv4Addr;

use super::interface::Public;
use super::{Land, ids};
use crate::aws::fault::Fault;

/// The first public address; the block is one that is never routed.
const FIRST: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
/// How many public addresses there are.
const ALL: u32 = 1 << 17;

/// An address that the account keeps.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) id: String,
    pub(crate) ip: Ipv4Addr,
    /// The interface that it leads to.
    pub(crate) interface: Option<String>,
    pub(crate) association: Option<String>,
}

impl Land {
    /// A public address that nobody has.
    pub(super) fn next_public(&mut self) -> Ipv4Addr {
        let address = Ipv4Addr::from(u32::from(FIRST) + self.publics % (ALL - 2));
        self.publics += 1;
        address
    }

    /// Takes an address for the account.
    pub(crate) fn allocate(&mut self) -> Result<&Address, Fault> {
        if self.addresses.len() >= self.limits.addresses {
            return Err(Fault::new("AddressLimitExceeded", "The maximum number of addresses has been reached."));
        }
        let (id, address) = (ids::ALLOCATION.id(), self.next_public());
        self.addresses.insert(&id, Address { id: id.clone(), ip: address, interface: None, association: None });
        self.addresses.get(&id).ok_or_else(|| ids::ALLOCATION.missing(&id))
    }

    /// The id of the allocation of an address.
    pub(crate) fn allocation_of(&self, address: &str) -> Result<String, Fault> {
        let read: Ipv4Addr =
            address.parse().map_err(|_| Fault::value("publicIp", address, "Expecting an IPv4 address."))?;
        let told = || Fault::new("InvalidAddress.NotFound", format!("Address '{address}' not found."));
        self.addresses.iter().find(|one| one.ip == read).map(|one| one.id.clone()).ok_or_else(told)
    }

    /// The id of the allocation that an association is of.
    pub(crate) fn associated(&self, association: &str) -> Result<String, Fault> {
        let found = self.addresses.iter().find(|one| one.association.as_deref() == Some(association));
        found.map(|one| one.id.clone()).ok_or_else(|| ids::ASSOCIATION.missing(association))
    }

    /// Lets an address lead to an interface, and gives the association.
    pub(crate) fn associate(&mut self, id: &str, interface: &str, again: bool) -> Result<String, Fault> {
        let address = self.addresses.get(id).ok_or_else(|| ids::ALLOCATION.missing(id))?;
        let one = self.interfaces.get(interface).ok_or_else(|| ids::INTERFACE.missing(interface))?;
        if let (Some(here), Some(association)) = (&address.interface, &address.association) {
            if here == interface {
                return Ok(association.clone());
            }
            if !again {
                let told = format!("resource {id} is already associated with associate-id {association}");
                return Err(Fault::new("Resource.AlreadyAssociated", told));
            }
        }
        if !self.is_reachable(&one.vpc) {
            let told = format!("Network {} is not attached to any internet gateway", one.vpc);
            return Err(Fault::new("Gateway.NotAttached", told));
        }
        let other = one.public.as_ref().and_then(|public| public.elastic.as_ref()).map(|(other, _)| other.clone());
        if let (Some(other), false) = (&other, again) {
            let told = format!("resource {interface} is already associated with address {other}");
            return Err(Fault::new("Resource.AlreadyAssociated", told));
        }
        let public = address.ip;
        for old in [Some(id.to_owned()), other].into_iter().flatten() {
            self.dissociate(&old);
        }
        Ok(self.connect(id, interface, public))
    }

    fn connect(&mut self, id: &str, interface: &str, address: Ipv4Addr) -> String {
        let association = ids::ASSOCIATION.id();
        if let Some(kept) = self.addresses.get_mut(id) {
            kept.interface = Some(interface.to_owned());
            kept.association = Some(association.clone());
        }
        let elastic = Some((id.to_owned(), association.clone()));
        self.let_public(interface, Some(Public { address, elastic }));
        association
    }

    /// Lets an address lead nowhere. The interface has its own address back, if its instance runs.
    pub(crate) fn dissociate(&mut self, id: &str) {
        let Some(address) = self.addresses.get_mut(id) else { return };
        address.association = None;
        let Some(interface) = address.interface.take() else { return };
        self.let_public(&interface, None);
        let instance = self.interfaces.get(&interface).and_then(|one| Some(one.attachment.as_ref()?.instance.clone()));
        if let Some(instance) = instance.filter(|instance| self.is_running(instance)) {
            self.publish(&instance);
        }
    }

    /// Gives an address back.
    pub(crate) fn release(&mut self, id: &str) -> Result<(), Fault> {
        let address = self.addresses.get(id).ok_or_else(|| ids::ALLOCATION.missing(id))?;
        if address.interface.is_some() {
            let told = format!("Address {} is in use.", address.ip);
            return Err(Fault::new("InvalidIPAddress.InUse", told));
        }
        self.addresses.remove(id);
        self.tags.forget(id);
        Ok(())
    }

    /// An interface is gone: no address leads to it any more.
    pub(super) fn free_addresses_of(&mut self, interface: &str) {
        for address in self.addresses.iter_mut().filter(|one| one.interface.as_deref() == Some(interface)) {
            (address.interface, address.association) = (None, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Land;
    use crate::aws::land::interface::Plug;

    fn interface(land: &mut Land, instance: &str) -> String {
        let id = land.add_interface(&Plug::default()).unwrap();
        land.attach_interface(&id, instance, 0, true).unwrap();
        land.publish(instance);
        id
    }

    #[test]
    fn an_address_leads_to_one_interface() {
        let mut land = Land::example();
        let [one, two] = ["i-1", "i-2"].map(|instance| interface(&mut land, instance));
        let id = land.allocate().unwrap().id.clone();
        let association = land.associate(&id, &one, false).unwrap();
        assert_eq!(land.associate(&id, &one, false), Ok(association.clone()));
        assert_eq!(land.associate(&id, &two, false).unwrap_err().code, "Resource.AlreadyAssociated");
        let second = land.associate(&id, &two, true).unwrap();
        assert_ne!(second, association);
        assert_eq!(land.associated(&association).unwrap_err().code, "InvalidAssociationID.NotFound");
        let public = land.interfaces.get(&two).unwrap().public.clone().unwrap();
        assert_eq!(public.elastic, Some((id.clone(), second)));
        assert_eq!(land.release(&id).unwrap_err().code, "InvalidIPAddress.InUse");
        land.dissociate(&id);
        land.release(&id).unwrap();
        assert_eq!(land.release(&id).unwrap_err().code, "InvalidAllocationID.NotFound");
    }

    #[test]
    fn the_address_outlives_the_instance() {
        let mut land = Land::example();
        let one = interface(&mut land, "i-1");
        let id = land.allocate().unwrap().id.clone();
        land.associate(&id, &one, false).unwrap();
        land.unplug("i-1");
        let address = land.addresses.get(&id).unwrap();
        assert!(address.interface.is_none() && address.association.is_none());
    }

    #[test]
    fn there_is_a_limit() {
        let mut land = Land::example();
        for _ in 0..5 {
            land.allocate().unwrap();
        }
        assert_eq!(land.allocate().unwrap_err().code, "AddressLimitExceeded");
    }

    #[test]
    fn addresses_are_found_by_what_they_are() {
        let mut land = Land::example();
        let (id, address) = land.allocate().map(|one| (one.id.clone(), one.ip.to_string())).unwrap();
        assert_eq!(land.allocation_of(&address), Ok(id));
        assert_eq!(land.allocation_of("192.0.2.1").unwrap_err().code, "InvalidAddress.NotFound");
        assert_eq!(land.allocation_of("web").unwrap_err().code, "InvalidParameterValue");
    }
}
