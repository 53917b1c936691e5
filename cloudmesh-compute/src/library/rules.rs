//! Rules of security groups under names, and groups made of them, in a file beside the configuration.

use std::collections::BTreeMap;
use std::path::Path;

use cloudmesh_abstract::{Error, ErrorKind, Result, SecurityGroup, SecurityRule, nearest};

use super::check_name;
use super::shelf::{Shelf, StoredGroup};
use crate::Brought;
use crate::config::ProcessEnvironment;
use crate::config::companion::{Place, beside, change};

/// Rules under names, and groups of them, in the file `secgroups.yaml` beside the configuration, or `X.secgroups.yaml`
/// beside another one `X.yaml`. Several processes may change it at once.
///
/// Where there is no file yet there are the rules `ssh`, `icmp`, `http`, `https` and `flask` and the groups `default`
/// (`ssh`, `icmp`) and `flask`.
///
/// ```no_run
/// use cloudmesh_compute::{Provider, library::RuleLibrary};
///
/// # async fn example() -> cloudmesh_compute::Result<()> {
/// let library = RuleLibrary::new(None)?;
/// library.add_rule("postgres", &"tcp/5432@10.0.0.0/8".parse()?, false)?;
/// library.add_group("db", "databases", &["ssh", "postgres"], false)?;
/// Provider::new("mycloud")?.upload_secgroup(&library.group("db")?, false).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RuleLibrary {
    place: Place,
}

impl RuleLibrary {
    /// The library beside a configuration file, or beside the usual one. Nothing is read yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no home directory to look in.
    pub fn new(config: Option<&Path>) -> Result<Self> {
        Ok(Self { place: beside(config, "secgroups", &ProcessEnvironment)? })
    }

