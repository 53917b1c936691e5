//! Giving a server another flavor.
//!
//! Nova moves it, waits in `VERIFY_RESIZE` until the new size is confirmed, and gives up without an error that the
//! request would show. A resize that nobody followed to its end is finished by the next one to the same flavor.

use std::task::Poll;

use async_trait::async_trait;
use cloudmesh_abstract::{Effect, Error, ErrorKind, Fault, Node, NodeId, NodeState, Resize, Result};
use serde_json::json;

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::Ask;
use crate::map;
use crate::microversion::Spoken;
use crate::node::{no_node, part};
use crate::pages::record;
use crate::power::refused_in;
use crate::wire;

/// Where a server is that is not on its way.
#[derive(Debug, PartialEq, Eq)]
enum Stand {
    /// It has the wanted flavor.
    There,
    /// It has the wanted flavor, which waits to be confirmed.
    Unconfirmed,
    /// It has another flavor, which waits to be confirmed.
    Elsewhere,
    /// It has another flavor.
    Before,
    /// It is broken.
    Broken,
}

#[async_trait]
impl Resize for OpenStack {
    /// <https://docs.openstack.org/api-ref/compute/#resize-server-resize-action>. It takes until the server has moved. A
    /// stopped server stays stopped.
    async fn resize(&self, id: &NodeId, flavor: &str) -> Result<()> {
        let (wanted, node) = futures::try_join!(self.chosen_flavor(flavor), self.settled(id))?;
        let wanted = wanted.id;
        match stand(&node, &wanted) {
            Stand::There => Ok(()),
            Stand::Unconfirmed => self.confirm(id, &wanted).await,
            Stand::Elsewhere => Err(elsewhere(&node, flavor)),
            Stand::Before | Stand::Broken => {
                let request = self.begin_resize(id, &node, &wanted).await?;
                let node = self.settled(id).await?;
                match stand(&node, &wanted) {
                    Stand::There => Ok(()),
                    Stand::Unconfirmed => self.confirm(id, &wanted).await,
                    Stand::Elsewhere => Err(elsewhere(&node, flavor)),
                    Stand::Before | Stand::Broken => Err(self.given_up(id, &node, request).await),
                }
            }
        }
    }
}

impl OpenStack {
    /// Asks for another flavor; answers with the id of the request.
    async fn begin_resize(&self, id: &NodeId, node: &Node, flavor: &str) -> Result<Option<String>> {
        match self.act(id, Effect::Idempotent, json!({"resize": {"flavorRef": flavor}})).await {
            Ok(answer) => Ok(answer.request_id),
            Err(error) if error.kind() == ErrorKind::Conflict => {
                let now = self.look(id).await?;
                // An answer was lost, or somebody else was faster: how it ends is seen in the end.
                if is_on_its_way(&now) || now.flavor != node.flavor { Ok(None) } else { Err(refused_in(&now, error)) }
            }
            Err(error) => Err(error),
        }
    }

    /// <https://docs.openstack.org/api-ref/compute/#confirm-resized-server-confirmresize-action>.
    async fn confirm(&self, id: &NodeId, flavor: &str) -> Result<()> {
        let path = ["servers", part(id)?, "action"];
        let ask = Ask::post(Service::Compute, &path, Effect::Idempotent, json!({"confirmResize": null}));
        let refused = match self.client.send(&ask.accepted_with(204)).await {
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::InvalidInput) => error,
            settled => return settled.map(|_| ()),
        };
        // Nova confirms by itself after a while, where it is told to, and says 400 while it does.
        let node = self.look(id).await?;
        match (stand(&node, flavor), refused.kind()) {
            (Stand::There, _) | (Stand::Unconfirmed, ErrorKind::InvalidInput) => Ok(()),
            _ => Err(refused_in(&node, refused).with_kind(ErrorKind::Conflict)),
        }
    }

    /// The server when no resize is under way.
    async fn settled(&self, id: &NodeId) -> Result<Node> {
        let look = || async {
            let node = self.look(id).await?;
            Ok(if is_on_its_way(&node) { Poll::Pending } else { Poll::Ready(node) })
        };
        let settled = self.client.context().poll(&format!("the resize of `{id}`"), look).await;
        settled.map_err(|error| match error.kind() {
            ErrorKind::Timeout => {
                let message = format!("{}; resize it to the same flavor once more to finish it", error.message());
                error.with_message(message)
            }
            _ => error,
        })
    }

    /// The server with the id of its flavor, which only the older versions of the interface tell.
    async fn look(&self, id: &NodeId) -> Result<Node> {
        let ask = Ask::get(Service::Compute, &["servers", part(id)?]).spoken(Spoken::UpTo((2, 46)));
        let server: Option<wire::Server> = record(self.client.read(&ask, Some("server")).await?);
        let node = server.map(|server| map::node(server, None));
        node.filter(|node| node.status != NodeState::Deleted).ok_or_else(|| no_node(id))
    }

    /// Why a resize was not made. Nova keeps the reason with the server's actions.
    async fn given_up(&self, id: &NodeId, node: &Node, request: Option<String>) -> Error {
        if let Some(fault) = node.fault.as_ref().filter(|_| node.status == NodeState::Error) {
            return because(Some(fault));
        }
        let told = match request {
            Some(request) => self.action_fault(id, &request).await.unwrap_or_default(),
            None => None,
        };
        because(told.as_ref())
    }

    /// What the action of a request says about its failure: the reason from 2.84 on, before only that it failed.
    async fn action_fault(&self, id: &NodeId, request: &str) -> Result<Option<Fault>> {
        let path = ["servers", part(id)?, "os-instance-actions", request];
        let ask = Ask::get(Service::Compute, &path).spoken(Spoken::UpTo((2, 84)));
        let action: Option<wire::Action> = record(self.client.read(&ask, Some("instanceAction")).await?);
        Ok(action.and_then(map::action_fault))
    }
}

fn is_on_its_way(node: &Node) -> bool {
    matches!(node.vendor_status.as_str(), "RESIZE" | "REVERT_RESIZE" | "MIGRATING")
}

fn stand(node: &Node, wanted: &str) -> Stand {
    let has = node.flavor.as_deref() == Some(wanted);
    match (node.vendor_status.as_str(), has) {
        ("ERROR", _) => Stand::Broken,
        ("VERIFY_RESIZE", true) => Stand::Unconfirmed,
        ("VERIFY_RESIZE", false) => Stand::Elsewhere,
        (_, true) => Stand::There,
        (_, false) => Stand::Before,
    }
}

fn elsewhere(node: &Node, wanted: &str) -> Error {
    let has = node.flavor.as_deref().unwrap_or_default();
    let message = format!(
        "the node has been resized to flavor `{has}`, which is not confirmed yet; resize it to `{has}` to confirm it, \
         and then to `{wanted}`"
    );
    Error::new(ErrorKind::Conflict, message)
}

fn because(fault: Option<&Fault>) -> Error {
    let Some(fault) = fault else {
        let message = "the cloud gave the resize up and does not say why; try again, or another flavor";
        return Error::new(ErrorKind::Unexpected, message);
    };
    let message = format!("the cloud gave the resize up: {}; try another flavor", fault.message);
    let error = Error::new(fault.kind.unwrap_or(ErrorKind::Unexpected), message);
    fault.code.iter().fold(error, Error::with_code)
}
