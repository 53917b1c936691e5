//! The sections of the file: `profile`, `default`, and the clouds under `compute` or `cloud`.

use std::collections::HashSet;
use std::sync::Arc;

use super::model::CloudEntry;
use super::position::{self, Position};
use super::problem::{Problem, slip};
use super::references::twice;
use super::tree::{Entry, Kind, Node};

const TOP: &str = "cloudmesh";
const PROFILE: &str = "profile";
const DEFAULT: &str = "default";
/// Where clouds stand; the first is the one that the documentation uses.
const CLOUDS: [&str; 2] = ["compute", "cloud"];
const TOKEN_CACHE: &str = "token_cache";
const KNOWN: [&str; 5] = [CLOUDS[0], CLOUDS[1], PROFILE, DEFAULT, TOKEN_CACHE];
/// What `default` is asked for, to find slips; other names are fine.
const DEFAULTS: [&str; 13] = [
    "cloud", "group", "image", "size", "flavor", "key", "secgroup", "network", "zone", "username", "public", "output",
    "refresh",
];

type Result<T> = std::result::Result<T, Problem>;

/// The sections, told apart but not looked into.
#[derive(Clone)]
pub(super) struct Sections {
    /// The value of `cloudmesh`.
    pub(super) root: Arc<Node>,
    pub(super) clouds: Vec<CloudEntry>,
}

impl Sections {
    /// Tells the sections apart. Sections that other programs keep in the file are left alone.
    ///
    /// # Errors
    ///
    /// An empty file, one that does not begin with `cloudmesh:`, a section given twice or written with a slip, or one
    /// that is no group.
    pub(super) fn new(file: Option<Arc<Node>>) -> Result<Self> {
        let file = file.filter(|file| !matches!(file.kind, Kind::Null));
        let file =
            file.ok_or_else(|| Problem::new(Position::START, "the file is empty; it must begin with `cloudmesh:`"))?;
        let root = top(&file)?;
        for entry in root.entries() {
            check(entry, root.entries())?;
        }
        let clouds = entries(&root).map(|(_, entry)| cloud(entry));
        let mut seen = HashSet::new();
        let clouds = clouds.filter(|cloud| seen.insert(cloud.name.clone())).collect();
        Ok(Self { root, clouds })
    }

    pub(super) fn profile(&self) -> Option<&Node> {
        self.root.get(PROFILE)
    }

    /// The entry for all clouds of that name.
    pub(super) fn default(&self, name: &str) -> Option<&Entry> {
        self.root.get(DEFAULT)?.entry(name)
    }

    /// Whether sign-in tokens may be kept; they may unless the file says `false`.
    pub(super) fn token_cache(&self) -> bool {
        !matches!(self.root.get(TOKEN_CACHE).map(|node| &node.kind), Some(Kind::Boolean(false)))
    }

    /// The value of a cloud's first entry.
    pub(super) fn cloud(&self, name: &str) -> Option<&Node> {
        self.entries_of(name).next().map(|(_, entry)| entry.value.as_ref())
    }

    /// Every entry of a cloud, which should be one, with its section.
    pub(super) fn entries_of(&self, name: &str) -> impl Iterator<Item = (&'static str, &Entry)> {
        entries(&self.root).filter(move |(_, entry)| entry.name == name)
    }

    /// The section that a cloud stands in.
    pub(super) fn section_of(&self, name: &str) -> &'static str {
        self.entries_of(name).next().map_or(CLOUDS[0], |(section, _)| section)
    }

    /// The place of a key path that begins with `cloudmesh.`.
    pub(super) fn place_of(&self, path: &str) -> Option<Position> {
        position::place(&self.root, path.strip_prefix(TOP)?.strip_prefix('.')?)
    }

    /// Whether a secret is written out in the file, rather than referred to.
    pub(super) fn hold_secrets(&self) -> bool {
        let credentials = entries(&self.root).filter_map(|(_, entry)| entry.value.get("credentials"));
        credentials.into_iter().any(|node| node.entries().iter().any(secret))
    }
}

