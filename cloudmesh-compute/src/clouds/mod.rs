//! Several clouds at once.

mod choose;
mod nodes;

use std::fmt;
use std::sync::Arc;

use cloudmesh_abstract::names::{PatternError, select};
use cloudmesh_abstract::{
    ComputeNodeABC, Error, Flavor, FlavorQuery, Identity, Image, ImageQuery, KeyPair, Keys, Node, NodeQuery, PublicIp,
    PublicIps, Result, SecurityGroup, SecurityGroups,
};
use futures::future::join_all;
use futures::stream::{FuturesUnordered, Stream};

pub(crate) use self::choose::chosen;
#[cfg(feature = "cli")]
pub(crate) use self::choose::none_active;
pub use self::nodes::CloudsNodes;
use crate::Provider;
use crate::config::Config;
use crate::partial::Partial;
use crate::provider::ProviderBuilder;

/// Several clouds that are asked at once.
///
/// A mistake in one entry of the configuration, a kind that nobody provides, a sign-in that is refused or a cloud that
/// is out of reach is an error of that cloud, and stops no other. Results come in the order of the clouds.
///
/// Each cloud has one deadline for its share of a call: signing in, all pages and all look-ups together must end
/// within it ([`deadline`](ProviderBuilder::deadline), five minutes unless said), and waiting within the limit of the
/// [`poll`](ProviderBuilder::poll) policy, both counted from the beginning of the call. A slow cloud is given up then
/// and delays the others' results no further. Within a cloud as many requests are under way as its
/// [`parallel`](ProviderBuilder::parallel) limit allows.
///
/// There is no `create` here, since a new node needs one cloud: ask for it by [`provider`](Self::provider), or with
/// [`each`](Self::each) make one everywhere.
///
/// ```no_run
/// use cloudmesh_compute::{Clouds, NodeQuery};
///
/// # async fn example() -> cloudmesh_compute::Result<()> {
/// let clouds = Clouds::new(["mycloud", "lab[1-3]"])?;
/// let listing = clouds.list(&NodeQuery::new()).await;
/// for node in &listing.done {
///     println!("{} {} {}", node.cloud, node.name, node.status);
/// }
/// for error in &listing.failed {
///     eprintln!("{error}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Clouds {
    members: Vec<Member>,
}

/// A cloud, or why it cannot be used.
#[derive(Clone)]
struct Member {
    name: String,
    provider: Result<Provider>,
}

/// Collects what [`Clouds`] are made of: the settings of [`ProviderBuilder`], for all of them.
///
/// ```no_run
/// use cloudmesh_compute::Clouds;
/// use std::time::Duration;
///
/// let clouds = Clouds::builder(["all"]).deadline(Duration::from_secs(30)).build()?;
/// # Ok::<(), cloudmesh_compute::Error>(())
/// ```
pub type CloudsBuilder = ProviderBuilder<Vec<String>>;

impl Clouds {
    /// The clouds of these names in `~/.cloudmesh/cloudmesh.yaml`: names, ranges (`lab[1-3]`), globs (`lab*`), or
    /// `all` for all that are active. No request is sent yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when the file cannot be read, or when no active cloud fits a
    /// glob or `all`; [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a mistake in a pattern. What is
    /// wrong with one cloud is that cloud's error in each answer.
    pub fn new<I>(names: I) -> Result<Self>
    where
        I: IntoIterator<Item: Into<String>>,
    {
        Self::builder(names).build()
    }

