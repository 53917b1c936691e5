//! Listings that come in pages, and the records in them.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use cloudmesh_abstract::{Error, ErrorKind, Page, Result, all_pages};
use reqwest::Url;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::client::{Ask, Client, parse};
use crate::refusal::{Answer, unreadable};
use crate::soft::{Fields, Lenient};
use crate::wire;

/// What comes in pages.
pub(crate) trait Record: Fields + Send {
    /// The name of the listing's field.
    const COLLECTION: &'static str;

    /// Whether it may stand elsewhere in the listing by the time the next page is asked for.
    fn may_move(&self) -> bool {
        false
    }
}

impl Record for wire::Server {
    const COLLECTION: &'static str = "servers";

    fn may_move(&self) -> bool {
        self.waits_for_a_host()
    }
}

impl Record for wire::Flavor {
    const COLLECTION: &'static str = "flavors";
}

impl Record for wire::Image {
    const COLLECTION: &'static str = "images";
}

impl Record for wire::KeyPairEntry {
    const COLLECTION: &'static str = "keypairs";
}

impl Record for wire::Network {
    const COLLECTION: &'static str = "networks";
}

impl Record for wire::SecurityGroup {
    const COLLECTION: &'static str = "security_groups";
}

impl Record for wire::FloatingIp {
    const COLLECTION: &'static str = "floatingips";
}

impl Record for wire::Port {
    const COLLECTION: &'static str = "ports";
}

impl Record for wire::Router {
    const COLLECTION: &'static str = "routers";
}

/// How often a listing is read until no page ended with a record that may move.
const PASSES: usize = 4;

/// What has been read of a listing.
enum Pass<T> {
    Whole(Vec<T>),
    /// Something may be missing.
    Partly(Vec<T>),
    /// A record that waited is no marker any more, as one that was deleted meanwhile.
    Broken(Error),
}

impl Client {
    /// Reads all pages of a listing. `convert` is given each record, and the vendor's own where it is to be kept; it
    /// leaves out what it answers `None` for.
    ///
    /// Nova lists the servers that wait for a host before the others. Where a page ends with one that gets its host before
    /// the next page is asked for, that page begins in the middle of the others, and what waited behind it is on no
    /// page. So such a listing is read again, in pages as long as the cloud gives. A record may then come twice: the
    /// later one is the newer.
    pub(crate) async fn list<R: Record, T: Send>(
        &self,
        ask: &Ask,
        raw: bool,
        convert: impl Fn(R, Option<Value>) -> Option<T> + Send + Sync,
    ) -> Result<Vec<T>> {
        let (mut ask, mut all, mut broken) = (ask.clone(), Vec::new(), None);
        for _ in 0..PASSES {
            broken = None;
            match self.pass(&ask, raw, &convert).await? {
                Pass::Whole(items) => return Ok(items),
                Pass::Partly(items) => all.extend(items),
                Pass::Broken(error) => broken = Some(error),
            }
            ask = ask.without("limit");
        }
        broken.map_or(Ok(all), Err)
    }

    /// Reads all pages once.
    async fn pass<R: Record, T: Send>(
        &self,
        ask: &Ask,
        raw: bool,
        convert: &(impl Fn(R, Option<Value>) -> Option<T> + Send + Sync),
    ) -> Result<Pass<T>> {
        let (repeats, moving) = (&Repeats::default(), &AtomicBool::new(false));
        let read = all_pages(|mark: Option<String>| async move {
            let ask = ask.clone().with_some("marker", mark.as_deref().map(Repeats::marker));
            let answer = self.send(&ask).await?;
            let body: Body<R> = read(&answer, &ask.line(), raw)?;
            let next = next(body.links, body.next)?.map(|marker| repeats.mark(&marker));
            let mut ends_moving = false;
            let items = body.records.into_iter().filter_map(|(record, kept)| {
                ends_moving = record.may_move();
                convert(record, kept)
            });
            let items = items.collect();
            moving.fetch_or(ends_moving && next.is_some(), Ordering::Relaxed);
            Ok(Page::new(items, next))
        });
        match (read.await, moving.load(Ordering::Relaxed)) {
            (Ok(items), false) => Ok(Pass::Whole(items)),
            (Ok(items), true) => Ok(Pass::Partly(items)),
            (Err(error), true) if error.kind() == ErrorKind::InvalidInput => Ok(Pass::Broken(error)),
            (Err(error), _) => Err(error),
        }
    }
}

