//! Application credentials of a user.

use cloudmesh_abstract::{ExposeSecret, Secret};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::form::{required, shown, within};
use super::{Fault, Reply, catalogue, known, rules};
use crate::exchange::{Answer, Ask, values};
use crate::openstack::times::bare;
use crate::openstack::urls::Urls;
use crate::world::State;
use crate::world::account::{Credential, Token, long_secret};
use crate::world::seed::hex;

/// The roles there are.
const ROLES: [&str; 4] = ["admin", "manager", "member", "reader"];

/// Answers below `/users/USER/application_credentials`; `None` for what is no route.
pub(super) fn route(state: &mut State, ask: &Ask, user: &str, rest: &[&str]) -> Option<Reply> {
    let token = match mine(state, ask, user, rest) {
        Ok(token) => token,
        Err(fault) => return Some(Err(fault)),
    };
    Some(match (ask.method.as_str(), rest) {
        ("GET", []) => Ok(list(state, ask, user)),
        ("POST", []) => create(state, ask, token),
        ("GET", [id]) => {
            find(state, user, id).map(|one| Answer::json(200, &json!({"application_credential": body(ask, one, None)})))
        }
        ("DELETE", [id]) => unrestricted(state, &token).and_then(|()| delete(state, user, id)),
        _ => return None,
    })
}

/// The token of the one who asks, who must be that user.
fn mine(state: &State, ask: &Ask, user: &str, rest: &[&str]) -> Result<Token, Fault> {
    let token = known(state, ask)?;
    let action = match (ask.method.as_str(), rest) {
        ("GET", []) => "list_application_credentials",
        ("POST", _) => "create_application_credential",
        ("DELETE", _) => "delete_application_credential",
        _ => "get_application_credential",
    };
    if token.user == user { Ok(token) } else { Err(Fault::forbidden(action)) }
}

fn list(state: &State, ask: &Ask, user: &str) -> Answer {
    let parameters = ask.parameters();
    let name = values(&parameters, "name").next();
    let mine = state.accounts.credentials.iter().filter(|one| one.user == user);
    let mine = mine.filter(|one| name.is_none_or(|name| one.name == name));
    let mine: Vec<Value> = mine.map(|one| body(ask, one, None)).collect();
    let query = if ask.query.is_empty() { String::new() } else { format!("?{}", ask.query) };
    let own = format!("{}/v3/users/{user}/application_credentials{query}", Urls::new(ask).identity());
    let links = json!({"next": null, "self": own, "previous": null});
    Answer::json(200, &json!({"application_credentials": mine, "links": links}))
}

/// Those that were made by a credential cannot make or remove others, unless they are free to.
fn unrestricted(state: &State, token: &Token) -> Result<(), Fault> {
    let credential = token.credential.as_deref().and_then(|id| state.accounts.credential(id));
    if credential.is_none_or(|one| one.unrestricted) {
        return Ok(());
    }
    let told = "You are not authorized to perform the requested action: Using method 'application_credential' is not \
                allowed for managing additional application credentials..";
    Err(Fault::new(403, told))
}

fn create(state: &mut State, ask: &Ask, token: Token) -> Reply {
    let given: Value = serde_json::from_slice(&ask.body).map_err(|_| Fault::missing("valid JSON", "request body"))?;
    let given = given.get("application_credential").unwrap_or(&Value::Null);
    let name = text(given, "name")?.ok_or_else(|| required("name"))?;
    if name.is_empty() {
        return Err(within("name", "'' is too short"));
    }
    let (secret, description, expires) =
        (text(given, "secret")?, text(given, "description")?, text(given, "expires_at")?);
    let rules = rules::read(given.get("access_rules").filter(|rules| !rules.is_null()))?;
    unrestricted(state, &token)?;
    let made = Credential {
        id: hex(),
        secret: Secret::from(secret.unwrap_or_else(long_secret)),
        project: token.project().ok_or_else(|| Fault::forbidden("create_application_credential"))?.to_owned(),
        roles: roles(given.get("roles"), &state.accounts.roles(&token))?,
        expires: expires.map(|text| end(&text, state.now)).transpose()?,
        unrestricted: given.get("unrestricted").and_then(Value::as_bool).unwrap_or_default(),
        user: token.user,
        name,
        description,
        rules,
    };
    if state.accounts.credentials.iter().any(|one| one.user == made.user && one.name == made.name) {
        let told = "Conflict occurred attempting to store application_credential - Duplicate entry found with name";
        return Err(Fault::new(409, format!("{told} {}.", made.name)));
    }
    let mut shown = body(ask, &made, Some(made.secret.expose_secret()));
    shown["unrestricted"] = given.get("unrestricted").cloned().unwrap_or_default();
    state.accounts.credentials.push(made);
    Ok(Answer::json(201, &json!({"application_credential": shown})))
}

