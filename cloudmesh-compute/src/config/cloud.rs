//! From an entry of the file to a cloud that is ready for use.

use cloudmesh_abstract::{Describe, Error, ErrorKind, Result, Settings, nearest};
use serde_json::{Map, Value};

use super::Config;
use super::model::{Cloud, Common, Defaults, Head, Mark};
use super::problem::{Problem, listed, slip};
use super::references::{Resolver, twice};
use super::tree::{Entry, Kind, Node};

/// Keys under `cm` that files of older versions have and that nothing depends on.
pub(super) const FORMER: [&str; 4] = ["heading", "host", "service", "version"];

impl Config {
    /// A cloud by its name, all references resolved.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with file, line and column: no such cloud, with the names there are; one that is not
    /// active; one without a kind, or given twice; a reference that cannot be resolved; a mistake in `cm` or
    /// `defaults`. Whether the rest suits the kind, the provider finds out; see [`locate`](Self::locate).
    pub fn cloud(&self, name: &str) -> Result<Cloud> {
        self.read_cloud(name, false)
    }

    /// A cloud by its name, also one that is not active.
    #[cfg(feature = "cli")]
    pub(super) fn cloud_even_asleep(&self, name: &str) -> Result<Cloud> {
        self.read_cloud(name, true)
    }

    fn read_cloud(&self, name: &str, even_asleep: bool) -> Result<Cloud> {
        let (section, entry) = self.only_entry(name)?;
        let path = format!("cloudmesh.{section}.{name}");
        let wrong = |problem| self.problem(problem, &path);
        let place = |error| self.place(error, &entry.value, &path);
        let resolver = self.resolver();

        let mark = head(entry, &resolver).map_err(wrong)?.parse::<Head>().map_err(place)?.cm;
        check(&mark, entry, even_asleep).map_err(wrong)?;
        let mut settings = body(entry, &resolver).map_err(wrong)?;
        let common = take_common(&mut settings).parse::<Common>().map_err(place)?;
        settings.retain(|_, value| !value.is_null());
        Ok(Cloud {
            name: name.to_owned(),
            kind: mark.kind,
            label: mark.label,
            settings: Settings::new(settings),
            defaults: common.defaults,
        })
    }

    pub(super) fn only_entry(&self, name: &str) -> Result<(&'static str, &Entry)> {
        let entries: Vec<(&'static str, &Entry)> = self.sections.entries_of(name).collect();
        match entries.as_slice() {
            [only] => Ok(*only),
            [] => Err(self.no_cloud(name)),
            [(section, first), (other, second), ..] => {
                let message = if section == other {
                    let both = [(*first).clone(), (*second).clone()];
                    twice(second, &both).message
                } else {
                    let line = first.place.line;
                    format!("`{name}` stands under `{section}` too, in line {line}; keep one of them")
                };
                let path = format!("cloudmesh.{other}.{name}");
                Err(self.problem(Problem::new(second.place, message), &path))
            }
        }
    }

    fn no_cloud(&self, name: &str) -> Error {
        let names = || self.clouds().map(|cloud| cloud.name.as_str());
        let known = listed(names());
        let advice = match nearest(name, names()) {
            Some(near) => format!(", did you mean `{near}`? it has {known}"),
            None if known.is_empty() => ", which has none; add one under `compute`".to_owned(),
            None => format!("; it has {known}"),
        };
        Error::new(ErrorKind::Config, format!("no cloud `{name}` in `{}`{advice}", self.origin()))
    }
}

/// What the entry says about itself, without keys that no longer mean anything.
pub(super) fn head(entry: &Entry, resolver: &Resolver<'_>) -> Result<Settings, Problem> {
    let missing = "`kind` is missing; say what kind of cloud it is, such as `cm: {kind: openstack}`";
    entry.must_be_group()?;
    let Some(cm) = entry.value.entry("cm") else {
        return Err(Problem::new(entry.place, missing).at("cm.kind"));
    };
    cm.must_be_group().map_err(|problem| problem.at("cm"))?;
    let kept = cm.value.entries().iter().filter(|entry| !FORMER.contains(&entry.name.as_str()));
    let kept: Vec<Entry> = kept.cloned().collect();
    if !kept.iter().any(|entry| entry.name == "kind") && kept.iter().all(|entry| slip(&entry.name, &["kind"]).is_none())
    {
        return Err(Problem::new(cm.place, missing).at("cm.kind"));
    }
    let cm = resolver.resolve(&Node::new(Kind::Group(kept), cm.place), "cm")?;
    Ok(Settings::default().with("cm", cm))
}

pub(super) fn check(mark: &Mark, entry: &Entry, even_asleep: bool) -> Result<(), Problem> {
    let place = |key: &str| super::position::place(&entry.value, &format!("cm.{key}")).unwrap_or(entry.place);
    let name = &entry.name;
    if mark.active == Some(false) && !even_asleep {
        let message = format!("`{name}` is not active; write `active: true` to use it");
        return Err(Problem::new(place("active"), message).at("cm.active"));
    }
    match &mark.name {
        Some(other) if other != name => {
            let message =
                format!("`name` is `{other}`, and the cloud is called `{name}`; make them equal or remove it");
            Err(Problem::new(place("name"), message).at("cm.name"))
        }
        _ => Ok(()),
    }
}

/// Everything but `cm`.
fn body(entry: &Entry, resolver: &Resolver<'_>) -> Result<Map<String, Value>, Problem> {
    let others = entry.value.entries().iter().filter(|entry| entry.name != "cm").cloned().collect();
    match resolver.resolve(&Node::new(Kind::Group(others), entry.value.place), "")? {
        Value::Object(settings) => Ok(settings),
        _ => Ok(Map::new()),
    }
}

/// Takes out what is the same for all kinds. Defaults that only a provider can know stay, under `defaults`.
fn take_common(settings: &mut Map<String, Value>) -> Settings {
    let mut common = Map::new();
    let mut own = Map::new();
    for name in ["defaults", "default"] {
        match settings.remove(name) {
            Some(Value::Object(group)) => {
                let (known, others) = group.into_iter().partition::<Vec<_>, _>(|(key, _)| is_common(key));
                common.insert(name.to_owned(), Value::Object(known.into_iter().collect()));
                own.extend(others);
            }
            Some(other) => {
                common.insert(name.to_owned(), other);
            }
            None => {}
        }
    }
    if !own.is_empty() {
        settings.insert("defaults".to_owned(), Value::Object(own));
    }
    Settings::new(common)
}

/// Whether a default is one of ours, or can only be a slip of one.
fn is_common(key: &str) -> bool {
    let spelled = Defaults::KEYS.iter().flat_map(|key| std::iter::once(key.name).chain(key.spellings.iter().copied()));
    let names: Vec<&str> = spelled.collect();
    names.contains(&key) || slip(key, &names).is_some()
}
