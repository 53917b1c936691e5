//! What is there from the beginning: images, flavors, keys, groups.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::state::{No, Say, State, body, done, json, no, page};
use crate::PublicKey;
use crate::memory::wire::{Ask, Disk, Pair, Size};

pub(super) fn images() -> Vec<Disk> {
    // Two of them share a name, as it happens in every cloud.
    let names = ["ubuntu-24.04", "debian-12", "ubuntu-22.04", "rocky-9", "fedora-latest", "fedora-latest"];
    let old = ["ubuntu-14.04", "debian-8"];
    let disk = |(number, name): (u64, &&str)| Disk {
        id: format!("image-{number}"),
        name: (*name).to_owned(),
        os: "linux".to_owned(),
        bytes: 600_000_000 + number * 1_000_000,
        old: old.contains(name),
    };
    (1..).zip(names.iter().chain(&old)).map(disk).collect()
}

/// Name, cores, memory, disk; processor and graphics processors where they are known.
type Shape = (&'static str, u32, u64, u64, Option<(&'static str, u32)>);

pub(super) fn flavors() -> Vec<Size> {
    // Of the oldest nobody has written down what it runs on.
    let sizes = [
        ("m1.tiny", 1, 512, 1, None),
        ("m1.small", 1, 2048, 20, Some(("x86_64", 0))),
        ("m1.medium", 2, 4096, 40, Some(("aarch64", 0))),
        ("m1.large", 4, 8192, 80, Some(("x86_64", 2))),
    ];
    let size = |(number, (name, cores, memory_mb, disk_gb, chips)): (u64, Shape)| Size {
        id: format!("flavor-{number}"),
        name: name.to_owned(),
        cores,
        memory_mb,
        disk_gb,
        network: format!("Up to {cores} Gigabit"),
        processor: chips.map(|(processor, _)| processor.to_owned()),
        gpus: chips.map(|(_, gpus)| gpus),
    };
    (1..).zip(sizes).map(size).collect()
}

pub(super) fn keys() -> BTreeMap<String, Pair> {
    let text = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFsYmVydCdzIGtleSBvbiBoaXMgbGFwdG9wLi4u laptop";
    BTreeMap::from([("laptop".to_owned(), pair("laptop", text))])
}

fn pair(name: &str, text: &str) -> Pair {
    let fingerprint = text.parse::<PublicKey>().map(|key| key.sha256()).unwrap_or_default();
    Pair { name: name.to_owned(), text: text.to_owned(), fingerprint }
}

/// The id of the one that `which` names: by id first, then by name.
fn pick<'a, T>(shelf: &'a [T], id: impl Fn(&T) -> &str, name: impl Fn(&T) -> &str, which: &str) -> Vec<&'a T> {
    let by_id: Vec<&T> = shelf.iter().filter(|item| id(item) == which).collect();
    if by_id.is_empty() { shelf.iter().filter(|item| name(item) == which).collect() } else { by_id }
}

fn only<T>(found: &[T], what: &str, which: &str) -> Result<(), No> {
    match found.len() {
        0 => Err(no(400, "badReference", format!("no {what} `{which}`"))),
        1 => Ok(()),
        _ => Err(no(400, "severalFit", format!("several {what}s are called `{which}`"))),
    }
}

#[derive(Deserialize)]
struct NewKey {
    name: String,
    text: String,
}

impl State {
    pub(super) fn list_images(&self, ask: &Ask) -> Say {
        let chosen = match (ask.parameter("which"), ask.parameter("name")) {
            (Some(which), _) => pick(&self.images, |disk| &disk.id, |disk| &disk.name, which),
            (None, name) => {
                let wanted = |disk: &&Disk| name.is_none_or(|name| disk.name == name);
                let shown = |disk: &&Disk| !disk.old || ask.parameter("all").is_some();
                self.images.iter().filter(wanted).filter(shown).collect()
            }
        };
        page(ask, chosen.into_iter().map(|disk| (disk.id.clone(), disk)))
    }

    pub(super) fn list_flavors(&self, ask: &Ask) -> Say {
        let chosen = match ask.parameter("which") {
            Some(which) => pick(&self.flavors, |size| &size.id, |size| &size.name, which),
            None => self.flavors.iter().collect(),
        };
        page(ask, chosen.into_iter().map(|size| (size.id.clone(), size)))
    }

    pub(super) fn image_id(&self, which: &str) -> Result<String, No> {
        let found = pick(&self.images, |disk| &disk.id, |disk| &disk.name, which);
        only(&found, "image", which)?;
        Ok(found[0].id.clone())
    }

    pub(super) fn flavor_name(&self, which: &str) -> Result<String, No> {
        let found = pick(&self.flavors, |size| &size.id, |size| &size.name, which);
        only(&found, "flavor", which)?;
        Ok(found[0].name.clone())
    }

    pub(super) fn at_keys(&mut self, method: &str, rest: &[&str], ask: &Ask) -> Say {
        match (method, rest) {
            ("GET", []) => page(ask, self.keys.iter().map(|(name, pair)| (name.clone(), pair))),
            ("POST", []) => self.add_key(ask),
            ("DELETE", [name]) => match self.keys.remove(*name) {
                Some(_) => Ok(done()),
                None => Err(no(404, "noSuchKey", format!("no key `{name}`"))),
            },
            _ => Err(no(404, "noSuchPath", "keys can be listed, added and deleted")),
        }
    }

    fn add_key(&mut self, ask: &Ask) -> Say {
        let NewKey { name, text } = body(ask)?;
        if self.keys.contains_key(&name) {
            return Err(no(409, "nameTaken", format!("there is a key `{name}`")));
        }
        if name.is_empty() {
            return Err(no(400, "badName", "a key needs a name"));
        }
        text.parse::<PublicKey>().map_err(|error| no(400, "badKey", error.message()))?;
        let pair = pair(&name, &text);
        self.keys.insert(name, pair.clone());
        Ok(json(&pair))
    }
}
