//! Sizes of instance types, and how fast their networks are.

/// Names of sizes, and their vCPUs.
pub(super) type Ladder = &'static [(&'static str, u32)];
/// Up to so many vCPUs, that network.
pub(super) type Network = &'static [(u32, &'static str)];

pub(super) const GEN5: Ladder = &[
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
pub(super) const GEN5A: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
];
pub(super) const C5: Ladder = &[
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
pub(super) const GEN6I: Ladder = &[
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
pub(super) const GEN6A: Ladder = &[
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
pub(super) const GRAVITON: Ladder = &[
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
pub(super) const GEN7I: Ladder = &[
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
pub(super) const GEN7A: Ladder = &[
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
pub(super) const GEN8G: Ladder = &[
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
pub(super) const GEN8I: Ladder = &[
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
pub(super) const C6GN: Ladder = &[
    ("medium", 1),
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
];
pub(super) const I3EN: Ladder = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("3xlarge", 12),
    ("6xlarge", 24),
    ("12xlarge", 48),
    ("24xlarge", 96),
    ("metal", 96),
];
pub(super) const FLEX: Ladder = &[("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16), ("8xlarge", 32)];
pub(super) const GEN4: Ladder = &[("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16)];

pub(super) const TEN: Network =
    &[(16, "Up to 10 Gigabit"), (36, "10 Gigabit"), (48, "12 Gigabit"), (64, "20 Gigabit"), (96, "25 Gigabit")];
pub(super) const TWELVE: Network = &[
    (16, "Up to 12.5 Gigabit"),
    (32, "12.5 Gigabit"),
    (48, "18.75 Gigabit"),
    (64, "25 Gigabit"),
    (96, "37.5 Gigabit"),
    (192, "50 Gigabit"),
];
pub(super) const G6: Network = &[(16, "Up to 10 Gigabit"), (32, "12 Gigabit"), (48, "20 Gigabit"), (64, "25 Gigabit")];
pub(super) const G7: Network = &[
    (4, "Up to 12.5 Gigabit"),
    (16, "Up to 15 Gigabit"),
    (32, "15 Gigabit"),
    (48, "22.5 Gigabit"),
    (64, "30 Gigabit"),
    (96, "40 Gigabit"),
    (192, "50 Gigabit"),
];
pub(super) const FAST: Network =
    &[(16, "Up to 25 Gigabit"), (32, "25 Gigabit"), (48, "50 Gigabit"), (64, "75 Gigabit"), (192, "100 Gigabit")];
pub(super) const MODERATE: Network = &[(2, "Moderate"), (16, "High")];
