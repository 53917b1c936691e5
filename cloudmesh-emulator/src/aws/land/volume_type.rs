//! Types of volumes, and what a volume can be.

use crate::aws::fault::Fault;

/// A type of volume, and what it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VolumeType {
    pub(crate) name: &'static str,
    /// The least and the largest size, in GiB.
    size: (u64, u64),
    /// The least and the highest rate of operations that can be asked for.
    iops: Option<(u64, u64)>,
    /// The highest rate of operations for each GiB.
    ratio: u64,
    /// Whether a throughput can be asked for.
    throughput: bool,
    /// Whether a system can be on it.
    pub(crate) boots: bool,
}

macro_rules! types {
    ($($name:literal $least:literal $most:literal $iops:expr, $ratio:literal $throughput:literal $boots:literal;)*) => {
        const TYPES: &[VolumeType] = &[$(VolumeType {
            name: $name, size: ($least, $most), iops: $iops, ratio: $ratio, throughput: $throughput, boots: $boots,
        }),*];
    };
}

types! {
    "gp2" 1 16_384 None, 0 false true;
    "gp3" 1 65_536 Some((3_000, 80_000)), 500 true true;
    "io1" 4 16_384 Some((100, 64_000)), 50 false true;
    "io2" 4 65_536 Some((100, 256_000)), 1_000 false true;
    "st1" 125 16_384 None, 0 false false;
    "sc1" 125 16_384 None, 0 false false;
    "standard" 1 1_024 None, 0 false true;
}

/// The throughputs of `gp3`, in MiB/s.
const THROUGHPUT: std::ops::RangeInclusive<u64> = 125..=2_000;

/// What a volume shall be like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// In GiB; that of the snapshot when nothing is said.
    pub(crate) size: Option<u64>,
    /// `gp2` when nothing is said.
    pub(crate) kind: Option<String>,
    pub(crate) iops: Option<u64>,
    pub(crate) throughput: Option<u64>,
    pub(crate) encrypted: bool,
    pub(crate) key: Option<String>,
    pub(crate) snapshot: Option<String>,
    /// The size of the snapshot, in GiB.
    pub(crate) least: u64,
}

impl Wish {
    /// Checks everything, and gives the type and the size.
    pub(crate) fn check(&self) -> Result<(VolumeType, u64), Fault> {
        let name = self.kind.as_deref().unwrap_or("gp2");
        let told = || Fault::new("UnknownVolumeType", format!("Unsupported volume type '{name}' for volume creation."));
        let kind = TYPES.iter().find(|kind| kind.name == name).copied().ok_or_else(told)?;
        let size = self.size(kind)?;
        self.check_iops(kind, size)?;
        self.check_throughput(kind)?;
        if self.key.is_some() && !self.encrypted {
            let told = "The parameter KmsKeyId requires the parameter Encrypted to be set.";
            return Err(Fault::new("InvalidParameterDependency", told));
        }
        Ok((kind, size))
    }

    fn size(&self, kind: VolumeType) -> Result<u64, Fault> {
        let told = "The request must contain the parameter size or snapshotId";
        let size =
            self.size.or((self.least > 0).then_some(self.least)).ok_or_else(|| Fault::new("MissingParameter", told))?;
        let (least, most) = kind.size;
        if size < self.least {
            let snapshot = self.snapshot.as_deref().unwrap_or_default();
            let told = format!(
                "Volume of size {size}GB is smaller than snapshot '{snapshot}', expect size>= {}GB",
                self.least
            );
            return Err(Fault::new("InvalidBlockDeviceMapping", told));
        }
        let invalid = |told: String| Err(Fault::new("InvalidParameterValue", told));
        match size {
            size if size < least => invalid(format!(
                "Volume of {size}GiB is too small for volume type {}; minimum is {least}GiB.",
                kind.name
            )),
            size if size > most => invalid(format!(
                "Volume of {size}GiB is too large for volume type {}; maximum is {most}GiB.",
                kind.name
            )),
            size => Ok(size),
        }
    }

