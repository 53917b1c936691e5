//! Routers: the way from a network to others and out.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::body::{flag, text, text_or_empty};
use super::faults::{no_address, no_router};
use super::python::repr;
use super::query::{list, one};
use super::shown::about;
use super::tables::ROUTERS;
use super::{Call, Fault, NO_BODY, Reply, interfaces, networks};
use crate::exchange::Answer;
use crate::world::State;
use crate::world::floating::{Gateway, Router};
use crate::world::network::About;

/// Answers below `/routers`; `None` for what is no route.
pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match (call.ask.method.as_str(), rest) {
        ("GET", []) => {
            let mine = call.state.routers.iter().filter(|router| router.project == call.caller.project);
            list(call, &ROUTERS, mine.map(shown).collect())
        }
        ("POST", []) => create(call),
        ("GET", [id]) => found(call, id).map(|router| one(call, &ROUTERS, shown(router))),
        ("PUT", [id]) => update(call, id),
        ("DELETE", [_]) if call.has_body() => Err(Fault::bad(NO_BODY)),
        ("DELETE", [id]) => delete(call, id),
        ("PUT", [id, "add_router_interface"]) => interfaces::add(call, id),
        ("PUT", [id, "remove_router_interface"]) => interfaces::remove(call, id),
        _ => return None,
    })
}

/// A router of the caller.
pub(super) fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Router, Fault> {
    call.state.router(id).filter(|router| router.project == call.caller.project).ok_or_else(|| no_router(id))
}

fn create(call: &mut Call<'_>) -> Reply {
    let given = call.made_one(&ROUTERS)?;
    allowed("create", &given)?;
    call.quota("router", 1)?;
    if let Some(flavor) = text(&given, "flavor_id") {
        return Err(Fault::new(404, "FlavorNotFound", format!("Flavor {flavor} could not be found.")));
    }
    let made = Router {
        id: Uuid::new_v4().to_string(),
        name: text_or_empty(&given, "name"),
        project: call.caller.project.clone(),
        up: flag(&given, "admin_state_up").unwrap_or(true),
        gateway: gateway(call, given.get("external_gateway_info"), None)?,
        routes: Vec::new(),
        about: About { revision: 1, ..About::new(&text_or_empty(&given, "description"), call.state.now) },
    };
    let answer = Answer::json(201, &json!({"router": shown(&made)}));
    call.state.routers.push(made);
    Ok(answer)
}

/// Refuses what only operators may say.
fn allowed(verb: &str, given: &Map<String, Value>) -> Result<(), Fault> {
    let rule = format!("rule:{verb}_router");
    let info = given.get("external_gateway_info").and_then(Value::as_object);
    let inner =
        ["enable_snat", "external_fixed_ips"].map(|key| info.filter(|info| info.contains_key(key)).map(|_| key));
    let inner: Vec<String> =
        inner.into_iter().flatten().map(|key| format!("{rule}:external_gateway_info:{key}")).collect();
    if !inner.is_empty() {
        let network = format!("{rule}:external_gateway_info:network_id");
        let inner = format!("({network} and {})", inner.join(" and "));
        return Err(Fault::policy(&format!("({rule} and ({rule}:external_gateway_info and {inner}))")));
    }
    match ["ha", "distributed"].iter().find(|key| given.contains_key(**key)) {
        None => Ok(()),
        Some(key) => Err(Fault::policy(&format!("({rule} and {rule}:{key})"))),
    }
}

/// The way out that is asked for; one that is there already stays.
fn gateway(call: &mut Call<'_>, info: Option<&Value>, now: Option<Gateway>) -> Result<Option<Gateway>, Fault> {
    let Some(id) = info.and_then(|info| info.get("network_id")).and_then(Value::as_str) else { return Ok(None) };
    let network = networks::found(call, id)?;
    if !network.external {
        return Err(Fault::request("router", format!("Network {id} is not an external network")));
    }
    if now.as_ref().is_some_and(|now| now.network == id) {
        return Ok(now);
    }
    let fixed = call.state.take_address(id).ok_or_else(|| no_address(id))?;
    Ok(Some(Gateway { network: id.to_owned(), subnet: fixed.subnet, address: fixed.address, snat: true }))
}

