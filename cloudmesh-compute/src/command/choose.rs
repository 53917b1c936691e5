//! Which images or flavors are meant, and where they come from.

use cloudmesh_abstract::names::Selector;

use crate::cli::{Ages, Report, Session};
use crate::partial::Partial;
use crate::state::{Listed, did_you_mean};
use crate::{Error, ErrorKind, Provider, Result};

/// The items of the chosen clouds that `pick` takes out of a catalogue: the known one with `--cached`, or where it is
/// fresh and has all that is wanted; else `live` asks the cloud. Says how old it is what is known.
pub(super) async fn find<T: Listed>(
    session: &Session,
    pick: impl Fn(&str, Vec<T>) -> Vec<Result<T>>,
    live: impl AsyncFn(&Provider) -> Result<Vec<Result<T>>>,
) -> Result<Report<T>> {
    let ages = Ages::new();
    let report = if session.shared.cached {
        let known = |cloud: &String| Ok(pick(cloud, session.known_catalogue(cloud, &ages)?));
        Report::of_known(Partial::flatten(session.clouds()?.iter().map(known).collect()))
    } else {
        let may_be_kept = session.may_be_kept()?;
        let one = async |provider: &Provider| {
            let known = || session.fresh_catalogue(provider.name(), &ages).filter(|_| may_be_kept);
            if let Some((items, listed)) = known() {
                let picked = pick(provider.name(), items);
                // What is missing may be new.
                if picked.iter().all(Result::is_ok) {
                    ages.add(provider.name(), listed);
                    return Ok(picked);
                }
            }
            live(provider).await
        };
        session.on_each(one).await?
    };
    ages.say(session);
    Ok(report)
}

/// What is wanted of a listing, in its order, and an error for each name or glob that fits nothing. All, if nothing is
/// wanted in particular.
pub(super) fn choose<T: Listed>(
    session: &Session,
    cloud: &str,
    wanted: &[Selector],
    listing: Vec<T>,
) -> Vec<Result<T>> {
    if wanted.is_empty() {
        return listing.into_iter().map(Ok).collect();
    }
    let lost = wanted.iter().filter(|wanted| !listing.iter().any(|item| is(wanted, item)));
    let lost: Vec<Result<T>> = lost.map(|wanted| Err(none::<T>(session, cloud, wanted, None))).collect();
    let found = listing.into_iter().filter(|item| wanted.iter().any(|wanted| is(wanted, item)));
    found.map(Ok).chain(lost).collect()
}

/// What is wanted of a listing, one after the other; a name must fit one thing alone.
pub(super) fn choose_each<T: Listed>(
    session: &Session,
    cloud: &str,
    wanted: &[Selector],
    listing: &[T],
) -> Vec<Result<T>> {
    let each = |wanted: &Selector| -> Vec<Result<T>> {
        let found: Vec<&T> = listing.iter().filter(|item| is(wanted, *item)).collect();
        match (wanted, found.as_slice()) {
            (_, []) => vec![Err(none::<T>(session, cloud, wanted, None))],
            (Selector::Name(name), [_, _, ..]) => vec![Err(several(cloud, name, &found))],
            _ => found.into_iter().cloned().map(Ok).collect(),
        }
    };
    wanted.iter().flat_map(each).collect()
}

fn is<T: Listed>(wanted: &Selector, item: &T) -> bool {
    wanted.matches(item.name()) || matches!(wanted, Selector::Name(id) if id == item.id())
}

/// The error of a name or glob that fits nothing, with what may have been meant: what is known, and what the cloud's
/// provider says in its refusal, such as the short name of an image.
pub(super) fn none<T: Listed>(session: &Session, cloud: &str, wanted: &Selector, refusal: Option<&Error>) -> Error {
    let word = T::WHAT.word();
    let known = match wanted {
        Selector::Name(name) => session.near(T::WHAT, cloud, name),
        _ => Vec::new(),
    };
    let told = refusal.and_then(Error::meant);
    let known = known.into_iter().filter(|known| Some(known.as_str()) != told);
    let near: Vec<String> = told.map(str::to_owned).into_iter().chain(known).collect();
    let meant = did_you_mean(&near).map_or_else(|| ";".to_owned(), |meant| format!(", {meant}"));
    let message = format!("no {word} `{wanted}`{meant} `cms {word} list` shows what there is");
    Error::new(ErrorKind::NotFound, message).in_cloud(cloud)
}

/// The error of a name that fits several things.
fn several<T: Listed>(cloud: &str, name: &str, found: &[&T]) -> Error {
    let (word, ids) = (T::WHAT.word(), found.iter().map(|item| item.id()).collect::<Vec<_>>());
    let message = format!("`{name}` fits {} {word}s, name one by its id: {}", ids.len(), ids.join(", "));
    Error::new(ErrorKind::Ambiguous, message).in_cloud(cloud)
}

/// Says what to do about a name that fits nothing.
pub(super) fn advised<T: Listed>(
    found: Result<T>,
    session: &Session,
    provider: &Provider,
    wanted: &Selector,
) -> Result<T> {
    found.map_err(|error| match error.kind() {
        ErrorKind::NotFound => none::<T>(session, provider.name(), wanted, Some(&error)),
        _ => error,
    })
}
