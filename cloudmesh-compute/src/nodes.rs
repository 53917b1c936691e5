//! Nodes by name, pattern or id, and one outcome for each.

use std::collections::HashSet;

use cloudmesh_abstract::names::{PatternError, Selector, select};
use cloudmesh_abstract::{
    Capability, ComputeNodeABC, Error, ErrorKind, Goal, Node, NodeId, NodeQuery, RebootKind, Resize, Result, Suspend,
};
use futures::future::join_all;

use crate::Provider;
use crate::rename::Renames;
use crate::work::{Pace, apply, follow, wait_for_all};

/// Above so many names one listing is asked for instead of each of them.
const LISTING_FROM: usize = 4;

/// Nodes that were asked for by name, id, range or glob. Nothing is sent before one of the methods is called.
///
/// ```no_run
/// use cloudmesh_compute::Provider;
///
/// # async fn example() -> cloudmesh_compute::Result<()> {
/// let cloud = Provider::new("mycloud")?;
/// for outcome in cloud.nodes("web[1-3]")?.stop().await? {
///     println!("{}: {:?}", outcome.name, outcome.result);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Nodes<'a> {
    provider: &'a Provider,
    wanted: Vec<Selector>,
    raw: bool,
}

/// What became of one node: the node as it is known after the operation, or why it failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The name, or the id of a nameless node, or what was asked for and not found.
    pub name: String,
    /// The name of the cloud.
    pub cloud: String,
    /// The node, `None` when it is gone; or the error.
    pub result: Result<Option<Node>>,
}

impl Outcome {
    /// What became of a node of this name in this cloud.
    pub fn new(name: impl Into<String>, cloud: impl Into<String>, result: Result<Option<Node>>) -> Self {
        Self { name: name.into(), cloud: cloud.into(), result }
    }
}

impl<'a> Nodes<'a> {
    pub(crate) fn new<S: AsRef<str>>(provider: &'a Provider, patterns: &[S]) -> Result<Self, PatternError> {
        Ok(Self::of(provider, select(patterns.iter().map(AsRef::as_ref))?, false))
    }

    pub(crate) fn of(provider: &'a Provider, wanted: Vec<Selector>, raw: bool) -> Self {
        Self { provider, wanted, raw }
    }

    /// Keeps the vendor's records of the nodes that are looked up.
    #[must_use]
    pub fn with_raw(mut self, raw: bool) -> Self {
        self.raw = raw;
        self
    }

    /// Looks each of them up. A name that fits several nodes is an error of that name, as is one that fits none.
    ///
    /// # Errors
    ///
    /// Those of [`list`](ComputeNodeABC::list), when a listing was needed.
    pub async fn look_up(&self) -> Result<Vec<Outcome>> {
        let globs = self.wanted.iter().any(|wanted| matches!(wanted, Selector::Glob(_)));
        if globs || self.raw || self.wanted.len() > LISTING_FROM {
            let listing = self.provider.list(&NodeQuery::new().with_raw(self.raw)).await?;
            return Ok(find_among(self.provider.name(), &self.wanted, &listing));
        }
        let looks = self.wanted.iter().filter_map(|wanted| match wanted {
            Selector::Name(name) => Some(self.look_for(name)),
            _ => None,
        });
        Ok(without_repeats(join_all(looks).await))
    }

    /// Starts them.
    ///
    /// # Errors
    ///
    /// As [`look_up`](Self::look_up).
    pub async fn start(&self) -> Result<Vec<Outcome>> {
        self.each(|provider, node| async move { provider.start(&node.id).await }).await
    }

    /// Stops them.
    ///
    /// # Errors
    ///
    /// As [`look_up`](Self::look_up).
    pub async fn stop(&self) -> Result<Vec<Outcome>> {
        self.each(|provider, node| async move { provider.stop(&node.id).await }).await
    }

    /// Reboots them.
    ///
    /// # Errors
    ///
    /// As [`look_up`](Self::look_up).
    pub async fn reboot(&self, kind: RebootKind) -> Result<Vec<Outcome>> {
        self.each(|provider, node| async move { provider.reboot(&node.id, kind).await }).await
    }

    /// Suspends them: their memory is kept.
    ///
    /// # Errors
    ///
    /// As [`look_up`](Self::look_up); [`ErrorKind::Unsupported`] where the cloud lacks it.
    pub async fn suspend(&self) -> Result<Vec<Outcome>> {
        self.provider.requires(Capability::Suspend)?;
        self.each(|provider, node| async move { provider.suspend(&node.id).await }).await
    }

    /// Lets suspended ones go on.
    ///
    /// # Errors
    ///
    /// As [`suspend`](Self::suspend).
    pub async fn resume(&self) -> Result<Vec<Outcome>> {
        self.provider.requires(Capability::Suspend)?;
        self.each(|provider, node| async move { provider.resume(&node.id).await }).await
    }

    /// Gives them another flavor, by name or id; they may be restarted for it.
    ///
    /// # Errors
    ///
    /// As [`look_up`](Self::look_up); [`ErrorKind::Unsupported`] where the cloud lacks it.
    pub async fn resize(&self, flavor: &str) -> Result<Vec<Outcome>> {
        self.provider.requires(Capability::Resize)?;
        self.each(|provider, node| async move { provider.resize(&node.id, flavor).await }).await
    }

