//! Requests about security groups.

use serde::Deserialize;

use super::state::{No, Say, State, body, done, json, no, page};
use crate::memory::wire::{Ask, Group, Rules};
use crate::{Direction, Ethertype, Protocol, SecurityRule};

#[derive(Deserialize)]
struct NewGroup {
    name: String,
    about: String,
}

impl State {
    /// Puts the groups there that a new account has.
    pub(super) fn furnish(&mut self) {
        let ssh = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(22, 22));
        let everything_out = [Ethertype::IPv4, Ethertype::IPv6].map(outwards);
        self.put_group("default", "what every node wears", everything_out.to_vec());
        self.put_group("ssh", "signing in from anywhere", everything_out.into_iter().chain([ssh]).collect());
    }

    fn put_group(&mut self, name: &str, about: &str, rules: Vec<SecurityRule>) -> Group {
        let id = format!("group-{}", self.number());
        let group = Group { id: id.clone(), name: name.to_owned(), about: about.to_owned(), rules };
        self.groups.insert(id, group.clone());
        group
    }

    pub(super) fn group_names(&self, groups: Vec<String>) -> Result<Vec<String>, No> {
        if groups.is_empty() {
            return Ok(vec!["default".to_owned()]);
        }
        groups.into_iter().map(|which| self.group_name(&which)).collect()
    }

    fn group_name(&self, which: &str) -> Result<String, No> {
        let found = self.groups.values().find(|group| group.id == which || group.name == which);
        found.map(|group| group.name.clone()).ok_or_else(|| no(400, "badGroup", format!("no security group `{which}`")))
    }

    pub(super) fn at_groups(&mut self, method: &str, rest: &[&str], ask: &Ask) -> Say {
        match (method, rest) {
            ("GET", []) => page(ask, self.groups.iter().map(|(id, group)| (id.clone(), group))),
            ("POST", []) => self.add_group(ask),
            ("DELETE", [id]) => self.remove_group(id),
            ("POST" | "DELETE", [id, "rules"]) => {
                let Rules { rules } = body(ask)?;
                self.change_rules(method, id, rules)
            }
            _ => Err(no(404, "noSuchPath", "security groups know no such request")),
        }
    }

    fn add_group(&mut self, ask: &Ask) -> Say {
        let NewGroup { name, about } = body(ask)?;
        match self.group_name(&name) {
            Ok(_) => Err(no(409, "nameTaken", format!("there is a security group `{name}`"))),
            Err(_) if name.is_empty() => Err(no(400, "badName", "a security group needs a name")),
            Err(_) => {
                Ok(json(&self.put_group(&name, &about, [Ethertype::IPv4, Ethertype::IPv6].map(outwards).to_vec())))
            }
        }
    }

    fn remove_group(&mut self, id: &str) -> Say {
        let Some(group) = self.groups.get(id) else { return Err(unknown(id)) };
        if self.vms.values().any(|vm| vm.record.groups.contains(&group.name)) {
            return Err(no(409, "inUse", format!("a node wears the security group `{}`", group.name)));
        }
        self.groups.remove(id);
        Ok(done())
    }

    fn change_rules(&mut self, method: &str, id: &str, rules: Vec<SecurityRule>) -> Say {
        for rule in &rules {
            rule.check().map_err(|error| no(400, "badRule", error.message()))?;
        }
        let group = self.groups.get_mut(id).ok_or_else(|| unknown(id))?;
        for rule in rules {
            group.rules.retain(|held| !held.is_same(&rule));
            if method == "POST" {
                group.rules.push(rule);
            }
        }
        Ok(done())
    }
}

/// What lets a node reach everything.
fn outwards(family: Ethertype) -> SecurityRule {
    SecurityRule::new(Direction::Egress, family, Protocol::Any)
}

fn unknown(id: &str) -> No {
    no(404, "noSuchGroup", format!("no security group `{id}`"))
}
