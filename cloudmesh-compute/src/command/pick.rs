//! Which of the things that a cloud lists are meant.

use cloudmesh_abstract::names::Selector;

use crate::cli::Item;
use crate::{Error, ErrorKind, KeyPair, SecurityGroup};

/// Something that is listed whole and chosen by name or id.
pub(super) trait Thing: Clone {
    /// What people call it.
    const WORD: &'static str;
    /// What to type to see all of them.
    const LIST: &'static str;

    fn name(&self) -> &str;
    /// The cloud's id, where it is another than the name.
    fn id(&self) -> Option<&str>;
}

impl Thing for KeyPair {
    const WORD: &'static str = "key";
    const LIST: &'static str = "cms key list";

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> Option<&str> {
        None
    }
}

impl Thing for SecurityGroup {
    const WORD: &'static str = "security group";
    const LIST: &'static str = "cms sec group list";

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> Option<&str> {
        Some(&self.id)
    }
}

/// What is wanted of a listing, sorted by name, and an error for each name or glob that fits nothing. All, if nothing is
/// wanted in particular.
pub(super) fn some<T: Thing>(wanted: &[Selector], mut listing: Vec<T>) -> Vec<Item<T>> {
    listing.sort_by(|a, b| (a.name(), a.id()).cmp(&(b.name(), b.id())));
    let lost = wanted.iter().filter(|wanted| !listing.iter().any(|thing| is(wanted, thing)));
    let lost: Vec<Item<T>> = lost.map(missing).collect();
    let found = listing.into_iter().filter_map(|thing| {
        let by = wanted.iter().find(|wanted| is(wanted, &thing));
        (wanted.is_empty() || by.is_some()).then(|| item(by, thing))
    });
    found.chain(lost).collect()
}

/// What is wanted of a listing, one after the other, each once; a name must fit one thing alone.
pub(super) fn each<T: Thing>(wanted: &[Selector], listing: &[T]) -> Vec<Item<T>> {
    let mut taken = vec![false; listing.len()];
    let mut items = Vec::new();
    for wanted in wanted {
        let found: Vec<usize> = (0..listing.len()).filter(|at| is(wanted, &listing[*at])).collect();
        match (wanted, found.as_slice()) {
            (_, []) => items.push(missing(wanted)),
            (Selector::Name(name), [_, _, ..]) => {
                items.push(Item::new(name, Err(several(name, found.iter().map(|at| &listing[*at])))));
            }
            _ => {
                for at in found.into_iter().filter(|at| !std::mem::replace(&mut taken[*at], true)) {
                    items.push(item(Some(wanted), listing[at].clone()));
                }
            }
        }
    }
    items
}

/// A thing, under the name or id that it was asked for by.
fn item<T: Thing>(by: Option<&Selector>, thing: T) -> Item<T> {
    let name = match by {
        Some(Selector::Name(name)) => name.clone(),
        _ => thing.name().to_owned(),
    };
    Item::new(name, Ok(thing))
}

fn is<T: Thing>(wanted: &Selector, thing: &T) -> bool {
    wanted.matches(thing.name()) || matches!(wanted, Selector::Name(id) if thing.id() == Some(id.as_str()))
}

fn missing<T: Thing>(wanted: &Selector) -> Item<T> {
    let message = format!("no {} `{wanted}`; `{}` shows what there is", T::WORD, T::LIST);
    Item::new(wanted.to_string(), Err(Error::new(ErrorKind::NotFound, message)))
}

fn several<'a, T: Thing + 'a>(name: &str, found: impl Iterator<Item = &'a T>) -> Error {
    let ids: Vec<&str> = found.map(|thing| thing.id().unwrap_or_default()).collect();
    let message = format!("`{name}` fits {} {}s, name one by its id: {}", ids.len(), T::WORD, ids.join(", "));
    Error::new(ErrorKind::Ambiguous, message)
}