    /// Gives them other names: one, or a range of as many names as were asked for. `web[1-2]` can become `web[2-3]`:
    /// what has a name that another is to get goes first. A name that somebody else has is refused, so that no two
    /// nodes share one.
    ///
    /// ```no_run
    /// use cloudmesh_compute::Provider;
    ///
    /// # async fn example() -> cloudmesh_compute::Result<()> {
    /// let cloud = Provider::new("mycloud")?;
    /// for outcome in cloud.nodes("web[1-3]")?.rename("www-[1-3]").await? {
    ///     println!("{}: {:?}", outcome.name, outcome.result.map(|node| node.map(|node| node.name)));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`look_up`](Self::look_up); [`ErrorKind::InvalidInput`] when there are not as many new names as old ones, or
    /// when they were asked for by a glob, which has no order; [`ErrorKind::Unsupported`] where the cloud lacks it.
    pub async fn rename(&self, new: &str) -> Result<Vec<Outcome>> {
        let renames = Renames::new(&self.wanted, new).map_err(|error| error.in_cloud(self.provider.name()))?;
        renames.apply(self.provider, self.look_up().await?, &Pace::default()).await
    }

    /// Deletes them.
    ///
    /// # Errors
    ///
    /// As [`look_up`](Self::look_up).
    pub async fn destroy(&self) -> Result<Vec<Outcome>> {
        self.each(|provider, node| async move { provider.destroy(&node.id).await }).await
    }

    /// Waits for them. With [`Goal::Gone`], one that is not there is where it should be.
    ///
    /// # Errors
    ///
    /// As [`look_up`](Self::look_up).
    pub async fn wait(&self, goal: Goal) -> Result<Vec<Outcome>> {
        Ok(wait_for_all(self.provider, self.look_up_for(goal).await?, goal, |_| {}, std::future::pending()).await)
    }

    /// As [`wait`](Self::wait), and of a node that went what was known of it.
    pub(crate) async fn follow(&self, goal: Goal) -> Result<Vec<Outcome>> {
        Ok(follow(self.provider, self.look_up_for(goal).await?, goal, |_| {}, std::future::pending()).await)
    }

    /// Looks them up, to wait for them.
    async fn look_up_for(&self, goal: Goal) -> Result<Vec<Outcome>> {
        let mut found = self.look_up().await?;
        for outcome in &mut found {
            if goal == Goal::Gone && outcome.result.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
                outcome.result = Ok(None);
            }
        }
        Ok(found)
    }

    async fn each<F, Fut>(&self, operation: F) -> Result<Vec<Outcome>>
    where
        F: Fn(&'a Provider, Node) -> Fut + Send,
        Fut: Future<Output = Result<()>> + Send,
    {
        Ok(apply(self.provider, self.look_up().await?, &Pace::default(), operation).await)
    }

    async fn look_for(&self, name: &str) -> Outcome {
        let result = match self.provider.find(name).await {
            Ok(found) if found.is_empty() => self.provider.info(&NodeId::new(name)).await.map_err(|error| {
                let missing = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput);
                if missing { none(self.provider.name(), name) } else { error }
            }),
            Ok(found) => only(self.provider.name(), name, found),
            Err(error) => Err(error),
        };
        let shown = result.as_ref().map_or(name, Node::label).to_owned();
        Outcome::new(shown, self.provider.name(), result.map(Some))
    }
}

/// What is wanted of the nodes of a cloud: an outcome for each, or an error for what fits none.
pub(crate) fn find_among(cloud: &str, wanted: &[Selector], listing: &[Node]) -> Vec<Outcome> {
    without_repeats(wanted.iter().flat_map(|wanted| choose(cloud, wanted, listing)).collect())
}

fn choose(cloud: &str, wanted: &Selector, listing: &[Node]) -> Vec<Outcome> {
    let is = |node: &&Node| match wanted {
        Selector::Name(name) => node.name == *name || node.id.as_str() == name,
        other => other.matches(&node.name),
    };
    let mut found: Vec<Node> = listing.iter().filter(is).cloned().collect();
    found.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    let outcome = |name: &str, result: Result<Node>| Outcome::new(name, cloud, result.map(Some));
    match wanted {
        Selector::Name(name) if found.is_empty() => vec![outcome(name, Err(none(cloud, name)))],
        Selector::Name(name) => vec![outcome(name, only(cloud, name, found))],
        other if found.is_empty() => vec![outcome(&other.to_string(), Err(none(cloud, &other.to_string())))],
        _ => found.iter().map(|node| outcome(node.label(), Ok(node.clone()))).collect(),
    }
}

/// The one node of a name, or an error that lists them.
fn only(cloud: &str, name: &str, mut found: Vec<Node>) -> Result<Node> {
    if found.len() == 1 {
        return Ok(found.remove(0));
    }
    let ids: Vec<&str> = found.iter().map(|node| node.id.as_str()).collect();
    let message = format!("`{name}` fits {} nodes, name one by its id: {}", ids.len(), ids.join(", "));
    Err(Error::new(ErrorKind::Ambiguous, message).in_cloud(cloud))
}

fn none(cloud: &str, name: &str) -> Error {
    let message = format!("no node `{name}`; `cms vm list` shows what there is");
    Error::new(ErrorKind::NotFound, message).in_cloud(cloud)
}

/// Keeps the first of several outcomes about one node.
fn without_repeats(outcomes: Vec<Outcome>) -> Vec<Outcome> {
    let mut known = HashSet::new();
    let mut new = |outcome: &Outcome| match &outcome.result {
        Ok(Some(node)) => known.insert(node.id.clone()),
        _ => true,
    };
    outcomes.into_iter().filter(|outcome| new(outcome)).collect()
}
