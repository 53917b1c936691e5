//! Nova's [microversions](https://docs.openstack.org/nova/latest/reference/api-microversion-history.html).

use cloudmesh_abstract::{Error, ErrorKind, ExposeSecret, Result, Secret};
use reqwest::{Client, Request, RequestBuilder, Url};
use serde::{Deserialize, Serialize};

use crate::catalog::is_version;
use crate::http;
use crate::wire;

/// The newest version whose answers we know: from 2.47 on a server names its flavor, from 2.61 on flavors bring their
/// extra specs, and from 2.69 on a listing holds the servers of a cell that is out of reach.
const KNOWN: Number = (2, 73);

/// A version.
pub(crate) type Number = (u16, u16);

/// The version of Nova's interface that a request is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoken {
    /// Nova's oldest one.
    Oldest,
    /// The newest one that the cloud has up to this one.
    UpTo(Number),
    /// The newest one that both know; without this one or a newer one the request means nothing.
    From(Number),
}

impl Default for Spoken {
    fn default() -> Self {
        Self::UpTo(KNOWN)
    }
}

impl Spoken {
    /// The version to ask a Nova for that speaks these; `None` for its oldest.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] where the cloud is too old for the request.
    pub(crate) fn version(self, has: Option<Microversions>) -> Result<Option<String>> {
        let wanted = match self {
            Self::Oldest => None,
            Self::UpTo(newest) => has.and_then(|has| has.up_to(newest)),
            Self::From(needed) => {
                let wanted = has.and_then(|has| has.up_to(KNOWN.max(needed)));
                Some(wanted.filter(|wanted| *wanted >= needed).ok_or_else(|| too_old(needed, has))?)
            }
        };
        Ok(wanted.map(|(major, minor)| format!("{major}.{minor}")))
    }
}

/// Asks Nova for a version; its oldest one needs no asking.
pub(crate) fn with_version(request: RequestBuilder, version: Option<String>) -> RequestBuilder {
    match version {
        // The second name is the one that Nova knew before 2.27.
        Some(version) => request
            .header("OpenStack-API-Version", format!("compute {version}"))
            .header("X-OpenStack-Nova-API-Version", version),
        None => request,
    }
}

fn too_old((major, minor): Number, has: Option<Microversions>) -> Error {
    let has = has.map_or("no microversions".to_owned(), |has| format!("{}.{}", has.newest.0, has.newest.1));
    let message = format!("this needs version {major}.{minor} of Nova's interface, and this cloud has {has}");
    Error::new(ErrorKind::Unsupported, message)
}

/// The versions that a Nova speaks, from the oldest to the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Microversions {
    oldest: Number,
    newest: Number,
}

impl Microversions {
    /// The newest one up to this one, if there is any.
    fn up_to(self, newest: Number) -> Option<Number> {
        Some(self.newest.min(newest)).filter(|wanted| *wanted >= self.oldest)
    }

    fn read(record: &wire::Version) -> Option<Self> {
        Some(Self { oldest: number(&record.min_version)?, newest: number(&record.version)? })
    }
}

fn number(text: &str) -> Option<Number> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Asking for the versions, and reading the answer.
pub(crate) mod versions {
    use super::{Client, Deserialize, Error, ErrorKind, ExposeSecret, Microversions, Request, Result, Secret, Url};
    use super::{http, is_version, wire};

    /// The request for the versions of the Nova at `address`.
    pub(crate) fn request(client: &Client, address: &Url, token: &Secret) -> Result<Request> {
        let token = http::sensitive(token.expose_secret())?;
        let request = client.get(root(address)).header("X-Auth-Token", token).build();
        request.map_err(|error| {
            Error::new(ErrorKind::Unexpected, "Nova's versions cannot be asked for").with_source(error.without_url())
        })
    }

    /// The address up to its version: what follows is a project.
    fn root(address: &Url) -> Url {
        let mut root = address.clone();
        let parts: Vec<&str> = address.path().split('/').collect();
        let end = parts.iter().position(|part| is_version(part)).map_or(parts.len(), |place| place + 1);
        root.set_path(&format!("{}/", parts[..end].join("/")));
        root
    }

    /// The versions in an answer: of one interface, or a list of interfaces.
    pub(crate) fn read(body: &[u8]) -> serde_json::Result<Option<Microversions>> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Body {
            version: Option<wire::Version>,
            versions: Vec<wire::Version>,
        }
        let body: Body = serde_json::from_slice(body)?;
        Ok(body.version.iter().chain(&body.versions).find_map(Microversions::read))
    }

    #[cfg(test)]
    mod tests {
        use super::super::Spoken;
        use super::{read, root};

        #[test]
        fn the_root_ends_with_the_version() {
            let table = [
                ("http://n:8774/v2.1", "http://n:8774/v2.1/"),
                ("http://n:8774/v2.1/0123", "http://n:8774/v2.1/"),
                ("https://n/compute/v2/0123", "https://n/compute/v2/"),
            ];
            for (address, expected) in table {
                assert_eq!(root(&address.parse().unwrap()).as_str(), expected);
            }
        }

        #[test]
        fn the_newest_known_version_is_asked_for() {
            let table = [
                (r#"{"version": {"id": "v2.1", "version": "2.93", "min_version": "2.1"}}"#, Some("2.73")),
                (r#"{"version": {"id": "v2.1", "version": "2.60", "min_version": "2.1"}}"#, Some("2.60")),
                (r#"{"version": {"id": "v2.1", "version": "2.1", "min_version": "2.1"}}"#, Some("2.1")),
                (r#"{"version": {"id": "v2.1", "version": "2.99", "min_version": "2.80"}}"#, None),
                (r#"{"version": {"id": "v2.0", "version": "", "min_version": ""}}"#, None),
                (
                    r#"{"versions": [{"id": "v2.0", "version": ""}, {"id": "v2.1", "version": "2.93", "min_version": "2.1"}]}"#,
                    Some("2.73"),
                ),
                ("{}", None),
            ];
            for (body, expected) in table {
                let has = read(body.as_bytes()).unwrap();
                assert_eq!(Spoken::default().version(has).unwrap().as_deref(), expected, "{body}");
            }
            assert!(read(b"<html>").is_err());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Microversions, Spoken};
    use cloudmesh_abstract::ErrorKind;

    #[test]
    fn a_request_speaks_the_version_it_needs() {
        let has = |newest| Some(Microversions { oldest: (2, 1), newest });
        let table = [
            (Spoken::Oldest, has((2, 93)), Some(None)),
            (Spoken::UpTo((2, 84)), has((2, 93)), Some(Some("2.84"))),
            (Spoken::UpTo((2, 84)), has((2, 60)), Some(Some("2.60"))),
            (Spoken::UpTo((2, 84)), None, Some(None)),
            (Spoken::From((2, 6)), has((2, 93)), Some(Some("2.73"))),
            (Spoken::From((2, 6)), has((2, 6)), Some(Some("2.6"))),
            (Spoken::From((2, 80)), has((2, 93)), Some(Some("2.80"))),
            (Spoken::From((2, 6)), has((2, 5)), None),
            (Spoken::From((2, 6)), None, None),
        ];
        for (spoken, has, expected) in table {
            let version = spoken.version(has);
            assert_eq!(version.as_ref().ok().map(Option::as_deref), expected, "{spoken:?} {has:?}");
        }
        let error = Spoken::From((2, 6)).version(has((2, 5))).unwrap_err();
        let message = "this needs version 2.6 of Nova's interface, and this cloud has 2.5";
        assert_eq!((error.kind(), error.message()), (ErrorKind::Unsupported, message));
    }
}
