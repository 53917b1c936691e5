//! Where each value of a new node is looked up: the one order for all of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cloudmesh_abstract::{Error, Result};

use super::{Choice, Source, Wishes};
use crate::Provider;

/// A value, and what says so.
pub(super) struct Chosen<T> {
    pub(super) value: Option<T>,
    pub(super) source: Source,
}

/// All values of a new node.
pub(super) struct Settled {
    pub(super) image: Chosen<String>,
    pub(super) size: Chosen<String>,
    pub(super) key: Chosen<String>,
    pub(super) username: Chosen<String>,
    pub(super) secgroup: Chosen<Vec<String>>,
    pub(super) network: Chosen<Vec<String>>,
    pub(super) zone: Chosen<String>,
    pub(super) group: Chosen<String>,
    pub(super) public: Chosen<bool>,
    pub(super) disk: Chosen<u32>,
    pub(super) disk_type: Chosen<String>,
    /// The file; `None` as well where the wishes bring the text itself.
    pub(super) user_data: Chosen<PathBuf>,
    pub(super) spot: Chosen<bool>,
    pub(super) hibernate: Chosen<bool>,
    pub(super) user: Chosen<String>,
    pub(super) metadata: Vec<(String, String, Source)>,
}

impl Settled {
    /// Looks everything up.
    pub(super) fn new(wishes: &Wishes, provider: &Provider) -> Result<Self> {
        let lookup = Lookup { provider };
        let defaults = &provider.cloud().defaults;
        let own = |list: &Vec<String>| Some(list.clone()).filter(|list| !list.is_empty());
        let user_data = match wishes.user_data {
            Some(_) => Chosen { value: None, source: Source::Wishes },
            None => lookup.first(&["user_data"], None, defaults.user_data.as_ref())?,
        };
        Ok(Self {
            image: lookup.first(&["image"], wishes.image.clone(), defaults.image.as_ref())?,
            size: lookup.first(&["size", "flavor"], wishes.flavor.clone(), defaults.size.as_ref())?,
            key: lookup.first(&["key"], wishes.key.clone(), defaults.key.as_ref())?,
            username: lookup.first(&["username"], wishes.username.clone(), defaults.username.as_ref())?,
            secgroup: lookup.first(&["secgroup"], own(&wishes.secgroups), defaults.secgroup.as_ref())?,
            network: lookup.first(&["network"], own(&wishes.networks), defaults.network.as_ref())?,
            zone: lookup.first(&["zone"], wishes.zone.clone(), defaults.zone.as_ref())?,
            group: lookup.first(&["group"], wishes.group.clone(), defaults.group.as_ref())?,
            public: lookup.first(&["public"], wishes.public, defaults.public.as_ref())?,
            disk: lookup.first(&["disk"], wishes.disk_gb, defaults.disk.as_ref())?,
            disk_type: lookup.first(&["disk_type"], wishes.disk_type.clone(), defaults.disk_type.as_ref())?,
            user_data,
            spot: lookup.first(&["spot"], wishes.spot, defaults.spot.as_ref())?,
            hibernate: lookup.first(&["hibernate"], wishes.hibernate, defaults.hibernate.as_ref())?,
            user: lookup.user(wishes.user.clone())?,
            metadata: lookup.metadata(&wishes.metadata),
        })
    }

