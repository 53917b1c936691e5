//! Pages of a list: how many, from where, and the link to the next.

use url::form_urlencoded::Serializer;

use super::call::{Call, Link};
use super::fault::Fault;
use super::ordered::quoted;
use super::version::Version;

/// The most that one page holds.
pub(super) const LARGEST: usize = 1000;

/// A page, as the query asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) limit: usize,
    pub(super) marker: Option<String>,
}

impl Page {
    /// Reads `limit` and `marker`.
    pub(super) fn parse(parameters: &[(String, String)]) -> Result<Self, Fault> {
        let limit = match last(parameters, "limit") {
            None | Some("") => LARGEST,
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().unwrap_or(LARGEST),
            Some(text) => return Err(refuse("limit", text, "does not match '^[0-9]*$'")),
        };
        let marker = last(parameters, "marker").map(str::to_owned);
        Ok(Self { limit: limit.min(LARGEST), marker })
    }
}

/// Refuses unknown parameters, as Nova has done since 2.75.
pub(super) fn strange(call: &Call<'_>, known: &[&str]) -> Result<(), Fault> {
    let parameters = call.parameters();
    match parameters.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        Some((key, _)) if call.version >= Version(75) => {
            Err(Fault::bad(format!("Additional properties are not allowed ({} was unexpected)", quoted(key))))
        }
        _ => Ok(()),
    }
}

/// The last value of a parameter.
pub(super) fn last<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The error about a parameter.
pub(super) fn refuse(name: &str, value: &str, told: &str) -> Fault {
    Fault::bad(format!("Invalid input for query parameters {name}. Value: {value}. {} {told}", quoted(value)))
}

/// The link to the page after `marker`, its parameters sorted.
pub(super) fn next(url: &str, parameters: &[(String, String)], marker: &str) -> Vec<Link> {
    let mut kept: Vec<(&str, &str)> = parameters
        .iter()
        .filter(|(key, _)| key != "marker")
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    kept.push(("marker", marker));
    kept.sort_by_key(|(key, _)| *key);
    let query = Serializer::new(String::new()).extend_pairs(kept).finish();
    vec![Link { rel: "next", href: format!("{url}?{query}") }]
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, Page, next};

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn limits_are_digits() {
        assert_eq!(Page::parse(&pairs(&[("limit", "3")])).unwrap().limit, 3);
        assert_eq!(Page::parse(&pairs(&[("limit", "5000")])).unwrap().limit, LARGEST);
        assert_eq!(Page::parse(&[]).unwrap().limit, LARGEST);
        let fault = Page::parse(&pairs(&[("limit", "-1")])).unwrap_err();
        assert_eq!(
            fault.message,
            "Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'"
        );
    }

    #[test]
    fn the_next_page_keeps_the_filters() {
        let links = next("http://h/servers", &pairs(&[("name", "a b"), ("limit", "1"), ("marker", "old")]), "new");
        assert_eq!(links[0].href, "http://h/servers?limit=1&marker=new&name=a+b");
    }
}
