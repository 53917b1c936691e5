//! What a cloud does not know yet although it has made it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::Call;
use crate::{ErrorKind, Node, NodeId, NodeState, Operation, PollPolicy, Reply, Request, Result};

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
            Ok(known) => {
                self.unseen().remove(&id);
                Ok(known)
            }
            // It says nothing about the node.
            Err(error) => Err(error),
        }
    }

    /// Adds the nodes to a listing that are made, wanted and not listed yet.
    fn complete(&self, mut reply: Reply, wanted: impl Fn(&Node) -> bool) -> Reply {
        if let Reply::Nodes(nodes) = &mut reply {
            let mut unseen = self.unseen();
            for node in nodes.iter() {
                unseen.remove(&node.id);
            }
            nodes.extend(unseen.values().map(|(_, node)| node).filter(|node| wanted(node)).cloned());
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
        if let Some(id) = request.node().filter(|_| request.operation() != Operation::Info) {
            self.settle(id).await?;
        }
        match request {
            Request::Info(id) => self.info(id).await,
            Request::List(_) => self.inner.call(request).await.map(|reply| self.complete(reply, |_| true)),
            Request::Find(ref name) => {
                let name = name.clone();
                self.inner.call(request).await.map(|reply| self.complete(reply, |node| node.name == name))
            }
            other => {
                let reply = self.inner.call(other).await?;
                if let Reply::Node(node) = &reply {
                    self.remember(node);
                }
                Ok(reply)
            }
        }
    }

    fn inner(&self) -> Option<&dyn Call> {
        Some(&self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Young};
    use crate::{
        Capabilities, ComputeNodeABC, Console, Error, ErrorKind, Node, NodeQuery, NodeSpec, NodeState, PollPolicy,
        Reply, Request, Result,
    };
    use async_trait::async_trait;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A cloud that makes a node and does not know it yet; so many first questions find it out of reach.
    #[derive(Debug, Default)]
    struct Forgetful {
        out_of_reach: AtomicUsize,
        questions: AtomicUsize,
    }

    #[async_trait]
    impl Call for Forgetful {
        async fn call(&self, request: Request) -> Result<Reply> {
            let asked = self.questions.fetch_add(1, Ordering::Relaxed);
            match request {
                Request::Create(spec) => Ok(Node::new("42", spec.name, NodeState::Running).into()),
                Request::List(_) | Request::Find(_) => Ok(Vec::<Node>::new().into()),
                Request::Log(_) if asked > 3 => Ok("login:".to_owned().into()),
                Request::Info(_) if asked <= self.out_of_reach.load(Ordering::Relaxed) => {
                    Err(Error::new(ErrorKind::Unavailable, "out of reach"))
                }
                Request::Info(_) if asked > 2 => Ok(Node::new("42", "web-1", NodeState::Running).into()),
                _ => Err(Error::new(ErrorKind::NotFound, "no such node")),
            }
        }
        fn capabilities(&self) -> Capabilities {
            Capabilities::new()
        }
    }

    async fn with_a_new_node(out_of_reach: usize) -> Young<Forgetful> {
        let cloud = Forgetful { out_of_reach: out_of_reach.into(), ..Forgetful::default() };
        let young = Young::new(cloud, PollPolicy::quick());
        young.create(&NodeSpec::new("web-1", "image", "flavor")).await.unwrap();
        young
    }

    #[tokio::test(start_paused = true)]
    async fn a_question_that_fails_says_nothing_about_a_new_node() {
        let young = with_a_new_node(1).await;
        assert_eq!(ComputeNodeABC::info(&young, &"42".into()).await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!(ComputeNodeABC::info(&young, &"42".into()).await.unwrap().status, NodeState::Pending);
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_node_is_found_by_its_name() {
        let young = with_a_new_node(0).await;
        let found = |nodes: Vec<Node>| nodes.into_iter().map(|node| node.id.to_string()).collect::<Vec<_>>();
        assert_eq!(found(young.find("web-1").await.unwrap()), ["42"]);
        assert!(young.find("web-2").await.unwrap().is_empty());
        assert_eq!(found(young.list(&NodeQuery::new()).await.unwrap()), ["42"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_node_is_waited_for_before_its_console_is_read() {
        assert_eq!(with_a_new_node(0).await.log(&"42".into()).await.unwrap(), "login:");
    }
}
