//! What a request to an OpenStack is for.

use cloudmesh_abstract::Operation;
use http::Method;

use crate::exchange::Ask;
use crate::face::{Effect, Makes, Purpose};

/// Tells what a request is for, from its method, path and query.
pub(super) fn purpose(ask: &Ask) -> Purpose {
    let parts = ask.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let posts = ask.method == Method::POST;
    let reads = matches!(ask.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let signs_in = posts && matches!(parts[..], ["identity", "v3", "auth", "tokens"]);
    Purpose {
        operation: operation(ask, &parts),
        effect: match (signs_in, reads) {
            (true, _) => Effect::SignIn,
            (false, true) => Effect::Look,
            (false, false) => Effect::Change,
        },
        makes: makes(&parts, posts),
        has_token: ask.headers.contains_key("x-auth-token"),
    }
}

fn makes(parts: &[&str], posts: bool) -> Makes {
    match parts {
        ["compute", _, "servers"] if posts => Makes::Nodes,
        ["compute", _, "os-keypairs"] | ["network" | "volume", ..] if posts => Makes::Something,
        _ => Makes::Nothing,
    }
}

fn operation(ask: &Ask, parts: &[&str]) -> Option<Operation> {
    let named = ask.parameters().iter().any(|(key, _)| key == "name");
    match (ask.method.as_str(), parts) {
        (method, ["compute", _, rest @ ..]) => compute(ask, method, rest, named),
        ("GET", ["identity", "v3", "auth", "tokens"]) => Some(Operation::Whoami),
        ("GET", ["image", _, "images"]) if !named => Some(Operation::Images),
        ("GET", ["image", _, "images", ..]) => Some(Operation::Image),
        (method, ["network", _, rest @ ..]) => network(ask, method, rest),
        ("GET", ["volume", _, _, "volumes", ..]) => Some(Operation::Leftovers),
        ("DELETE", ["volume", _, _, "volumes", _]) => Some(Operation::RemoveLeftover),
        _ => None,
    }
}

fn compute(ask: &Ask, method: &str, rest: &[&str], named: bool) -> Option<Operation> {
    Some(match (method, rest) {
        ("GET", ["servers"] | ["servers", "detail"]) if named => Operation::Find,
        ("GET", ["servers"] | ["servers", "detail"]) => Operation::List,
        ("POST", ["servers"]) => Operation::Create,
        ("GET", ["servers", _]) => Operation::Info,
        ("PUT", ["servers", _]) => Operation::Rename,
        ("DELETE", ["servers", _]) => Operation::Destroy,
        ("POST", ["servers", _, "action"]) => return action(&ask.body),
        ("POST", ["servers", _, "remote-consoles"]) => Operation::Console,
        ("GET", ["servers", _, "metadata", ..]) => Operation::GetServerMetadata,
        ("POST" | "PUT", ["servers", _, "metadata", ..]) => Operation::SetServerMetadata,
        ("DELETE", ["servers", _, "metadata", ..]) => Operation::DeleteServerMetadata,
        ("GET", ["flavors"] | ["flavors", "detail"]) => Operation::Flavors,
        ("GET", ["flavors", ..]) => Operation::Flavor,
        ("GET", ["os-keypairs", ..]) => Operation::Keys,
        ("POST", ["os-keypairs"]) => Operation::KeyUpload,
        ("DELETE", ["os-keypairs", _]) => Operation::KeyDelete,
        _ => return None,
    })
}

fn action(body: &[u8]) -> Option<Operation> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let operation = match body.as_object()?.keys().next()?.as_str() {
        "os-start" => Operation::Start,
        "os-stop" => Operation::Stop,
        "reboot" => Operation::Reboot,
        "suspend" | "pause" | "shelve" => Operation::Suspend,
        "resume" | "unpause" | "unshelve" => Operation::Resume,
        "resize" | "confirmResize" | "revertResize" => Operation::Resize,
        "os-getConsoleOutput" => Operation::Log,
        "os-getVNCConsole" | "os-getSPICEConsole" | "os-getRDPConsole" | "os-getSerialConsole" => Operation::Console,
        _ => return None,
    };
    Some(operation)
}

fn network(ask: &Ask, method: &str, rest: &[&str]) -> Option<Operation> {
    Some(match (method, rest) {
        ("GET", ["security-groups", ..]) => Operation::ListSecgroups,
        ("POST", ["security-groups"]) => Operation::AddSecgroup,
        ("DELETE", ["security-groups", _]) => Operation::RemoveSecgroup,
        ("GET", ["security-group-rules", ..]) => Operation::ListSecgroupRules,
        ("POST", ["security-group-rules"]) => Operation::AddRulesToSecgroup,
        ("DELETE", ["security-group-rules", _]) => Operation::RemoveRulesFromSecgroup,
        ("GET", ["floatingips", ..]) => Operation::ListPublicIps,
        ("POST", ["floatingips"]) => Operation::CreatePublicIp,
        ("PUT", ["floatingips", _]) if lets_go(&ask.body) => Operation::DetachPublicIp,
        ("PUT", ["floatingips", _]) => Operation::AttachPublicIp,
        ("DELETE", ["floatingips", _]) => Operation::DeletePublicIp,
        _ => return None,
    })
}

/// Whether an address is to lead nowhere.
fn lets_go(body: &[u8]) -> bool {
    let body = serde_json::from_slice::<serde_json::Value>(body).unwrap_or_default();
    body["floatingip"].get("port_id").is_some_and(serde_json::Value::is_null)
}
