//! The boot disk of a new instance.

use aws_sdk_ec2::types::{BlockDeviceMapping, EbsBlockDevice, VolumeType};
use cloudmesh_abstract::{Error, ErrorKind, NodeSpec, Result};

/// What an image says about its boot disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Root {
    /// The device, such as `/dev/sda1`.
    pub(crate) device: String,
    /// The size in GiB; `None` where the disk is the host's own and no volume.
    pub(crate) gb: Option<u32>,
}

/// Whether the order must say anything of the boot disk, for which its device must be known.
pub(crate) fn is_ordered(spec: &NodeSpec) -> bool {
    spec.disk_gb.is_some() || spec.disk_type.is_some() || spec.hibernate
}

/// The boot disk as it is ordered. It goes with its instance.
///
/// One for hibernation is encrypted and has room for the memory, beside what the image brings:
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html>.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] for a disk that the image or the memory does not fit.
pub(crate) fn mapping(spec: &NodeSpec, root: &Root, memory_mb: u64) -> Result<BlockDeviceMapping> {
    let image = &spec.image;
    let Some(needed) = root.gb.filter(|_| !root.device.is_empty()) else {
        let message = format!("the boot disk of image `{image}` is no volume (EBS), and stays as it is");
        return Err(Error::new(ErrorKind::InvalidInput, format!("{message}; choose another image")));
    };
    let memory = u32::try_from(memory_mb.div_ceil(1024)).unwrap_or(u32::MAX);
    let size = match spec.disk_gb {
        Some(size) if size < needed => return Err(too_small(size, needed, &format!("image `{image}`"))),
        Some(size) if spec.hibernate && size < memory => {
            return Err(too_small(size, memory, &format!("the memory of flavor `{}`", spec.flavor)));
        }
        None if spec.hibernate => Some(needed.saturating_add(memory)),
        size => size,
    };
    let disk = EbsBlockDevice::builder()
        .delete_on_termination(true)
        .set_encrypted(spec.hibernate.then_some(true))
        .set_volume_size(size.map(|size| i32::try_from(size).unwrap_or(i32::MAX)))
        .set_volume_type(spec.disk_type.as_deref().map(VolumeType::from));
    Ok(BlockDeviceMapping::builder().device_name(&root.device).ebs(disk.build()).build())
}

fn too_small(size: u32, needed: u32, what: &str) -> Error {
    let message = format!("a disk of {size} GiB is too small for {what}; ask for {needed} GiB or more");
    Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::{Root, is_ordered, mapping};
    use aws_sdk_ec2::types::VolumeType;
    use cloudmesh_abstract::{ErrorKind, NodeSpec};

    const MEMORY_MB: u64 = 3_800;

    fn spec() -> NodeSpec {
        NodeSpec::new("web-1", "ubuntu-24.04", "t3.medium")
    }

    fn root(gb: Option<u32>) -> Root {
        Root { device: "/dev/sda1".into(), gb }
    }

    #[test]
    fn a_disk_is_ordered_only_when_it_is_to_be_another() {
        assert!(!is_ordered(&spec()));
        for spec in [spec().with_disk_gb(9), spec().with_disk_type("gp3"), spec().with_hibernate(true)] {
            assert!(is_ordered(&spec));
        }
    }

    #[test]
    fn a_disk_is_as_it_was_asked_for() {
        let table = [
            (spec().with_disk_gb(20), Some(20), None, None),
            (spec().with_disk_type("gp3"), None, Some("gp3"), None),
            (spec().with_hibernate(true), Some(12), None, Some(true)),
            (spec().with_hibernate(true).with_disk_gb(9).with_disk_type("gp2"), Some(9), Some("gp2"), Some(true)),
        ];
        for (spec, size, kind, encrypted) in table {
            let disk = mapping(&spec, &root(Some(8)), MEMORY_MB).unwrap();
            assert_eq!(disk.device_name(), Some("/dev/sda1"));
            let ebs = disk.ebs().unwrap();
            assert_eq!((ebs.volume_size(), ebs.encrypted()), (size, encrypted), "{spec:?}");
            assert_eq!(ebs.volume_type().map(VolumeType::as_str), kind);
            assert_eq!(ebs.delete_on_termination(), Some(true));
        }
    }

    #[test]
    fn a_disk_that_does_not_fit_is_told_with_what_is_needed() {
        let table = [
            (spec().with_disk_gb(7), Some(8), "a disk of 7 GiB is too small for image `ubuntu-24.04`; ask for 8 GiB"),
            (spec().with_disk_gb(3).with_hibernate(true), Some(1), "the memory of flavor `t3.medium`; ask for 4 GiB"),
            (spec().with_disk_gb(7), None, "is no volume (EBS), and stays as it is; choose another image"),
        ];
        for (spec, gb, why) in table {
            let error = mapping(&spec, &root(gb), MEMORY_MB).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.message().contains(why), "{error} does not say `{why}`");
        }
    }
}
