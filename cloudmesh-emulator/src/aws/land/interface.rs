//! Network interfaces, and the public addresses that lead to them.

use std::net::Ipv4Addr;

use jiff::Timestamp;

use super::tags::Tag;
use super::{Land, ids};
use crate::aws::fault::Fault;

/// How many groups an interface may be in.
const GROUPS: usize = 5;

/// A network interface.
#[derive(Debug, Clone)]
pub(crate) struct Interface {
    pub(crate) id: String,
    pub(crate) vpc: String,
    pub(crate) subnet: String,
    pub(crate) zone: String,
    pub(crate) description: String,
    pub(crate) mac: String,
    pub(crate) private: Ipv4Addr,
    pub(crate) groups: Vec<String>,
    pub(crate) public: Option<Public>,
    /// Whether it has a public address of its own while its instance runs.
    pub(crate) wants_public: bool,
    pub(crate) attachment: Option<Attachment>,
}

/// A public address that leads to an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Public {
    pub(crate) address: Ipv4Addr,
    /// What an address that the account keeps has: its allocation and its association.
    pub(crate) elastic: Option<(String, String)>,
}

/// What holds an interface to an instance.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub(crate) id: String,
    pub(crate) instance: String,
    pub(crate) index: u32,
    pub(crate) since: Timestamp,
    /// Whether the interface goes with its instance.
    pub(crate) goes_with: bool,
}

/// What an interface shall be like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plug {
    /// One of the default subnets when none is named.
    pub(crate) subnet: Option<String>,
    /// The zone of the default subnet.
    pub(crate) zone: Option<String>,
    /// The ids of its groups.
    pub(crate) groups: Vec<String>,
    /// The names of its groups, in the default network only.
    pub(crate) group_names: Vec<String>,
    /// Whether it gets a public address; as the subnet says when nothing is said.
    pub(crate) public: Option<bool>,
    pub(crate) private: Option<Ipv4Addr>,
    pub(crate) description: String,
    pub(crate) tags: Vec<Tag>,
}

/// Where an interface would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) vpc: String,
    pub(crate) subnet: String,
    pub(crate) zone: String,
    pub(crate) groups: Vec<String>,
}

impl Land {
    /// Where an interface would be, or why it cannot be. Changes nothing.
    pub(crate) fn place(&self, plug: &Plug) -> Result<Place, Fault> {
        let id = match &plug.subnet {
            Some(id) => id.clone(),
            None => self.default_subnet(plug.zone.as_deref())?,
        };
        let subnet = self.subnets.get(&id).ok_or_else(|| ids::SUBNET.missing(&id))?;
        if let Some(zone) = plug.zone.as_deref().filter(|zone| *zone != subnet.zone) {
            let told = format!("The subnet {id} is in the Availability Zone {}, and not in {zone}", subnet.zone);
            return Err(Fault::new("InvalidParameterValue", told));
        }
        let groups = self.groups_for(plug, &subnet.vpc, &id)?;
        Ok(Place { vpc: subnet.vpc.clone(), subnet: id, zone: subnet.zone.clone(), groups })
    }

    /// The default subnet of a zone, or of the first zone that has one.
    fn default_subnet(&self, zone: Option<&str>) -> Result<String, Fault> {
        let zone = zone.map(|zone| self.zone(Some(zone))).transpose()?;
        let vpc = self.default_vpc().ok_or_else(super::vpc::no_default)?;
        let mut own = self.subnets.iter().filter(|subnet| subnet.vpc == vpc.id && subnet.default);
        let found = match &zone {
            Some(zone) => own.find(|subnet| subnet.zone == *zone),
            // The emptiest one, so that none of them gets full before the others.
            None => own.rev().max_by_key(|subnet| subnet.free()),
        };
        let told = || {
            let place = zone.as_ref().map(|zone| format!(" in availability zone '{zone}'")).unwrap_or_default();
            let told = format!("No default subnet for the default VPC '{}'{place}. Please specify a subnet.", vpc.id);
            Fault::new("MissingInput", told)
        };
        found.map(|subnet| subnet.id.clone()).ok_or_else(told)
    }

