//! What the file of rules and groups holds.

use std::collections::BTreeMap;

use cloudmesh_abstract::{Error, ErrorKind, Result, SecurityRule, nearest};

use crate::config::companion::Place;
use crate::config::flat::{self, Line};
use crate::config::{Environment, write};

const HEAD: &str = "\
# Rules and security groups that `cms sec` keeps; `cms sec group load` brings the groups to clouds.
";

/// The sections of the file.
const SECTIONS: [&str; 3] = ["rules", "groups", "descriptions"];

/// Rules and groups by their names.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) rules: BTreeMap<String, SecurityRule>,
    pub(super) groups: BTreeMap<String, StoredGroup>,
}

/// A group: the words that it is made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct StoredGroup {
    pub(super) description: String,
    pub(super) words: Vec<String>,
}

impl Shelf {
    /// Reads the file; where there is none there are the usual rules.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with the place of a mistake.
    pub(super) fn read(place: &Place, environment: &dyn Environment) -> Result<Self> {
        let Some(sections) = flat::sections(&place.path, place.usual, &SECTIONS, environment)? else {
            return Self::usual();
        };
        let mut shelf = Self::default();
        let mut sections = sections.into_iter();
        for line in sections.next().unwrap_or_default() {
            let rule = line.value.parse().map_err(|error: Error| at(&line, &error))?;
            shelf.rules.insert(line.name, rule);
        }
        for line in sections.next().unwrap_or_default() {
            shelf.groups.entry(line.name).or_default().words = line.items;
        }
        for line in sections.next().unwrap_or_default() {
            if let Some(group) = shelf.groups.get_mut(&line.name) {
                group.description = line.value;
            }
        }
        Ok(shelf)
    }

    /// What there is before anybody has changed anything.
    fn usual() -> Result<Self> {
        let mut shelf = Self::default();
        let rules =
            [("flask", "tcp/8000"), ("http", "tcp/80"), ("https", "tcp/443"), ("icmp", "icmp"), ("ssh", "tcp/22")];
        for (name, word) in rules {
            shelf.rules.insert(name.to_owned(), word.parse()?);
        }
        for (name, description, rules) in
            [("default", "signing in and ping", "ssh icmp"), ("flask", "a server for trying out", "ssh icmp flask")]
        {
            let words = rules.split(' ').map(str::to_owned).collect();
            let group = StoredGroup { description: description.to_owned(), words };
            shelf.groups.insert(name.to_owned(), group);
        }
        Ok(shelf)
    }

    /// The rule that a word means.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for what is neither a name nor a rule.
    pub(super) fn rule(&self, word: &str) -> Result<SecurityRule> {
        if let Some(rule) = self.rules.get(word) {
            return Ok(rule.clone());
        }
        word.parse().map_err(|error: Error| {
            // A word without any sign is meant as a name.
            if word.contains(['/', '@', ':']) || ["tcp", "udp"].contains(&word) {
                return error;
            }
            let near = nearest(word, self.rules.keys().map(String::as_str));
            let meant = near.map_or_else(
                || "; `cms sec rule list --local` shows the names, or spell it out, as `tcp/22`".to_owned(),
                |near| format!(", did you mean `{near}`? or spell it out, as `tcp/22`"),
            );
            Error::new(ErrorKind::InvalidInput, format!("no rule `{word}`{meant}")).with_source(error)
        })
    }

    /// The groups that are made of a rule.
    pub(super) fn users_of<'a>(&'a self, rule: &'a str) -> impl Iterator<Item = &'a str> {
        let uses = move |group: &StoredGroup| group.words.iter().any(|word| word == rule);
        self.groups.iter().filter(move |(_, group)| uses(group)).map(|(name, _)| name.as_str())
    }

    /// The file.
    pub(super) fn text(&self) -> String {
        let section = |name: &str, lines: Vec<(&String, String)>| {
            let nothing = if lines.is_empty() { " {}" } else { "" };
            let lines = lines.iter().map(|(name, value)| format!("  {}: {value}\n", write::scalar(name)));
            format!("{name}:{nothing}\n{}", lines.collect::<String>())
        };
        let rules = self.rules.iter().map(|(name, rule)| (name, write::scalar(&rule.to_string())));
        let rules = section(SECTIONS[0], rules.collect());
        let list = |group: &StoredGroup| {
            let words: Vec<String> = group.words.iter().map(|word| write::scalar(word)).collect();
            format!("[{}]", words.join(", "))
        };
        let groups = section(SECTIONS[1], self.groups.iter().map(|(name, group)| (name, list(group))).collect());
        let told = self.groups.iter().filter(|(_, group)| !group.description.is_empty());
        let descriptions =
            section(SECTIONS[2], told.map(|(name, group)| (name, write::scalar(&group.description))).collect());
        format!("{HEAD}{rules}{groups}{descriptions}")
    }
}

fn at(line: &Line, error: &Error) -> Error {
    Error::new(ErrorKind::Config, format!("{}: {}", line.place, error.message()))
}
