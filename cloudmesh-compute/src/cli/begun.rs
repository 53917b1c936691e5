//! What has been begun and would be left behind by an interruption.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::NodeId;

/// What to do to have all of them after all.
const GO_ON: &str = "go on with: the same command again, nothing is made twice";

/// The nodes that this process makes, to tell of them when it is interrupted.
#[derive(Debug, Default)]
pub(crate) struct Begun(RefCell<Vec<Birth>>);

/// A node that was asked for, and its id once it exists.
#[derive(Debug)]
struct Birth {
    cloud: String,
    name: String,
    id: Option<NodeId>,
}

impl Begun {
    /// Takes note that a node is asked for.
    pub(crate) fn ask(&self, cloud: &str, name: &str) {
        self.0.borrow_mut().push(Birth { cloud: cloud.to_owned(), name: name.to_owned(), id: None });
    }

    /// Takes note that it exists; `None`: that it does not.
    pub(crate) fn settle(&self, cloud: &str, name: &str, id: Option<&NodeId>) {
        let mut births = self.0.borrow_mut();
        let Some(at) = births.iter().position(|birth| birth.cloud == cloud && birth.name == name) else { return };
        match id {
            Some(id) => births[at].id = Some(id.clone()),
            None => drop(births.remove(at)),
        }
    }

    /// A line for each node that exists or may exist, and for each cloud how to remove them.
    pub(super) fn tell(&self) -> Vec<String> {
        let births = self.0.borrow();
        let known = births
            .iter()
            .filter_map(|birth| birth.id.as_ref().map(|id| format!("exists: {} ({}, {id})", birth.name, birth.cloud)));
        known.chain(self.advise()).collect()
    }

    /// A line for each node that may exist, and what to do about all of them.
    pub(super) fn advise(&self) -> Vec<String> {
        let births = self.0.borrow();
        let unknown = births.iter().filter(|birth| birth.id.is_none());
        let line = |birth: &Birth| format!("may exist: {} ({})", birth.name, birth.cloud);
        let mut names = BTreeMap::<&str, Vec<&str>>::new();
        for birth in births.iter() {
            names.entry(&birth.cloud).or_default().push(&birth.name);
        }
        let remove = |(cloud, names): (&str, Vec<&str>)| {
            let names: Vec<Cow<'_, str>> = names.into_iter().map(quoted).collect();
            format!("remove with: cms vm delete {} --cloud {} --if-exists", names.join(" "), quoted(cloud))
        };
        let go_on = (!births.is_empty()).then(|| GO_ON.to_owned());
        unknown.map(line).chain(names.into_iter().map(remove)).chain(go_on).collect()
    }
}

/// A name as a shell takes it for one word.
pub(crate) fn quoted(name: &str) -> Cow<'_, str> {
    let plain = |sign: char| sign.is_alphanumeric() || "._-".contains(sign);
    if name.chars().all(plain) { Cow::Borrowed(name) } else { Cow::Owned(format!("'{}'", name.replace('\'', r"'\''"))) }
}

#[cfg(test)]
mod tests {
    use super::Begun;

    #[test]
    fn tells_what_exists_and_how_to_remove_it() {
        let begun = Begun::default();
        for name in ["web-1", "web-2", "web-3"] {
            begun.ask("lab", name);
        }
        begun.settle("lab", "web-1", Some(&"42".into()));
        begun.settle("lab", "web-2", None);
        let told = [
            "exists: web-1 (lab, 42)",
            "may exist: web-3 (lab)",
            "remove with: cms vm delete web-1 web-3 --cloud lab --if-exists",
            "go on with: the same command again, nothing is made twice",
        ];
        assert_eq!(begun.tell(), told);
        assert_eq!(begun.advise(), told[1..]);
        assert!(Begun::default().tell().is_empty());
    }

    #[test]
    fn a_name_with_a_blank_is_one_word_of_the_advice() {
        let begun = Begun::default();
        begun.ask("lab", "web 1");
        begun.ask("lab", "o'web;ls");
        let advice = r"remove with: cms vm delete 'web 1' 'o'\''web;ls' --cloud lab --if-exists";
        assert_eq!(begun.advise()[2], advice);
    }
}
