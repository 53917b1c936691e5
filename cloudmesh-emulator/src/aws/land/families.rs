//! The families of instance types, as the vendor's tables have them.

use super::image::Arch;
use super::instance_type::InstanceType;
use super::ladders::{
    C5, C6GN, FAST, FLEX, G6, G7, GEN4, GEN5, GEN5A, GEN6A, GEN6I, GEN7A, GEN7I, GEN8G, GEN8I, GRAVITON, I3EN, Ladder,
    MODERATE, Network, TEN, TWELVE,
};

/// What the types of a family have in common.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the vendor's table has a column for each")]
pub(crate) struct Line {
    pub(crate) prefix: &'static str,
    pub(crate) arches: &'static [Arch],
    pub(crate) maker: &'static str,
    /// The sustained clock, in tenths of GHz.
    pub(crate) clock: u32,
    pub(crate) threads: u32,
    pub(crate) nitro: bool,
    /// Whether the vendor offers it to new users.
    pub(crate) current: bool,
    pub(crate) bursts: bool,
    pub(crate) hibernates: bool,
    /// The GPU or accelerator in it.
    pub(crate) accelerator: Option<Accelerator>,
    /// MiB for each vCPU.
    pub(super) memory: u64,
    /// GB of local disk for each vCPU.
    pub(super) disk: Option<f64>,
    pub(super) ladder: Ladder,
    pub(super) network: Network,
}

/// A GPU, or a chip for learned models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accelerator {
    pub(crate) gpu: bool,
    pub(crate) maker: &'static str,
    pub(crate) name: &'static str,
    /// In MiB.
    pub(crate) memory: u64,
}

/// A size that no ladder has.
#[derive(Debug)]
pub(crate) struct Size {
    pub(crate) name: &'static str,
    pub(crate) vcpus: u32,
    /// In MiB.
    pub(crate) memory: u64,
    pub(crate) network: &'static str,
    pub(crate) disks: Option<(u32, u64)>,
    pub(crate) accelerators: u32,
}

impl Line {
    /// The types on its ladder.
    pub(super) fn types(&'static self) -> impl Iterator<Item = InstanceType> {
        self.ladder.iter().map(move |(size, vcpus)| InstanceType {
            name: format!("{}.{size}", self.prefix),
            line: self,
            vcpus: *vcpus,
            memory: self.memory * u64::from(*vcpus),
            network: self.network.iter().find(|(most, _)| vcpus <= most).map_or("25 Gigabit", |(_, told)| told),
            disks: self.disk.map(|each| disks(each, *vcpus)),
            accelerators: 0,
        })
    }
}

/// One disk, or several of equal size.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes of disks are small and positive")]
fn disks(each: f64, vcpus: u32) -> (u32, u64) {
    let whole = each * f64::from(vcpus);
    let count = if vcpus <= 16 {
        1
    } else if vcpus <= 48 {
        2
    } else {
        4
    };
    (count, (whole / f64::from(count)).round() as u64)
}

pub(super) const X86: &[Arch] = &[Arch::X86];
pub(super) const BOTH: &[Arch] = &[Arch::I386, Arch::X86];
pub(super) const ARM: &[Arch] = &[Arch::Arm];

/// A family of today that no user must think about.
pub(super) const PLAIN: Line = Line {
    prefix: "",
    arches: X86,
    maker: "Intel",
    clock: 31,
    threads: 2,
    nitro: true,
    current: true,
    bursts: false,
    hibernates: true,
    accelerator: None,
    memory: 4_096,
    disk: None,
    ladder: &[],
    network: TEN,
};
pub(super) const INTEL: Line = PLAIN;
pub(super) const AMD: Line = Line { maker: "AMD", clock: 36, ..PLAIN };
pub(super) const AWS: Line =
    Line { arches: ARM, maker: "AWS", clock: 25, threads: 1, network: G6, ladder: GRAVITON, ..PLAIN };

const M: u64 = 4_096;
const C: u64 = 2_048;
const R: u64 = 8_192;

