//! The families of instance types whose sizes are like no others.

use super::families::{AMD, AWS, Accelerator, BOTH, INTEL, Line, PLAIN, Size};

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
