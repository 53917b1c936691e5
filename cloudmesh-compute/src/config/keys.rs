//! What is known of a key by its path: its form, its spellings, whether it is a secret.

use cloudmesh_abstract::{Describe, Form, Key, Setting, nearest, registration};

use super::model::{Defaults, Mark, Profile};
use super::steps::Step;
use super::tree::Node;

/// What may stand at a path.
pub(super) enum Known {
    /// A value of this form.
    Value { form: Form, secret: bool },
    /// A group of keys.
    Group,
    /// Nobody here knows.
    Free,
    /// Something that must be a slip: the sentence that says so.
    Slip(String),
}

const KEYS_OF_CLOUD: [&str; 4] = ["cm", "credentials", "defaults", "default"];

/// What may stand at the end of these steps below `cloudmesh`.
pub(super) fn known(root: &Node, steps: &[Step]) -> Known {
    let names: Vec<&str> = steps.iter().filter_map(name).collect();
    match names.as_slice() {
        [] | ["profile" | "default" | "compute" | "cloud"] | ["compute" | "cloud", _] => Known::Group,
        ["token_cache"] => Known::Value { form: Form::Boolean, secret: false },
        ["profile", rest @ ..] => among(Profile::KEYS, rest, false),
        ["default", rest @ ..] => among(Defaults::KEYS, rest, false),
        ["compute" | "cloud", cloud, rest @ ..] => of_cloud(root, cloud, rest),
        _ => Known::Free,
    }
}

/// The other spellings of the key `key` in the group at these steps.
pub(super) fn spellings(root: &Node, steps: &[Step], key: &str) -> Vec<&'static str> {
    let names: Vec<&str> = steps.iter().filter_map(name).collect();
    let all = |key: &'static Key| std::iter::once(key.name).chain(key.spellings.iter().copied()).collect();
    let of = |keys: &'static [Key]| keys.iter().find(|known| known.is(key)).map(all).unwrap_or_default();
    match names.as_slice() {
        [] if ["compute", "cloud"].contains(&key) => vec!["compute", "cloud"],
        ["profile"] => of(Profile::KEYS),
        ["compute" | "cloud", _] if ["defaults", "default"].contains(&key) => vec!["defaults", "default"],
        ["compute" | "cloud", _, "defaults" | "default"] => of(Defaults::KEYS),
        ["compute" | "cloud", cloud, rest @ ..] => {
            let mut keys = keys_of(root, cloud).unwrap_or_default();
            for name in rest {
                keys = keys.iter().find(|key| key.is(name)).map_or(&[], |key| key.inner);
            }
            of(keys)
        }
        _ => Vec::new(),
    }
}

fn name(step: &Step) -> Option<&str> {
    if let Step::Key(name) = step { Some(name) } else { None }
}

/// The keys that a cloud's provider declares, if it is linked.
pub(super) fn keys_of(root: &Node, cloud: &str) -> Option<&'static [Key]> {
    let entry = ["compute", "cloud"].into_iter().find_map(|section| root.get(section)?.get(cloud))?;
    let kind = entry.get("cm")?.get("kind")?.text()?;
    registration(kind).ok().flatten().map(|registration| registration.keys)
}

fn of_cloud(root: &Node, cloud: &str, names: &[&str]) -> Known {
    match names {
        ["cm" | "defaults" | "default"] => Known::Group,
        ["cm", rest @ ..] => among(Mark::KEYS, rest, true),
        ["defaults" | "default", first, rest @ ..] => {
            let own = keys_of(root, cloud).is_none_or(|keys| keys.iter().any(|key| key.is("defaults")));
            among(Defaults::KEYS, &[&[*first], rest].concat(), !own)
        }
        _ => match keys_of(root, cloud) {
            Some(keys) => in_provider(keys, names),
            None => Known::Free,
        },
    }
}

/// As [`among`], with the keys of flat groups one level higher.
fn in_provider(keys: &'static [Key], names: &[&str]) -> Known {
    let [first, rest @ ..] = names else { return Known::Group };
    let flat = || keys.iter().filter(|key| key.flat && !key.inner.is_empty());
    match keys.iter().find(|key| key.is(first)) {
        Some(key) if key.form == Form::Group => in_provider(key.inner, rest),
        Some(key) => leaf(key, rest),
        None if flat().any(|group| !matches!(in_provider(group.inner, names), Known::Slip(_))) => {
            let found = flat().map(|group| in_provider(group.inner, names));
            found.into_iter().find(|found| !matches!(found, Known::Slip(_))).unwrap_or(Known::Free)
        }
        None => {
            let within = flat().flat_map(|group| group.inner);
            let all: Vec<&'static str> = keys.iter().chain(within).map(|key| key.name).collect();
            slip(first, all.into_iter().chain(KEYS_OF_CLOUD))
        }
    }
}

fn among(keys: &'static [Key], names: &[&str], all: bool) -> Known {
    let [first, rest @ ..] = names else { return Known::Group };
    match keys.iter().find(|key| key.is(first)) {
        Some(key) => leaf(key, rest),
        None if all => slip(first, keys.iter().map(|key| key.name)),
        None => Known::Free,
    }
}

fn leaf(key: &Key, rest: &[&str]) -> Known {
    match (key.form, rest) {
        (Form::Pairs, []) => Known::Group,
        (Form::Pairs, [_]) => Known::Value { form: <String as Setting>::FORM, secret: key.secret },
        (_, []) => Known::Value { form: key.form, secret: key.secret },
        _ => Known::Slip(format!("`{}` is no group of keys", key.name)),
    }
}

fn slip<'a>(name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Known {
    let message = nearest(name, names.clone()).map_or_else(
        || format!("unknown key `{name}`, allowed are `{}`", names.collect::<Vec<_>>().join("`, `")),
        |near| format!("unknown key `{name}`, did you mean `{near}`?"),
    );
    Known::Slip(message)
}