/// The families whose sizes are on a ladder.
pub(super) const LINES: &[Line] = &[
    Line { prefix: "m5", memory: M, ladder: GEN5, network: TEN, ..INTEL },
    Line { prefix: "m5d", memory: M, ladder: GEN5, network: TEN, disk: Some(37.5), ..INTEL },
    Line { prefix: "m5a", memory: M, ladder: GEN5A, network: TEN, clock: 25, ..AMD },
    Line { prefix: "m6i", memory: M, ladder: GEN6I, network: TWELVE, clock: 35, ..INTEL },
    Line { prefix: "m6id", memory: M, ladder: GEN6I, network: TWELVE, disk: Some(59.375), clock: 35, ..INTEL },
    Line { prefix: "m6a", memory: M, ladder: GEN6A, network: TWELVE, ..AMD },
    Line { prefix: "m6g", memory: M, ..AWS },
    Line { prefix: "m6gd", memory: M, disk: Some(59.375), ..AWS },
    Line { prefix: "m7i", memory: M, ladder: GEN7I, network: TWELVE, clock: 32, ..INTEL },
    Line { prefix: "m7a", memory: M, ladder: GEN7A, network: TWELVE, clock: 37, threads: 1, ..AMD },
    Line { prefix: "m7g", memory: M, ladder: GRAVITON, network: G7, clock: 26, ..AWS },
    Line { prefix: "m7gd", memory: M, ladder: GRAVITON, network: G7, disk: Some(59.375), clock: 26, ..AWS },
    Line { prefix: "m8g", memory: M, ladder: GEN8G, network: G7, clock: 28, ..AWS },
    Line { prefix: "m7i-flex", memory: M, ladder: FLEX, network: TWELVE, clock: 32, ..INTEL },
    Line { prefix: "m8i", memory: M, ladder: GEN8I, network: G7, clock: 39, ..INTEL },
    Line { prefix: "c5", memory: C, ladder: C5, network: TEN, ..INTEL },
    Line { prefix: "c5d", memory: C, ladder: C5, network: TEN, disk: Some(25.0), ..INTEL },
    Line { prefix: "c5a", memory: C, ladder: GEN5A, network: TEN, clock: 33, ..AMD },
    Line { prefix: "c6i", memory: C, ladder: GEN6I, network: TWELVE, clock: 35, ..INTEL },
    Line { prefix: "c6id", memory: C, ladder: GEN6I, network: TWELVE, disk: Some(59.375), clock: 35, ..INTEL },
    Line { prefix: "c6a", memory: C, ladder: GEN6A, network: TWELVE, ..AMD },
    Line { prefix: "c6g", memory: C, ..AWS },
    Line { prefix: "c6gd", memory: C, disk: Some(59.375), ..AWS },
    Line { prefix: "c7i", memory: C, ladder: GEN7I, network: TWELVE, clock: 32, ..INTEL },
    Line { prefix: "c7a", memory: C, ladder: GEN7A, network: TWELVE, clock: 37, threads: 1, ..AMD },
    Line { prefix: "c7g", memory: C, ladder: GRAVITON, network: G7, clock: 26, ..AWS },
    Line { prefix: "c7gd", memory: C, ladder: GRAVITON, network: G7, disk: Some(59.375), clock: 26, ..AWS },
    Line { prefix: "c8g", memory: C, ladder: GEN8G, network: G7, clock: 28, ..AWS },
    Line { prefix: "c7i-flex", memory: C, ladder: FLEX, network: TWELVE, clock: 32, ..INTEL },
    Line { prefix: "c8i", memory: C, ladder: GEN8I, network: G7, clock: 39, ..INTEL },
    Line { prefix: "r5", memory: R, ladder: GEN5, network: TEN, ..INTEL },
    Line { prefix: "r5d", memory: R, ladder: GEN5, network: TEN, disk: Some(37.5), ..INTEL },
    Line { prefix: "r5a", memory: R, ladder: GEN5A, network: TEN, clock: 25, ..AMD },
    Line { prefix: "r6i", memory: R, ladder: GEN6I, network: TWELVE, clock: 35, ..INTEL },
    Line { prefix: "r6id", memory: R, ladder: GEN6I, network: TWELVE, disk: Some(59.375), clock: 35, ..INTEL },
    Line { prefix: "r6a", memory: R, ladder: GEN6A, network: TWELVE, ..AMD },
    Line { prefix: "r6g", memory: R, ..AWS },
    Line { prefix: "r6gd", memory: R, disk: Some(59.375), ..AWS },
    Line { prefix: "r7i", memory: R, ladder: GEN7I, network: TWELVE, clock: 32, ..INTEL },
    Line { prefix: "r7a", memory: R, ladder: GEN7A, network: TWELVE, clock: 37, threads: 1, ..AMD },
    Line { prefix: "r7g", memory: R, ladder: GRAVITON, network: G7, clock: 26, ..AWS },
    Line { prefix: "r7gd", memory: R, ladder: GRAVITON, network: G7, disk: Some(59.375), clock: 26, ..AWS },
    Line { prefix: "r8g", memory: R, ladder: GEN8G, network: G7, clock: 28, ..AWS },
    Line { prefix: "r8i", memory: R, ladder: GEN8I, network: G7, clock: 39, ..INTEL },
    Line { prefix: "m4", memory: M, ladder: GEN4, network: MODERATE, clock: 24, nitro: false, current: false, ..INTEL },
    Line {
        prefix: "c4",
        memory: 1_920,
        ladder: GEN4,
        network: MODERATE,
        clock: 29,
        nitro: false,
        current: false,
        ..INTEL
    },
    Line { prefix: "r4", memory: 7_808, ladder: GEN4, network: TEN, clock: 23, nitro: false, current: false, ..INTEL },
    Line { prefix: "c6gn", memory: C, ladder: C6GN, network: FAST, ..AWS },
    Line { prefix: "c6in", memory: C, ladder: GEN6I, network: FAST, clock: 35, ..INTEL },
    Line { prefix: "a1", memory: C, ladder: GEN4, network: TEN, clock: 23, current: false, hibernates: false, ..AWS },
    Line { prefix: "i4i", memory: R, ladder: GEN6I, network: TEN, disk: Some(234.375), clock: 35, ..INTEL },
    Line { prefix: "i3en", memory: R, ladder: I3EN, network: FAST, disk: Some(625.0), clock: 31, ..INTEL },
    Line { prefix: "x2gd", memory: 16_384, network: G6, disk: Some(59.375), hibernates: false, ..AWS },
];