    /// All active clouds of `~/.cloudmesh/cloudmesh.yaml`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn all() -> Result<Self> {
        Self::new(["all"])
    }

    /// Clouds with more to say: another file, time limits, dry run, trace.
    pub fn builder<I>(names: I) -> CloudsBuilder
    where
        I: IntoIterator<Item: Into<String>>,
    {
        CloudsBuilder::new(names.into_iter().map(Into::into).collect())
    }

    /// The clouds of exactly these names.
    pub(crate) fn named(names: Vec<String>, config: &Arc<Config>, settings: &ProviderBuilder<()>) -> Self {
        let member = |name: String| {
            let ((), builder) = settings.clone().exchange(name.clone());
            let provider = builder.config(Arc::clone(config)).build();
            Member { provider: provider.map_err(|error| error.in_cloud(&name)), name }
        };
        Self { members: names.into_iter().map(member).collect() }
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.name.as_str())
    }

    /// Those that can be used, in order.
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.members.iter().filter_map(|member| member.provider.as_ref().ok())
    }

    /// The cloud of this name.
    pub fn provider(&self, name: &str) -> Option<&Provider> {
        self.providers().find(|provider| provider.name() == name)
    }

    /// Why the others cannot be used, in order. Each answer holds these errors too.
    pub fn unusable(&self) -> impl Iterator<Item = &Error> {
        self.members.iter().filter_map(|member| member.provider.as_ref().err())
    }

    /// The nodes of all clouds.
    pub async fn list(&self, query: &NodeQuery) -> Partial<Node> {
        flat(self.shares(|cloud| async move { cloud.list(query).await }).await)
    }

    /// The images of all clouds.
    pub async fn images(&self, query: &ImageQuery) -> Partial<Image> {
        flat(self.shares(|cloud| async move { cloud.images(query).await }).await)
    }

    /// The flavors of all clouds.
    pub async fn flavors(&self, query: &FlavorQuery) -> Partial<Flavor> {
        flat(self.shares(|cloud| async move { cloud.flavors(query).await }).await)
    }

    /// The ssh keys that the clouds keep.
    pub async fn keys(&self) -> Partial<KeyPair> {
        flat(self.shares(|cloud| async move { cloud.keys().await }).await)
    }

    /// The public addresses that the accounts hold.
    pub async fn public_ips(&self) -> Partial<PublicIp> {
        flat(self.shares(|cloud| async move { cloud.list_public_ips().await }).await)
    }

    /// The security groups of all clouds, with their rules.
    pub async fn secgroups(&self) -> Partial<SecurityGroup> {
        flat(self.shares(|cloud| async move { cloud.list_secgroups().await }).await)
    }

    /// Who we are to each cloud.
    pub async fn whoami(&self) -> Partial<Identity> {
        self.each(|cloud| async move { cloud.whoami().await }).await
    }

    /// Nodes by name, id, range (`web[1-3]`) or glob (`web-*`), or several of them with commas between, on all clouds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) with the position of a mistake in the pattern.
    pub fn nodes(&self, pattern: &str) -> Result<CloudsNodes<'_>, PatternError> {
        self.nodes_of(&[pattern])
    }

    /// Nodes by several patterns.
    ///
    /// # Errors
    ///
    /// As [`nodes`](Self::nodes).
    pub fn nodes_of<S: AsRef<str>>(&self, patterns: &[S]) -> Result<CloudsNodes<'_>, PatternError> {
        Ok(CloudsNodes::new(self, select(patterns.iter().map(AsRef::as_ref))?))
    }

    /// Does the same on each cloud, all at once. The operations of the provider that the work is handed end together,
    /// at the cloud's deadline.
    ///
    /// ```no_run
    /// use cloudmesh_compute::{Clouds, ComputeNodeABC, Wishes};
    ///
    /// # async fn example() -> cloudmesh_compute::Result<()> {
    /// let made = Clouds::all()?.each(async |cloud| cloud.create(&Wishes::default().spec(&cloud, "web-1")?).await).await;
    /// println!("made {}, failed {}", made.done.len(), made.failed.len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn each<T, F, Fut>(&self, work: F) -> Partial<T>
    where
        F: Fn(Provider) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        self.shares(work).await.into_iter().collect()
    }

    /// As [`each`](Self::each), and hands over each cloud's result when it is there: fast clouds first.
    ///
    /// ```no_run
    /// use cloudmesh_compute::{Clouds, ComputeNodeABC, NodeQuery};
    /// use futures::StreamExt;
    ///
    /// # async fn example() -> cloudmesh_compute::Result<()> {
    /// let clouds = Clouds::all()?;
    /// let mut listings = std::pin::pin!(clouds.as_they_come(async |cloud| cloud.list(&NodeQuery::new()).await));
    /// while let Some((cloud, nodes)) = listings.next().await {
    ///     println!("{cloud}: {} nodes", nodes?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_they_come<T, F, Fut>(&self, work: F) -> impl Stream<Item = (&str, Result<T>)>
    where
        F: Fn(Provider) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let coming = FuturesUnordered::new();
        for Member { name, provider } in &self.members {
            let share = begin(provider).map(&work);
            coming.push(async move { (name.as_str(), end(name, share).await) });
        }
        coming
    }

    /// Each cloud's result, in the order of the clouds.
    pub(crate) async fn shares<T, F, Fut>(&self, work: F) -> Vec<Result<T>>
    where
        F: Fn(Provider) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        join_all(self.members.iter().map(|member| end(&member.name, begin(&member.provider).map(&work)))).await
    }

    /// As [`shares`](Self::shares); each cloud gets its own part of what there is to do.
    #[cfg(feature = "cli")]
    pub(crate) async fn shares_of<P, T, F, Fut>(&self, parts: Vec<P>, work: F) -> Vec<Result<T>>
    where
        F: Fn(Provider, P) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let share = |(member, part): (&Member, P)| begin(&member.provider).map(|cloud| work(cloud, part));
        let shares: Vec<_> = self.members.iter().zip(parts).map(share).collect();
        join_all(self.members.iter().zip(shares).map(|(member, share)| end(&member.name, share))).await
    }
}

fn flat<T>(shares: Vec<Result<Vec<T>>>) -> Partial<T> {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for share in shares {
        match share {
            Ok(rows) => done.extend(rows),
            Err(error) => failed.push(error),
        }
    }
    Partial { done, failed }
}

/// The cloud for its share of some work, which begins now.
fn begin(provider: &Result<Provider>) -> Result<Provider> {
    provider.as_ref().map(Provider::for_a_share).map_err(Error::clone)
}

/// The result of a cloud's share.
async fn end<T>(name: &str, share: Result<impl Future<Output = Result<T>>>) -> Result<T> {
    let done = match share {
        Ok(share) => share.await,
        Err(error) => Err(error),
    };
    done.map_err(|error| error.in_cloud(name))
}

impl CloudsBuilder {
    /// The clouds. No request is sent yet.
    ///
    /// # Errors
    ///
    /// As [`Clouds::new`].
    pub fn build(self) -> Result<Clouds> {
        let config = self.read()?;
        let (patterns, settings) = self.exchange(());
        Ok(Clouds::named(chosen(&config, &patterns)?, &config, &settings))
    }
}

/// Clouds that were made by hand, each with settings of its own.
impl FromIterator<Provider> for Clouds {
    fn from_iter<I: IntoIterator<Item = Provider>>(providers: I) -> Self {
        let member = |provider: Provider| Member { name: provider.name().to_owned(), provider: Ok(provider) };
        Self { members: providers.into_iter().map(member).collect() }
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.provider {
            Ok(provider) => provider.fmt(f),
            Err(error) => f.debug_struct("Unusable").field("name", &self.name).field("why", error).finish(),
        }
    }
}
