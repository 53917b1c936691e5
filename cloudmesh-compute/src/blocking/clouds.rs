//! Several clouds.

use cloudmesh_abstract::names::PatternError;

use super::wait;
use crate::{
    Flavor, FlavorQuery, Goal, Identity, Image, ImageQuery, KeyPair, Node, NodeQuery, Partial, PublicIp, RebootKind,
    Result, SecurityGroup,
};

/// Several clouds that are asked at once, as [`Clouds`](crate::Clouds), without `async`.
///
/// ```no_run
/// use cloudmesh_compute::{NodeQuery, blocking};
///
/// # fn example() -> cloudmesh_compute::Result<()> {
/// let listing = blocking::Clouds::all()?.list(&NodeQuery::new());
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
    inner: crate::Clouds,
}

/// Nodes of several clouds, as [`CloudsNodes`](crate::CloudsNodes), without `async`.
#[derive(Debug)]
pub struct CloudsNodes<'a> {
    inner: crate::CloudsNodes<'a>,
}

/// Waits for what comes of work on several clouds.
fn gather<T>(work: impl Future<Output = Partial<T>>) -> Partial<T> {
    wait(async { Ok(work.await) }).unwrap_or_else(|error| std::iter::once(Err(error)).collect())
}

impl Clouds {
    /// As [`Clouds::new`](crate::Clouds::new).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn new<I>(names: I) -> Result<Self>
    where
        I: IntoIterator<Item: Into<String>>,
    {
        crate::Clouds::new(names).map(Self::from)
    }

    /// As [`Clouds::all`](crate::Clouds::all).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn all() -> Result<Self> {
        crate::Clouds::all().map(Self::from)
    }

    /// The originals: their names, and why some cannot be used.
    pub fn original(&self) -> &crate::Clouds {
        &self.inner
    }

    /// Waits for any work with the originals.
    ///
    /// # Errors
    ///
    /// Those of the work; [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) inside an async runtime.
    pub fn run<T>(&self, work: impl AsyncFnOnce(&crate::Clouds) -> Result<T>) -> Result<T> {
        wait(work(&self.inner))
    }

    /// As [`Clouds::list`](crate::Clouds::list).
    pub fn list(&self, query: &NodeQuery) -> Partial<Node> {
        gather(self.inner.list(query))
    }

    /// As [`Clouds::images`](crate::Clouds::images).
    pub fn images(&self, query: &ImageQuery) -> Partial<Image> {
        gather(self.inner.images(query))
    }

    /// As [`Clouds::flavors`](crate::Clouds::flavors).
    pub fn flavors(&self, query: &FlavorQuery) -> Partial<Flavor> {
        gather(self.inner.flavors(query))
    }

    /// As [`Clouds::keys`](crate::Clouds::keys).
    pub fn keys(&self) -> Partial<KeyPair> {
        gather(self.inner.keys())
    }

    /// As [`Clouds::public_ips`](crate::Clouds::public_ips).
    pub fn public_ips(&self) -> Partial<PublicIp> {
        gather(self.inner.public_ips())
    }

    /// As [`Clouds::secgroups`](crate::Clouds::secgroups).
    pub fn secgroups(&self) -> Partial<SecurityGroup> {
        gather(self.inner.secgroups())
    }

    /// As [`Clouds::whoami`](crate::Clouds::whoami).
    pub fn whoami(&self) -> Partial<Identity> {
        gather(self.inner.whoami())
    }

    /// As [`Clouds::nodes`](crate::Clouds::nodes).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn nodes(&self, pattern: &str) -> Result<CloudsNodes<'_>, PatternError> {
        self.nodes_of(&[pattern])
    }

    /// As [`Clouds::nodes_of`](crate::Clouds::nodes_of).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn nodes_of<S: AsRef<str>>(&self, patterns: &[S]) -> Result<CloudsNodes<'_>, PatternError> {
        Ok(CloudsNodes { inner: self.inner.nodes_of(patterns)? })
    }
}

impl From<crate::Clouds> for Clouds {
    fn from(inner: crate::Clouds) -> Self {
        Self { inner }
    }
}

impl CloudsNodes<'_> {
    /// As [`CloudsNodes::with_raw`](crate::CloudsNodes::with_raw).
    #[must_use]
    pub fn with_raw(self, raw: bool) -> Self {
        Self { inner: self.inner.with_raw(raw) }
    }
}

macro_rules! waiting {
    ($($name:ident($($value:ident: $type:ty)?);)*) => {
        impl CloudsNodes<'_> {
            $(
                #[doc = concat!("As [`CloudsNodes::", stringify!($name), "`](crate::CloudsNodes::", stringify!($name), ").")]
                pub fn $name(&self, $($value: $type)?) -> Partial<Node> {
                    gather(self.inner.$name($($value)?))
                }
            )*
        }
    };
}

waiting! {
    look_up();
    start();
    stop();
    reboot(kind: RebootKind);
    suspend();
    resume();
    resize(flavor: &str);
    rename(new: &str);
    destroy();
    wait(goal: Goal);
}
