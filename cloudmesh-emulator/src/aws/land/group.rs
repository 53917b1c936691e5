//! Security groups and their rules.

use super::traffic::{Peer, Traffic};
use super::{Land, ids, traffic};
use crate::aws::fault::Fault;

/// How many rules a group may have in one direction, for each family of addresses.
const RULES: usize = 60;
/// How many groups there may be.
const GROUPS: usize = 2500;
/// How long a name may be.
const LONGEST: usize = 255;

/// A security group.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) vpc: String,
    pub(crate) rules: Vec<Rule>,
}

/// A rule of a security group.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) egress: bool,
    pub(crate) traffic: Traffic,
    pub(crate) description: Option<String>,
}

impl Rule {
    pub(crate) fn new(egress: bool, traffic: Traffic, description: Option<&str>) -> Self {
        Self { id: ids::RULE.id(), egress, traffic, description: description.map(str::to_owned) }
    }
}

impl Group {
    /// Its rules of one direction.
    pub(crate) fn rules(&self, egress: bool) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.egress == egress)
    }

    /// Adds rules: all of them, or none.
    pub(crate) fn add(&mut self, rules: &[Rule]) -> Result<(), Fault> {
        for (place, rule) in rules.iter().enumerate() {
            if rules[..place].iter().any(|one| one.traffic == rule.traffic) {
                let told = "The same permission must not appear multiple times";
                return Err(Fault::new("InvalidParameterValue", told));
            }
            if self.rules(rule.egress).any(|one| one.traffic == rule.traffic) {
                let told = format!("the specified rule \"{}\" already exists", rule.traffic);
                return Err(Fault::new("InvalidPermission.Duplicate", told));
            }
        }
        let mut all = self.rules.clone();
        all.extend_from_slice(rules);
        if [true, false].into_iter().any(|egress| has_too_many(&all, egress)) {
            let told = "The maximum number of rules per security group has been reached.";
            return Err(Fault::new("RulesPerSecurityGroupLimitExceeded", told));
        }
        self.rules = all;
        Ok(())
    }

    /// Takes rules away by their ids: all of them, or none.
    pub(crate) fn remove(&mut self, egress: bool, ids: &[&str]) -> Result<Vec<Rule>, Fault> {
        for id in ids {
            if !self.rules(egress).any(|rule| rule.id == *id) {
                return Err(ids::RULE.missing(id));
            }
        }
        let (gone, left) =
            std::mem::take(&mut self.rules).into_iter().partition(|rule| ids.contains(&rule.id.as_str()));
        self.rules = left;
        Ok(gone)
    }

    /// Takes the rule away that lets this through; `None` when there is none.
    pub(crate) fn remove_traffic(&mut self, egress: bool, what: &Traffic) -> Option<Rule> {
        let place = self.rules.iter().position(|rule| rule.egress == egress && rule.traffic == *what)?;
        Some(self.rules.remove(place))
    }

    /// Whether a rule of it names another group.
    fn names(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| matches!(&rule.traffic.peer, Peer::Group { id: named, .. } if named == id))
    }
}

fn has_too_many(rules: &[Rule], egress: bool) -> bool {
    let counts = rules.iter().filter(|rule| rule.egress == egress).map(|rule| rule.traffic.peer.counts());
    let [four, six] = counts.fold([0, 0], |[four, six], [more, others]| [four + more, six + others]);
    four > RULES || six > RULES
}

impl Land {
    /// Makes a security group that lets everything out and nothing in.
    pub(crate) fn add_group(&mut self, vpc: &str, name: &str, description: &str) -> Result<String, Fault> {
        check_name(name)?;
        traffic::check_description("security group", description)?;
        if !self.vpcs.contains(vpc) {
            return Err(ids::VPC.missing(vpc));
        }
        if self.groups.iter().any(|group| group.vpc == vpc && group.name.eq_ignore_ascii_case(name)) {
            let told = format!("The security group '{name}' already exists for VPC '{vpc}'");
            return Err(Fault::new("InvalidGroup.Duplicate", told));
        }
        if self.groups.len() >= GROUPS {
            let told = "The maximum number of security groups has been reached.";
            return Err(Fault::new("SecurityGroupLimitExceeded", told));
        }
        Ok(self.put_group(vpc, name, description))
    }

    /// Puts a group there without asking.
    pub(super) fn put_group(&mut self, vpc: &str, name: &str, description: &str) -> String {
        let id = ids::GROUP.id();
        let out = Peer::v4("0.0.0.0/0").map(|peer| Rule::new(true, Traffic::any(peer), None));
        let group = Group {
            id: id.clone(),
            name: name.to_owned(),
            description: description.to_owned(),
            vpc: vpc.to_owned(),
            rules: out.into_iter().collect(),
        };
        self.groups.insert(&id, group);
        id
    }

    /// The group of that id.
    pub(crate) fn group(&self, id: &str) -> Result<&Group, Fault> {
        self.groups.get(id).ok_or_else(|| ids::GROUP.missing(id))
    }

    /// The group of that name in a network.
    pub(crate) fn group_named(&self, vpc: &str, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.vpc == vpc && group.name == name)
    }

    /// The group of that name in the default network.
    pub(crate) fn group_by_name(&self, name: &str) -> Result<&Group, Fault> {
        let vpc = self.default_vpc().ok_or_else(super::vpc::no_default)?;
        let told = || {
            let told = format!("The security group '{name}' does not exist in default VPC '{}'", vpc.id);
            Fault::new("InvalidGroup.NotFound", told)
        };
        self.group_named(&vpc.id, name).ok_or_else(told)
    }

    /// Removes a group that nothing needs.
    pub(crate) fn remove_group(&mut self, id: &str) -> Result<(), Fault> {
        let group = self.group(id)?;
        if group.name == "default" {
            let told = format!("the specified group: \"{id}\" name: \"default\" cannot be deleted by a user");
            return Err(Fault::new("CannotDelete", told));
        }
        let named = self.groups.iter().any(|group| group.id != id && group.names(id));
        if named || self.interfaces.iter().any(|one| one.groups.iter().any(|group| group == id)) {
            return Err(super::estate::in_use(id));
        }
        for rule in self.groups.remove(id).into_iter().flat_map(|group| group.rules) {
            self.tags.forget(&rule.id);
        }
        self.tags.forget(id);
        Ok(())
    }
}

