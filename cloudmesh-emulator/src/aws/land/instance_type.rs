//! Instance types: what an instance can be.

use std::sync::LazyLock;

use super::families::{LINES, Line, Size};
use super::image::Arch;
use super::specials::SPECIALS;
use crate::aws::fault::Fault;

/// An instance type.
#[derive(Debug, Clone)]
pub(crate) struct InstanceType {
    pub(crate) name: String,
    pub(crate) line: &'static Line,
    pub(crate) vcpus: u32,
    /// In MiB.
    pub(crate) memory: u64,
    pub(crate) network: &'static str,
    /// Local disks: how many, and how large in GB.
    pub(crate) disks: Option<(u32, u64)>,
    /// How many GPUs or other accelerators.
    pub(crate) accelerators: u32,
}

/// The largest memory that hibernation can save, in MiB.
const HIBERNATES: u64 = 150 * 1024;

/// All types, by their names.
static TYPES: LazyLock<Vec<InstanceType>> = LazyLock::new(|| {
    let special =
        SPECIALS.iter().flat_map(|(line, sizes)| sizes.iter().map(move |size| InstanceType::special(line, size)));
    let mut all: Vec<InstanceType> = LINES.iter().flat_map(Line::types).chain(special).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
});

/// All types, by their names.
pub(crate) fn all() -> &'static [InstanceType] {
    &TYPES
}

/// The type of that name.
pub(crate) fn find(name: &str) -> Result<&'static InstanceType, Fault> {
    let place = TYPES.binary_search_by(|one| one.name.as_str().cmp(name));
    let told = |_| Fault::new("InvalidParameterValue", format!("Invalid value '{name}' for InstanceType."));
    place.map_err(told).map(|place| &TYPES[place])
}

impl InstanceType {
    fn special(line: &'static Line, size: &Size) -> Self {
        Self {
            name: format!("{}.{}", line.prefix, size.name),
            line,
            vcpus: size.vcpus,
            memory: size.memory,
            network: size.network,
            disks: size.disks,
            accelerators: size.accelerators,
        }
    }

    pub(crate) fn arches(&self) -> &'static [Arch] {
        self.line.arches
    }

    /// Whether an image of an architecture boots on it.
    pub(crate) fn boots(&self, arch: Arch) -> bool {
        self.line.arches.contains(&arch)
    }

    pub(crate) fn is_metal(&self) -> bool {
        self.name.split_once('.').is_some_and(|(_, size)| size.starts_with("metal"))
    }

    /// Whether its memory can be saved when it stops.
    pub(crate) fn hibernates(&self) -> bool {
        self.line.hibernates && !self.is_metal() && self.memory < HIBERNATES
    }

    /// `nitro`, `xen`, or nothing on bare metal.
    pub(crate) fn hypervisor(&self) -> Option<&'static str> {
        (!self.is_metal()).then_some(if self.line.nitro { "nitro" } else { "xen" })
    }

    pub(crate) fn threads_per_core(&self) -> u32 {
        if self.vcpus == 1 { 1 } else { self.line.threads }
    }

    pub(crate) fn cores(&self) -> u32 {
        self.vcpus / self.threads_per_core()
    }

    /// How many network interfaces it may have, and how many addresses each of them.
    pub(crate) fn interfaces(&self) -> (u32, u32) {
        match self.vcpus {
            0..=1 => (2, 4),
            2 if self.memory < 8_192 => (3, 6),
            2 => (3, 10),
            3..=16 => (4, 15),
            17..=48 => (8, 30),
            _ => (15, 50),
        }
    }

    pub(crate) fn is_free(&self) -> bool {
        matches!(
            self.name.as_str(),
            "t2.micro" | "t3.micro" | "t3.small" | "t4g.micro" | "t4g.small" | "c7i-flex.large"
        )
    }

    /// How much local disk there is, in GB.
    pub(crate) fn storage(&self) -> u64 {
        self.disks.map_or(0, |(count, size)| u64::from(count) * size)
    }
}

#[cfg(test)]
mod tests {
    use super::{Arch, all, find};

    #[test]
    fn types_have_what_they_are_known_for() {
        let table = [
            ("t3.micro", 2, 1_024, 1, "Up to 5 Gigabit"),
            ("m5.xlarge", 4, 16_384, 2, "Up to 10 Gigabit"),
            ("c6g.16xlarge", 64, 131_072, 64, "25 Gigabit"),
            ("r7i.48xlarge", 192, 1_572_864, 96, "50 Gigabit"),
            ("p5.48xlarge", 192, 2_097_152, 96, "3200 Gigabit"),
            ("t2.micro", 1, 1_024, 1, "Low to Moderate"),
        ];
        for (name, vcpus, memory, cores, network) in table {
            let one = find(name).unwrap();
            assert_eq!((one.vcpus, one.memory, one.cores(), one.network), (vcpus, memory, cores, network), "{name}");
        }
        assert_eq!(find("t3.mikro").unwrap_err().code, "InvalidParameterValue");
        assert_eq!(find("g5.12xlarge").unwrap().accelerators, 4);
    }

    #[test]
    fn architectures_and_hibernation() {
        let known = |name: &str| find(name).unwrap();
        assert!(known("t4g.micro").boots(Arch::Arm) && !known("t4g.micro").boots(Arch::X86));
        assert!(known("t3.micro").hibernates() && !known("m5.metal").hibernates());
        assert!(!known("r5.8xlarge").hibernates(), "too much memory to save");
        assert!(!known("g5.xlarge").hibernates());
        assert_eq!((known("m5.metal").hypervisor(), known("t2.micro").hypervisor()), (None, Some("xen")));
    }

    #[test]
    fn there_are_hundreds_each_once() {
        let names: std::collections::BTreeSet<_> = all().iter().map(|one| &one.name).collect();
        assert_eq!(names.len(), all().len());
        assert!(all().len() > 400, "{}", all().len());
    }
}
