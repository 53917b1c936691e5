//! The instance metadata service, by session tokens only:
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html>.

use cloudmesh_abstract::ExposeSecret;
use http::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::access::secret;
use super::account::{Account, REGION};
use super::identities::{Granted, ROLE, later, moment};
use crate::exchange::{Answer, Ask};
use crate::world::account::same;

/// The longest that a token is good for, in seconds.
const LONGEST: i64 = 21_600;

/// The instance that asks.
const INSTANCE: &str = "i-0123456789abcdef0";

/// Answers below `/latest/`.
pub(super) fn answer(account: &mut Account, ask: &Ask) -> Answer {
    if ask.path == "/latest/api/token" {
        return token(account, ask);
    }
    if !is_known(account, ask) {
        return refusal(401, "Unauthorized");
    }
    if !matches!(ask.method, Method::GET | Method::HEAD) {
        return refusal(405, "Method Not Allowed");
    }
    match found(account, ask.path.trim_start_matches("/latest/")) {
        Some(found) => plain(found),
        None => refusal(404, "Not Found"),
    }
}

/// A token for what follows. It is not given through a proxy, which could be talked into asking for one.
fn token(account: &mut Account, ask: &Ask) -> Answer {
    if ask.header("x-forwarded-for").is_some() {
        return refusal(403, "Forbidden");
    }
    if ask.method != Method::PUT {
        return refusal(405, "Method Not Allowed");
    }
    let seconds = ask.header("x-aws-ec2-metadata-token-ttl-seconds").and_then(|text| text.parse().ok());
    let Some(seconds) = seconds.filter(|seconds| (1..=LONGEST).contains(seconds)) else {
        return refusal(400, "Bad Request");
    };
    let token = secret();
    let shown = token.expose_secret().to_owned();
    account.identities.metadata.push((token, later(account.now, seconds)));
    plain(shown).with("x-aws-ec2-metadata-token-ttl-seconds", seconds.to_string())
}

fn is_known(account: &Account, ask: &Ask) -> bool {
    let Some(shown) = ask.header("x-aws-ec2-metadata-token") else { return false };
    account.identities.metadata.iter().any(|(token, ends)| *ends > account.now && same(token, shown))
}

fn found(account: &mut Account, path: &str) -> Option<String> {
    Some(match path {
        "meta-data" | "meta-data/" => "iam/\ninstance-id\ninstance-type\nplacement/".to_owned(),
        "meta-data/instance-id" => INSTANCE.to_owned(),
        "meta-data/instance-type" => "t3.micro".to_owned(),
        "meta-data/placement" | "meta-data/placement/" => "availability-zone\nregion".to_owned(),
        "meta-data/placement/region" => REGION.to_owned(),
        "meta-data/placement/availability-zone" => format!("{REGION}a"),
        "meta-data/iam/security-credentials" | "meta-data/iam/security-credentials/" => ROLE.to_owned(),
        "dynamic/instance-identity/document" => document(account).to_string(),
        other if other == format!("meta-data/iam/security-credentials/{ROLE}") => {
            let granted = account.identities.grant_instance(&mut account.access, account.now);
            credentials(&granted, account).to_string()
        }
        _ => return None,
    })
}

fn document(account: &Account) -> Value {
    json!({
        "accountId": account.access.account,
        "architecture": "x86_64",
        "availabilityZone": format!("{REGION}a"),
        "instanceId": INSTANCE,
        "instanceType": "t3.micro",
        "pendingTime": moment(account.now),
        "region": REGION,
        "version": "2017-09-30",
    })
}

fn credentials(granted: &Granted, account: &Account) -> Value {
    json!({
        "Code": "Success",
        "LastUpdated": moment(account.now),
        "Type": "AWS-HMAC",
        "AccessKeyId": granted.id,
        "SecretAccessKey": granted.secret.expose_secret(),
        "Token": granted.token.expose_secret(),
        "Expiration": moment(granted.expires),
    })
}

fn plain(text: String) -> Answer {
    Answer::prepared(200, Bytes::from(text)).typed("text/plain")
}

fn refusal(status: u16, told: &str) -> Answer {
    let page =
        format!("<html><head><title>{status} - {told}</title></head><body><h1>{status} - {told}</h1></body></html>");
    Answer::html(status, &page)
}
