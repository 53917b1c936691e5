//! A mistake in the file, with its place.

use std::path::{Path, PathBuf};

use cloudmesh_abstract::{Error, ErrorKind};

use super::position::Position;

/// A mistake in a text: where it is, at which key, and a sentence about it that shows no value.
pub(super) struct Problem {
    pub(super) place: Position,
    pub(super) key: String,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(place: Position, message: impl Into<String>) -> Self {
        Self { place, key: String::new(), message: message.into() }
    }

    /// Says at which key path, unless that is known already.
    pub(super) fn at(mut self, key: &str) -> Self {
        if self.key.is_empty() {
            key.clone_into(&mut self.key);
        }
        self
    }
}

/// Where a configuration comes from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The file, unless it is a text without one.
    pub(super) file: Option<PathBuf>,
    home: Option<PathBuf>,
    /// What messages call it.
    pub(super) shown: String,
}

impl Origin {
    pub(super) fn text(shown: &str) -> Self {
        Self { file: None, home: None, shown: shown.to_owned() }
    }

    /// A file; below `home` it is shown with a `~`.
    pub(super) fn file(file: &Path, home: Option<&Path>) -> Self {
        Self { file: Some(file.to_owned()), home: home.map(Path::to_owned), shown: shown(file, home) }
    }

    /// What messages call another file.
    #[cfg(unix)]
    pub(super) fn other(&self, file: &Path) -> String {
        shown(file, self.home.as_deref())
    }

    /// Another file as a shell takes it for one word.
    #[cfg(unix)]
    pub(super) fn argument(&self, file: &Path) -> String {
        super::file::argument(file, &self.other(file))
    }

    /// The error for a mistake in this file.
    pub(super) fn error(&self, problem: Problem) -> Error {
        let sentence = self.sentence(problem.place, &problem.message);
        if problem.key.is_empty() {
            return Error::new(ErrorKind::Config, sentence);
        }
        Error::config(problem.key, sentence)
    }

    /// A sentence that begins with file, line and column.
    pub(super) fn sentence(&self, place: Position, message: &str) -> String {
        format!("{}:{place}: {message}", self.shown)
    }
}

/// A file with a `~` in place of the home directory.
fn shown(file: &Path, home: Option<&Path>) -> String {
    let below = home.and_then(|home| file.strip_prefix(home).ok());
    below.map_or_else(|| file.display().to_string(), |below| format!("~/{}", below.display()))
}

/// The one of `names` that `name` can only be a slip of: one or two letters apart, and not itself one of them.
///
/// For groups that hold keys of others too, where merely being alike means nothing.
pub(super) fn slip<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    if names.contains(&name) {
        return None;
    }
    let allowed = if name.len() < 6 { 1 } else { 2 };
    let rated = names.iter().map(|other| (strsim::damerau_levenshtein(name, other), *other));
    rated.filter(|(distance, _)| *distance <= allowed).min().map(|(_, other)| other)
}

/// `a`, `b`, `c`, with a count instead of what is beyond twenty.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.len() > SHOWN {
        let more = names.split_off(SHOWN).len();
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Origin, listed, slip};
    use std::path::Path;

    #[test]
    fn a_slip_is_one_or_two_letters_away() {
        let names = ["compute", "cloud", "profile", "default"];
        for (name, meant) in [
            ("comptue", Some("compute")),
            ("clouds", Some("cloud")),
            ("defaults", Some("default")),
            ("profil", Some("profile")),
            ("compute", None),
            ("storage", None),
            ("data", None),
            ("version", None),
        ] {
            assert_eq!(slip(name, &names), meant, "{name}");
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..22).map(|number| number.to_string()).collect();
        assert!(listed(names.iter().map(String::as_str)).ends_with("`19`, 2 more"));
    }

    #[test]
    fn files_below_home_are_shown_short() {
        let shown = |file: &str| Origin::file(Path::new(file), Some(Path::new("/home/albert"))).shown;
        assert_eq!(shown("/home/albert/.cloudmesh/cloudmesh.yaml"), "~/.cloudmesh/cloudmesh.yaml");
        assert_eq!(shown("/etc/cloudmesh.yaml"), "/etc/cloudmesh.yaml");
    }
}
