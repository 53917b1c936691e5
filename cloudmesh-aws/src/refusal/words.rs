//! What people are told of a refusal.

use cloudmesh_abstract::ErrorKind;
use jiff::SignedDuration;

use super::codes::{self, bare};
use super::{Scene, Told};

/// The longest text of an answer that goes into a message.
const LONGEST: usize = 400;

/// The sentence of a refusal.
pub(super) fn message(told: &Told, kind: ErrorKind, scene: &Scene<'_>) -> String {
    let code = told.code.as_deref().map(bare).unwrap_or_default();
    let said = said(told);
    let Scene { action, source, region, endpoint, .. } = *scene;
    if let Some(told) = signing(code, scene).filter(|_| kind == ErrorKind::Unauthenticated) {
        return told;
    }
    match kind {
        ErrorKind::PermissionDenied if codes::advice(code).is_none() => {
            let needed = needed(&told.message).map_or_else(|| format!("ec2:{}", verb(action)), str::to_owned);
            format!("{said}; ask for a policy that allows `{needed}` (signed in by {source})")
        }
        ErrorKind::Unauthenticated => format!("{said}; check the credentials, they come from {source}"),
        ErrorKind::Unavailable => format!("AWS cannot answer `{action}` in `{region}`: {said}"),
        ErrorKind::Unexpected if code.is_empty() => {
            format!("`{endpoint}` does not answer as AWS does: {said}; check the address")
        }
        _ => match codes::advice(code) {
            Some(advice) => format!("{said}; {advice}"),
            None => said,
        },
    }
}

/// Refusals of the signature, which AWS explains to programmers, at times with all that was signed.
fn signing(code: &str, scene: &Scene<'_>) -> Option<String> {
    let Scene { source, region, .. } = *scene;
    Some(match code {
        "SignatureDoesNotMatch" | "InvalidSignatureException" => {
            format!("the secret key does not belong to the access key; check both, they come from {source}")
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId" => {
            format!("AWS does not know the access key, or not in `{region}`; check it, it comes from {source}")
        }
        "AuthFailure" => format!(
            "AWS cannot validate the access key or its signature; check the key and its secret, they come from {source}, \
             and that the region `{region}` is enabled for the account"
        ),
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => {
            format!("the session token has ended; sign in anew where it comes from: {source}")
        }
        "RequestExpired" => {
            format!(
                "the session token or the request has ended; sign in anew where the keys come from ({source}), \
                     and check the clock of this machine"
            )
        }
        _ => return None,
    })
}

/// Why a clock that is wrong does not do.
pub(super) fn clock(ahead: SignedDuration) -> String {
    let side = if ahead.is_negative() { "ahead of" } else { "behind" };
    let by = span(ahead.abs());
    format!("the clock of this machine is {by} {side} that of AWS, which refuses such requests; set it right")
}

/// What is told where AWS's time is taken in place of it.
pub(crate) fn corrected(ahead: SignedDuration) -> String {
    let side = if ahead.is_negative() { "ahead of" } else { "behind" };
    let by = span(ahead.abs());
    format!(
        "the clock of this machine is {by} {side} that of AWS, so requests are signed with the time of AWS; set it right"
    )
}

/// A time in the largest unit that it fills.
fn span(time: SignedDuration) -> String {
    let minutes = time.as_mins();
    let (number, unit) = match minutes {
        0..120 => (minutes, "minute"),
        120..2880 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// The permission that is missing, where AWS names it: a request may need several.
fn needed(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    let named = rest.split_whitespace().next()?.trim_end_matches(['.', ',']);
    named.contains(':').then_some(named)
}

/// The first word of a request in one line: its action.
fn verb(line: &str) -> &str {
    line.split([' ', '?']).next().unwrap_or(line)
}

/// AWS's own words, in short and without what is nobody's business.
fn said(told: &Told) -> String {
    if told.message.is_empty() {
        return told.code.clone().unwrap_or_else(|| format!("status {}", told.status));
    }
    let text = encoded(&user_data(&told.message));
    shorten(text.trim().trim_end_matches('.'), LONGEST)
}

/// AWS repeats a value that it does not take, be it user data.
fn user_data(message: &str) -> String {
    let about = message.to_lowercase().replace([' ', '_'], "").contains("userdata");
    match (message.split_once('('), message.rsplit_once(')')) {
        (Some((before, _)), Some((_, after))) if about => format!("{before}(…){after}"),
        _ => message.to_owned(),
    }
}

/// Why a policy forbids something is told in a text of a thousand characters that only AWS can read.
fn encoded(message: &str) -> String {
    const MARK: &str = "Encoded authorization failure message: ";
    match message.split_once(MARK) {
        Some((before, text)) => format!("{before}{MARK}{}", shorten(text, 16)),
        None => message.to_owned(),
    }
}

/// What people are told of a success that cannot be read.
pub(super) fn unreadable(scene: &Scene<'_>, body: &str) -> String {
    let found = match body.trim_start() {
        "" => "nothing".to_owned(),
        page if page.starts_with("<!") || page.to_lowercase().starts_with("<html") => {
            format!("`{}`", shorten(&plain(page), 80))
        }
        xml if xml.starts_with('<') => "XML of another shape or broken off".to_owned(),
        _ => "something else".to_owned(),
    };
    format!(
        "the answer to `{}` cannot be read, it holds {found}; check that EC2 answers at `{}`",
        scene.action, scene.endpoint
    )
}

/// The words of a text that may be a page for people.
pub(super) fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut in_tag = false;
    for letter in text.chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                words.push(' ');
            }
            other if !in_tag => words.push(other),
            _ => {}
        }
    }
    let words: Vec<&str> = words.split_whitespace().collect();
    shorten(&words.join(" "), 80)
}

fn shorten(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
