//! Public keys under names, in a file beside the configuration.

use std::collections::BTreeMap;
use std::path::Path;

use cloudmesh_abstract::{Error, ErrorKind, PublicKey, Result, nearest};

use super::check_name;
use crate::Brought;
use crate::config::companion::{Place, beside, change};
use crate::config::flat;
use crate::config::{ProcessEnvironment, write};

/// What stands above the lines.
const HEAD: &str = "# Public keys that `cms key add` keeps; `cms key upload` brings them to clouds.\n";

/// Public keys under names, in the file `keys.yaml` beside the configuration, or `X.keys.yaml` beside another one
/// `X.yaml`. Several processes may change it at once.
///
/// ```no_run
/// use cloudmesh_compute::library::{KeyLibrary, key_from};
///
/// let library = KeyLibrary::new(None)?;
/// library.add("laptop", &key_from("/home/albert/.ssh/id_ed25519.pub".as_ref())?, false)?;
/// for (name, key) in library.keys()? {
///     println!("{name} {}", key.sha256());
/// }
/// # Ok::<(), cloudmesh_compute::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct KeyLibrary {
    place: Place,
}

impl KeyLibrary {
    /// The library beside a configuration file, or beside the usual one. Nothing is read yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no home directory to look in.
    pub fn new(config: Option<&Path>) -> Result<Self> {
        Ok(Self { place: beside(config, "keys", &ProcessEnvironment)? })
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

    /// All keys by their names; none where there is no file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with the place of a mistake in the file.
    pub fn keys(&self) -> Result<BTreeMap<String, PublicKey>> {
        let lines = flat::read(&self.place.path, self.place.usual, &ProcessEnvironment)?;
        let read = |line: flat::Line| {
            let key = line.value.parse().map_err(|error: Error| {
                let message = format!("{}: `{}`: {}", line.place, line.name, error.message());
                error.with_kind(ErrorKind::Config).with_message(message)
            })?;
            Ok((line.name, key))
        };
        lines.into_iter().map(read).collect()
    }

    /// The key of a name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] with what may have been meant; those of [`keys`](Self::keys).
    pub fn key(&self, name: &str) -> Result<PublicKey> {
        let mut keys = self.keys()?;
        keys.remove(name).ok_or_else(|| self.missing(name, keys.keys().map(String::as_str)))
    }

    /// Keeps a key under a name. One that is kept already stays as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AlreadyExists`] when the name is another key's, unless it may be replaced;
    /// [`ErrorKind::InvalidInput`] for a name that none can have; [`ErrorKind::Unexpected`] when the file cannot be
    /// written.
    pub fn add(&self, name: &str, key: &PublicKey, replace: bool) -> Result<Brought> {
        check_name(name)?;
        change(&self.place, || {
            let mut keys = self.keys()?;
            let brought = match keys.get(name) {
                Some(there) if there.is_same(key) => return Ok((None, Brought::Unchanged)),
                Some(there) if !replace => return Err(taken(name, there)),
                Some(_) => Brought::Replaced,
                None => Brought::New,
            };
            keys.insert(name.to_owned(), key.clone());
            Ok((Some(text(&keys)), brought))
        })
    }

    /// Forgets the key of a name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] with what may have been meant; [`ErrorKind::Unexpected`] when the file cannot be written.
    pub fn remove(&self, name: &str) -> Result<PublicKey> {
        change(&self.place, || {
            let mut keys = self.keys()?;
            let Some(key) = keys.remove(name) else {
                return Err(self.missing(name, keys.keys().map(String::as_str)));
            };
            Ok((Some(text(&keys)), key))
        })
    }

    fn missing<'a>(&self, name: &str, known: impl Iterator<Item = &'a str>) -> Error {
        let meant = nearest(name, known).map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        let end = if meant.is_empty() { ";" } else { "" };
        let file = self.place.path.display();
        let message = format!("no key `{name}` in `{file}`{meant}{end} `cms key add {name} FILE` keeps one");
        Error::new(ErrorKind::NotFound, message)
    }
}

fn taken(name: &str, there: &PublicKey) -> Error {
    let which = there.sha256();
    let message =
        format!("`{name}` is another key ({which}); give this one another name, or replace that one with `--force`");
    Error::new(ErrorKind::AlreadyExists, message)
}

fn text(keys: &BTreeMap<String, PublicKey>) -> String {
    let line =
        |(name, key): (&String, &PublicKey)| format!("{}: {}\n", write::scalar(name), write::scalar(&key.to_string()));
    HEAD.to_owned() + &keys.iter().map(line).collect::<String>()
}
