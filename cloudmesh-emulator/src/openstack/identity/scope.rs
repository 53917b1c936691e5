//! What a token is for: a project, a domain, the whole system, or nothing in particular.

use serde_json::{Value, json};

use super::Fault;
use super::proof::Proof;
use crate::world::State;
use crate::world::account::{Scope, User};

/// The kinds of scopes, of which a request names one.
const KINDS: [&str; 5] = ["project", "domain", "unscoped", "system", "OS-TRUST:trust"];

/// What the token shall be for, if the one who proved himself may have that.
pub(super) fn scope(state: &State, auth: &Value, proof: &Proof) -> Result<Scope, Fault> {
    let scope = auth.get("scope");
    match (scope, &proof.bound) {
        (Some(_), Some(_)) => {
            let told = "Error authenticating with application credential: Application credentials cannot request a \
                        scope.";
            Err(Fault { identity: Some(json!({})), ..Fault::new(401, told) })
        }
        (None, bound) => Ok(bound.clone().map_or(Scope::Nothing, Scope::Project)),
        (Some(scope), None) => wanted(state, scope, state.accounts.user(&proof.user)),
    }
}

fn wanted(state: &State, scope: &Value, user: Option<&User>) -> Result<Scope, Fault> {
    if scope == "unscoped" {
        return Ok(Scope::Nothing);
    }
    let named: Vec<&str> = KINDS.into_iter().filter(|kind| scope.get(kind).is_some()).collect();
    let [kind] = named[..] else {
        return Err(Fault::missing("system, project, domain, OS-TRUST:trust or unscoped", "scope"));
    };
    let user = user.ok_or_else(Fault::unauthorized)?;
    let (found, allowed) = match kind {
        "unscoped" => (Scope::Nothing, true),
        "system" => (Scope::System, user.operates),
        "domain" => (Scope::Domain, user.operates && is_default(&scope["domain"])),
        "project" => {
            let project = project_id(state, &scope["project"])?.ok_or_else(Fault::unauthorized)?;
            let allowed = user.projects.contains(&project);
            (Scope::Project(project), allowed)
        }
        _ => return Err(Fault::unauthorized()),
    };
    if allowed { Ok(found) } else { Err(Fault::unauthorized()) }
}

/// The id of the project that is meant; `None` when there is none.
fn project_id(state: &State, project: &Value) -> Result<Option<String>, Fault> {
    // A name wins over an id, as it does for Keystone.
    let found = if let Some(name) = project.get("name").and_then(Value::as_str) {
        let domain = project.get("domain").ok_or_else(|| Fault::missing("domain", "project"))?;
        state.accounts.project_named(name).filter(|_| is_default(domain))
    } else {
        project.get("id").and_then(Value::as_str).and_then(|id| state.accounts.project(id))
    };
    Ok(found.map(|project| project.id.clone()))
}

/// Whether the one domain there is is meant.
pub(super) fn is_default(domain: &Value) -> bool {
    match domain.get("name") {
        Some(name) => name == "Default",
        None => domain.get("id").is_some_and(|id| id == "default"),
    }
}
