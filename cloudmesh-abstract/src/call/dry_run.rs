//! Saying what would be done, and doing nothing.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use serde::Serialize;

use super::Call;
use super::detail::{NOWHERE, arguments, extras, image_of};
use crate::{
    Capability, ComputeNodeABC, Context, Error, ErrorKind, Flavor, Image, KeyPair, Node, NodeState, Operation,
    PublicIp, Rehearsal, Rehearsed, Reply, Request, Result, SecurityGroup,
};

/// How the id of a node begins that was not made; its name follows.
const NEW: &str = "(new) ";

/// Passes on what only looks. Of what would change something it checks, by looking, that it could be done, notes it in
/// the [`Plan`], and answers as if it had been done.
///
/// With a [`Rehearsal`] it asks for the change as well, in a context that holds back each request that would change
/// anything. So an operation of several steps is seen up to its first change; what it would send after that depends on
/// the cloud's answer, which nobody knows.
#[derive(Debug)]
pub struct DryRun<C> {
    inner: C,
    plan: Plan,
    pub(super) context: Context,
}

/// What would have been done, in order. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    slots: Arc<Mutex<Vec<Option<Step>>>>,
    rehearsal: Rehearsal,
}

/// One operation that would have been done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// The operation.
    pub operation: Operation,
    /// What it is about, by name or id.
    pub subject: String,
    /// What else there is to say, such as image and flavor.
    pub detail: String,
    /// In a rehearsal, the first request that would have changed something, in one line; `None` where nothing has to be
    /// changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_change: Option<String>,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, self.subject)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, " ({})", self.detail) }
    }
}

impl Plan {
    /// The steps so far.
    pub fn steps(&self) -> Vec<Step> {
        self.slots().iter().flatten().cloned().collect()
    }

    /// The requests of a rehearsal, in order: those that only look, which were sent, and the first change of each step,
    /// which was not.
    pub fn requests(&self) -> Vec<Rehearsed> {
        self.rehearsal.requests()
    }

    fn slots(&self) -> MutexGuard<'_, Vec<Option<Step>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a place, so that steps stand in the order in which they were asked for.
    fn reserve(&self) -> usize {
        let mut slots = self.slots();
        slots.push(None);
        slots.len() - 1
    }

    fn note(&self, slot: usize, step: Step) {
        if let Some(slot) = self.slots().get_mut(slot) {
            *slot = Some(step);
        }
    }
}

impl<C: Call> DryRun<C> {
    /// Keeps `inner` from changing anything.
    pub fn new(inner: C) -> Self {
        Self { inner, plan: Plan::default(), context: Context::builder("dry run").build() }
    }

    /// Rehearses what it is asked for, if the context of `inner` has a
    /// [rehearsal](crate::ContextBuilder::rehearsal).
    #[must_use]
    pub fn rehearsing(mut self, context: &Context) -> Self {
        self.plan.rehearsal = context.rehearsal().cloned().unwrap_or_default();
        self.context = context.clone();
        self
    }

    /// What would have been done.
    pub fn plan(&self) -> Plan {
        self.plan.clone()
    }

    /// Looks whether the request could be done; the details are for the plan.
    async fn check(&self, request: &Request) -> Result<(String, String)> {
        let operation = request.operation();
        if let Some(lacking) = Capability::needed_by(operation).filter(|need| !self.capabilities().contains(need)) {
            let reason = Call::why_lacking(self, lacking);
            return Err(Error::new(ErrorKind::Unsupported, format!("`{lacking}` is not supported: {reason}")));
        }
        match request {
            Request::Create(spec) => {
                let (image, flavor) = futures::try_join!(self.image_once(&spec.image), self.flavor_once(&spec.flavor))
                    .map_err(|error| as_input(error, &spec.name))?;
                let made_of = [image_of(spec, &image, &flavor)?, format!("flavor {}", flavor.name)];
                let detail: Vec<String> = made_of.into_iter().chain(extras(spec)).collect();
                Ok((spec.name.clone(), detail.join(", ")))
            }
            // Deleting what is gone succeeds, so there is nothing to look for.
            Request::Destroy(id) => match self.info(id).await {
                Ok(node) => Ok((node.label().to_owned(), id.to_string())),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok((id.to_string(), "gone already".to_owned())),
                Err(error) => Err(error),
            },
            other => {
                self.could(other).await?;
                self.look_at(other).await
            }
        }
    }

    /// The image of this name, asked for once for all nodes that are to be made from it.
    async fn image_once(&self, name: &str) -> Result<Image> {
        self.context.look_up_once(&format!("dry run, image {name}"), || self.image(name)).await
    }

    async fn flavor_once(&self, name: &str) -> Result<Flavor> {
        self.context.look_up_once(&format!("dry run, flavor {name}"), || self.flavor(name)).await
    }

    /// The first request that would have changed something.
    async fn rehearse(&self, request: Request) -> Result<Option<String>> {
        match self.inner.call(request).await {
            Ok(_) => Ok(None),
            Err(error) => Rehearsal::held_back(&error).map(|line| Some(line.to_owned())).ok_or(error),
        }
    }

    /// A group is named by its name, also where it was asked for by its id.
    async fn look_at_thing(&self, request: &Request) -> Result<(String, String)> {
        let subject = request.subject().unwrap_or_default().to_owned();
        let group = if is_about_a_group(request) { self.group_once(&subject).await? } else { None };
        let Some(group) = group else { return Ok((subject, arguments(request).join(", "))) };
        let id = Some(group.id).filter(|id| *id != group.name);
        Ok((group.name, id.into_iter().chain(arguments(request)).collect::<Vec<_>>().join(", ")))
    }

