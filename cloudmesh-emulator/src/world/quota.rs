//! How much there may be on the network of a project.

/// What is limited, and to how many when nothing else is said; -1 for any number.
const LIMITS: [(&str, i64); 9] = [
    ("network", 100),
    ("subnet", 100),
    ("subnetpool", -1),
    ("port", 500),
    ("router", 10),
    ("floatingip", 50),
    ("rbac_policy", 10),
    ("security_group", 10),
    ("security_group_rule", 100),
];

/// The limits.
#[derive(Debug, Clone)]
pub(crate) struct NetworkQuotas([(&'static str, i64); 9]);

impl Default for NetworkQuotas {
    fn default() -> Self {
        Self(LIMITS)
    }
}

impl NetworkQuotas {
    /// The limit of a resource; `None` when it has none.
    pub(crate) fn limit(&self, resource: &str) -> Option<usize> {
        let limit = self.0.iter().find(|(name, _)| *name == resource)?.1;
        usize::try_from(limit).ok()
    }

    /// All of them, by name.
    pub(crate) fn all(&self) -> &[(&'static str, i64)] {
        &self.0
    }

    /// Puts another limit; `false` when there is no such resource.
    pub(crate) fn set(&mut self, resource: &str, limit: i64) -> bool {
        let found = self.0.iter_mut().find(|(name, _)| *name == resource);
        found.map(|found| found.1 = limit).is_some()
    }
}
