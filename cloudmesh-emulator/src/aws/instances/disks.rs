//! The volumes of an instance to be: `BlockDeviceMapping.N`.

use crate::aws::fault::Fault;
use crate::aws::form::Params;
use crate::aws::land::image::Image;
use crate::aws::land::launch::{Disk, root_wish};
use crate::aws::land::volume;

/// A volume that is asked for.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    device: &'a str,
    /// The device is to have none.
    none: bool,
    ebs: Option<Ebs<'a>>,
}

#[derive(Debug)]
struct Ebs<'a> {
    size: Option<u64>,
    kind: Option<&'a str>,
    iops: Option<u64>,
    throughput: Option<u64>,
    encrypted: Option<bool>,
    key: Option<&'a str>,
    snapshot: Option<&'a str>,
    goes_with: Option<bool>,
}

pub(super) fn read<'a>(params: &Params<'a>) -> Result<Vec<Wish<'a>>, Fault> {
    let mut all: Vec<Wish<'a>> = Vec::new();
    for part in params.parts("BlockDeviceMapping") {
        let device = part.required("DeviceName")?;
        if all.iter().any(|one| one.device == device) {
            let told = format!("The device '{device}' is used in more than one block-device mapping");
            return Err(Fault::new("InvalidBlockDeviceMapping", told));
        }
        // What there is of local disks is there anyway.
        part.text("VirtualName");
        let ebs = part.part("Ebs").map(|ebs| Ebs::read(&ebs)).transpose()?;
        all.push(Wish { device, none: part.text("NoDevice").is_some(), ebs });
    }
    Ok(all)
}

impl<'a> Ebs<'a> {
    fn read(part: &Params<'a>) -> Result<Self, Fault> {
        Ok(Self {
            size: part.number("VolumeSize")?,
            kind: part.text("VolumeType"),
            iops: part.number("Iops")?,
            throughput: part.number("Throughput")?,
            encrypted: part.flag("Encrypted")?,
            key: part.text("KmsKeyId"),
            snapshot: part.text("SnapshotId"),
            goes_with: part.flag("DeleteOnTermination")?,
        })
    }

    /// What was there before, changed by what is asked for.
    fn over(&self, before: volume::Wish) -> volume::Wish {
        volume::Wish {
            size: self.size.or(before.size),
            kind: self.kind.map(str::to_owned).or(before.kind),
            iops: self.iops,
            throughput: self.throughput,
            encrypted: self.encrypted.unwrap_or(before.encrypted),
            key: self.key.map(str::to_owned),
            ..before
        }
    }
}

/// The volumes of an instance that boots from an image, the first one first.
pub(super) fn find(wishes: &[Wish<'_>], image: &Image) -> Result<Vec<Disk>, Fault> {
    let mut root = Disk { device: image.root.to_owned(), wish: root_wish(image), goes_with: true };
    let mut others = Vec::new();
    for wish in wishes {
        let own = wish.device == image.root;
        if own && wish.none {
            let told = format!("The root device '{}' cannot be left out", wish.device);
            return Err(Fault::new("InvalidBlockDeviceMapping", told));
        }
        let Some(ebs) = wish.ebs.as_ref().filter(|_| !wish.none) else { continue };
        if own {
            if ebs.snapshot.is_some_and(|snapshot| snapshot != image.snapshot) {
                let told = "snapshotId cannot be modified on root device";
                return Err(Fault::new("InvalidBlockDeviceMapping", told));
            }
            root.wish = ebs.over(root.wish);
            root.goes_with = ebs.goes_with.unwrap_or(true);
        } else {
            if let Some(snapshot) = ebs.snapshot {
                let told = format!("The snapshot '{snapshot}' does not exist.");
                return Err(Fault::new("InvalidSnapshot.NotFound", told));
            }
            let goes_with = ebs.goes_with.unwrap_or(false);
            others.push(Disk { device: wish.device.to_owned(), wish: ebs.over(volume::Wish::default()), goes_with });
        }
    }
    let (kind, _) = root.wish.check()?;
    if !kind.boots {
        let told = format!("The volume type '{}' cannot be used for a root device", kind.name);
        return Err(Fault::new("InvalidParameterValue", told));
    }
    others.iter().try_for_each(|disk| disk.wish.check().map(|_| ()))?;
    others.insert(0, root);
    Ok(others)
}
