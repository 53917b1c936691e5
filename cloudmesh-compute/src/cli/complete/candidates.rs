//! What words there are, from the files and the known state alone.

use std::path::PathBuf;

use super::known;
use crate::config::{Config, Environment, ProcessEnvironment};
use crate::library::{KeyLibrary, RuleLibrary};
use crate::state::What;
use crate::variables;
use crate::{Describe, registrations};

/// How many names are shown at once.
const SHOWN: usize = 100;

/// The machines that were seen last.
pub(super) fn nodes(prefix: &str) -> Vec<String> {
    known::names(What::Node, prefix)
}

/// The addresses that were listed last.
pub(super) fn addresses(prefix: &str) -> Vec<String> {
    known::names(What::Address, prefix)
}

/// The machines and the addresses that were seen last.
pub(super) fn nodes_and_addresses(prefix: &str) -> Vec<String> {
    [nodes(prefix), addresses(prefix)].concat()
}

/// The images that were listed last.
pub(super) fn images(prefix: &str) -> Vec<String> {
    known::names(What::Image, prefix)
}

/// The flavors that were listed last.
pub(super) fn flavors(prefix: &str) -> Vec<String> {
    known::names(What::Flavor, prefix)
}

/// The active clouds of the configuration.
pub(super) fn clouds(_: &str) -> Vec<String> {
    let Some(config) = config() else { return Vec::new() };
    let active = config.clouds().filter(|cloud| cloud.active);
    active.map(|cloud| cloud.name.clone()).chain(["all".to_owned()]).collect()
}

/// The kinds that are linked.
pub(super) fn kinds(_: &str) -> Vec<String> {
    let linked = registrations().unwrap_or_default();
    linked.into_iter().map(|registration| registration.kind.to_owned()).collect()
}

/// The keys that are kept beside the configuration.
pub(super) fn keys_kept(_: &str) -> Vec<String> {
    let library = KeyLibrary::new(other_file().as_deref());
    library.and_then(|library| library.keys()).unwrap_or_default().into_keys().collect()
}

/// The security groups that are kept beside the configuration.
pub(super) fn groups_kept(_: &str) -> Vec<String> {
    let library = RuleLibrary::new(other_file().as_deref());
    library.and_then(|library| library.groups()).unwrap_or_default().into_keys().collect()
}

/// The rules that are kept beside the configuration.
pub(super) fn rules_kept(_: &str) -> Vec<String> {
    let library = RuleLibrary::new(other_file().as_deref());
    library.and_then(|library| library.rules()).unwrap_or_default().into_keys().collect()
}

/// The names of `cms set`, and after the `=` what some of them can be.
pub(super) fn variables(word: &str) -> Vec<String> {
    let Some((name, value)) = word.split_once('=') else {
        return variables::KNOWN.iter().map(|known| format!("{}=", known.name)).collect();
    };
    let values = match name {
        "cloud" => clouds(value),
        "image" => images(value),
        "size" => flavors(value),
        "key" => keys_kept(value),
        "secgroup" => groups_kept(value),
        "public" | "spot" | "hibernate" => vec!["true".to_owned(), "false".to_owned()],
        "output" => variables::formats().replace(['`', ' '], "").split(',').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    values.into_iter().map(|value| format!("{name}={value}")).collect()
}

/// The keys of the configuration.
pub(super) fn keys(word: &str) -> Vec<String> {
    let whole = word.starts_with("cloudmesh");
    let listing = config().and_then(|config| config.items("", false).ok());
    let items = listing.map(|listing| listing.items).unwrap_or_default();
    let shown = |key: String| if whole { key } else { key.trim_start_matches("cloudmesh.").to_owned() };
    items.into_iter().flatten().map(|item| shown(item.key)).collect()
}

/// The keys of the configuration, and those that can be added.
pub(super) fn settable_keys(word: &str) -> Vec<String> {
    let mut found = keys(word);
    let defaults: Vec<&str> = crate::config::Defaults::KEYS.iter().map(|key| key.name).collect();
    let start = if word.starts_with("cloudmesh") { "cloudmesh." } else { "" };
    found.extend(["cloud", "output"].iter().chain(&defaults).map(|name| format!("{start}default.{name}")));
    for cloud in config().iter().flat_map(Config::clouds) {
        let name = &cloud.name;
        found.extend(defaults.iter().map(|key| format!("{start}compute.{name}.defaults.{key}")));
    }
    found.sort();
    found.dedup();
    found
}

/// The names, or where they are too many how they can go on, a letter more than what all of them share.
pub(super) fn few(mut names: Vec<String>) -> Vec<String> {
    names.retain(|name| is_word(name));
    names.sort();
    names.dedup();
    let (Some(first), Some(last)) = (names.first(), names.last()) else { return names };
    if names.len() <= SHOWN {
        return names;
    }
    let shared = first.chars().zip(last.chars()).take_while(|(one, other)| one == other).count();
    let mut starts: Vec<String> = names.iter().map(|name| name.chars().take(shared + 1).collect()).collect();
    starts.dedup();
    starts
}

/// Whether a name is one word to a shell, no option, and harmless to a terminal.
fn is_word(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && name.chars().all(|sign| sign.is_alphanumeric() || "._-+:/@=[]".contains(sign))
}

/// The configuration that the command line being typed means.
fn config() -> Option<Config> {
    Config::load(other_file().as_deref()).ok()
}

/// The file that `--config` or its variable names.
pub(super) fn other_file() -> Option<PathBuf> {
    let words: Vec<String> = std::env::args().collect();
    let mut pairs = words.windows(2);
    let apart = pairs.find(|pair| pair[0] == "--config").map(|pair| pair[1].clone());
    let joined = || words.iter().find_map(|word| word.strip_prefix("--config=")).map(str::to_owned);
    let variable = || std::env::var("CLOUDMESH_CONFIG").ok();
    let file = apart.or_else(joined).or_else(variable).filter(|file| !file.is_empty())?;
    // A shell follows `~` only when the line is run.
    match (file.strip_prefix("~/"), ProcessEnvironment.home()) {
        (Some(rest), Some(home)) => Some(home.join(rest)),
        _ => Some(PathBuf::from(file)),
    }
}

#[cfg(test)]
mod tests {
    use super::few;

    #[test]
    fn too_many_names_are_shown_by_how_they_go_on() {
        let names = |count: usize| (0..count).map(|number| format!("web-{number:04}")).collect::<Vec<_>>();
        assert_eq!(few(names(3)), ["web-0000", "web-0001", "web-0002"]);
        assert_eq!(few(names(10_000)).len(), 10);
        assert_eq!(few(names(2_000)), ["web-0", "web-1"]);
    }

    #[test]
    fn what_a_terminal_obeys_is_not_completed() {
        let names = ["web\u{1b}[2J", "web;ls", "web 1", "$(x)", "w`x`", "--yes", "web-1"].map(str::to_owned);
        assert_eq!(few(names.into()), ["web-1"]);
    }
}
