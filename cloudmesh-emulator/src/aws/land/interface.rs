//! Network interfaces, and the public addresses that lead to them.

use std::net::Ipv4Addr;

use jiff::Timestamp;

use super::tags::Tag;
use super::{Land, ids};
use crate::aws::fault::Fault;

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

impl Land {
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
}
