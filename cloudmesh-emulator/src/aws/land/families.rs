//! The families of instance types, as the vendor's tables have them.

use super::image::Arch;
use super::instance_type::InstanceType;

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
    memory: u64,
    /// GB of local disk for each vCPU.
    disk: Option<f64>,
    ladder: Ladder,
    network: Network,
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

/// Names of sizes, and their vCPUs.
type Ladder = &'static [(&'static str, u32)];
/// Up to so many vCPUs, that network.
type Network = &'static [(u32, &'static str)];

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

const GEN5: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("metal", 96),
];
const GEN5A: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
];
const C5: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("9xlarge", 36),
    ("12xlarge", 48),
    ("18xlarge", 72),
    ("24xlarge", 96),
    ("metal", 96),
];
const GEN6I: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("32xlarge", 128),
    ("metal", 128),
];
const GEN6A: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("32xlarge", 128),
    ("48xlarge", 192),
    ("metal", 192),
];
const GRAVITON: Ladder = &[
    ("medium", 1),
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("metal", 64),
];
const GEN7I: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("48xlarge", 192),
    ("metal-24xl", 96),
    ("metal-48xl", 192),
];
const GEN7A: Ladder = &[
    ("medium", 1),
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("32xlarge", 128),
    ("48xlarge", 192),
    ("metal-48xl", 192),
];
const GEN8G: Ladder = &[
    ("medium", 1),
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("48xlarge", 192),
    ("metal-24xl", 96),
    ("metal-48xl", 192),
];
const GEN8I: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("32xlarge", 128),
    ("48xlarge", 192),
    ("96xlarge", 384),
    ("metal-48xl", 192),
    ("metal-96xl", 384),
];
const C6GN: Ladder = &[
    ("medium", 1),
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
];
const I3EN: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("3xlarge", 12),
    ("6xlarge", 24),
    ("12xlarge", 48),
    ("24xlarge", 96),
    ("metal", 96),
];
const FLEX: Ladder = &[("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16), ("8xlarge", 32)];
const GEN4: Ladder = &[("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16)];

const TEN: Network =
    &[(16, "Up to 10 Gigabit"), (36, "10 Gigabit"), (48, "12 Gigabit"), (64, "20 Gigabit"), (96, "25 Gigabit")];
const TWELVE: Network = &[
    (16, "Up to 12.5 Gigabit"),
    (32, "12.5 Gigabit"),
    (48, "18.75 Gigabit"),
    (64, "25 Gigabit"),
    (96, "37.5 Gigabit"),
    (192, "50 Gigabit"),
];
const G6: Network = &[(16, "Up to 10 Gigabit"), (32, "12 Gigabit"), (48, "20 Gigabit"), (64, "25 Gigabit")];
const G7: Network = &[
    (4, "Up to 12.5 Gigabit"),
    (16, "Up to 15 Gigabit"),
    (32, "15 Gigabit"),
    (48, "22.5 Gigabit"),
    (64, "30 Gigabit"),
    (96, "40 Gigabit"),
    (192, "50 Gigabit"),
];
const FAST: Network =
    &[(16, "Up to 25 Gigabit"), (32, "25 Gigabit"), (48, "50 Gigabit"), (64, "75 Gigabit"), (192, "100 Gigabit")];
const MODERATE: Network = &[(2, "Moderate"), (16, "High")];

const X86: &[Arch] = &[Arch::X86];
const BOTH: &[Arch] = &[Arch::I386, Arch::X86];
const ARM: &[Arch] = &[Arch::Arm];

/// A family of today that no user must think about.
const PLAIN: Line = Line {
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
const INTEL: Line = PLAIN;
const AMD: Line = Line { maker: "AMD", clock: 36, ..PLAIN };
const AWS: Line = Line { arches: ARM, maker: "AWS", clock: 25, threads: 1, network: G6, ladder: GRAVITON, ..PLAIN };

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

const NO_DISK: Option<(u32, u64)> = None;

macro_rules! sizes {
    ($($name:literal $vcpus:literal $memory:literal $network:literal $disks:expr, $accelerators:literal;)*) => {
        &[$(Size {
            name: $name, vcpus: $vcpus, memory: $memory, network: $network, disks: $disks, accelerators: $accelerators,
        }),*]
    };
}

const fn gpu(maker: &'static str, name: &'static str, memory: u64) -> Accelerator {
    Accelerator { gpu: true, maker, name, memory }
}

const fn chip(name: &'static str, memory: u64) -> Accelerator {
    Accelerator { gpu: false, maker: "AWS", name, memory }
}

/// A family for learned models and pictures.
const LEARNING: Line = Line { hibernates: false, clock: 25, ..PLAIN };

/// The families whose sizes are like no others.
pub(super) const SPECIALS: &[(Line, &[Size])] = &[
    (
        Line { prefix: "t3", bursts: true, clock: 25, ..INTEL },
        sizes! {
            "nano" 2 512 "Up to 5 Gigabit" NO_DISK, 0;
            "micro" 2 1_024 "Up to 5 Gigabit" NO_DISK, 0;
            "small" 2 2_048 "Up to 5 Gigabit" NO_DISK, 0;
            "medium" 2 4_096 "Up to 5 Gigabit" NO_DISK, 0;
            "large" 2 8_192 "Up to 5 Gigabit" NO_DISK, 0;
            "xlarge" 4 16_384 "Up to 5 Gigabit" NO_DISK, 0;
            "2xlarge" 8 32_768 "Up to 5 Gigabit" NO_DISK, 0;
        },
    ),
    (
        Line { prefix: "t3a", bursts: true, clock: 22, ..AMD },
        sizes! {
            "nano" 2 512 "Up to 5 Gigabit" NO_DISK, 0;
            "micro" 2 1_024 "Up to 5 Gigabit" NO_DISK, 0;
            "small" 2 2_048 "Up to 5 Gigabit" NO_DISK, 0;
            "medium" 2 4_096 "Up to 5 Gigabit" NO_DISK, 0;
            "large" 2 8_192 "Up to 5 Gigabit" NO_DISK, 0;
            "xlarge" 4 16_384 "Up to 5 Gigabit" NO_DISK, 0;
            "2xlarge" 8 32_768 "Up to 5 Gigabit" NO_DISK, 0;
        },
    ),
    (
        Line { prefix: "t4g", bursts: true, ..AWS },
        sizes! {
            "nano" 2 512 "Up to 5 Gigabit" NO_DISK, 0;
            "micro" 2 1_024 "Up to 5 Gigabit" NO_DISK, 0;
            "small" 2 2_048 "Up to 5 Gigabit" NO_DISK, 0;
            "medium" 2 4_096 "Up to 5 Gigabit" NO_DISK, 0;
            "large" 2 8_192 "Up to 5 Gigabit" NO_DISK, 0;
            "xlarge" 4 16_384 "Up to 5 Gigabit" NO_DISK, 0;
            "2xlarge" 8 32_768 "Up to 5 Gigabit" NO_DISK, 0;
        },
    ),
    (
        Line { prefix: "t2", arches: BOTH, bursts: true, threads: 1, nitro: false, clock: 25, ..INTEL },
        sizes! {
            "nano" 1 512 "Low to Moderate" NO_DISK, 0;
            "micro" 1 1_024 "Low to Moderate" NO_DISK, 0;
            "small" 1 2_048 "Low to Moderate" NO_DISK, 0;
            "medium" 2 4_096 "Low to Moderate" NO_DISK, 0;
            "large" 2 8_192 "Low to Moderate" NO_DISK, 0;
            "xlarge" 4 16_384 "Moderate" NO_DISK, 0;
            "2xlarge" 8 32_768 "Moderate" NO_DISK, 0;
        },
    ),
    (
        Line {
            prefix: "t1",
            arches: BOTH,
            threads: 1,
            nitro: false,
            current: false,
            bursts: true,
            hibernates: false,
            ..INTEL
        },
        sizes! {
            "micro" 1 627 "Very Low" NO_DISK, 0;
        },
    ),
    (
        Line { prefix: "m1", arches: BOTH, threads: 1, nitro: false, current: false, hibernates: false, ..INTEL },
        sizes! {
            "small" 1 1_740 "Low" Some((1, 160)), 0;
            "medium" 1 3_788 "Moderate" Some((1, 410)), 0;
        },
    ),
    (
        Line { prefix: "m3", nitro: false, current: false, ..INTEL },
        sizes! {
            "medium" 1 3_840 "Moderate" Some((1, 4)), 0;
            "large" 2 7_680 "Moderate" Some((1, 32)), 0;
            "xlarge" 4 15_360 "High" Some((2, 40)), 0;
            "2xlarge" 8 30_720 "High" Some((2, 80)), 0;
        },
    ),
    (
        Line { prefix: "i3", nitro: false, clock: 23, ..INTEL },
        sizes! {
            "large" 2 15_616 "Up to 10 Gigabit" Some((1, 475)), 0;
            "xlarge" 4 31_232 "Up to 10 Gigabit" Some((1, 950)), 0;
            "2xlarge" 8 62_464 "Up to 10 Gigabit" Some((1, 1_900)), 0;
            "4xlarge" 16 124_928 "Up to 10 Gigabit" Some((2, 1_900)), 0;
            "8xlarge" 32 249_856 "10 Gigabit" Some((4, 1_900)), 0;
            "16xlarge" 64 499_712 "25 Gigabit" Some((8, 1_900)), 0;
        },
    ),
    (
        Line { prefix: "x1e", nitro: false, clock: 23, hibernates: false, ..INTEL },
        sizes! {
            "xlarge" 4 124_928 "Up to 10 Gigabit" Some((1, 120)), 0;
            "32xlarge" 128 3_997_696 "25 Gigabit" Some((2, 1_920)), 0;
        },
    ),
    (
        Line { prefix: "u-6tb1", hibernates: false, clock: 21, ..INTEL },
        sizes! {
            "112xlarge" 448 6_291_456 "100 Gigabit" NO_DISK, 0;
        },
    ),
    (
        Line { prefix: "g4dn", accelerator: Some(gpu("NVIDIA", "T4", 16_384)), ..LEARNING },
        sizes! {
            "xlarge" 4 16_384 "Up to 25 Gigabit" Some((1, 125)), 1;
            "2xlarge" 8 32_768 "Up to 25 Gigabit" Some((1, 225)), 1;
            "4xlarge" 16 65_536 "Up to 25 Gigabit" Some((1, 225)), 1;
            "8xlarge" 32 131_072 "50 Gigabit" Some((1, 900)), 1;
            "12xlarge" 48 196_608 "50 Gigabit" Some((1, 900)), 4;
            "16xlarge" 64 262_144 "50 Gigabit" Some((1, 900)), 1;
            "metal" 96 393_216 "100 Gigabit" Some((2, 900)), 8;
        },
    ),
    (
        Line {
            prefix: "g4ad",
            maker: "AMD",
            clock: 30,
            accelerator: Some(gpu("AMD", "Radeon Pro V520", 8_192)),
            ..LEARNING
        },
        sizes! {
            "xlarge" 4 16_384 "Up to 10 Gigabit" Some((1, 150)), 1;
            "4xlarge" 16 65_536 "Up to 10 Gigabit" Some((1, 600)), 1;
            "8xlarge" 32 131_072 "15 Gigabit" Some((1, 1_200)), 2;
            "16xlarge" 64 262_144 "25 Gigabit" Some((1, 2_400)), 4;
        },
    ),
    (
        Line { prefix: "g5", maker: "AMD", clock: 33, accelerator: Some(gpu("NVIDIA", "A10G", 22_888)), ..LEARNING },
        sizes! {
            "xlarge" 4 16_384 "Up to 10 Gigabit" Some((1, 250)), 1;
            "2xlarge" 8 32_768 "Up to 10 Gigabit" Some((1, 450)), 1;
            "4xlarge" 16 65_536 "Up to 25 Gigabit" Some((1, 600)), 1;
            "8xlarge" 32 131_072 "25 Gigabit" Some((1, 900)), 1;
            "12xlarge" 48 196_608 "40 Gigabit" Some((1, 3_800)), 4;
            "48xlarge" 192 786_432 "100 Gigabit" Some((2, 3_800)), 8;
        },
    ),
    (
        Line { prefix: "g5g", accelerator: Some(gpu("NVIDIA", "T4g", 16_384)), hibernates: false, ..AWS },
        sizes! {
            "xlarge" 4 8_192 "Up to 10 Gigabit" NO_DISK, 1;
            "2xlarge" 8 16_384 "Up to 10 Gigabit" NO_DISK, 1;
            "16xlarge" 64 131_072 "25 Gigabit" NO_DISK, 2;
            "metal" 64 131_072 "25 Gigabit" NO_DISK, 2;
        },
    ),
    (
        Line { prefix: "g6", maker: "AMD", clock: 34, accelerator: Some(gpu("NVIDIA", "L4", 22_888)), ..LEARNING },
        sizes! {
            "xlarge" 4 16_384 "Up to 10 Gigabit" Some((1, 250)), 1;
            "2xlarge" 8 32_768 "Up to 10 Gigabit" Some((1, 450)), 1;
            "12xlarge" 48 196_608 "40 Gigabit" Some((4, 940)), 4;
            "48xlarge" 192 786_432 "100 Gigabit" Some((8, 940)), 8;
        },
    ),
    (
        Line { prefix: "p3", nitro: false, clock: 27, accelerator: Some(gpu("NVIDIA", "V100", 16_384)), ..LEARNING },
        sizes! {
            "2xlarge" 8 62_464 "Up to 10 Gigabit" NO_DISK, 1;
            "8xlarge" 32 249_856 "10 Gigabit" NO_DISK, 4;
            "16xlarge" 64 499_712 "25 Gigabit" NO_DISK, 8;
        },
    ),
    (
        Line { prefix: "p4d", clock: 30, accelerator: Some(gpu("NVIDIA", "A100", 40_960)), ..LEARNING },
        sizes! {
            "24xlarge" 96 1_179_648 "4x 100 Gigabit" Some((8, 1_000)), 8;
        },
    ),
    (
        Line { prefix: "p5", maker: "AMD", clock: 36, accelerator: Some(gpu("NVIDIA", "H100", 81_920)), ..LEARNING },
        sizes! {
            "4xlarge" 16 262_144 "100 Gigabit" Some((1, 3_800)), 1;
            "48xlarge" 192 2_097_152 "3200 Gigabit" Some((8, 3_800)), 8;
        },
    ),
    (
        Line { prefix: "inf2", maker: "AMD", clock: 30, accelerator: Some(chip("Inferentia2", 32_768)), ..LEARNING },
        sizes! {
            "xlarge" 4 16_384 "Up to 15 Gigabit" NO_DISK, 1;
            "8xlarge" 32 131_072 "Up to 25 Gigabit" NO_DISK, 1;
            "24xlarge" 96 393_216 "50 Gigabit" NO_DISK, 6;
            "48xlarge" 192 786_432 "100 Gigabit" NO_DISK, 12;
        },
    ),
    (
        Line { prefix: "trn1", clock: 35, accelerator: Some(chip("Trainium", 32_768)), ..LEARNING },
        sizes! {
            "2xlarge" 8 32_768 "Up to 12.5 Gigabit" Some((1, 474)), 1;
            "32xlarge" 128 524_288 "8x 100 Gigabit" Some((4, 1_900)), 16;
        },
    ),
];
