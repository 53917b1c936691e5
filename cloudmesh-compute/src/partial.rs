//! What succeeded on several clouds, and what failed.

use std::collections::HashSet;

use cloudmesh_abstract::names;
use cloudmesh_abstract::{Error, ErrorKind, Flavor, Identity, Image, KeyPair, Node, PublicIp, Result, SecurityGroup};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::nodes::Outcome;

/// What came of the same work on several clouds: what succeeded, and beside it what failed and why.
///
/// Each error knows its cloud. As JSON it is what `cms -o json` prints: `{"nodes": […], "errors": […]}`.
///
/// ```
/// use cloudmesh_compute::{Error, ErrorKind, Partial};
///
/// let results = [Ok("web-1"), Err(Error::new(ErrorKind::Timeout, "no answer within 30s").in_cloud("b"))];
/// let partial: Partial<&str> = results.into_iter().collect();
/// assert_eq!(partial.done, ["web-1"]);
/// assert!(!partial.is_complete());
/// assert_eq!(partial.into_result().unwrap_err().to_string(), "b: no answer within 30s");
/// ```
#[derive(Debug, Clone)]
#[must_use = "what failed is told here only"]
#[non_exhaustive]
pub struct Partial<T> {
    /// What succeeded, in the order of the clouds.
    pub done: Vec<T>,
    /// What failed, in the order of the clouds.
    pub failed: Vec<Error>,
}

/// What several of a kind are called, in JSON and in sentences.
pub trait Plural {
    /// Such as `nodes`.
    const PLURAL: &'static str;
}

impl Plural for Node {
    const PLURAL: &'static str = "nodes";
}

impl Plural for Image {
    const PLURAL: &'static str = "images";
}

impl Plural for Flavor {
    const PLURAL: &'static str = "flavors";
}

impl Plural for Identity {
    const PLURAL: &'static str = "identities";
}

impl Plural for KeyPair {
    const PLURAL: &'static str = "keys";
}

impl Plural for PublicIp {
    const PLURAL: &'static str = "addresses";
}

impl Plural for SecurityGroup {
    const PLURAL: &'static str = "secgroups";
}

impl<T> Partial<T> {
    /// Whether nothing failed.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }

    /// All of it.
    ///
    /// # Errors
    ///
    /// When anything failed: the first error, which names the others.
    pub fn into_result(self) -> Result<Vec<T>> {
        let mut failed = self.failed.into_iter();
        let Some(first) = failed.next() else { return Ok(self.done) };
        let others: Vec<String> = failed.map(|error| error.to_string()).collect();
        if others.is_empty() {
            return Err(first);
        }
        let sentence = format!("{}; and {}", first.message(), others.join("; and "));
        Err(first.with_message(sentence))
    }

    /// What succeeded, and what failed.
    pub fn into_parts(self) -> (Vec<T>, Vec<Error>) {
        (self.done, self.failed)
    }
}

impl<T> Default for Partial<T> {
    fn default() -> Self {
        Self { done: Vec::new(), failed: Vec::new() }
    }
}

impl<T> Extend<Result<T>> for Partial<T> {
    fn extend<I: IntoIterator<Item = Result<T>>>(&mut self, results: I) {
        for result in results {
            match result {
                Ok(done) => self.done.push(done),
                Err(error) => self.failed.push(error),
            }
        }
    }
}

impl<T> FromIterator<Result<T>> for Partial<T> {
    fn from_iter<I: IntoIterator<Item = Result<T>>>(results: I) -> Self {
        let mut partial = Self::default();
        partial.extend(results);
        partial
    }
}

impl<T> Partial<Vec<Result<T>>> {
    /// One step less: every result of every cloud.
    pub(crate) fn flatten(shares: Vec<Result<Vec<Result<T>>>>) -> Partial<T> {
        shares.into_iter().flat_map(|share| share.unwrap_or_else(|error| vec![Err(error)])).collect()
    }
}

impl<T> IntoIterator for Partial<T> {
    type Item = Result<T>;
    type IntoIter = std::iter::Chain<
        std::iter::Map<std::vec::IntoIter<T>, fn(T) -> Result<T>>,
        std::iter::Map<std::vec::IntoIter<Error>, fn(Error) -> Result<T>>,
    >;

    /// Everything that succeeded, then everything that failed.
    fn into_iter(self) -> Self::IntoIter {
        let done = self.done.into_iter().map(Ok as fn(T) -> Result<T>);
        done.chain(self.failed.into_iter().map(Err as fn(Error) -> Result<T>))
    }
}

impl<T: Serialize + Plural> Serialize for Partial<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(T::PLURAL, &self.done)?;
        map.serialize_entry("errors", &self.failed)?;
        map.end()
    }
}

impl Partial<Node> {
    /// The nodes of the outcomes on several clouds. A name that one cloud lacks and another has is not missing.
    pub(crate) fn of_outcomes(shares: Vec<Result<Vec<Outcome>>>) -> Self {
        let found = Found::among(shares.iter().flatten().flatten());
        let rows = |outcomes: Vec<Outcome>| {
            let here = outcomes.into_iter().filter(|outcome| !found.elsewhere(outcome));
            here.filter_map(|outcome| outcome.result.transpose()).collect()
        };
        Partial::flatten(shares.into_iter().map(|share| share.map(rows)).collect())
    }
}

/// The names and ids of the nodes that were found on any cloud.
struct Found(HashSet<String>);

impl Found {
    fn among<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Self {
        let found = outcomes.filter_map(|outcome| Some((outcome, outcome.result.as_ref().ok()?.as_ref()?)));
        // One that was renamed was found by the name that it had.
        let names = |(outcome, node): (&Outcome, &Node)| [outcome.name.clone(), node.name.clone(), node.id.to_string()];
        Self(found.flat_map(names).collect())
    }

    /// Whether what is missing here was found on another cloud.
    fn elsewhere(&self, outcome: &Outcome) -> bool {
        let missing = matches!(&outcome.result, Err(error) if error.kind() == ErrorKind::NotFound);
        let glob = || names::is_glob(&outcome.name) && self.0.iter().any(|name| names::matches(&outcome.name, name));
        missing && (self.0.contains(&outcome.name) || glob())
    }
}
