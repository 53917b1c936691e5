//! Application credentials of a user.

use cloudmesh_abstract::{ExposeSecret, Secret};
use serde_json::{Value, json};

use super::{Fault, Reply, catalogue, known};
use crate::exchange::{Answer, Ask};
use crate::openstack::urls::Urls;
use crate::world::State;
use crate::world::account::{Credential, Token, long_secret};
use crate::world::seed::hex;

/// Answers below `/users/USER/application_credentials`; `None` for what is no route.
pub(super) fn route(state: &mut State, ask: &Ask, user: &str, rest: &[&str]) -> Option<Reply> {
    let token = match mine(state, ask, user) {
        Ok(token) => token,
        Err(fault) => return Some(Err(fault)),
    };
    Some(match (ask.method.as_str(), rest) {
        ("GET", []) => Ok(list(state, ask, user)),
        ("POST", []) => create(state, ask, token),
        ("GET", [id]) => {
            find(state, user, id).map(|one| Answer::json(200, &json!({"application_credential": body(ask, one, None)})))
        }
        ("DELETE", [id]) => delete(state, user, id),
        _ => return None,
    })
}

/// The token of the one who asks, who must be that user.
fn mine(state: &State, ask: &Ask, user: &str) -> Result<Token, Fault> {
    let token = known(state, ask)?;
    if token.user == user { Ok(token) } else { Err(Fault::forbidden("get_application_credential")) }
}

fn list(state: &State, ask: &Ask, user: &str) -> Answer {
    let mine = state.accounts.credentials.iter().filter(|one| one.user == user);
    let mine: Vec<Value> = mine.map(|one| body(ask, one, None)).collect();
    let own = format!("{}/v3/users/{user}/application_credentials", Urls::new(ask).identity());
    let links = json!({"next": null, "self": own, "previous": null});
    Answer::json(200, &json!({"application_credentials": mine, "links": links}))
}

fn create(state: &mut State, ask: &Ask, token: Token) -> Reply {
    let given: Value = serde_json::from_slice(&ask.body).map_err(|_| Fault::missing("valid JSON", "request body"))?;
    let given = given.get("application_credential");
    let given = given.ok_or_else(|| Fault::new(400, "'application_credential' is a required property"))?;
    let text = |key: &str| given.get(key).and_then(Value::as_str).map(str::to_owned);
    let name = text("name").ok_or_else(|| Fault::new(400, "'name' is a required property"))?;
    if state.accounts.credentials.iter().any(|one| one.user == token.user && one.name == name) {
        let told = "Conflict occurred attempting to store application_credential - Duplicate entry found with name";
        return Err(Fault::new(409, format!("{told} {name}.")));
    }
    let secret = text("secret").unwrap_or_else(long_secret);
    let made = Credential {
        id: hex(),
        name,
        secret: Secret::from(secret),
        user: token.user,
        project: token.project.ok_or_else(|| Fault::forbidden("create_application_credential"))?,
        description: text("description"),
    };
    let answer = json!({"application_credential": body(ask, &made, Some(made.secret.expose_secret()))});
    state.accounts.credentials.push(made);
    Ok(Answer::json(201, &answer))
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
        "project_id": one.project, "system": null, "expires_at": null, "unrestricted": null,
        "roles": [role("reader"), role("member")],
        "links": {"self": format!("{}/v3/application_credentials/{}", Urls::new(ask).identity(), one.id)},
    });
    match secret {
        Some(secret) => body["secret"] = json!(secret),
        None => body["unrestricted"] = json!(false),
    }
    body
}

fn role(name: &str) -> Value {
    json!({"id": catalogue::id(name), "name": name, "domain_id": null, "description": null, "options": {}})
}
