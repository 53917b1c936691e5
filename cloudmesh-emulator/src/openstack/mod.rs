//! The face of an OpenStack: Keystone v3, Nova v2.1, Glance v2 and Neutron v2.0 behind one port.
//!
//! Each service lies below a path of its own: `/identity`, `/compute`, `/image`, `/network`. What a service answers,
//! the headers and the shape of its errors are those of the real service; Nova's, Glance's and Neutron's differ.

mod compute;
mod identity;
mod image;
mod network;
mod placement;
mod purpose;
mod times;
mod urls;
mod volume;
mod webob;

use std::time::Duration;

use http::Method;

use self::urls::Urls;
use crate::World;
use crate::exchange::{Answer, Ask};
use crate::face::{Face, Purpose};
use crate::world::State;

/// The OpenStack face.
#[derive(Debug)]
pub(crate) struct OpenStack;

/// The services, by the first part of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Identity,
    Compute,
    Image,
    Network,
    Placement,
    Console,
    Volume,
}

/// Who asks, as the token says.
#[derive(Debug, Clone)]
struct Caller {
    user: String,
    project: String,
}

impl Face for OpenStack {
    fn owns(&self, _: &Ask) -> bool {
        // Whatever is nobody else's is answered as an OpenStack does.
        true
    }

    fn answer(&self, world: &World, ask: &Ask) -> Answer {
        let parts = ask.parts();
        let rest: Vec<&str> = parts.iter().skip(1).map(String::as_str).collect();
        match service(&parts).filter(|service| *service != Service::Volume || world.has_volumes()) {
            Some(Service::Identity) => identity::answer(world, ask, &rest),
            Some(Service::Compute) => compute::answer(world, ask, &rest),
            Some(Service::Image) => image::answer(world, ask, &rest),
            Some(Service::Network) => network::answer(world, ask, &rest),
            Some(Service::Placement) => placement::answer(world, ask, &rest),
            Some(Service::Console) => compute::page(ask),
            Some(Service::Volume) => volume::answer(world, ask, &rest),
            None => Answer::html(404, "<html><head><title>404 Not Found</title></head><body></body></html>"),
        }
    }

    fn purpose(&self, ask: &Ask) -> Purpose {
        purpose::purpose(ask)
    }

    fn throttled(&self, ask: &Ask, retry_after: Option<Duration>) -> Answer {
        let answer = match service(&ask.parts()) {
            Some(Service::Compute) => compute::throttled(ask),
            Some(Service::Image) => webob::answer(ask, 429, "Request limit exceeded."),
            Some(Service::Volume) => volume::fault(429, "This request was rate-limited."),
            Some(Service::Network) => network::fault(ask, 429, "HTTPTooManyRequests", "Too many requests."),
            _ => identity::fault(ask, 429, "Too many requests."),
        };
        match retry_after {
            Some(wait) => answer.with("retry-after", wait.as_secs().to_string()),
            None => answer,
        }
    }

    fn unavailable(&self, ask: &Ask) -> Answer {
        let told = "The server is currently unavailable. Please try again at a later time.";
        match service(&ask.parts()) {
            Some(Service::Compute) => compute::unavailable(ask),
            Some(Service::Image) => webob::answer(ask, 503, told),
            Some(Service::Volume) => volume::fault(503, told),
            Some(Service::Network) => network::fault(ask, 503, "HTTPServiceUnavailable", told),
            _ => identity::fault(ask, 503, told),
        }
    }
}

fn service(parts: &[String]) -> Option<Service> {
    Some(match parts.first()?.as_str() {
        "identity" => Service::Identity,
        "compute" => Service::Compute,
        "image" => Service::Image,
        "network" => Service::Network,
        "placement" => Service::Placement,
        "console" => Service::Console,
        "volume" => Service::Volume,
        _ => return None,
    })
}

/// Lets `what` answer from the present state, which only requests that ask for a change do change.
fn present(world: &World, ask: &Ask, what: impl FnOnce(&mut State) -> Answer) -> Answer {
    if ask.method == Method::GET { world.observe(what) } else { world.look(what) }
}

/// Who asks, if the token is valid and for a project.
fn caller(state: &State, ask: &Ask) -> Option<Caller> {
    let token = state.accounts.token(ask.header("x-auth-token")?, state.now)?;
    let (service, path) = ask.path.trim_start_matches('/').split_once('/').unwrap_or_default();
    if !state.accounts.allows(token, service, ask.method.as_str(), &format!("/{path}")) {
        return None;
    }
    // A token for nothing in particular sees what belongs to nobody.
    let looks = ask.method == Method::GET;
    let project = token.project().or_else(|| looks.then_some(""))?;
    Some(Caller { user: token.user.clone(), project: project.to_owned() })
}

/// What the services say to one whom they do not know.
fn unauthorized(ask: &Ask) -> Answer {
    let message = "The request you have made requires authentication.";
    let body = serde_json::json!({"error": {"code": 401, "title": "Unauthorized", "message": message}});
    Answer::json(401, &body).with("www-authenticate", challenge(ask))
}

/// Where to sign in.
fn challenge(ask: &Ask) -> String {
    format!("Keystone uri=\"{}/v3\"", Urls::new(ask).identity())
}
