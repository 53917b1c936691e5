//! Volumes of the block store.

use jiff::Timestamp;

use super::tags::Tag;
use super::volume_type::VolumeType;
use super::{Land, ids};
use crate::aws::fault::Fault;

pub(crate) use super::volume_type::Wish;

/// A volume.
#[derive(Debug, Clone)]
pub(crate) struct Volume {
    pub(crate) id: String,
    /// In GiB.
    pub(crate) size: u64,
    pub(crate) kind: VolumeType,
    pub(crate) iops: Option<u64>,
    /// In MiB/s.
    pub(crate) throughput: Option<u64>,
    pub(crate) encrypted: bool,
    pub(crate) key: Option<String>,
    /// What it is a copy of.
    pub(crate) snapshot: Option<String>,
    pub(crate) zone: String,
    pub(crate) created: Timestamp,
    /// When it can be used.
    pub(crate) ready: Timestamp,
    pub(crate) token: Option<String>,
    pub(crate) mount: Option<Mount>,
}

/// Where a volume is attached.
#[derive(Debug, Clone)]
pub(crate) struct Mount {
    pub(crate) instance: String,
    pub(crate) device: String,
    pub(crate) since: Timestamp,
    /// Whether the volume goes with its instance.
    pub(crate) goes_with: bool,
}

impl Volume {
    pub(crate) fn state(&self, now: Timestamp) -> &'static str {
        match &self.mount {
            Some(_) => "in-use",
            None if self.ready > now => "creating",
            None => "available",
        }
    }
}

impl Land {
    /// Makes a volume that can be used after a while, and gives its id.
    pub(crate) fn add_volume(&mut self, wish: &Wish, zone: &str, tags: &[Tag]) -> Result<String, Fault> {
        let (kind, size) = wish.check()?;
        let id = ids::VOLUME.id();
        let volume = Volume {
            id: id.clone(),
            size,
            kind,
            iops: kind.iops(wish.iops, size),
            throughput: kind.throughput(wish.throughput),
            encrypted: wish.encrypted,
            key: wish.key.clone().or_else(|| wish.encrypted.then(|| self.own_key.clone())),
            snapshot: wish.snapshot.clone(),
            zone: zone.to_owned(),
            created: self.now,
            ready: self.soon(),
            token: None,
            mount: None,
        };
        self.volumes.insert(&id, volume);
        self.tags.set(&id, tags);
        Ok(id)
    }

    /// Attaches a volume to an instance.
    pub(crate) fn mount(&mut self, id: &str, instance: &str, device: &str, goes_with: bool) {
        let since = self.now;
        if let Some(volume) = self.volumes.get_mut(id) {
            let (instance, device) = (instance.to_owned(), device.to_owned());
            self.mounted.entry(instance.clone()).or_default().push(id.to_owned());
            volume.mount = Some(Mount { instance, device, since, goes_with });
        }
    }

    /// Detaches a volume.
    pub(crate) fn unmount(&mut self, id: &str) {
        let Some(mount) = self.volumes.get_mut(id).and_then(|volume| volume.mount.take()) else { return };
        if let Some(ids) = self.mounted.get_mut(&mount.instance) {
            ids.retain(|one| one != id);
        }
    }

    /// The volumes of an instance, in the order in which they were attached.
    pub(crate) fn volumes_of(&self, instance: &str) -> Vec<&Volume> {
        let ids = self.mounted.get(instance).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.volumes.get(id)).collect()
    }

    /// An instance is gone: its volumes go with it, but those that shall stay.
    pub(crate) fn drop_volumes(&mut self, instance: &str) {
        for id in self.mounted.remove(instance).unwrap_or_default() {
            let mount = self.volumes.get_mut(&id).and_then(|volume| volume.mount.take());
            if mount.is_some_and(|mount| mount.goes_with) {
                self.volumes.remove(&id);
                self.tags.forget(&id);
            }
        }
    }

    /// Removes a volume that nothing uses.
    pub(crate) fn remove_volume(&mut self, id: &str) -> Result<(), Fault> {
        let volume = self.volumes.get(id).ok_or_else(|| ids::VOLUME.missing(id))?;
        if let Some(mount) = &volume.mount {
            let told = format!("Volume {id} is currently attached to {}", mount.instance);
            return Err(Fault::new("VolumeInUse", told));
        }
        if volume.state(self.now) == "creating" {
            let told = format!("The volume '{id}' is 'creating'");
            return Err(Fault::new("IncorrectState", told));
        }
        self.volumes.remove(id);
        self.tags.forget(id);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Land, Wish};

    fn wish(kind: &str, size: u64) -> Wish {
        Wish { kind: Some(kind.to_owned()), size: Some(size), ..Wish::default() }
    }

    #[test]
    fn volumes_go_with_their_instance_or_stay() {
        let mut land = Land::example();
        let [root, data] = [true, false].map(|goes| {
            let id = land.add_volume(&wish("gp3", 8), "us-east-2a", &[]).unwrap();
            land.mount(&id, "i-1", "/dev/sda1", goes);
            id
        });
        assert_eq!(land.volumes_of("i-1").len(), 2);
        assert_eq!(land.remove_volume(&data).unwrap_err().code, "VolumeInUse");
        land.drop_volumes("i-1");
        assert!(!land.volumes.contains(&root));
        land.advance(land.soon());
        land.remove_volume(&data).unwrap();
        assert_eq!(land.remove_volume(&data).unwrap_err().code, "InvalidVolume.NotFound");
    }
}
