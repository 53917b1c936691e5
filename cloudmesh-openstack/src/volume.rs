//! Boot disks of their own size: volumes that Nova has Cinder make from the image. They go with their server.

use cloudmesh_abstract::{Error, ErrorKind, Image, NodeSpec, Result};
use serde_json::{Value, json};

use crate::OpenStack;
use crate::catalog;
use crate::catalogue::Chosen;

/// The types that a catalogue may give Cinder: <https://service-types.openstack.org/>.
const CINDER: [&str; 4] = ["block-storage", "volumev3", "volume", "volumev2"];

const GIB: u64 = 1 << 30;

impl OpenStack {
    /// Refuses a boot disk of its own size where the cloud has no volumes. That it has, the catalogue says.
    pub(crate) async fn check_volumes(&self, spec: &NodeSpec) -> Result<()> {
        if spec.disk_gb.is_none() {
            return if spec.disk_type.is_none() { Ok(()) } else { Err(without_size()) };
        }
        let keystone = self.client.keystone().await?;
        let grant = keystone.pass().await?;
        let (services, filters) = (&grant.value.catalog, &keystone.account.filters);
        if CINDER.into_iter().any(|kind| catalog::find(services, kind, filters).is_ok()) {
            return Ok(());
        }
        let message = "a boot disk of its own size needs a volume, and this cloud has no block storage service \
                       (Cinder); choose a flavor with the disk you need";
        Err(Error::new(ErrorKind::Unsupported, message))
    }
}

/// Nova takes a type for volumes alone, and volumes have a size of their own.
fn without_size() -> Error {
    let message = "a boot disk of a type of its own is a volume, which needs a size too; ask for one in GiB";
    Error::new(ErrorKind::InvalidInput, message)
}

/// Refuses a disk that the image does not fit.
pub(crate) fn check_size(spec: &NodeSpec, image: &Chosen<Image>) -> Result<()> {
    let needed = image.known.as_ref().map_or(0, disk_needed);
    match spec.disk_gb {
        Some(size) if u64::from(size) < needed => {
            let message = format!("a disk of {size} GiB is too small for image `{}`, which needs {needed}", spec.image);
            Err(Error::new(ErrorKind::InvalidInput, format!("{message}; ask for {needed} GiB or more")))
        }
        _ => Ok(()),
    }
}

/// The disk that an image needs, in GiB.
pub(crate) fn disk_needed(image: &Image) -> u64 {
    let file = image.size_bytes.unwrap_or_default().div_ceil(GIB);
    image.min_disk_gb.map_or(0, u64::from).max(file)
}

/// The boot disk in the words of <https://docs.openstack.org/api-ref/compute/#create-server>,
/// `block_device_mapping_v2`.
pub(crate) fn boot_disk(size: u32, kind: Option<&str>, image: &str) -> Value {
    let mut disk = json!({
        "boot_index": 0,
        "uuid": image,
        "source_type": "image",
        "destination_type": "volume",
        "volume_size": size,
        "delete_on_termination": true,
    });
    if let Some(kind) = kind {
        disk["volume_type"] = json!(kind);
    }
    json!([disk])
}
