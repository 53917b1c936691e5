//! How much of what a project may have of a compute service.

use super::state::State;

/// The limits, named as Nova's quotas; -1 is none. How many nodes there may be is the state's own number.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    pub(crate) cores: i64,
    /// In MiB.
    pub(crate) ram: i64,
    pub(crate) key_pairs: i64,
    pub(crate) metadata_items: i64,
    pub(crate) injected_files: i64,
}

/// The names of the limits.
pub(crate) const NAMES: [&str; 6] = ["instances", "cores", "ram", "key_pairs", "metadata_items", "injected_files"];

impl Default for Limits {
    fn default() -> Self {
        Self { cores: -1, ram: -1, key_pairs: 100, metadata_items: 128, injected_files: 5 }
    }
}

impl Limits {
    /// The limit of that name.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut i64> {
        Some(match name {
            "cores" => &mut self.cores,
            "ram" => &mut self.ram,
            "key_pairs" => &mut self.key_pairs,
            "metadata_items" => &mut self.metadata_items,
            "injected_files" => &mut self.injected_files,
            _ => return None,
        })
    }
}

/// Whether so many are within a limit.
pub(crate) fn within(limit: i64, count: usize) -> bool {
    limit < 0 || usize::try_from(limit).is_ok_and(|limit| count <= limit)
}

impl State {
    /// Sets a limit beside what there is already; tells whether there is one of that name.
    pub(crate) fn set_limit(&mut self, name: &str, limit: i64) -> bool {
        let (nodes, cores, memory) = self.used();
        if name == "instances" {
            self.quota = usize::try_from(limit).map_or(usize::MAX, |limit| limit.saturating_add(nodes));
            return true;
        }
        let there = match name {
            "cores" => cores,
            "ram" => memory,
            _ => 0,
        };
        let set = self.limits.get_mut(name).map(|one| *one = if limit < 0 { -1 } else { limit.saturating_add(there) });
        set.is_some()
    }

    /// How many nodes there are, and how many cores and how much memory they have.
    pub(crate) fn used(&self) -> (usize, i64, i64) {
        self.nodes.alive().fold((0, 0, 0), |(nodes, cores, memory), node| {
            let (more_cores, more_memory) = self.size(&node.flavor);
            (nodes + 1, cores + more_cores, memory + more_memory)
        })
    }

    /// Cores and memory of a flavor.
    pub(crate) fn size(&self, flavor: &str) -> (i64, i64) {
        self.flavor(flavor)
            .map_or((0, 0), |flavor| (flavor.cores.into(), i64::try_from(flavor.memory).unwrap_or(i64::MAX)))
    }

    /// Widens the limits by a node of that flavor.
    pub(super) fn make_room(&mut self, flavor: &str) {
        let (cores, memory) = self.size(flavor);
        for (limit, more) in [(&mut self.limits.cores, cores), (&mut self.limits.ram, memory)] {
            if *limit >= 0 {
                *limit += more;
            }
        }
    }
}
