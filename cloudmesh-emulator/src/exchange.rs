//! A request and its answer, as the faces see them.

use http::{HeaderMap, Method};
use hyper::body::Bytes;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use url::form_urlencoded;

/// A request that has arrived whole.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// The path, not decoded.
    pub(crate) path: String,
    /// The query as it came, without the question mark.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// `http://HOST:PORT` or `https://HOST:PORT`, as the client calls this server.
    pub(crate) origin: String,
    /// A number of its own, for the answer's headers.
    pub(crate) id: String,
    /// What goes wrong this time.
    pub(crate) twist: Twist,
}

/// How a request that creates something ends otherwise than the client wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Twist {
    /// A quota is used up.
    pub(crate) quota: bool,
    /// No host has room.
    pub(crate) no_room: bool,
    /// To how many requests the node is unknown at first.
    pub(crate) hidden: usize,
}

impl Ask {
    /// The parts of the path, decoded. A trailing slash makes an empty last part.
    pub(crate) fn parts(&self) -> Vec<String> {
        let path = self.path.trim_start_matches('/');
        path.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
    }

    /// The parameters of the query, decoded, in order.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The request in one line.
    pub(crate) fn line(&self) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        format!("{} {}{query}", self.method, self.path)
    }
}

/// All values of a parameter, in order.
pub(crate) fn values<'a>(parameters: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    parameters.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // Nothing we send can fail to become JSON: the keys of all maps are text.
        Self::prepared(status, serde_json::to_vec(body).unwrap_or_default().into())
    }

    /// JSON that is written already.
    pub(crate) fn prepared(status: u16, body: Bytes) -> Self {
        Self { status, headers: vec![("content-type", "application/json".to_owned())], body }
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        let headers = vec![("content-type", "text/html; charset=UTF-8".to_owned())];
        Self { status, headers, body: Bytes::copy_from_slice(body.as_bytes()) }
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Puts another content type.
    pub(crate) fn typed(mut self, kind: &str) -> Self {
        self.headers.retain(|(name, _)| *name != "content-type");
        self.with("content-type", kind)
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Twist};
    use http::{HeaderMap, Method};

    fn ask(path: &str, query: &str) -> Ask {
        Ask {
            method: Method::GET,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            origin: String::new(),
            id: String::new(),
            twist: Twist::default(),
        }
    }

    #[test]
    fn paths_come_in_parts() {
        assert_eq!(ask("/a/b%20c+d", "").parts(), ["a", "b c+d"]);
        assert_eq!(ask("//a/", "").parts(), ["a", ""]);
        assert_eq!(ask("/", "").parts(), [""]);
    }

    #[test]
    fn queries_are_decoded_in_order() {
        let parameters = ask("/", "fields=id&fields=a%2Bb+c&flag").parameters();
        let expected = [("fields", "id"), ("fields", "a+b c"), ("flag", "")];
        assert_eq!(parameters, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