    async fn look_at(&self, request: &Request) -> Result<(String, String)> {
        let Some(id) = request.node() else {
            return self.look_at_thing(request).await;
        };
        if let Some(name) = id.as_str().strip_prefix(NEW) {
            return Ok((name.to_owned(), arguments(request).join(", ")));
        }
        let node = self.info(id).await?;
        let known = [id.to_string(), node.status.to_string()];
        let detail: Vec<String> = known.into_iter().chain(arguments(request)).collect();
        Ok((node.label().to_owned(), detail.join(", ")))
    }
}

/// A part that does not exist is a wrong value of the node that was to be made from it.
fn as_input(error: Error, name: &str) -> Error {
    let error = if error.kind() == ErrorKind::NotFound { error.with_kind(ErrorKind::InvalidInput) } else { error };
    error.during(Operation::Create, Some(name))
}

/// Whether it changes a security group that should be there.
fn is_about_a_group(request: &Request) -> bool {
    matches!(
        request,
        Request::RemoveSecgroup(_) | Request::AddRulesToSecgroup(..) | Request::RemoveRulesFromSecgroup(..)
    )
}

/// Whether it is about what this dry run has not made, and no cloud could find.
fn is_about_nothing(request: &Request) -> bool {
    let address = match request {
        Request::AttachPublicIp(_, address)
        | Request::DetachPublicIp(_, address)
        | Request::DeletePublicIp(address) => Some(address),
        _ => None,
    };
    let node = request.node().is_some_and(|id| id.as_str().starts_with(NEW));
    node || address.is_some_and(|address| *address == NOWHERE.to_string())
}

/// The answer to a change that was not made.
fn pretend(request: Request) -> Reply {
    match request {
        Request::Create(spec) => {
            let mut node = Node::new(format!("{NEW}{}", spec.name), spec.name.clone(), NodeState::Unknown);
            "dry run".clone_into(&mut node.vendor_status);
            node.metadata = spec.tags();
            (node.image, node.flavor, node.key) = (Some(spec.image), Some(spec.flavor), spec.key);
            node.into()
        }
        Request::KeyUpload(key) => KeyPair::new(key.name).into(),
        Request::CreatePublicIp(_) => PublicIp::new("", NOWHERE.into()).into(),
        Request::AddSecgroup(name, _) => SecurityGroup::new("", name).into(),
        Request::Raw(_) => serde_json::Value::Null.into(),
        _ => Reply::Done,
    }
}

#[async_trait]
impl<C: Call> Call for DryRun<C> {
    async fn call(&self, request: Request) -> Result<Reply> {
        if !request.changes() {
            return self.inner.call(request).await;
        }
        let slot = self.plan.reserve();
        let (subject, detail) = self.check(&request).await?;
        let rehearsed = self.context.rehearsal().is_some() && !is_about_nothing(&request);
        let first_change = if rehearsed { self.rehearse(request.clone()).await? } else { None };
        self.plan.note(slot, Step { operation: request.operation(), subject, detail, first_change });
        Ok(pretend(request))
    }

    fn inner(&self) -> Option<&dyn Call> {
        Some(&self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::DryRun;
    use crate::{Call, Capabilities, Capability, Node, NodeState, PublicIp, Reply, Request, Result, SecurityGroup};
    use async_trait::async_trait;
    use std::collections::BTreeMap;

    /// A cloud with one node, one address and one security group.
    #[derive(Debug)]
    struct One;

    #[async_trait]
    impl Call for One {
        async fn call(&self, request: Request) -> Result<Reply> {
            if request == Request::ListPublicIps {
                return Ok(vec![PublicIp::new("7", "192.0.2.1".parse().unwrap())].into());
            }
            if request == Request::ListSecgroups {
                return Ok(vec![SecurityGroup::new("8", "web")].into());
            }
            Ok(Node::new("42", "web-1", NodeState::Running).into())
        }
        fn capabilities(&self) -> Capabilities {
            let all = [Capability::Rename, Capability::Resize, Capability::Metadata, Capability::PublicIps];
            all.into_iter().chain([Capability::Secgroups]).collect()
        }
    }

    #[tokio::test]
    async fn a_plan_says_what_would_become_of_a_node_or_a_group() {
        let pairs = BTreeMap::from([("lab".to_owned(), "7".to_owned())]);
        let table = [
            (Request::Stop("42".into()), "stop web-1 (42, running)"),
            (Request::Rename("42".into(), "db-1".into()), "rename web-1 (42, running, to db-1)"),
            (Request::Resize("42".into(), "m1.large".into()), "resize web-1 (42, running, to m1.large)"),
            (Request::SetServerMetadata("42".into(), pairs), "set_server_metadata web-1 (42, running, lab=7)"),
            (
                Request::DeleteServerMetadata("42".into(), vec!["a".into(), "b".into()]),
                "delete_server_metadata web-1 (42, running, a, b)",
            ),
            (
                Request::AttachPublicIp("42".into(), "192.0.2.1".into()),
                "attach_public_ip web-1 (42, running, 192.0.2.1)",
            ),
            (Request::RemoveSecgroup("8".into()), "remove_secgroup web (8)"),
            (Request::RemoveSecgroup("web".into()), "remove_secgroup web (8)"),
            (
                Request::RemoveRulesFromSecgroup("8".into(), vec!["tcp/22".parse().unwrap()]),
                "remove_rules_from_secgroup web (8, tcp/22)",
            ),
        ];
        for (request, told) in table {
            let dry = DryRun::new(One);
            dry.call(request).await.unwrap();
            assert_eq!(dry.plan().steps()[0].to_string(), told);
        }
    }
}
