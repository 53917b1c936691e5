//! Keystone, version 3.

mod catalogue;
mod credentials;
mod form;
mod people;
mod proof;
mod rules;
mod scope;
mod tokens;

use serde_json::{Value, json};

use super::urls::Urls;
use super::{challenge, webob};
use crate::World;
use crate::exchange::{Answer, Ask};
use crate::world::State;
use crate::world::account::Token;

/// An answer, or the error to answer with.
type Reply = Result<Answer, Fault>;

/// An error of Keystone.
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    status: u16,
    message: String,
    identity: Option<Value>,
}

impl Fault {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), identity: None }
    }

    /// To one who cannot say who he is.
    fn unauthorized() -> Self {
        Self::new(401, "The request you have made requires authentication.")
    }

    /// To one who may not do that.
    fn forbidden(action: &str) -> Self {
        Self::new(403, format!("You are not authorized to perform the requested action: identity:{action}."))
    }

    /// About a request that lacks something.
    fn missing(what: &str, place: &str) -> Self {
        Self::malformed(&format!("Expecting to find {what} in {place}."))
    }

    /// About a request that makes no sense.
    fn malformed(why: &str) -> Self {
        let blame = "The server could not comply with the request since it is either malformed or otherwise incorrect.";
        Self::new(400, format!("{why} {blame} The client is assumed to be in error."))
    }

    fn answer(self, ask: &Ask) -> Answer {
        let title = webob::title(self.status);
        let mut error = json!({"code": self.status, "message": self.message, "title": title});
        if let Some(identity) = self.identity {
            error["identity"] = identity;
        }
        let answer = Answer::json(self.status, &json!({"error": error}));
        if self.status == 401 { answer.with("www-authenticate", challenge(ask)) } else { answer }
    }
}

/// An error with Keystone's headers.
pub(super) fn fault(ask: &Ask, status: u16, message: &str) -> Answer {
    dressed(Fault::new(status, message).answer(ask), ask)
}

/// Answers a request to Keystone.
pub(super) fn answer(world: &World, ask: &Ask, parts: &[&str]) -> Answer {
    let answer = match parts {
        [] | [""] => versions(ask),
        ["v3"] | ["v3", ""] => Answer::json(200, &json!({"version": version(ask)})),
        ["v3", rest @ ..] => world.observe(|state| route(state, ask, rest)).unwrap_or_else(|fault| fault.answer(ask)),
        _ => unknown(),
    };
    dressed(answer, ask)
}

fn dressed(answer: Answer, ask: &Ask) -> Answer {
    answer.with("vary", "X-Auth-Token").with("x-openstack-request-id", &ask.id)
}

fn versions(ask: &Ask) -> Answer {
    let place = format!("{}/v3/", Urls::new(ask).identity());
    Answer::json(300, &json!({"versions": {"values": [version(ask)]}})).with("location", place)
}

fn version(ask: &Ask) -> Value {
    json!({
        "id": "v3.14", "status": "stable", "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": format!("{}/v3/", Urls::new(ask).identity())}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    })
}

fn route(state: &mut State, ask: &Ask, parts: &[&str]) -> Reply {
    match (ask.method.as_str(), parts) {
        ("POST", ["auth", "tokens"]) => proof::sign_in(state, ask),
        ("GET" | "HEAD", ["auth", "tokens"]) => tokens::validate(state, ask),
        ("DELETE", ["auth", "tokens"]) => tokens::revoke(state, ask),
        (_, ["auth", "tokens"]) => Ok(wrong_method()),
        ("GET", ["auth", "catalog"]) => {
            let token = known(state, ask)?;
            if token.project().is_none() {
                return Err(Fault::new(403, "You are not authorized to perform the requested action."));
            }
            let own = format!("{}/v3/auth/catalog", Urls::new(ask).identity());
            let catalogue = catalogue::catalogue(state, ask, &token);
            Ok(Answer::json(200, &json!({"catalog": catalogue, "links": {"self": own}})))
        }
        (_, ["users", user, "application_credentials", rest @ ..]) => {
            credentials::route(state, ask, user, rest).unwrap_or_else(|| Ok(unknown()))
        }
        ("GET", _) => people::route(state, ask, parts).unwrap_or_else(|| Ok(unknown())),
        _ => Ok(unknown()),
    }
}

/// The token of the one who asks.
fn known(state: &State, ask: &Ask) -> Result<Token, Fault> {
    let text = ask.header("x-auth-token").ok_or_else(Fault::unauthorized)?;
    state.accounts.token(text, state.now).cloned().ok_or_else(Fault::unauthorized)
}

fn unknown() -> Answer {
    let told = "The requested URL was not found on the server. If you entered the URL manually please check your \
                spelling and try again.";
    let head = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n";
    Answer::html(404, &format!("{head}<p>{told}</p>\n")).typed("text/html; charset=utf-8")
}

fn wrong_method() -> Answer {
    let body = json!({"message": "The method is not allowed for the requested URL."});
    Answer::json(405, &body).with("allow", "HEAD, OPTIONS, GET, DELETE, POST")
}
