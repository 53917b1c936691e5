//! Which images or flavors are meant.

use cloudmesh_abstract::names::Selector;

use crate::{Error, ErrorKind, Flavor, Image, Provider, Result};

/// What is listed under a name and an id.
pub(super) trait Listed {
    /// The word that is typed for it.
    const WORD: &'static str;

    fn name(&self) -> &str;
    fn id(&self) -> &str;
}

impl Listed for Image {
    const WORD: &'static str = "image";

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> &str {
        &self.id
    }
}

impl Listed for Flavor {
    const WORD: &'static str = "flavor";

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> &str {
        &self.id
    }
}

/// What is wanted of a listing, in its order, and an error for each name or glob that fits nothing. All, if nothing is
/// wanted in particular.
pub(super) fn choose<T: Listed>(provider: &Provider, wanted: &[Selector], listing: Vec<T>) -> Vec<Result<T>> {
    if wanted.is_empty() {
        return listing.into_iter().map(Ok).collect();
    }
    let is = |wanted: &Selector, item: &T| {
        wanted.matches(item.name()) || matches!(wanted, Selector::Name(id) if id == item.id())
    };
    let lost = wanted.iter().filter(|wanted| !listing.iter().any(|item| is(wanted, item)));
    let lost: Vec<Result<T>> = lost.map(|wanted| Err(none::<T>(provider, wanted))).collect();
    let found = listing.into_iter().filter(|item| wanted.iter().any(|wanted| is(wanted, item)));
    found.map(Ok).chain(lost).collect()
}

/// The error of a name or glob that fits nothing.
pub(super) fn none<T: Listed>(provider: &Provider, wanted: &Selector) -> Error {
    let word = T::WORD;
    let message = format!("no {word} `{wanted}`; `cms {word} list` shows what there is");
    Error::new(ErrorKind::NotFound, message).in_cloud(provider.name())
}

/// Says what to do about a name that fits nothing.
pub(super) fn advised<T: Listed>(found: Result<T>, provider: &Provider, wanted: &Selector) -> Result<T> {
    found.map_err(|error| if error.kind() == ErrorKind::NotFound { none::<T>(provider, wanted) } else { error })
}