    fn groups_for(&self, plug: &Plug, vpc: &str, subnet: &str) -> Result<Vec<String>, Fault> {
        if !plug.group_names.is_empty() && plug.subnet.is_some() {
            let told = "The parameter groupName cannot be used with the parameter subnet";
            return Err(Fault::combination(told));
        }
        let mut groups = plug.groups.clone();
        for id in &groups {
            if self.group(id)?.vpc != vpc {
                let told = format!("Security group {id} and subnet {subnet} belong to different networks.");
                return Err(Fault::new("InvalidParameter", told));
            }
        }
        for name in &plug.group_names {
            groups.push(self.group_by_name(name)?.id.clone());
        }
        if groups.is_empty() {
            groups.extend(self.group_named(vpc, "default").map(|group| group.id.clone()));
        }
        groups.dedup();
        if groups.len() > GROUPS {
            let told = "The maximum number of security groups per interface has been reached.";
            return Err(Fault::new("SecurityGroupsPerInterfaceLimitExceeded", told));
        }
        Ok(groups)
    }

    /// Makes an interface that no instance has yet, and gives its id.
    pub(crate) fn add_interface(&mut self, plug: &Plug) -> Result<String, Fault> {
        let place = self.place(plug)?;
        let subnet = self.subnets.get_mut(&place.subnet).ok_or_else(|| ids::SUBNET.missing(&place.subnet))?;
        let wants_public = plug.public.unwrap_or(subnet.public);
        let private = subnet.take(plug.private)?;
        let id = ids::INTERFACE.id();
        let interface = Interface {
            id: id.clone(),
            vpc: place.vpc,
            subnet: place.subnet,
            zone: place.zone,
            description: plug.description.clone(),
            mac: mac(&id),
            private,
            groups: place.groups,
            public: None,
            wants_public,
            attachment: None,
        };
        self.interfaces.insert(&id, interface);
        self.tags.set(&id, &plug.tags);
        Ok(id)
    }

    /// Attaches an interface to an instance, as that which has the index.
    pub(crate) fn attach_interface(
        &mut self,
        id: &str,
        instance: &str,
        index: u32,
        goes_with: bool,
    ) -> Result<(), Fault> {
        let now = self.now;
        let one = self.interfaces.get_mut(id).ok_or_else(|| ids::INTERFACE.missing(id))?;
        if one.attachment.is_some() {
            let told = format!("Interface: [{id}] in use.");
            return Err(Fault::new("InvalidNetworkInterface.InUse", told));
        }
        one.attachment = Some(Attachment {
            id: ids::INTERFACE.id().replace("eni-", "eni-attach-"),
            instance: instance.to_owned(),
            index,
            since: now,
            goes_with,
        });
        self.plugged.entry(instance.to_owned()).or_default().push(id.to_owned());
        Ok(())
    }

    /// The interfaces of an instance, by their index.
    pub(crate) fn interfaces_of(&self, instance: &str) -> Vec<&Interface> {
        let ids = self.plugged.get(instance).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<&Interface> = ids.iter().filter_map(|id| self.interfaces.get(id)).collect();
        found.sort_by_key(|one| one.attachment.as_ref().map(|attachment| attachment.index));
        found
    }

    /// An instance begins to run: it gets the public address that it has while it runs.
    pub(crate) fn publish(&mut self, instance: &str) {
        for id in self.plugged.get(instance).cloned().unwrap_or_default() {
            let wants = self.interfaces.get(&id).is_some_and(|one| one.wants_public && one.public.is_none());
            if wants {
                let public = Public { address: self.next_public(), elastic: None };
                self.let_public(&id, Some(public));
            }
        }
    }

    /// An instance has stopped: the public address goes that it had while it ran.
    pub(crate) fn unpublish(&mut self, instance: &str) {
        for id in self.plugged.get(instance).cloned().unwrap_or_default() {
            if self
                .interfaces
                .get(&id)
                .is_some_and(|one| one.public.as_ref().is_some_and(|public| public.elastic.is_none()))
            {
                self.let_public(&id, None);
            }
        }
    }

    pub(super) fn let_public(&mut self, id: &str, public: Option<Public>) {
        if let Some(interface) = self.interfaces.get_mut(id) {
            interface.public = public;
        }
    }

    /// An instance is gone: its interfaces go with it, but those that shall stay.
    pub(crate) fn unplug(&mut self, instance: &str) {
        for id in self.plugged.remove(instance).unwrap_or_default() {
            let Some(one) = self.interfaces.get_mut(&id) else { continue };
            let goes_with = one.attachment.take().is_some_and(|attachment| attachment.goes_with);
            if one.public.as_ref().is_some_and(|public| public.elastic.is_none()) {
                one.public = None;
            }
            if goes_with {
                self.drop_interface(&id);
            }
        }
    }

    /// Removes an interface that no instance has.
    pub(crate) fn remove_interface(&mut self, id: &str) -> Result<(), Fault> {
        let one = self.interfaces.get(id).ok_or_else(|| ids::INTERFACE.missing(id))?;
        if one.attachment.is_some() {
            let told = format!("Network interface '{id}' is currently in use.");
            return Err(Fault::new("InvalidParameterValue", told));
        }
        self.drop_interface(id);
        Ok(())
    }

