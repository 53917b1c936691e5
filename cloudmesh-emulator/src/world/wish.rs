//! What a new node shall be.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::node::{Condition, Node};
use super::port::Plug;
use super::volume::Disk;

/// A wish for one or several equal nodes. Everything it names must exist.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    pub(crate) name: String,
    pub(crate) count: usize,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) image: String,
    pub(crate) flavor: String,
    pub(crate) key: Option<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) plugs: Vec<Plug>,
    pub(crate) disks: Vec<Disk>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) tags: Vec<String>,
    pub(crate) description: Option<String>,
    pub(crate) hostname: Option<String>,
    pub(crate) config_drive: bool,
    /// The number of the request that wishes it.
    pub(crate) request: String,
    /// Let no host have room.
    pub(crate) no_room: bool,
    /// To how many requests it is unknown at first.
    pub(crate) hidden: usize,
}

impl Wish {
    /// The node, not yet connected; of several, the one that is `which`, counted from 1.
    pub(crate) fn node(&self, id: String, which: usize, now: Timestamp) -> Node {
        let name = if self.count > 1 { format!("{}-{which}", self.name) } else { self.name.clone() };
        Node {
            id,
            hostname: self.hostname.clone().unwrap_or_else(|| hostname(&name)),
            name,
            project: self.project.clone(),
            user: self.user.clone(),
            image: self.image.clone(),
            flavor: self.flavor.clone(),
            earlier: None,
            key: self.key.clone(),
            ports: Vec::new(),
            disks: Vec::new(),
            labels: self.labels.clone(),
            tags: self.tags.clone(),
            description: self.description.clone(),
            config_drive: self.config_drive,
            condition: Condition::Building,
            work: None,
            failure: None,
            doom: None,
            shelf: None,
            locked: false,
            lock_reason: None,
            hidden: self.hidden,
            created: now,
            updated: now,
            launched: None,
            deleted: None,
            journal: Vec::new(),
        }
    }
}

/// A host name made of a name: lower case, nothing but letters, digits, dots and hyphens, at most 63 characters.
fn hostname(name: &str) -> String {
    let kept = name.chars().filter_map(|letter| match letter {
        ' ' | '_' => Some('-'),
        '.' | '-' => Some(letter),
        letter if letter.is_ascii_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    let kept: String = kept.collect();
    kept.trim_matches(['-', '.']).chars().take(63).collect()
}

#[cfg(test)]
mod tests {
    use super::hostname;

    #[test]
    fn names_become_host_names() {
        let table = [("web-1", "web-1"), ("My Web_1", "my-web-1"), ("-a.b-", "a.b"), ("héllo", "hllo"), ("", "")];
        for (name, wanted) in table {
            assert_eq!(hostname(name), wanted);
        }
    }
}
