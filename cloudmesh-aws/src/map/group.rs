//! Security groups. Pure functions.

use std::collections::HashMap;

use aws_sdk_ec2::types::SecurityGroup as Record;
use cloudmesh_abstract::{Direction, SecurityGroup, SecurityRule};

use super::rule::rules;

/// What groups are called, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<String, String>);

impl Names {
    /// The names that mean one group each; where several share one, in different networks, each is called by its id.
    pub(crate) fn of(groups: &[Record]) -> Self {
        let mut times: HashMap<&str, usize> = HashMap::new();
        for name in groups.iter().filter_map(|group| group.group_name()) {
            *times.entry(name).or_default() += 1;
        }
        let pairs = groups.iter().filter_map(|group| Some((group.group_id()?, group.group_name()?)));
        let clear = pairs.filter(|(_, name)| times.get(name) == Some(&1));
        Self(clear.map(|(id, name)| (id.to_owned(), name.to_owned())).collect())
    }

    /// The name of a group, or its id.
    pub(crate) fn label(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

/// A group with its rules, which EC2 lists apart.
pub(crate) fn group(record: &Record, rules: Vec<SecurityRule>) -> SecurityGroup {
    let mut group = SecurityGroup::new(record.group_id().unwrap_or_default(), record.group_name().unwrap_or_default());
    (group.description, group.rules) = (record.description().unwrap_or_default().to_owned(), rules);
    group
}

/// The rules that a group's own record tells: without ids, the groups at their other ends called by id.
pub(crate) fn held(record: &Record) -> Vec<SecurityRule> {
    let owner = record.owner_id();
    let inwards = record.ip_permissions().iter().map(|rule| (rule, Direction::Ingress));
    let outwards = record.ip_permissions_egress().iter().map(|rule| (rule, Direction::Egress));
    inwards.chain(outwards).flat_map(|(rule, direction)| rules(rule, direction, owner)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Names, group, held};
    use aws_sdk_ec2::types::{IpPermission, IpRange, SecurityGroup};

    fn record(id: &str, name: &str) -> SecurityGroup {
        let any = IpRange::builder().cidr_ip("0.0.0.0/0").build();
        let rule = IpPermission::builder().ip_protocol("-1").ip_ranges(any).build();
        SecurityGroup::builder().group_id(id).group_name(name).description("x").ip_permissions_egress(rule).build()
    }

    #[test]
    fn a_name_of_several_groups_means_none_of_them() {
        let groups = [record("sg-1", "web"), record("sg-2", "default"), record("sg-3", "default")];
        let names = Names::of(&groups);
        let labels = ["sg-1", "sg-2", "sg-9"].map(|id| names.label(id));
        assert_eq!(labels, ["web", "sg-2", "sg-9"]);
    }

    #[test]
    fn a_group_is_told_with_its_rules() {
        let record = record("sg-1", "web");
        let rules = held(&record);
        assert_eq!(rules.iter().map(ToString::to_string).collect::<Vec<_>>(), ["egress:any"]);
        let group = group(&record, rules);
        assert_eq!((group.id.as_str(), group.name.as_str(), group.description.as_str()), ("sg-1", "web", "x"));
        assert_eq!(group.rules.len(), 1);
    }
}
