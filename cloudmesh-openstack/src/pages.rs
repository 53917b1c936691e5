//! Listings that come in pages, and the records in them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use cloudmesh_abstract::{Error, ErrorKind, Page, Result, all_pages};
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::{Ask, Client, parse};
use crate::refusal::unreadable;
use crate::wire;

/// What comes in pages.
pub(crate) trait Record: DeserializeOwned + Send {
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

impl Record for wire::Network {
    const COLLECTION: &'static str = "networks";
}

/// How often a listing is read until no page ended with a record that may move.
const PASSES: usize = 4;

/// What has been read of a listing.
enum Pass<T> {
    Whole(Vec<T>),
    /// Something may be missing.
    Partly(Vec<T>),
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
        let (mut ask, mut all) = (ask.clone(), Vec::new());
        for _ in 0..PASSES {
            match self.pass(&ask, raw, &convert).await? {
                Pass::Whole(items) => return Ok(items),
                Pass::Partly(items) => all.extend(items),
            }
            ask = ask.without("limit");
        }
        Ok(all)
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
            let Value::Object(mut fields) = parse(&answer, &ask.line())? else {
                return Err(unreadable(&answer, &ask.line(), None));
            };
            let Some(Value::Array(records)) = fields.remove(R::COLLECTION) else {
                return Err(unreadable(&answer, &ask.line(), None));
            };
            let next = next(&Value::Object(fields), R::COLLECTION)?.map(|marker| repeats.mark(&marker));
            let records = records.into_iter().filter_map(|value| {
                let kept = raw.then(|| value.clone());
                Some((record::<R>(value)?, kept))
            });
            let mut ends_moving = false;
            let items = records.filter_map(|(record, kept)| {
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
            // One that was deleted while it waited is no marker any more.
            (Err(error), true) if error.kind() == ErrorKind::InvalidInput => Ok(Pass::Partly(Vec::new())),
            (Err(error), _) => Err(error),
        }
    }
}

/// Reads a record, leniently as [`wire`] does; `None` for what is no record at all.
pub(crate) fn record<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
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
fn next(fields: &Value, collection: &str) -> Result<Option<String>> {
    let links = record::<Vec<wire::Link>>(fields[format!("{collection}_links")].clone()).unwrap_or_default();
    let link = links.into_iter().find(|link| link.rel == "next").map(|link| link.href);
    let Some(link) = link.or_else(|| fields["next"].as_str().map(str::to_owned)) else { return Ok(None) };
    let query = link.split_once('?').map_or("", |(_, query)| query);
    let address = Url::parse(&format!("http://localhost/?{query}")).ok();
    let marker =
        address.and_then(|url| url.query_pairs().find(|(name, _)| name == "marker").map(|(_, mark)| mark.into_owned()));
    let lost =
        || Error::new(ErrorKind::Unexpected, "a page of the cloud's listing leads to a next one without a marker");
    marker.map(Some).ok_or_else(lost)
}

#[cfg(test)]
mod tests {
    use super::next;
    use serde_json::json;

    #[test]
    fn the_marker_of_the_next_page_is_found() {
        let nova = json!({"servers_links": [{"rel": "previous", "href": "x"},
            {"rel": "next", "href": "http://elsewhere/v2.1/servers/detail?limit=1&marker=a%20b"}]});
        assert_eq!(next(&nova, "servers").unwrap().as_deref(), Some("a b"));
        let glance = json!({"next": "/v2/images?marker=7&limit=1"});
        assert_eq!(next(&glance, "images").unwrap().as_deref(), Some("7"));
        for last in [json!({}), json!({"servers_links": null, "next": null}), json!({"servers_links": []})] {
            assert_eq!(next(&last, "servers").unwrap(), None);
        }
        assert!(next(&json!({"next": "/v2/images?page=2"}), "images").is_err());
    }
}
