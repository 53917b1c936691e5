//! Machine images (AMIs). Pure functions.

use aws_sdk_ec2::types::{Image as Record, PlatformValues};
use cloudmesh_abstract::Image;

use super::flavor::common;

/// A machine image.
pub(crate) fn image(record: &Record) -> Image {
    let mut image = Image::new(record.image_id().unwrap_or_default(), record.name().unwrap_or_default());
    image.status = record.state().map(|state| state.as_str().to_owned()).unwrap_or_default();
    image.os = record.platform_details().or_else(|| record.platform().map(PlatformValues::as_str)).map(str::to_owned);
    image.architecture = record.architecture().map(|word| common(word.as_str()));
    image.min_disk_gb = root_gb(record);
    image.visibility = record.public().map(|public| if public { "public" } else { "private" }.to_owned());
    image.owner = record.owner_id().map(str::to_owned);
    image.created = record.creation_date().and_then(|time| time.parse().ok());
    image
}

/// The size of the boot disk in GiB; `None` where it is the host's own disk and no volume.
pub(crate) fn root_gb(record: &Record) -> Option<u32> {
    let root = record.root_device_name();
    let mut disks = record.block_device_mappings().iter();
    let disk = disks.find(|disk| root.is_some() && disk.device_name() == root)?;
    disk.ebs()?.volume_size()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{image, root_gb};
    use aws_sdk_ec2::types as ec2;

    fn disk(device: &str, size: i32) -> ec2::BlockDeviceMapping {
        let ebs = ec2::EbsBlockDevice::builder().volume_size(size).build();
        ec2::BlockDeviceMapping::builder().device_name(device).ebs(ebs).build()
    }

    #[test]
    fn a_machine_image_becomes_an_image() {
        let record = ec2::Image::builder()
            .image_id("ami-1")
            .name("golden")
            .state(ec2::ImageState::Available)
            .architecture(ec2::ArchitectureValues::Arm64)
            .platform_details("Linux/UNIX")
            .owner_id("111122223333")
            .public(false)
            .creation_date("2026-03-01T10:20:30.000Z")
            .root_device_name("/dev/sda1")
            .block_device_mappings(disk("/dev/sdb", 100))
            .block_device_mappings(disk("/dev/sda1", 8))
            .build();
        let image = image(&record);
        assert_eq!((image.id.as_str(), image.name.as_str(), image.status.as_str()), ("ami-1", "golden", "available"));
        assert_eq!((image.os.as_deref(), image.architecture.as_deref()), (Some("Linux/UNIX"), Some("aarch64")));
        assert_eq!((image.min_disk_gb, image.size_bytes), (Some(8), None));
        assert_eq!((image.visibility.as_deref(), image.owner.as_deref()), (Some("private"), Some("111122223333")));
        assert_eq!(image.created.unwrap().to_string(), "2026-03-01T10:20:30Z");
    }

    #[test]
    fn a_disk_of_the_host_has_no_size() {
        let store = ec2::BlockDeviceMapping::builder().device_name("/dev/sda1").virtual_name("ephemeral0").build();
        let record = ec2::Image::builder().root_device_name("/dev/sda1").block_device_mappings(store).build();
        assert_eq!(root_gb(&record), None);
        assert_eq!(image(&record).id, "");
    }
}
