//! AWS Signature Version 4, as the `Authorization` header carries it: read, and checked.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use cloudmesh_abstract::{ExposeSecret, Secret};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::exchange::Ask;
use crate::hex::hex;

/// What is not encoded in a canonical query.
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What an `Authorization` header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    /// The access key's id.
    pub(crate) key: String,
    /// The day that the signature is for, such as `20261122`.
    pub(crate) day: String,
    pub(crate) region: String,
    pub(crate) service: String,
    /// The names of the headers that it covers.
    headers: Vec<String>,
    digits: String,
}

/// Why a header is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is none.
    Missing,
    /// It is not complete, or of another kind.
    Incomplete,
}

impl Signature {
    /// Reads the `Authorization` header.
    pub(crate) fn read(ask: &Ask) -> Result<Self, Trouble> {
        let header = ask.header("authorization").ok_or(Trouble::Missing)?;
        let fields = header.trim().strip_prefix("AWS4-HMAC-SHA256 ").ok_or(Trouble::Incomplete)?;
        Self::parse(fields).ok_or(Trouble::Incomplete)
    }

    fn parse(fields: &str) -> Option<Self> {
        let field = |name: &str| {
            let mut fields = fields.split(',').filter_map(|field| field.trim().split_once('='));
            fields.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        let credential = field("Credential")?;
        let [key, day, region, service, "aws4_request"] = credential.split('/').collect::<Vec<_>>()[..] else {
            return None;
        };
        let headers: Vec<String> = field("SignedHeaders")?.split(';').map(str::to_owned).collect();
        Some(Self {
            key: key.to_owned(),
            day: day.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            headers,
            digits: field("Signature")?,
        })
    }

    /// When the request was signed.
    pub(crate) fn time(ask: &Ask) -> Option<(String, Timestamp)> {
        let stamp = ask.header("x-amz-date").or_else(|| ask.header("date"))?;
        let time = DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).ok()?.to_zoned(TimeZone::UTC).ok()?;
        Some((stamp.to_owned(), time.timestamp()))
    }

    /// Whether it covers the headers that it must: where the request goes, and all of AWS's own.
    pub(crate) fn covers_enough(&self, ask: &Ask) -> bool {
        let covers = |name: &str| self.headers.iter().any(|one| one == name);
        let own = ask.headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
        covers("host") && own.into_iter().all(covers)
    }

    /// Whether it was made of this request with that secret.
    pub(crate) fn is_right(&self, ask: &Ask, stamp: &str, secret: &Secret) -> bool {
        let scope = format!("{}/{}/{}/aws4_request", self.day, self.region, self.service);
        let request = hex(&Sha256::digest(self.canonical(ask)));
        let signed = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{request}");
        let first = format!("AWS4{}", secret.expose_secret());
        let parts = [self.day.as_str(), &self.region, &self.service, "aws4_request"];
        let key = parts.iter().fold(first.into_bytes(), |key, part| mac(&key, part));
        hex(&mac(&key, &signed)) == self.digits
    }

    /// The request in the form that is signed.
    fn canonical(&self, ask: &Ask) -> String {
        let headers: Vec<String> = self.headers.iter().map(|name| format!("{name}:{}\n", values(ask, name))).collect();
        let body = hex(&Sha256::digest(&ask.body));
        let method = &ask.method;
        format!("{method}\n{}\n{}\n{}\n{}\n{body}", ask.path, query(ask), headers.concat(), self.headers.join(";"))
    }
}

/// All values of a header, as they are signed.
fn values(ask: &Ask, name: &str) -> String {
    let values = ask.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let trimmed = values.map(|value| value.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    trimmed.collect::<Vec<_>>().join(",")
}

fn query(ask: &Ask) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, &PLAIN).to_string();
    let mut pairs: Vec<_> = ask.parameters().iter().map(|(key, value)| (encoded(key), encoded(value))).collect();
    pairs.sort();
    pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use cloudmesh_abstract::Secret;
    use http::{HeaderMap, HeaderValue, Method};

    use super::{Signature, Trouble};
    use crate::exchange::{Ask, Twist};

    // The example of AWS's own suite for signers, `get-vanilla-query-order-key-case`.
    const HEADER: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
        SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    fn ask(query: &str, authorization: &str) -> Ask {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("example.amazonaws.com"));
        headers.insert("x-amz-date", HeaderValue::from_static("20150830T123600Z"));
        headers.insert("authorization", HeaderValue::from_str(authorization).unwrap());
        Ask {
            method: Method::GET,
            path: "/".to_owned(),
            query: query.to_owned(),
            headers,
            body: Vec::new(),
            origin: String::new(),
            id: String::new(),
            twist: Twist::default(),
        }
    }

    #[test]
    fn a_signature_covers_the_whole_request() {
        let ask = ask("Param2=value2&Param1=value1", HEADER);
        let signature = Signature::read(&ask).unwrap();
        let (stamp, _) = Signature::time(&ask).unwrap();
        assert!(signature.covers_enough(&ask));
        assert!(signature.is_right(&ask, &stamp, &Secret::from(SECRET)));
        assert!(!signature.is_right(&ask, &stamp, &Secret::from("another")));
        let changed = self::ask("Param2=value2&Param1=value", HEADER);
        assert!(!signature.is_right(&changed, &stamp, &Secret::from(SECRET)));
    }

    #[test]
    fn what_is_no_signature_is_told_from_none() {
        assert_eq!(Signature::read(&ask("", "Basic eA==")).unwrap_err(), Trouble::Incomplete);
        let mut without = ask("", "x");
        without.headers.remove("authorization");
        assert_eq!(Signature::read(&without).unwrap_err(), Trouble::Missing);
    }
}