/// A page: its records, with the vendor's own where they are kept, and what leads to the next one.
struct Body<R> {
    records: Vec<(R, Option<Value>)>,
    links: Vec<wire::Link>,
    next: Option<String>,
}

/// Reads a page, straight from the text unless the vendor's records are kept.
fn read<R: Record>(answer: &Answer, line: &str, raw: bool) -> Result<Body<R>> {
    let body =
        if raw { None } else { serde_json::from_slice::<Straight<R>>(&answer.body).ok().map(|Straight(body)| body) };
    // What is odd as a whole, such as a field that is there twice, may still be read by way of values.
    let body = match body {
        Some(body) => body,
        None => by_values(parse(answer, line)?),
    };
    body.ok_or_else(|| unreadable(answer, line, None))
}

fn by_values<R: Record>(mut page: Value) -> Option<Body<R>> {
    let Value::Array(records) = page.get_mut(R::COLLECTION)?.take() else { return None };
    let keep = |value: Value| Some((record(value.clone())?, Some(value)));
    let mut links = page.get_mut(format!("{}_links", R::COLLECTION)).map(Value::take);
    Some(Body {
        records: records.into_iter().filter_map(keep).collect(),
        links: links
            .as_mut()
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .filter_map(|link| record(link.take()))
            .collect(),
        next: page["next"].as_str().map(str::to_owned),
    })
}

/// Reads a record, leniently as [`wire`] does; `None` for what is no record at all.
pub(crate) fn record<T: DeserializeOwned>(value: Value) -> Option<T> {
    if value.is_object() { serde_json::from_value(value).ok() } else { None }
}

/// A page read without a detour; `None` for what is no page.
struct Straight<R>(Option<Body<R>>);

impl<'de, R: Record> Deserialize<'de> for Straight<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(Pages(PhantomData)).map(Self)
    }
}

struct Pages<R>(PhantomData<R>);

impl<'de, R: Record> Visitor<'de> for Pages<R> {
    type Value = Option<Body<R>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a page of {}", R::COLLECTION)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> std::result::Result<Self::Value, A::Error> {
        let (mut records, mut links, mut next) = (None::<Vec<R>>, None, None);
        while let Some(key) = fields.next_key::<String>()? {
            match key.as_str() {
                "next" => next = fields.next_value_seed(Lenient::new())?,
                name if name == R::COLLECTION => records = fields.next_value_seed(Lenient::new())?,
                name if name.strip_suffix("_links") == Some(R::COLLECTION) => {
                    links = fields.next_value_seed(Lenient::new())?;
                }
                _ => _ = fields.next_value::<IgnoredAny>()?,
            }
        }
        let without = |records: Vec<R>| records.into_iter().map(|record| (record, None)).collect();
        Ok(records.map(|records| Body { records: without(records), links: links.unwrap_or_default(), next }))
    }
}

/// How often the same marker may come.
const MOST: usize = 100;

/// How often each marker has come.
///
/// Nova lists the servers that wait for a host before the others. While one moves, a page may lead back to servers that
/// were listed before, until it has settled: the same markers come again and then lead on. Only one that keeps coming
/// is a circle.
#[derive(Debug, Default)]
struct Repeats(Mutex<HashMap<String, usize>>);

impl Repeats {
    /// The mark of a page: its marker, and how often that has come.
    fn mark(&self, marker: &str) -> String {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = seen.entry(marker.to_owned()).or_default();
        *times += 1;
        format!("{} {marker}", (*times).min(MOST))
    }

    /// The marker in a mark.
    fn marker(mark: &str) -> &str {
        mark.split_once(' ').map_or(mark, |(_, marker)| marker)
    }
}

/// Where the next page begins. Only the marker of the link is used: its host may be one that we cannot reach, and the
/// token would go there.
fn next(links: Vec<wire::Link>, next: Option<String>) -> Result<Option<String>> {
    let link = links.into_iter().find(|link| link.rel == "next").map(|link| link.href);
    let Some(link) = link.or(next) else { return Ok(None) };
    let query = link.split_once('?').map_or("", |(_, query)| query);
    let address = Url::parse(&format!("http://localhost/?{query}")).ok();
    let marker =
        address.and_then(|url| url.query_pairs().find(|(name, _)| name == "marker").map(|(_, mark)| mark.into_owned()));
    let lost =
        || Error::new(ErrorKind::Unexpected, "a page of the cloud's listing leads to a next one without a marker");
    marker.map(Some).ok_or_else(lost)
}

#[cfg(test)]
mod tests;