    fn drop_interface(&mut self, id: &str) {
        let Some(one) = self.interfaces.remove(id) else { return };
        if let Some(subnet) = self.subnets.get_mut(&one.subnet) {
            subnet.release(one.private);
        }
        self.tags.forget(id);
        self.free_addresses_of(id);
    }

    /// Puts an interface into other groups.
    pub(crate) fn regroup(&mut self, id: &str, groups: &[String]) -> Result<(), Fault> {
        let one = self.interfaces.get(id).ok_or_else(|| ids::INTERFACE.missing(id))?;
        let plug = Plug { groups: groups.to_vec(), ..Plug::default() };
        let found = self.groups_for(&plug, &one.vpc, &one.subnet)?;
        if let Some(one) = self.interfaces.get_mut(id) {
            one.groups = found;
        }
        Ok(())
    }

    /// The name of a private address.
    pub(crate) fn private_name(&self, address: Ipv4Addr) -> String {
        format!("ip-{}.{}", dashed(address), self.region().private_domain())
    }

    /// The name of a public address.
    pub(crate) fn public_name(&self, address: Ipv4Addr) -> String {
        format!("ec2-{}.{}", dashed(address), self.region().public_domain())
    }
}

fn dashed(address: Ipv4Addr) -> String {
    address.to_string().replace('.', "-")
}

/// A hardware address that is as much its own as the id.
fn mac(id: &str) -> String {
    let digits: Vec<char> = id.chars().rev().take(10).collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    format!("02:{}", pairs.join(":"))
}

#[cfg(test)]
mod tests {
    use super::{Land, Plug};

    fn plugged(land: &mut Land, plug: &Plug) -> String {
        let id = land.add_interface(plug).unwrap();
        land.attach_interface(&id, "i-1", 0, true).unwrap();
        land.publish("i-1");
        id
    }

    #[test]
    fn an_interface_is_in_the_default_network_and_group() {
        let mut land = Land::example();
        let id = plugged(&mut land, &Plug { zone: Some("us-east-2b".to_owned()), ..Plug::default() });
        let one = land.interfaces.get(&id).unwrap();
        assert_eq!((one.zone.as_str(), one.private.to_string().as_str()), ("us-east-2b", "172.31.16.4"));
        assert_eq!(land.group(&one.groups[0]).unwrap().name, "default");
        assert!(one.public.is_some() && one.mac.len() == 17);
    }

    #[test]
    fn the_public_address_is_there_while_the_instance_runs() {
        let mut land = Land::example();
        let id = plugged(&mut land, &Plug::default());
        let public = |land: &Land| land.interfaces.get(&id).unwrap().public.clone();
        let first = public(&land);
        land.unpublish("i-1");
        assert_eq!(public(&land), None);
        land.publish("i-1");
        assert!(public(&land).is_some() && public(&land) != first);
        land.unplug("i-1");
        assert_eq!((land.interfaces.len(), land.interfaces_of("i-1").len()), (0, 0));
    }

    #[test]
    fn nothing_public_where_nobody_wants_it() {
        let mut land = Land::example();
        let id = plugged(&mut land, &Plug { public: Some(false), ..Plug::default() });
        assert_eq!(land.interfaces.get(&id).unwrap().public, None);
    }

    #[test]
    fn groups_are_of_the_same_network() {
        let mut land = Land::example();
        let vpc = land.add_vpc("10.0.0.0/16").unwrap();
        let subnet = land.add_subnet(&vpc, "10.0.0.0/24", None).unwrap();
        let ours = land.group_by_name("default").unwrap().id.clone();
        let groups = vec![ours.clone()];
        let wish = Plug { subnet: Some(subnet.clone()), groups, ..Plug::default() };
        assert_eq!(land.place(&wish).unwrap_err().code, "InvalidParameter");
        let names = vec!["default".to_owned()];
        let wish = Plug { subnet: Some(subnet.clone()), group_names: names.clone(), ..Plug::default() };
        assert_eq!(land.place(&wish).unwrap_err().code, "InvalidParameterCombination");
        assert_eq!(land.place(&Plug { group_names: names, ..Plug::default() }).unwrap().groups, [ours]);
        let wish = Plug { group_names: vec!["web".to_owned()], ..Plug::default() };
        assert_eq!(land.place(&wish).unwrap_err().code, "InvalidGroup.NotFound");
        assert!(land.place(&Plug { subnet: Some(subnet), ..Plug::default() }).is_ok());
    }
}
