//! What a plain user may see of users and projects.

use serde_json::{Value, json};

use super::{Fault, Reply, catalogue, known};
use crate::exchange::{Answer, Ask};
use crate::openstack::urls::Urls;
use crate::world::State;
use crate::world::account::{Project, Token, User};

/// Answers a request that only looks; `None` for what is no route.
pub(super) fn route(state: &State, ask: &Ask, parts: &[&str]) -> Option<Reply> {
    if !is_route(parts) {
        return None;
    }
    Some(known(state, ask).and_then(|token| look(state, ask, parts, &token)))
}

fn is_route(parts: &[&str]) -> bool {
    matches!(
        parts,
        ["auth", "projects" | "domains" | "system"]
            | ["users" | "projects" | "domains" | "services" | "endpoints" | "regions"]
            | ["users" | "projects", _]
            | ["users", _, "projects"]
    )
}

fn look(state: &State, ask: &Ask, parts: &[&str], token: &Token) -> Reply {
    let own = |id: &str| token.user == id;
    match parts {
        ["auth", "projects"] => Ok(projects(state, ask, token)),
        ["users", id, "projects"] if own(id) => Ok(projects(state, ask, token)),
        ["users", _, "projects"] => Err(Fault::forbidden("list_user_projects")),
        ["auth", "system"] => Ok(Answer::json(200, &json!({"system": [], "links": {"self": here(ask)}}))),
        ["auth", "domains"] => Ok(listing(ask, "domains", &[])),
        ["regions"] => Ok(listing(ask, "regions", &[region(ask)])),
        ["users", id] => {
            let user = state.accounts.user(id).filter(|_| own(id)).ok_or_else(|| Fault::forbidden("get_user"))?;
            Ok(Answer::json(200, &json!({"user": user_body(ask, user)})))
        }
        ["projects", id] => {
            let project = state.accounts.project(id).filter(|_| token.project.as_deref() == Some(id));
            let project = project.ok_or_else(|| Fault::forbidden("get_project"))?;
            Ok(Answer::json(200, &json!({"project": project_body(ask, project)})))
        }
        other => Err(Fault::forbidden(&format!("list_{}", other.first().copied().unwrap_or_default()))),
    }
}

fn here(ask: &Ask) -> String {
    format!("{}{}", ask.origin, ask.path)
}

fn listing(ask: &Ask, name: &str, entries: &[Value]) -> Answer {
    let links = json!({"next": null, "self": here(ask), "previous": null});
    Answer::json(200, &json!({name: entries, "links": links}))
}

fn projects(state: &State, ask: &Ask, token: &Token) -> Answer {
    let ids = state.accounts.user(&token.user).map(|user| user.projects.clone()).unwrap_or_default();
    let mine = ids.iter().filter_map(|id| state.accounts.project(id));
    let mine: Vec<Value> = mine.map(|project| project_body(ask, project)).collect();
    listing(ask, "projects", &mine)
}

fn project_body(ask: &Ask, project: &Project) -> Value {
    json!({
        "id": project.id, "name": project.name, "domain_id": "default", "description": "", "enabled": true,
        "parent_id": "default", "is_domain": false, "tags": [], "options": {},
        "links": {"self": format!("{}/v3/projects/{}", Urls::new(ask).identity(), project.id)},
    })
}

fn user_body(ask: &Ask, user: &User) -> Value {
    json!({
        "id": user.id, "name": user.name, "domain_id": "default", "enabled": true, "password_expires_at": null,
        "options": {}, "links": {"self": format!("{}/v3/users/{}", Urls::new(ask).identity(), user.id)},
    })
}

fn region(ask: &Ask) -> Value {
    let own = format!("{}/v3/regions/{}", Urls::new(ask).identity(), catalogue::REGION);
    json!({"id": catalogue::REGION, "description": "", "parent_region_id": null, "links": {"self": own}})
}
