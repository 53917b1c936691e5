//! What the clouds answer, noted as it comes.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;

use super::catalogue::Address;
use super::owner::Span;
use super::{Owner, State};
use crate::witness::Witness;
use crate::{Error, ErrorKind, Node, NodeState, Reply, Request, Result};

/// Keeps what clouds answer. Nothing fails because it cannot be kept.
pub(crate) struct Notes {
    state: Arc<State>,
    owners: Vec<Owner>,
    tell: fn(&str),
}

impl Notes {
    /// Keeps the answers of these clouds; `tell` is told in a sentence what the user should know.
    pub(crate) fn new(state: Arc<State>, owners: Vec<Owner>, tell: fn(&str)) -> Self {
        Self { state, owners, tell }
    }

    fn note(&self, owner: &Owner, request: &Request, answer: &Result<Reply>, span: Span) -> Result<()> {
        let state = &self.state;
        match (request, answer) {
            (Request::List(_), Ok(Reply::Nodes(nodes))) => state.note_listing(owner, nodes, span),
            (Request::Find(name), Ok(Reply::Nodes(nodes))) => state.note_named(owner, name, nodes, span),
            (Request::Info(id), Ok(Reply::Node(node))) if node.status == NodeState::Deleted => {
                state.note_gone(owner, id, span)
            }
            (Request::Info(_) | Request::Create(_), Ok(Reply::Node(node))) => {
                state.note_nodes(owner, std::slice::from_ref(node), span)
            }
            (Request::Info(id), Err(error)) if error.kind() == ErrorKind::NotFound => state.note_gone(owner, id, span),
            (Request::Destroy(id), Ok(_)) => state.note_gone(owner, id, span),
            (Request::Rename(id, name), Ok(_)) => state.note_change(owner, id, span, |node| node.name.clone_from(name)),
            (Request::GetServerMetadata(id), Ok(Reply::Metadata(pairs))) => {
                state.note_change(owner, id, span, |node| node.metadata.clone_from(pairs))
            }
            (Request::SetServerMetadata(id, pairs), Ok(_)) => {
                state.note_change(owner, id, span, |node| node.metadata.extend(pairs.clone()))
            }
            (Request::DeleteServerMetadata(id, keys), Ok(_)) => {
                state.note_change(owner, id, span, |node| node.metadata.retain(|key, _| !keys.contains(key)))
            }
            (Request::AttachPublicIp(id, address), Ok(_)) => {
                state.note_change(owner, id, span, |node| gain(node, address))
            }
            (Request::DetachPublicIp(id, address), Ok(_)) => {
                state.note_change(owner, id, span, |node| node.public_ips.retain(|own| own.to_string() != *address))
            }
            (Request::ListPublicIps, Ok(Reply::PublicIps(held))) => {
                let held: Vec<Address> = held.iter().map(Address::from).collect();
                state.note_catalogue(owner, &held, span)
            }
            (Request::Images(query), Ok(Reply::Images(images))) if query.name.is_none() && !query.all => {
                state.note_catalogue(owner, images, span)
            }
            (Request::Flavors(query), Ok(Reply::Flavors(flavors))) if !query.narrows() => {
                state.note_catalogue(owner, flavors, span)
            }
            (request, Ok(_)) => match (request.node(), goes_to(request)) {
                (Some(id), Some(status)) => state.note_change(owner, id, span, |node| node.status = status),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn tell_of(&self, error: &Error) {
        (self.tell)(&format!("warning: what the clouds answer is not kept: {}", told(error)));
    }
}

/// An error in one line.
pub(crate) fn told(error: &Error) -> String {
    let cause = std::error::Error::source(error).map_or_else(String::new, |cause| format!(" ({cause})"));
    format!("{}{cause}", error.message())
}

/// The state that a node is on its way to when the cloud has accepted a change.
fn goes_to(request: &Request) -> Option<NodeState> {
    match request {
        Request::Start(_) | Request::Resume(_) | Request::Resize(..) => Some(NodeState::Pending),
        Request::Stop(_) => Some(NodeState::Stopping),
        Request::Suspend(_) => Some(NodeState::Suspending),
        Request::Reboot(..) => Some(NodeState::Rebooting),
        _ => None,
    }
}

/// Gives a node an address.
fn gain(node: &mut Node, address: &str) {
    if let Ok(address) = address.parse()
        && !node.public_ips.contains(&address)
    {
        node.public_ips.push(address);
    }
}

impl Witness for Notes {
    fn saw(&self, cloud: &str, request: &Request, answer: &Result<Reply>, asked: SystemTime) {
        let Some(owner) = self.owners.iter().find(|owner| owner.cloud == cloud) else { return };
        if self.state.is_given_up() {
            return;
        }
        let answered = Timestamp::now();
        let asked = Timestamp::try_from(asked).unwrap_or(answered);
        let noted = self.note(owner, request, answer, Span { asked, answered });
        for sentence in self.state.said() {
            (self.tell)(&format!("warning: {sentence}"));
        }
        if let Err(error) = noted
            && self.state.give_up()
        {
            self.tell_of(&error);
        }
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notes").field("owners", &self.owners).finish_non_exhaustive()
    }
}
