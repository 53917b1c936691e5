//! Where an interface would be: its subnet, and its groups.

use super::interface::Plug;
use super::{Land, ids};
use crate::aws::fault::Fault;

/// How many groups an interface may be in.
const GROUPS: usize = 5;

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

    pub(super) fn groups_for(&self, plug: &Plug, vpc: &str, subnet: &str) -> Result<Vec<String>, Fault> {
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
}

#[cfg(test)]
mod tests {
    use super::{Land, Plug};

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