fn text(given: &Value, key: &str) -> Result<Option<String>, Fault> {
    match given.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Null) if key != "name" => Ok(None),
        Some(other) if key == "name" => Err(within(key, &format!("{} is not of type 'string'", shown(other)))),
        Some(other) => Err(within(key, &format!("{} is not of type 'null', 'string'", shown(other)))),
    }
}

/// The roles that are asked for, which must be among those of the one who asks.
fn roles(given: Option<&Value>, own: &[&'static str]) -> Result<Vec<&'static str>, Fault> {
    let Some(given) = given.and_then(Value::as_array).filter(|given| !given.is_empty()) else {
        return Ok(own.to_vec());
    };
    let role = |given: &Value| {
        let named = |role: &&'static str| given["name"] == **role || given["id"] == catalogue::id(role);
        let known = ROLES.into_iter().find(named);
        let known = known.ok_or_else(|| {
            let name = given["name"].as_str().or(given["id"].as_str()).unwrap_or_default();
            Fault::new(404, format!("Role {name} is not defined"))
        })?;
        let told = "Invalid application credential: Cannot create an application credential with unassigned role";
        if own.contains(&known) { Ok(known) } else { Err(Fault::new(400, told)) }
    };
    given.iter().map(role).collect()
}

fn end(text: &str, now: Timestamp) -> Result<Timestamp, Fault> {
    let read = text.parse::<Timestamp>().or_else(|_| format!("{text}Z").parse());
    let end = read.map_err(|_| Fault::malformed("Timestamp not in expected format."))?;
    if end < now { Err(Fault::malformed("The 'expires_at' must not be before now.")) } else { Ok(end) }
}

fn find<'a>(state: &'a State, user: &str, id: &str) -> Result<&'a Credential, Fault> {
    let found = state.accounts.credential(id).filter(|one| one.user == user);
    found.ok_or_else(|| Fault::new(404, format!("Could not find Application Credential: {id}.")))
}

fn delete(state: &mut State, user: &str, id: &str) -> Reply {
    find(state, user, id)?;
    state.accounts.credentials.retain(|one| one.id != id);
    Ok(Answer::empty(204))
}

fn body(ask: &Ask, one: &Credential, secret: Option<&str>) -> Value {
    let mut body = json!({
        "id": one.id, "name": one.name, "description": one.description, "user_id": one.user,
        "project_id": one.project, "system": null, "expires_at": one.expires.map(bare), "unrestricted": null,
        "roles": one.roles.iter().map(|name| role(name)).collect::<Vec<_>>(),
        "links": {"self": format!("{}/v3/application_credentials/{}", Urls::new(ask).identity(), one.id)},
    });
    match secret {
        Some(secret) => body["secret"] = json!(secret),
        None => body["unrestricted"] = json!(one.unrestricted),
    }
    if !one.rules.is_empty() {
        body["access_rules"] = rules::shown_rules(&one.rules);
    }
    body
}

fn role(name: &str) -> Value {
    json!({"id": catalogue::id(name), "name": name, "domain_id": null, "description": null, "options": {}})
}