    /// A choice for each value, in the order of the configuration's keys.
    pub(super) fn choices(self) -> Vec<Choice> {
        let [public, spot, hibernate] =
            [self.public, self.spot, self.hibernate].map(|flag| flag.map(|value| value.to_string()));
        let lists = [self.secgroup, self.network].map(|list| list.map(|list| list.join(",")));
        let [secgroup, network] = lists;
        let mut user_data = self.user_data.map(|file| file.display().to_string());
        if user_data.source == Source::Wishes {
            user_data.value = Some("[text]".to_owned());
        }
        let settings = [
            ("image", self.image),
            ("size", self.size),
            ("key", self.key),
            ("username", self.username),
            ("secgroup", secgroup),
            ("network", network),
            ("zone", self.zone),
            ("group", self.group),
            ("public", public),
            ("disk", self.disk.map(|value| value.to_string())),
            ("disk_type", self.disk_type),
            ("user_data", user_data),
            ("spot", spot),
            ("hibernate", hibernate),
            ("user", self.user),
        ];
        let choice = |(name, chosen): (&str, Chosen<String>)| Choice {
            name: name.to_owned(),
            value: chosen.value,
            source: chosen.source,
        };
        let tag = |(key, value, source)| Choice { name: format!("metadata.{key}"), value: Some(value), source };
        settings.into_iter().map(choice).chain(self.metadata.into_iter().map(tag)).collect()
    }
}

impl<T> Chosen<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Chosen<U> {
        Chosen { value: self.value.map(change), source: self.source }
    }
}

struct Lookup<'a> {
    provider: &'a Provider,
}

impl Lookup<'_> {
    /// The wish, else the cloud's default, else the file's under the first of the names that it has, else nothing.
    fn first<T: Word>(&self, names: &[&str], wish: Option<T>, default: Option<&T>) -> Result<Chosen<T>> {
        if wish.is_some() {
            return Ok(Chosen { value: wish, source: Source::Wishes });
        }
        if default.is_some() {
            return Ok(Chosen { value: default.cloned(), source: self.of_cloud(names[0]) });
        }
        let config = self.provider.config();
        for name in names {
            if let Some(text) = config.default(name)? {
                let place = config.place_of(&["default", name]);
                let value = T::read(&text).ok_or_else(|| wrong(name, &place, T::WANTED))?;
                return Ok(Chosen { value: Some(value), source: Source::File { place } });
            }
        }
        Ok(Chosen { value: None, source: Source::BuiltIn })
    }

    fn of_cloud(&self, name: &str) -> Source {
        let (config, cloud) = (self.provider.config(), self.provider.name());
        Source::Cloud { cloud: cloud.to_owned(), place: config.place_of_cloud_default(cloud, name) }
    }

    fn user(&self, wish: Option<String>) -> Result<Chosen<String>> {
        if wish.is_some() {
            return Ok(Chosen { value: wish, source: Source::Wishes });
        }
        let config = self.provider.config();
        let value = config.profile()?.user;
        let place = || config.place_of(&["profile", "user"]);
        let source = if value.is_some() { Source::Profile { place: place() } } else { Source::BuiltIn };
        Ok(Chosen { value, source })
    }

    /// The tags of the cloud's default, and those that are wished beside them or in their place.
    fn metadata(&self, wishes: &BTreeMap<String, String>) -> Vec<(String, String, Source)> {
        let defaults = self.provider.cloud().defaults.metadata.clone().unwrap_or_default();
        let kept = defaults.into_iter().filter(|(key, _)| !wishes.contains_key(key));
        let kept = kept.map(|(key, value)| (key, value, self.of_cloud("metadata")));
        let own = wishes.iter().map(|(key, value)| (key.clone(), value.clone(), Source::Wishes));
        kept.chain(own).collect()
    }
}

fn wrong(name: &str, place: &str, wanted: &str) -> Error {
    Error::config(format!("default.{name}"), format!("{place}: `{name}` under `default` must be {wanted}"))
}

/// What can be read from a text.
trait Word: Clone {
    /// What it must be.
    const WANTED: &'static str;

    fn read(text: &str) -> Option<Self>;
}

impl Word for String {
    const WANTED: &'static str = "text";

    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Word for PathBuf {
    const WANTED: &'static str = "a file";

    fn read(text: &str) -> Option<Self> {
        Some(Self::from(text))
    }
}

impl Word for bool {
    const WANTED: &'static str = "`true` or `false`";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Word for u32 {
    const WANTED: &'static str = "a number";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Word for Vec<String> {
    const WANTED: &'static str = "a list";

    fn read(text: &str) -> Option<Self> {
        Some(text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }
}
