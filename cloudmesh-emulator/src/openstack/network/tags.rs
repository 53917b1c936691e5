//! Tags: words that a user puts on resources.

use serde_json::{Value, json};

use super::checks::Check;
use super::{Call, Fault, Reply, ports};
use crate::exchange::Answer;
use crate::world::network::About;

/// Answers below `/PATH/ID/tags`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, path: &str, id: &str, rest: &[&str]) -> Option<Reply> {
    super::resource(path).filter(|_| path != "security-group-rules")?;
    let method = call.ask.method.as_str().to_owned();
    Some(match (method.as_str(), rest) {
        ("GET", []) => found(call, path, id).map(|about| Answer::json(200, &json!({"tags": about.tags}))),
        ("PUT", []) => replace(call, path, id),
        ("DELETE", []) => change(call, path, id, Vec::clear).map(|_| Answer::empty(204)),
        ("POST", []) => Err(Fault::new(404, "HTTPNotFound", "not supported")),
        ("GET", [tag]) => has(call, path, id, tag),
        ("PUT", [tag]) => add(call, path, id, tag),
        ("DELETE", [tag]) => has(call, path, id, tag).and_then(|answer| {
            change(call, path, id, |tags| tags.retain(|one| one != tag))?;
            Ok(answer)
        }),
        _ => return None,
    })
}

/// What a resource of the caller has that all have.
fn found<'a>(call: &'a mut Call<'_>, path: &str, id: &str) -> Result<&'a mut About, Fault> {
    let told = format!("Resource {} {id} could not be found.", path.replace('-', "_"));
    let missing = Fault::new(404, "TagResourceNotFound", told);
    let project = call.caller.project.clone();
    let mine = |owner: &String| *owner == project;
    let about = match path {
        // One who sees a network can put a word on it.
        "networks" => call
            .state
            .networks
            .iter_mut()
            .find(|one| one.id == id && (one.external || mine(&one.project)))
            .map(|one| &mut one.about),
        "subnets" => {
            call.state.subnets.iter_mut().find(|one| one.id == id && mine(&one.project)).map(|one| &mut one.about)
        }
        "routers" => {
            call.state.routers.iter_mut().find(|one| one.id == id && mine(&one.project)).map(|one| &mut one.about)
        }
        "floatingips" => {
            call.state.floating_ips.iter_mut().find(|one| one.id == id && mine(&one.project)).map(|one| &mut one.about)
        }
        "security-groups" => {
            call.state.groups.iter_mut().find(|one| one.id == id && mine(&one.project)).map(|one| &mut one.about)
        }
        _ => {
            ports::found(call, id).map_err(|_| missing.clone())?;
            call.state.port_mut(id).map(|one| &mut one.about)
        }
    };
    about.ok_or(missing)
}

fn replace(call: &mut Call<'_>, path: &str, id: &str) -> Reply {
    let body: Value = serde_json::from_slice(&call.ask.body).unwrap_or_default();
    let given = body.get("tags").ok_or_else(|| Fault::input("Invalid tags body"))?;
    if let Some(why) = Check::Texts.wrong(given) {
        return Err(Fault::input(why));
    }
    let given = given.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let tags = change(call, path, id, |tags| *tags = given)?;
    Ok(Answer::json(200, &json!({"tags": tags})))
}

fn has(call: &mut Call<'_>, path: &str, id: &str, tag: &str) -> Reply {
    if found(call, path, id)?.tags.iter().any(|one| one == tag) {
        return Ok(Answer::empty(204));
    }
    Err(Fault::new(404, "TagNotFound", format!("Tag {tag} could not be found.")))
}

fn add(call: &mut Call<'_>, path: &str, id: &str, tag: &str) -> Reply {
    if let Some(why) = Check::Text(255).wrong(&json!(tag)) {
        return Err(Fault::input(why));
    }
    change(call, path, id, |tags| {
        tags.retain(|one| one != tag);
        tags.push(tag.to_owned());
    })?;
    Ok(Answer::json(201, &Value::Null))
}

/// Changes the tags, and gives them.
fn change(call: &mut Call<'_>, path: &str, id: &str, how: impl FnOnce(&mut Vec<String>)) -> Result<Vec<String>, Fault> {
    let now = call.state.now;
    let about = found(call, path, id)?;
    how(&mut about.tags);
    about.touch(now);
    Ok(about.tags.clone())
}
