//! Signing in: by password, by token, by application credential.

use base64::Engine;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::scope::{is_default, scope};
use super::{Fault, Reply, form, tokens};
use crate::exchange::Ask;
use crate::world::State;
use crate::world::account::{Token, same};

/// Who has proved to be whom.
#[derive(Default)]
pub(super) struct Proof {
    pub(super) user: String,
    methods: Vec<&'static str>,
    audit: Vec<String>,
    expires: Option<Timestamp>,
    /// The project that the proof is bound to.
    pub(super) bound: Option<String>,
    credential: Option<String>,
}

/// Issues a token for what the body proves.
pub(super) fn sign_in(state: &mut State, ask: &Ask) -> Reply {
    let body = parse(&ask.body)?;
    let auth =
        body.get("auth").filter(|auth| auth.is_object()).ok_or_else(|| Fault::missing("auth", "request body"))?;
    form::check(auth)?;
    let proof = prove(state, &auth["identity"])?;
    let scope = scope(state, auth, &proof)?;
    let mut audit = vec![audit_id()];
    audit.extend(proof.audit);
    let (issued, methods, credential) = (state.now, proof.methods, proof.credential);
    let token = Token { user: proof.user, scope, credential, methods, audit, issued, expires: issued };
    let (text, token) = state.accounts.issue(token, proof.expires);
    Ok(tokens::answer(state, ask, 201, &text, &token))
}

fn parse(body: &[u8]) -> Result<Value, Fault> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|_| Fault::missing("valid JSON", "request body"))
}

fn prove(state: &State, identity: &Value) -> Result<Proof, Fault> {
    let methods = identity.get("methods").and_then(Value::as_array).cloned().unwrap_or_default();
    let names = methods.iter().filter_map(Value::as_str);
    if let Some(lacking) = names.clone().find(|how| identity.get(how).is_none()) {
        return Err(Fault::missing(lacking, "identity"));
    }
    let mut proof = Proof::default();
    for how in names {
        let given = identity.get(how).unwrap_or(&Value::Null);
        proof = match how {
            "password" => password(state, given)?,
            "token" => token(state, given)?,
            "application_credential" => credential(state, given)?,
            _ => return Err(unsupported()),
        };
    }
    if proof.user.is_empty() { Err(Fault::unauthorized()) } else { Ok(proof) }
}

fn unsupported() -> Fault {
    let methods = json!(["external", "password", "token", "oauth1", "mapped", "application_credential"]);
    let message = "Attempted to authenticate with an unsupported method.";
    Fault { identity: Some(json!({"methods": methods})), ..Fault::new(401, message) }
}

fn password(state: &State, given: &Value) -> Result<Proof, Fault> {
    let user = given.get("user").ok_or_else(|| Fault::missing("user", "password"))?;
    let id = user_id(state, user)?.ok_or_else(Fault::unauthorized)?;
    let known = state.accounts.user(&id).ok_or_else(Fault::unauthorized)?;
    let password = user.get("password").and_then(Value::as_str).ok_or_else(Fault::unauthorized)?;
    if !same(&known.password, password) {
        return Err(Fault::unauthorized());
    }
    Ok(Proof { user: id, methods: vec!["password"], ..Proof::default() })
}

/// The id of the user that is meant; `None` when there is none.
fn user_id(state: &State, user: &Value) -> Result<Option<String>, Fault> {
    if let Some(id) = user.get("id").and_then(Value::as_str) {
        return Ok(Some(id.to_owned()));
    }
    let name = user.get("name").and_then(Value::as_str).ok_or_else(|| Fault::missing("id or name", "user"))?;
    let domain = user.get("domain").ok_or_else(|| Fault::missing("domain", "user"))?;
    let found = state.accounts.user_named(name).filter(|_| is_default(domain));
    Ok(found.map(|user| user.id.clone()))
}

fn token(state: &State, given: &Value) -> Result<Proof, Fault> {
    let text = given.get("id").and_then(Value::as_str).ok_or_else(|| Fault::missing("id", "token"))?;
    let token = tokens::subject(state, text)?;
    let mut methods = token.methods;
    if !methods.contains(&"token") {
        methods.push("token");
    }
    let audit = token.audit.last().cloned().into_iter().collect();
    Ok(Proof { user: token.user, methods, audit, expires: Some(token.expires), ..Proof::default() })
}

fn credential(state: &State, given: &Value) -> Result<Proof, Fault> {
    let found = match given.get("id").and_then(Value::as_str) {
        Some(id) => state.accounts.credential(id).ok_or_else(|| unknown_credential(id))?,
        None => named_credential(state, given)?,
    };
    let secret = given.get("secret").and_then(Value::as_str).unwrap_or_default();
    let has_ended = found.expires.is_some_and(|end| end <= state.now);
    if has_ended || !same(&found.secret, secret) {
        return Err(Fault::unauthorized());
    }
    Ok(Proof {
        user: found.user.clone(),
        methods: vec!["application_credential"],
        bound: Some(found.project.clone()),
        credential: Some(found.id.clone()),
        ..Proof::default()
    })
}

fn named_credential<'a>(state: &'a State, given: &Value) -> Result<&'a crate::world::account::Credential, Fault> {
    let name = given.get("name").and_then(Value::as_str);
    let name = name.ok_or_else(|| Fault::missing("name or ID", "application credential"))?;
    let user = given.get("user").ok_or_else(|| Fault::missing("user", "application credential"))?;
    let who = user.get("name").and_then(Value::as_str).unwrap_or_default();
    let user = user_id(state, user)?.ok_or_else(|| Fault::new(404, format!("Could not find user: {who}.")))?;
    let mut mine = state.accounts.credentials.iter().filter(|one| one.user == user);
    mine.find(|one| one.name == name).ok_or_else(Fault::unauthorized)
}

fn unknown_credential(which: &str) -> Fault {
    Fault::new(404, format!("Could not find Application Credential: {which}."))
}

fn audit_id() -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Uuid::new_v4().into_bytes())
}
