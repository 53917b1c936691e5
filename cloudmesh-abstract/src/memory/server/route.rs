//! Which request means what.

use serde_json::json;

use super::state::{Say, State, json, no, page};
use crate::Operation;
use crate::memory::wire::{Ask, Me};

pub(super) fn is_sign_in(ask: &Ask) -> bool {
    ask.method == "POST" && ask.path == "/tickets"
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').skip(1).collect()
}

/// The operation that a request serves.
pub(super) fn operation(ask: &Ask) -> Option<Operation> {
    use Operation as O;
    Some(match (ask.method.as_str(), parts(&ask.path).as_slice()) {
        ("GET", ["nodes"]) if ask.parameter("name").is_some() => O::Find,
        ("GET", ["nodes"]) => O::List,
        ("POST", ["nodes"]) => O::Create,
        ("GET", ["nodes", _]) => O::Info,
        ("DELETE", ["nodes", _]) => O::Destroy,
        ("POST", ["nodes", _, "start"]) => O::Start,
        ("POST", ["nodes", _, "stop"]) => O::Stop,
        ("POST", ["nodes", _, "reboot" | "reset"]) => O::Reboot,
        ("GET", ["images"]) if ask.parameter("which").is_some() => O::Image,
        ("GET", ["images"]) => O::Images,
        ("GET", ["flavors"]) if ask.parameter("which").is_some() => O::Flavor,
        ("GET", ["flavors"]) => O::Flavors,
        ("GET", ["me"]) => O::Whoami,
        (method, rest) => return extra(method, rest),
    })
}

fn extra(method: &str, parts: &[&str]) -> Option<Operation> {
    use Operation as O;
    Some(match (method, parts) {
        ("POST", ["nodes", _, "freeze"]) => O::Suspend,
        ("POST", ["nodes", _, "thaw"]) => O::Resume,
        ("PUT", ["nodes", _, "name"]) => O::Rename,
        ("PUT", ["nodes", _, "flavor"]) => O::Resize,
        ("GET", ["nodes", _, "labels"]) => O::GetServerMetadata,
        ("PUT", ["nodes", _, "labels"]) => O::SetServerMetadata,
        ("DELETE", ["nodes", _, "labels"]) => O::DeleteServerMetadata,
        ("GET", ["nodes", _, "console"]) => O::Console,
        ("GET", ["nodes", _, "log"]) => O::Log,
        ("GET", ["keys"]) => O::Keys,
        ("POST", ["keys"]) => O::KeyUpload,
        ("DELETE", ["keys", _]) => O::KeyDelete,
        ("GET", ["addresses"]) => O::ListPublicIps,
        ("POST", ["addresses"]) => O::CreatePublicIp,
        ("POST", ["addresses", _, "attach"]) => O::AttachPublicIp,
        ("POST", ["addresses", _, "detach"]) => O::DetachPublicIp,
        ("DELETE", ["addresses", _]) => O::DeletePublicIp,
        ("GET", ["groups"]) => O::ListSecgroups,
        ("POST", ["groups"]) => O::AddSecgroup,
        ("DELETE", ["groups", _]) => O::RemoveSecgroup,
        ("POST", ["groups", _, "rules"]) => O::AddRulesToSecgroup,
        ("DELETE", ["groups", _, "rules"]) => O::RemoveRulesFromSecgroup,
        ("GET", ["orphans"]) => O::Leftovers,
        _ => return None,
    })
}

impl State {
    /// Answers a request of a user who is signed in.
    pub(super) fn routed(&mut self, ask: &Ask, user: &str) -> Say {
        match (ask.method.as_str(), parts(&ask.path).as_slice()) {
            ("GET", ["me"]) => Ok(json(&Me { user: user.to_owned(), account: "memory-lane".to_owned() })),
            ("GET", ["images"]) => self.list_images(ask),
            ("GET", ["flavors"]) => self.list_flavors(ask),
            ("GET", ["nodes"]) => self.list_nodes(ask),
            ("POST", ["nodes"]) => self.make_node(ask),
            (method, ["nodes", id]) => self.at_node(method, id),
            (method, ["nodes", id, part]) => self.within_node(method, id, part, ask),
            (method, ["keys", rest @ ..]) => self.at_keys(method, rest, ask),
            (method, ["addresses", rest @ ..]) => self.at_addresses(method, rest, ask),
            (method, ["groups", rest @ ..]) => self.at_groups(method, rest, ask),
            ("GET", ["orphans"]) => page(ask, self.orphans()),
            _ => Err(no(404, "noSuchPath", format!("there is no `{}`", json!(ask.line())))),
        }
    }
}
