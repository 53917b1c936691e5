//! What a sign-in that was refused means.

use cloudmesh_abstract::{Error, ErrorKind};
use reqwest::Url;

use crate::account::{Account, Method};
use crate::refusal::{Answer, page};

/// The error of a sign-in that was refused, from what any refusal of that kind would mean.
///
/// Keystone says the same whatever is wrong, so all that may be is named.
pub(super) fn refused(account: &Account, answer: &Answer, refusal: Error) -> Error {
    let at = &account.auth_url;
    let is_keystones = refusal.code().is_some();
    match answer.status {
        401 | 404 if is_keystones => not_let_in(account, refusal),
        301..=399 => redirected(at, answer.location.as_deref()).with_source(refusal),
        300 | 404 | 405 => no_keystone(at, None).with_source(refusal),
        407 => by_proxy().with_source(refusal),
        // What is out of order may be put right; all other pages come from somebody else.
        400..=499 if answer.status != 429 && page(&answer.body).is_some() => {
            no_keystone(at, page(&answer.body).as_deref()).with_source(refusal)
        }
        400 => refusal.with_kind(ErrorKind::Config),
        _ => refusal,
    }
}

fn not_let_in(account: &Account, refusal: Error) -> Error {
    let check = match account.method {
        Method::Password(..) => "user name, password, project and domains",
        Method::ApplicationCredential(..) => "its id and secret, and whether it has ended or been deleted",
        Method::Token(_) => "whether it has ended or been revoked, and the project",
    };
    let (at, who, what_for) = (&account.auth_url, account.who(), account.what_for());
    let message = format!("Keystone at `{at}` refuses {who}{what_for}: {}; check {check}", refusal.message());
    refusal.with_kind(ErrorKind::Unauthenticated).with_message(message)
}

/// Credentials are sent to the address that was written, and to no other.
fn redirected(at: &Url, location: Option<&str>) -> Error {
    let place = location.and_then(|place| at.join(place).ok()).map(|mut place| {
        place.set_query(None);
        place.set_fragment(None);
        _ = place.set_username("");
        _ = place.set_password(None);
        place.as_str().trim_end_matches("/auth/tokens").to_owned()
    });
    let place = place.map_or("elsewhere".to_owned(), |place| format!("to `{place}`"));
    let message = format!(
        "`{at}` redirects {place}; credentials are not sent after that: write the right address of Keystone as `auth_url`"
    );
    Error::config("credentials.auth.auth_url", message)
}

fn no_keystone(at: &Url, page: Option<&str>) -> Error {
    let what = page.map(|text| format!(" but a page: `{text}`")).unwrap_or_default();
    let message =
        format!("there is no Keystone v3 at `{at}`{what}; check `auth_url`, which is not the address of the dashboard");
    Error::config("credentials.auth.auth_url", message)
}

fn by_proxy() -> Error {
    let message =
        "the proxy wants a sign-in of its own; write it into HTTPS_PROXY, or name the cloud's host in NO_PROXY";
    Error::new(ErrorKind::Config, message)
}
