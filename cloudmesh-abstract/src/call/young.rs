//! What a cloud does not know yet although it has made it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::Call;
use crate::{Capabilities, Capability, ErrorKind, Node, NodeId, NodeState, PollPolicy, Reply, Request, Result};

/// How long a new node may be unknown.
const YOUTH: Duration = Duration::from_mins(1);

/// Remembers for a minute which nodes were made. One that the cloud does not know yet is pending, not missing, and is
/// waited for before anything else is done with it; above all it is not taken for deleted.
#[derive(Debug)]
pub struct Young<C> {
    inner: C,
    poll: PollPolicy,
    unseen: Mutex<HashMap<NodeId, (Instant, Node)>>,
}

impl<C: Call> Young<C> {
    /// Remembers the new nodes of `inner`, and asks for one at this pace until it is known.
    pub fn new(inner: C, poll: PollPolicy) -> Self {
        Self { inner, poll: poll.with_limit(YOUTH), unseen: Mutex::default() }
    }

    fn unseen(&self) -> MutexGuard<'_, HashMap<NodeId, (Instant, Node)>> {
        let mut unseen = self.unseen.lock().unwrap_or_else(PoisonError::into_inner);
        unseen.retain(|_, (born, _)| born.elapsed() < YOUTH);
        unseen
    }

    fn remember(&self, node: &Node) {
        if !node.id.as_str().is_empty() {
            let mut young = node.clone();
            young.status = NodeState::Pending;
            self.unseen().insert(young.id.clone(), (Instant::now(), young));
        }
    }

    async fn info(&self, id: NodeId) -> Result<Reply> {
        match self.inner.call(Request::Info(id.clone())).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let young = self.unseen().get(&id).map(|(_, node)| node.clone());
                young.map_or(Err(error), |node| Ok(node.into()))
            }
            known => {
                self.unseen().remove(&id);
                known
            }
        }
    }

    /// Adds the nodes to a listing that are made and not listed yet.
    fn complete(&self, mut reply: Reply) -> Reply {
        if let Reply::Nodes(nodes) = &mut reply {
            let mut unseen = self.unseen();
            for node in nodes.iter() {
                unseen.remove(&node.id);
            }
            nodes.extend(unseen.values().map(|(_, node)| node.clone()));
        }
        reply
    }

    /// Waits until the cloud knows a node, if it is one of the young.
    async fn settle(&self, id: &NodeId) -> Result<()> {
        let mut delays = self.poll.delays();
        while self.unseen().contains_key(id) {
            self.info(id.clone()).await?;
            let Some(delay) = delays.next().filter(|_| self.unseen().contains_key(id)) else { break };
            tokio::time::sleep(delay).await;
        }
        Ok(())
    }
}

#[async_trait]
impl<C: Call> Call for Young<C> {
    async fn call(&self, request: Request) -> Result<Reply> {
        if let Some(id) = request.node().filter(|_| request.changes()) {
            self.settle(id).await?;
            return self.inner.call(request).await;
        }
        match request {
            Request::Info(id) => self.info(id).await,
            Request::List(_) => self.inner.call(request).await.map(|reply| self.complete(reply)),
            other => {
                let reply = self.inner.call(other).await?;
                if let Reply::Node(node) = &reply {
                    self.remember(node);
                }
                Ok(reply)
            }
        }
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn why_lacking(&self, capability: Capability) -> &'static str {
        self.inner.why_lacking(capability)
    }
}