impl Traffic {
    /// Everything, from or to a peer.
    pub(crate) fn any(peer: Peer) -> Self {
        Self { protocol: traffic::Protocol::ANY, from: -1, to: -1, peer }
    }
}

fn check_name(name: &str) -> Result<(), Fault> {
    let told = if name.starts_with("sg-") {
        format!("Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.")
    } else if name.eq_ignore_ascii_case("default") {
        "Cannot use reserved security group name: default".to_owned()
    } else if name.len() > LONGEST || !traffic::is_plain(name) {
        format!("Value ({name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.")
    } else {
        return Ok(());
    };
    Err(Fault::new("InvalidParameterValue", told))
}

#[cfg(test)]
mod tests {
    use super::{Land, Peer, RULES, Rule, Traffic};
    use crate::aws::land::traffic::Protocol;

    fn rule(port: i32, block: &str) -> Rule {
        let peer = Peer::v4(block).or_else(|_| Peer::v6(block)).unwrap();
        Rule::new(false, Traffic { protocol: Protocol::TCP, from: port, to: port, peer }, None)
    }

    #[test]
    fn a_new_group_lets_everything_out_and_nothing_in() {
        let mut land = Land::example();
        let vpc = land.default_vpc().unwrap().id.clone();
        let id = land.add_group(&vpc, "web", "for the web").unwrap();
        let group = land.group(&id).unwrap();
        assert_eq!((group.rules(false).count(), group.rules(true).count()), (0, 1));
        assert_eq!(land.group_by_name("web").unwrap().id, id);
    }

    #[test]
    fn names_are_checked() {
        let mut land = Land::example();
        let vpc = land.default_vpc().unwrap().id.clone();
        land.add_group(&vpc, "web", "-").unwrap();
        let table = [
            ("WEB", "InvalidGroup.Duplicate"),
            ("sg-web", "InvalidParameterValue"),
            ("default", "InvalidParameterValue"),
            ("größe", "InvalidParameterValue"),
            (&"x".repeat(256), "InvalidParameterValue"),
        ];
        for (name, code) in table {
            assert_eq!(land.add_group(&vpc, name, "-").unwrap_err().code, code, "{name}");
        }
        let elsewhere = land.add_group("vpc-0123456789abcdef0", "web", "-").unwrap_err();
        assert_eq!(elsewhere.code, "InvalidVpcID.NotFound");
    }

    #[test]
    fn rules_come_all_or_none() {
        let mut land = Land::example();
        let id = land.group_by_name("default").unwrap().id.clone();
        let group = land.groups.get_mut(&id).unwrap();
        let before = group.rules.len();
        group.add(&[rule(22, "0.0.0.0/0")]).unwrap();
        let fault = group.add(&[rule(23, "0.0.0.0/0"), rule(22, "0.0.0.0/0")]).unwrap_err();
        assert_eq!(fault.code, "InvalidPermission.Duplicate");
        let fault = group.add(&[rule(24, "0.0.0.0/0"), rule(24, "0.0.0.0/0")]).unwrap_err();
        assert_eq!(fault.code, "InvalidParameterValue");
        assert_eq!(group.rules.len(), before + 1);
        let own = group.rules.last().unwrap().id.clone();
        assert!(group.remove(false, &[&own, "sgr-0123456789abcdef0"]).is_err());
        assert!(group.remove(true, &[&own]).is_err());
        assert_eq!(group.remove(false, &[&own]).unwrap().len(), 1);
    }

    #[test]
    fn each_family_has_its_limit() {
        let mut land = Land::example();
        let vpc = land.default_vpc().unwrap().id.clone();
        let id = land.add_group(&vpc, "web", "-").unwrap();
        let group = land.groups.get_mut(&id).unwrap();
        let many =
            |count: usize, block| (1..=i32::try_from(count).unwrap()).map(|port| rule(port, block)).collect::<Vec<_>>();
        group.add(&many(RULES, "0.0.0.0/0")).unwrap();
        group.add(&many(RULES, "::/0")).unwrap();
        let fault = group.add(&[rule(1000, "0.0.0.0/0")]).unwrap_err();
        assert_eq!(fault.code, "RulesPerSecurityGroupLimitExceeded");
    }

    #[test]
    fn a_group_goes_when_nothing_needs_it() {
        let mut land = Land::example();
        let vpc = land.default_vpc().unwrap().id.clone();
        let [web, data] = ["web", "data"].map(|name| land.add_group(&vpc, name, "-").unwrap());
        let peer = Peer::Group { id: web.clone(), user: land.account.clone() };
        land.groups.get_mut(&data).unwrap().add(&[Rule::new(false, Traffic::any(peer), None)]).unwrap();
        assert_eq!(land.remove_group(&web).unwrap_err().code, "DependencyViolation");
        land.remove_group(&data).unwrap();
        land.remove_group(&web).unwrap();
        assert_eq!(land.remove_group(&web).unwrap_err().code, "InvalidGroup.NotFound");
        let default = land.group_by_name("default").unwrap().id.clone();
        assert_eq!(land.remove_group(&default).unwrap_err().code, "CannotDelete");
    }
}
