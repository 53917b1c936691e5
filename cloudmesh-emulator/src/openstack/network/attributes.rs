//! What the attributes of Neutron's resources may be, and how they are read.

use serde_json::{Map, Value, json};

use super::Fault;
use super::checks::Check;

/// A kind of resource.
#[derive(Debug)]
pub(super) struct Resource {
    /// What one is called, such as `security_group`.
    pub(super) one: &'static str,
    /// The part of the path that leads to all, such as `security-groups`.
    pub(super) path: &'static str,
    /// Whether it is of Neutron's core, whose errors differ from those of the extensions.
    pub(super) core: bool,
    /// Whether several can be made at once.
    pub(super) bulk: bool,
    /// Whether a page can begin only after one that is there.
    pub(super) anchored: bool,
    /// The error when one is missing.
    pub(super) missing: fn(&str) -> Fault,
    pub(super) attributes: &'static [Attribute],
}

/// An attribute: its name, what it is for in words, what it may be.
///
/// The words: `post` and `put` may send it, `required` must, `filter` and `sort` may name it.
#[derive(Debug)]
pub(super) struct Attribute(pub(super) &'static str, pub(super) &'static str, pub(super) Check);

impl Attribute {
    fn is(&self, word: &str) -> bool {
        self.1.split(' ').any(|one| one == word)
    }
}

/// The names of whom something belongs to, which mean the same.
pub(super) const OWNER: [&str; 2] = ["project_id", "tenant_id"];

impl Resource {
    /// What several are called, such as `security_groups`.
    pub(super) fn many(&self) -> String {
        format!("{}s", self.one)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        let name = if name == "project_id" { "tenant_id" } else { name };
        self.attributes.iter().find(|attribute| attribute.0 == name)
    }

    /// Whether lists can be cut down by it.
    pub(super) fn filters(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|attribute| attribute.is("filter"))
    }

    /// Whether lists can be ordered by it.
    pub(super) fn sorts(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|attribute| attribute.is("sort"))
    }

    /// What is sent to make one, checked. An attribute that is not sent is left out.
    pub(super) fn made(&self, sent: &Value, project: &str) -> Result<Map<String, Value>, Fault> {
        let mut given = self.given(sent, project)?;
        for attribute in self.attributes {
            let there = given.contains_key(attribute.0);
            if there && !attribute.is("post") {
                return Err(Fault::bad(format!("Attribute '{}' not allowed in POST", attribute.0)));
            }
            if !there && attribute.is("required") {
                let told = format!("Failed to parse request. Required attribute '{}' not specified", attribute.0);
                return Err(Fault::bad(told));
            }
        }
        self.convert(&mut given)?;
        Ok(given)
    }

    /// What is sent to change one, checked.
    pub(super) fn changed(&self, sent: &Value, project: &str) -> Result<Map<String, Value>, Fault> {
        let mut given = self.given(sent, project)?;
        let fixed = self.attributes.iter().find(|attribute| given.contains_key(attribute.0) && !attribute.is("put"));
        if let Some(attribute) = fixed {
            return Err(Fault::bad(format!("Cannot update read-only attribute {}", attribute.0)));
        }
        self.convert(&mut given)?;
        Ok(given)
    }

    /// What is sent, when nothing in it is unknown or about another project.
    fn given(&self, sent: &Value, project: &str) -> Result<Map<String, Value>, Fault> {
        let told = || Fault::bad(format!("Object '{}' contains invalid data", self.one));
        let mut given = sent.as_object().cloned().ok_or_else(told)?;
        if let Some(owner) = owner(&given)? {
            if owner != project {
                let told = "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request \
                            requires admin or advsvc privileges";
                return Err(Fault::bad(told));
            }
            given.remove("project_id");
            given.insert("tenant_id".to_owned(), json!(owner));
        }
        let strange: Vec<&str> = given.keys().map(String::as_str).filter(|key| self.attribute(key).is_none()).collect();
        if strange.is_empty() {
            return Ok(given);
        }
        Err(Fault::bad(format!("Unrecognized attribute(s) '{}'", strange.join(", "))))
    }

    fn convert(&self, given: &mut Map<String, Value>) -> Result<(), Fault> {
        for attribute in self.attributes {
            if let Some(value) = given.get_mut(attribute.0) {
                *value = attribute.2.convert(attribute.0, value)?;
            }
        }
        Ok(())
    }
}

fn owner(given: &Map<String, Value>) -> Result<Option<Value>, Fault> {
    match OWNER.map(|name| given.get(name)) {
        [Some(one), Some(other)] if one != other => Err(Fault::bad("'project_id' and 'tenant_id' do not match")),
        [Some(owner), _] | [_, Some(owner)] => Ok(Some(owner.clone())),
        [None, None] => Ok(None),
    }
}