fn update(call: &mut Call<'_>, id: &str) -> Reply {
    let given = call.changed(&ROUTERS)?;
    let before = found(call, id)?.clone();
    allowed("update", &given)?;
    call.unchanged(before.about.revision)?;
    let mut after = before.clone();
    if let Some(info) = given.get("external_gateway_info") {
        after.gateway = gateway(call, Some(info), before.gateway.clone())?;
        change_gateway(call, &before, &mut after)?;
    }
    if let Some(routes) = given.get("routes") {
        after.routes = reachable(call, id, routes)?;
    }
    for (name, place) in [("name", &mut after.name), ("description", &mut after.about.description)] {
        if let Some(text) = text(&given, name) {
            text.clone_into(place);
        }
    }
    after.up = flag(&given, "admin_state_up").unwrap_or(after.up);
    if !given.is_empty() {
        after.about.touch(call.state.now);
    }
    let answer = Answer::json(200, &json!({"router": shown(&after)}));
    call.state.routers.iter_mut().filter(|router| router.id == id).for_each(|router| *router = after.clone());
    Ok(answer)
}

/// Gives up the way out that is left, unless addresses need it.
fn change_gateway(call: &mut Call<'_>, before: &Router, after: &mut Router) -> Result<(), Fault> {
    let Some(left) = before.gateway.as_ref().filter(|_| before.gateway != after.gateway) else {
        return Ok(());
    };
    if used(call.state, &before.id) {
        if let Some(new) = &after.gateway {
            call.state.free(&new.subnet, new.address);
        }
        let told = format!("Gateway cannot be updated for router {}, since a gateway to external network", before.id);
        let told = format!("{told} {} is required by one or more floating IPs.", left.network);
        return Err(Fault::new(409, "RouterExternalGatewayInUseByFloatingIp", told));
    }
    call.state.free(&left.subnet, left.address);
    after.about.revision += 1;
    Ok(())
}

/// Whether addresses lead somewhere through a router.
fn used(state: &State, router: &str) -> bool {
    state.floating_ips.iter().any(|one| one.to.as_ref().is_some_and(|to| to.router == router))
}

fn reachable(call: &Call<'_>, id: &str, routes: &Value) -> Result<Vec<(String, String)>, Fault> {
    let text = |route: &Value, key: &str| route[key].as_str().unwrap_or_default().to_owned();
    let routes_read: Vec<(String, String)> = routes
        .as_array()
        .into_iter()
        .flatten()
        .map(|route| (text(route, "destination"), text(route, "nexthop")))
        .collect();
    let connected = |hop: &str| {
        let subnets = call.state.interfaces(id).flat_map(|port| &port.fixed);
        let mut ranges = subnets.filter_map(|fixed| call.state.subnets.iter().find(|one| one.id == fixed.subnet));
        hop.parse().is_ok_and(|hop| ranges.any(|subnet| subnet.range.holds(hop)))
    };
    if routes_read.iter().all(|(_, hop)| connected(hop)) {
        return Ok(routes_read);
    }
    let told = format!("Invalid format for routes: {}, the nexthop is not connected with router", repr(routes));
    Err(Fault::new(400, "InvalidRoutes", told))
}

fn delete(call: &mut Call<'_>, id: &str) -> Reply {
    let router = found(call, id)?.clone();
    call.unchanged(router.about.revision)?;
    let ports: Vec<&str> = call.state.interfaces(id).map(|port| port.id.as_str()).collect();
    if !ports.is_empty() {
        let told = format!("Router {id} has ports still attached: {}", ports.join(", "));
        return Err(Fault::new(409, "RouterInUse", told));
    }
    if let Some(out) = &router.gateway {
        call.state.free(&out.subnet, out.address);
    }
    call.state.routers.retain(|router| router.id != id);
    Ok(Answer::empty(204))
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-router-details>
fn shown(one: &Router) -> Map<String, Value> {
    let gateway = one.gateway.as_ref().map(|out| {
        let fixed = json!([{"subnet_id": out.subnet, "ip_address": out.address}]);
        json!({"network_id": out.network, "external_fixed_ips": fixed, "enable_snat": out.snat})
    });
    let routes = one.routes.iter().map(|(to, hop)| json!({"destination": to, "nexthop": hop}));
    about(
        &one.about,
        json!({
            "id": one.id, "name": one.name, "tenant_id": one.project, "project_id": one.project,
            "admin_state_up": one.up, "status": "ACTIVE", "external_gateway_info": gateway,
            "availability_zones": [], "availability_zone_hints": [], "routes": routes.collect::<Vec<_>>(),
            "flavor_id": null,
        }),
    )
}