    fn check_iops(&self, kind: VolumeType, size: u64) -> Result<(), Fault> {
        let name = kind.name;
        let Some((least, most)) = kind.iops else {
            let told = format!("The parameter iops is not supported for {name} volumes.");
            return self.iops.map_or(Ok(()), |_| Err(Fault::combination(told)));
        };
        let Some(iops) = self.iops else {
            let told = format!("The parameter iops must be specified for {name} volumes.");
            return if name == "gp3" { Ok(()) } else { Err(Fault::new("MissingParameter", told)) };
        };
        let told = if iops < least {
            format!("Volume iops of {iops} is too low; minimum is {least}.")
        } else if iops > most {
            format!("Volume iops of {iops} is too high; maximum is {most}.")
        } else if iops > least && iops > kind.ratio * size {
            format!("Iops to volume size ratio of {}.0 is too high; maximum is {}", iops / size.max(1), kind.ratio)
        } else {
            return Ok(());
        };
        Err(Fault::new("InvalidParameterValue", told))
    }

    fn check_throughput(&self, kind: VolumeType) -> Result<(), Fault> {
        let Some(throughput) = self.throughput else { return Ok(()) };
        if !kind.throughput {
            let told = format!("The parameter throughput is not supported for {} volumes.", kind.name);
            return Err(Fault::combination(told));
        }
        if THROUGHPUT.contains(&throughput) {
            return Ok(());
        }
        let (least, most) = THROUGHPUT.into_inner();
        let told = format!("Volume throughput of {throughput} is out of range; it is {least} to {most} MiB/s.");
        Err(Fault::new("InvalidParameterValue", told))
    }
}

impl VolumeType {
    /// The throughput of a volume, where the type has one.
    pub(super) fn throughput(self, wished: Option<u64>) -> Option<u64> {
        self.throughput.then(|| wished.unwrap_or(*THROUGHPUT.start()))
    }

    /// The rate of operations of a volume, where the type has one.
    pub(super) fn iops(self, wished: Option<u64>, size: u64) -> Option<u64> {
        match self.name {
            "gp2" => Some((size * 3).clamp(100, 16_000)),
            "gp3" => Some(wished.unwrap_or(3_000)),
            _ => wished,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Wish;

    fn wish(kind: &str, size: u64) -> Wish {
        Wish { kind: Some(kind.to_owned()), size: Some(size), ..Wish::default() }
    }

    #[test]
    fn volumes_are_checked() {
        let table = [
            (wish("gp2", 8), None),
            (wish("gp3", 65_536), None),
            (Wish { iops: Some(16_000), throughput: Some(1_000), ..wish("gp3", 100) }, None),
            (Wish { iops: Some(400), ..wish("io1", 8) }, None),
            (Wish { least: 8, snapshot: Some("snap-1".to_owned()), ..Wish::default() }, None),
            (Wish { least: 8, ..wish("gp3", 4) }, Some("InvalidBlockDeviceMapping")),
            (wish("gp4", 8), Some("UnknownVolumeType")),
            (wish("gp2", 16_385), Some("InvalidParameterValue")),
            (wish("st1", 100), Some("InvalidParameterValue")),
            (wish("io1", 8), Some("MissingParameter")),
            (Wish { iops: Some(401), ..wish("io1", 8) }, Some("InvalidParameterValue")),
            (Wish { iops: Some(100), ..wish("gp2", 8) }, Some("InvalidParameterCombination")),
            (Wish { iops: Some(2_999), ..wish("gp3", 8) }, Some("InvalidParameterValue")),
            (Wish { iops: Some(100), throughput: Some(125), ..wish("io2", 8) }, Some("InvalidParameterCombination")),
            (Wish { throughput: Some(2_001), ..wish("gp3", 8) }, Some("InvalidParameterValue")),
            (Wish { key: Some("k".to_owned()), ..wish("gp3", 8) }, Some("InvalidParameterDependency")),
            (Wish::default(), Some("MissingParameter")),
        ];
        for (wish, wanted) in table {
            assert_eq!(wish.check().err().map(|fault| fault.code), wanted, "{wish:?}");
        }
    }
}
