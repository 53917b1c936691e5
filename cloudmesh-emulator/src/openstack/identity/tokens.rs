//! Tokens: what Keystone tells about them, checking and revoking.

use serde_json::{Map, Value, json};

use super::rules::shown_rules;
use super::{Fault, Reply, catalogue, known};
use crate::exchange::{Answer, Ask};
use crate::openstack::times::whole;
use crate::world::State;
use crate::world::account::{Scope, Token, User};

/// The answer with a token in it.
pub(super) fn answer(state: &State, ask: &Ask, status: u16, text: &str, token: &Token) -> Answer {
    Answer::json(status, &json!({"token": body(state, ask, token)})).with("x-subject-token", text)
}

/// Tells about another token, or one's own.
pub(super) fn validate(state: &State, ask: &Ask) -> Reply {
    known(state, ask)?;
    let text = ask.header("x-subject-token").ok_or_else(|| Fault::forbidden("validate_token"))?;
    Ok(answer(state, ask, 200, text, &subject(state, text)?))
}

/// Ends a token's life.
pub(super) fn revoke(state: &mut State, ask: &Ask) -> Reply {
    known(state, ask)?;
    let text = ask.header("x-subject-token").ok_or_else(|| Fault::forbidden("revoke_token"))?;
    subject(state, text)?;
    state.accounts.revoke(text);
    Ok(Answer::empty(204))
}

/// The valid token of that text.
pub(super) fn subject(state: &State, text: &str) -> Result<Token, Fault> {
    let told = if text.starts_with("gAAAA") { "Failed to validate token" } else { "Could not recognize Fernet token" };
    state.accounts.token(text, state.now).cloned().ok_or_else(|| Fault::new(404, told))
}

fn body(state: &State, ask: &Ask, token: &Token) -> Value {
    let mut body = Map::new();
    let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
    put("methods", json!(token.methods));
    put("user", user(state.accounts.user(&token.user)));
    put("audit_ids", json!(token.audit));
    put("expires_at", json!(whole(token.expires)));
    put("issued_at", json!(whole(token.issued)));
    if let Some(one) = token.credential.as_deref().and_then(|id| state.accounts.credential(id)) {
        let mut shown = json!({"id": one.id, "name": one.name, "restricted": !one.unrestricted});
        if !one.rules.is_empty() {
            shown["access_rules"] = shown_rules(&one.rules);
        }
        put("application_credential", shown);
    }
    match &token.scope {
        Scope::Nothing => return Value::Object(body),
        Scope::System => _ = put("system", json!({"all": true})),
        Scope::Domain => _ = put("domain", domain()),
        Scope::Project(id) => {
            let project = state.accounts.project(id);
            let project = project.map(|one| json!({"domain": domain(), "id": one.id, "name": one.name}));
            put("project", project.unwrap_or_default());
            put("is_domain", json!(false));
        }
    }
    put("roles", roles(&state.accounts.roles(token)));
    if !ask.parameters().iter().any(|(key, _)| key == "nocatalog") {
        put("catalog", catalogue::catalogue(state, ask, token));
    }
    Value::Object(body)
}

fn user(user: Option<&User>) -> Value {
    user.map_or(
        Value::Null,
        |user| json!({"domain": domain(), "id": user.id, "name": user.name, "password_expires_at": null}),
    )
}

fn domain() -> Value {
    json!({"id": "default", "name": "Default"})
}

fn roles(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"id": catalogue::id(name), "name": name})).collect()
}
