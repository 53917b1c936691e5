//! Instances.

use uuid::Uuid;

use super::Land;

/// A virtual machine.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl Land {
    /// Puts a running instance there that somebody else made, and gives its id.
    pub(crate) fn plant(&mut self, name: &str) -> String {
        let id = format!("i-{}", &Uuid::new_v4().simple().to_string()[..17]);
        self.quota += 1;
        self.instances.push(Instance { id: id.clone(), name: name.to_owned() });
        id
    }

    /// Lets so many more instances be made.
    pub(crate) fn set_quota(&mut self, more: usize) {
        self.quota = self.instances.len().saturating_add(more);
    }

    /// The names of all instances, the oldest first.
    pub(crate) fn instance_names(&self) -> Vec<String> {
        self.instances.iter().map(|instance| instance.name.clone()).collect()
    }
}

impl Land {
    /// Whether there is such an instance.
    pub(crate) fn has_instance(&self, id: &str) -> bool {
        self.instances.iter().any(|instance| instance.id == id)
    }

    /// Whether an instance runs.
    pub(crate) fn is_running(&self, id: &str) -> bool {
        self.has_instance(id)
    }
}
