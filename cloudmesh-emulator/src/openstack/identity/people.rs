//! What a plain user may see of users and projects.

use serde_json::{Value, json};

use super::{Fault, Reply, known};
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
    let operates = state.accounts.user(&token.user).is_some_and(|user| user.operates);
    match parts {
        ["auth", "projects"] => Ok(projects(state, ask, token)),
        ["users", id, "projects"] if own(id) => Ok(projects(state, ask, token)),
        ["users", _, "projects"] => Err(Fault::forbidden("list_user_projects")),
        ["auth", "system"] => {
            let all: Vec<Value> = operates.then(|| json!({"all": true})).into_iter().collect();
            Ok(Answer::json(200, &json!({"system": all, "links": {"self": here(ask)}})))
        }
        ["auth", "domains"] => {
            Ok(listing(ask, "domains", &operates.then(|| domain(ask)).into_iter().collect::<Vec<_>>()))
        }
        ["regions"] => {
            let all: Vec<Value> = state.accounts.regions.iter().map(|name| region(ask, name)).collect();
            Ok(listing(ask, "regions", &all))
        }
        ["users", id] => {
            let user = state.accounts.user(id).filter(|_| own(id)).ok_or_else(|| Fault::forbidden("get_user"))?;
            Ok(Answer::json(200, &json!({"user": user_body(ask, user)})))
        }
        ["projects", id] => {
            let project = state.accounts.project(id).filter(|_| token.project() == Some(id));
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

fn domain(ask: &Ask) -> Value {
    json!({
        "id": "default", "name": "Default", "description": "The default domain", "enabled": true, "tags": [],
        "options": {}, "links": {"self": format!("{}/v3/domains/default", Urls::new(ask).identity())},
    })
}

fn region(ask: &Ask, name: &str) -> Value {
    let own = format!("{}/v3/regions/{name}", Urls::new(ask).identity());
    json!({"id": name, "description": "", "parent_region_id": null, "links": {"self": own}})
}