    /// Whether to say what would be done, and to leave the file as it is.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.place.kept = dry_run;
        self
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.place.path
    }

    /// All rules by their names.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with the place of a mistake in the file.
    pub fn rules(&self) -> Result<BTreeMap<String, SecurityRule>> {
        Ok(self.read()?.rules)
    }

    /// All groups by their names: the words that each is made of, names of rules and rules that are spelled out.
    ///
    /// # Errors
    ///
    /// As [`rules`](Self::rules).
    pub fn groups(&self) -> Result<BTreeMap<String, Vec<String>>> {
        Ok(self.read()?.groups.into_iter().map(|(name, group)| (name, group.words)).collect())
    }

    /// A group with its rules.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for a group, [`ErrorKind::Config`] for a rule that there is not, with what may have been
    /// meant; those of [`rules`](Self::rules).
    pub fn group(&self, name: &str) -> Result<SecurityGroup> {
        let kept = self.read()?;
        let Some(stored) = kept.groups.get(name) else {
            return Err(self.missing("group", name, kept.groups.keys().map(String::as_str)));
        };
        let mut group = SecurityGroup::new("", name);
        group.description.clone_from(&stored.description);
        for word in &stored.words {
            group.rules.push(kept.rule(word).map_err(|error| {
                let message = format!("the group `{name}` in `{}`: {}", self.place.path.display(), error.message());
                error.with_kind(ErrorKind::Config).with_message(message)
            })?);
        }
        Ok(group)
    }

    /// The rule that a word means: one of the library by its name, or one that is spelled out, such as `tcp/22`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for what is neither; those of [`rules`](Self::rules).
    pub fn rule(&self, word: &str) -> Result<SecurityRule> {
        self.read()?.rule(word)
    }

    /// Keeps a rule under a name. One that is kept already stays as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AlreadyExists`] when the name is another rule's, unless it may be replaced;
    /// [`ErrorKind::InvalidInput`] for a rule that is none, and a name that none can have; [`ErrorKind::Unexpected`]
    /// when the file cannot be written.
    pub fn add_rule(&self, name: &str, rule: &SecurityRule, replace: bool) -> Result<Brought> {
        check_name(name)?;
        rule.check()?;
        if name.parse::<SecurityRule>().is_ok() {
            let message = format!("`{name}` spells a rule out; give this one another name");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        self.change(|shelf| {
            let there = shelf.rules.get(name);
            let brought = match there {
                Some(there) if there.is_same(rule) => return Ok(Brought::Unchanged),
                Some(there) if !replace => return Err(taken("rule", name, &there.to_string())),
                Some(_) => Brought::Replaced,
                None => Brought::New,
            };
            let mut rule = rule.clone().normalized();
            rule.id = None;
            shelf.rules.insert(name.to_owned(), rule);
            Ok(brought)
        })
    }

    /// Forgets one rule, and no other.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] with what may have been meant; [`ErrorKind::Conflict`] while groups are made of it;
    /// [`ErrorKind::Unexpected`] when the file cannot be written.
    pub fn remove_rule(&self, name: &str) -> Result<SecurityRule> {
        self.change(|shelf| {
            let users: Vec<String> = shelf.users_of(name).map(|group| format!("`{group}`")).collect();
            if !users.is_empty() && shelf.rules.contains_key(name) {
                let users = users.join(", ");
                let message = format!(
                    "`{name}` is part of the groups {users}; make them anew without it, with `cms sec group add --local \
                     --force`, or delete them first"
                );
                return Err(Error::new(ErrorKind::Conflict, message));
            }
            let found = shelf.rules.remove(name);
            found.ok_or_else(|| self.missing("rule", name, shelf.rules.keys().map(String::as_str)))
        })
    }

    /// Keeps a group of rules under a name. One that is kept already stays as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AlreadyExists`] when the name is another group's, unless it may be replaced;
    /// [`ErrorKind::InvalidInput`] for a word that is no rule, and a name that none can have; [`ErrorKind::Unexpected`]
    /// when the file cannot be written.
    pub fn add_group<S: AsRef<str>>(
        &self,
        name: &str,
        description: &str,
        rules: &[S],
        replace: bool,
    ) -> Result<Brought> {
        check_name(name)?;
        self.change(|shelf| {
            for word in rules {
                shelf.rule(word.as_ref())?;
            }
            let words = rules.iter().map(|word| word.as_ref().to_owned()).collect();
            let group = StoredGroup { description: description.to_owned(), words };
            let brought = match shelf.groups.get(name) {
                Some(there) if *there == group => return Ok(Brought::Unchanged),
                Some(there) if !replace => return Err(taken("group", name, &there.words.join(", "))),
                Some(_) => Brought::Replaced,
                None => Brought::New,
            };
            shelf.groups.insert(name.to_owned(), group);
            Ok(brought)
        })
    }

    /// Forgets one group; its rules stay.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] with what may have been meant; [`ErrorKind::Unexpected`] when the file cannot be written.
    pub fn remove_group(&self, name: &str) -> Result<()> {
        self.change(|shelf| match shelf.groups.remove(name) {
            Some(_) => Ok(()),
            None => Err(self.missing("group", name, shelf.groups.keys().map(String::as_str))),
        })
    }

    /// What people say about each group.
    ///
    /// # Errors
    ///
    /// As [`rules`](Self::rules).
    pub fn descriptions(&self) -> Result<BTreeMap<String, String>> {
        Ok(self.read()?.groups.into_iter().map(|(name, group)| (name, group.description)).collect())
    }

    fn read(&self) -> Result<Shelf> {
        Shelf::read(&self.place, &ProcessEnvironment)
    }

    fn change<T>(&self, work: impl FnOnce(&mut Shelf) -> Result<T>) -> Result<T> {
        change(&self.place, || {
            let mut kept = self.read()?;
            let before = kept.text();
            let done = work(&mut kept)?;
            let after = kept.text();
            Ok(((after != before).then_some(after), done))
        })
    }

    fn missing<'a>(&self, what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Error {
        let meant = nearest(name, known).map_or_else(|| ";".to_owned(), |near| format!(", did you mean `{near}`?"));
        let file = self.place.path.display();
        let message =
            format!("no {what} `{name}` in `{file}`{meant} `cms sec {what} list --local` shows what there is");
        Error::new(ErrorKind::NotFound, message)
    }
}

fn taken(what: &str, name: &str, there: &str) -> Error {
    let message =
        format!("`{name}` is another {what} ({there}); give this one another name, or replace that one with `--force`");
    Error::new(ErrorKind::AlreadyExists, message)
}