fn top(file: &Arc<Node>) -> Result<Arc<Node>> {
    let entries = file.entries();
    let Some(entry) = entries.iter().find(|entry| entry.name == TOP) else {
        let meant = entries.iter().find(|entry| slip(&entry.name, &[TOP]).is_some());
        let place = meant.map_or(file.place, |entry| entry.place);
        let found = match (meant, entries.first()) {
            (Some(entry), _) => format!("unknown key `{}`, did you mean `{TOP}`?", entry.name),
            (None, Some(first)) => format!("the file must begin with `{TOP}:`, found `{}`", first.name),
            (None, None) => format!("the file must begin with `{TOP}:`, found {}", file.found()),
        };
        return Err(Problem::new(place, found));
    };
    entry.must_be_group()?;
    if entries.iter().filter(|other| other.name == TOP).count() > 1 {
        let last = entries.iter().rfind(|other| other.name == TOP).unwrap_or(entry);
        return Err(twice(last, entries));
    }
    Ok(Arc::clone(&entry.value))
}

fn check(entry: &Entry, entries: &[Entry]) -> Result<()> {
    let path = format!("{TOP}.{}", entry.name);
    if let Some(meant) = slip(&entry.name, &KNOWN) {
        return Err(unknown(entry, meant).at(&path));
    }
    if !KNOWN.contains(&entry.name.as_str()) {
        return Ok(());
    }
    form(entry).map_err(|problem| problem.at(&path))?;
    let first = entries.iter().find(|other| other.name == entry.name);
    if first.is_some_and(|first| first.place != entry.place) {
        return Err(twice(entry, entries).at(&path));
    }
    if entry.name == DEFAULT {
        let slips = entry.value.entries().iter().filter_map(|entry| Some((entry, slip(&entry.name, &DEFAULTS)?)));
        if let Some((entry, meant)) = slips.into_iter().next() {
            return Err(unknown(entry, meant).at(&format!("{path}.{}", entry.name)));
        }
    }
    Ok(())
}

/// Refuses a section that is not written as it must be.
fn form(entry: &Entry) -> Result<()> {
    match entry.value.kind {
        Kind::Boolean(_) | Kind::Null if entry.name == TOKEN_CACHE => Ok(()),
        _ if entry.name == TOKEN_CACHE => {
            let message = format!("`{TOKEN_CACHE}` must be true or false, found {}", entry.value.found());
            Err(Problem::new(entry.place, message))
        }
        _ => entry.must_be_group(),
    }
}

fn unknown(entry: &Entry, meant: &str) -> Problem {
    Problem::new(entry.place, format!("unknown key `{}`, did you mean `{meant}`?", entry.name))
}

/// The clouds of both sections.
fn entries(root: &Node) -> impl Iterator<Item = (&'static str, &Entry)> {
    let sections = CLOUDS.into_iter().filter_map(|section| Some((section, root.get(section)?)));
    sections.flat_map(|(section, node)| node.entries().iter().map(move |entry| (section, entry)))
}

fn cloud(entry: &Entry) -> CloudEntry {
    let mark = |name: &str| entry.value.get("cm").and_then(|cm| cm.get(name));
    let text = |name: &str| mark(name).and_then(Node::text).map(str::to_owned);
    let active = !matches!(mark("active").map(|node| &node.kind), Some(Kind::Boolean(false)));
    CloudEntry { name: entry.name.clone(), kind: text("kind"), label: text("label"), active }
}

/// Whether this is, or holds, a secret that is written out. Names of files and mere references are none.
fn secret(entry: &Entry) -> bool {
    let name = entry.name.to_lowercase();
    let named = ["pass", "secret", "token", "key"].iter().any(|word| name.contains(word));
    let elsewhere = ["file", "path"].iter().any(|word| name.contains(word));
    let reference = |text: &str| text.starts_with("${") && text.ends_with('}') && !text.contains(":-");
    match &entry.value.kind {
        Kind::Group(entries) => entries.iter().any(secret),
        Kind::Text(text) => named && !elsewhere && !reference(text) && !text.is_empty(),
        Kind::Number(_) => named && !elsewhere,
        _ => false,
    }
}
