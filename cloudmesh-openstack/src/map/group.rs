//! Security groups. Pure functions.

use std::collections::HashMap;

use cloudmesh_abstract::SecurityGroup;

use super::rule::rule;
use crate::wire;

/// What groups are called, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<String, String>);

impl Names {
    /// The names that mean one group each; where several share one, each is called by its id.
    pub(crate) fn of(groups: &[wire::SecurityGroup]) -> Self {
        let mut times = HashMap::new();
        for group in groups {
            *times.entry(&group.name).or_insert(0_usize) += 1;
        }
        let clear = |group: &&wire::SecurityGroup| !group.name.is_empty() && times.get(&group.name) == Some(&1);
        Self(groups.iter().filter(clear).map(|group| (group.id.clone(), group.name.clone())).collect())
    }

    /// The name of a group, or its id.
    pub(crate) fn label(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

/// A group with its rules.
pub(crate) fn group(record: wire::SecurityGroup, names: &Names) -> SecurityGroup {
    let rules = record.rules.iter().map(|each| rule(each, |id| names.label(id))).collect();
    let mut group = SecurityGroup::new(record.id, record.name);
    (group.description, group.rules) = (record.description, rules);
    group
}
