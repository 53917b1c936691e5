//! Nova's [microversions](https://docs.openstack.org/nova/latest/reference/api-microversion-history.html).

use cloudmesh_abstract::{Error, ErrorKind, ExposeSecret, Result, Secret};
use reqwest::{Client, Request, Url};
use serde::{Deserialize, Serialize};

use crate::catalog::is_version;
use crate::http;
use crate::wire;

/// The newest version whose answers we know: from 2.47 on a server names its flavor, from 2.61 on flavors bring their
/// extra specs, and from 2.69 on a listing holds the servers of a cell that is out of reach.
const KNOWN: (u16, u16) = (2, 73);

/// The versions that a Nova speaks, from the oldest to the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Microversions {
    oldest: (u16, u16),
    newest: (u16, u16),
}

impl Microversions {
    /// The version to ask for: the newest one that both sides know.
    pub(crate) fn wanted(self) -> Option<String> {
        let (major, minor) = self.newest.min(KNOWN);
        ((major, minor) >= self.oldest).then(|| format!("{major}.{minor}"))
    }

    fn read(record: &wire::Version) -> Option<Self> {
        Some(Self { oldest: number(&record.min_version)?, newest: number(&record.version)? })
    }
}

fn number(text: &str) -> Option<(u16, u16)> {
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
                let wanted = read(body.as_bytes()).unwrap().and_then(super::Microversions::wanted);
                assert_eq!(wanted.as_deref(), expected, "{body}");
            }
            assert!(read(b"<html>").is_err());
        }
    }
}
