//! From wishes to the specification of a node.

mod existing;
mod lookup;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use cloudmesh_abstract::{Error, ErrorKind, NodeSpec, Result, UserData};

use self::lookup::Settled;
use crate::Provider;

/// What is wished of new nodes; what is not said is taken from the cloud's `defaults` in the configuration, then from
/// the file's `default`.
///
/// ```no_run
/// use cloudmesh_compute::{ComputeNodeABC, Provider, Wishes};
///
/// # async fn example() -> cloudmesh_compute::Result<()> {
/// let cloud = Provider::new("mycloud")?;
/// let wishes = Wishes { flavor: Some("m1.small".into()), ..Wishes::default() };
/// for choice in wishes.explain(&cloud)? {
///     println!("{}: {} ({})", choice.name, choice.value.as_deref().unwrap_or("-"), choice.source);
/// }
/// let node = cloud.create(&wishes.spec(&cloud, "web-1")?).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wishes {
    /// The image, by name or id.
    pub image: Option<String>,
    /// The flavor, by name or id.
    pub flavor: Option<String>,
    /// The name of the key pair.
    pub key: Option<String>,
    /// Security groups, by name or id.
    pub secgroups: Vec<String>,
    /// Networks, by name or id.
    pub networks: Vec<String>,
    /// The availability zone.
    pub zone: Option<String>,
    /// The group they belong to.
    pub group: Option<String>,
    /// The login name to make, on clouds that let us choose.
    pub username: Option<String>,
    /// Whether they get a public address.
    pub public: Option<bool>,
    /// The size of the boot disk in GiB.
    pub disk_gb: Option<u32>,
    /// The type of the boot disk in the vendor's word, such as `gp3`.
    pub disk_type: Option<String>,
    /// What the first boot is told.
    pub user_data: Option<UserData>,
    /// Tags, labels or metadata.
    pub metadata: BTreeMap<String, String>,
    /// Whether they may be taken away again for a lower price.
    pub spot: Option<bool>,
    /// Whether they are made so that they can be suspended, where that must be said beforehand.
    pub hibernate: Option<bool>,
    /// Who makes them, in place of the profile's user.
    pub user: Option<String>,
}

/// One thing about new nodes: what it would be, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// The key's name, as `defaults` in the configuration has it; `metadata.KEY` for a tag.
    pub name: String,
    /// The value as text, a list's items with commas between; `None` where nothing says any.
    pub value: Option<String>,
    /// What says so.
    pub source: Source,
}

/// What says what a new node is like.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The wishes.
    Wishes,
    /// The `defaults` of a cloud in the configuration.
    Cloud {
        /// The cloud's name.
        cloud: String,
        /// File, line and column.
        place: String,
    },
    /// The `default` of the configuration, for all clouds.
    File {
        /// File, line and column.
        place: String,
    },
    /// The `profile` of the configuration.
    Profile {
        /// File, line and column.
        place: String,
    },
    /// Nothing: the cloud decides.
    BuiltIn,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wishes => write!(f, "wishes"),
            Self::Cloud { cloud, place } => write!(f, "defaults of {cloud} ({place})"),
            Self::File { place } => write!(f, "default ({place})"),
            Self::Profile { place } => write!(f, "profile ({place})"),
            Self::BuiltIn => write!(f, "built in"),
        }
    }
}

impl Wishes {
    /// These wishes, and from `other` what they leave open. Of two tags with the same key these have theirs.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let list = |own: Vec<String>, other: Vec<String>| if own.is_empty() { other } else { own };
        let mut metadata = other.metadata;
        metadata.extend(self.metadata);
        Self {
            image: self.image.or(other.image),
            flavor: self.flavor.or(other.flavor),
            key: self.key.or(other.key),
            secgroups: list(self.secgroups, other.secgroups),
            networks: list(self.networks, other.networks),
            zone: self.zone.or(other.zone),
            group: self.group.or(other.group),
            username: self.username.or(other.username),
            public: self.public.or(other.public),
            disk_gb: self.disk_gb.or(other.disk_gb),
            disk_type: self.disk_type.or(other.disk_type),
            user_data: self.user_data.or(other.user_data),
            metadata,
            spot: self.spot.or(other.spot),
            hibernate: self.hibernate.or(other.hibernate),
            user: self.user.or(other.user),
        }
    }

    /// The specification of a node called `name` on this cloud.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when neither the wishes nor the configuration say which image or flavor, or when the
    /// configuration says it wrongly.
    pub fn spec(&self, provider: &Provider, name: &str) -> Result<NodeSpec> {
        let settled = Settled::new(self, provider)?;
        let needed = |value: Option<String>, what: &str| value.ok_or_else(|| unsaid(provider, name, what));
        let image = needed(settled.image.value, "image")?;
        let flavor = needed(settled.size.value, "size")?;
        let mut spec = NodeSpec::new(name, image, flavor);
        spec.key = settled.key.value;
        spec.secgroups = settled.secgroup.value.unwrap_or_default();
        spec.networks = settled.network.value.unwrap_or_default();
        spec.zone = settled.zone.value;
        spec.group = settled.group.value;
        spec.username = settled.username.value;
        spec.user = settled.user.value;
        spec.public = settled.public.value;
        (spec.disk_gb, spec.disk_type) = (settled.disk.value, settled.disk_type.value);
        spec.spot = settled.spot.value.unwrap_or_default();
        spec.hibernate = settled.hibernate.value.unwrap_or_default();
        spec.user_data = match &self.user_data {
            Some(own) => Some(own.clone()),
            None => settled.user_data.value.as_deref().map(read_user_data).transpose()?,
        };
        spec.metadata = settled.metadata.into_iter().map(|(key, value, _)| (key, value)).collect();
        Ok(spec)
    }

    /// What new nodes on this cloud would be like, and what says so: a choice for each thing that can be wished.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the configuration says something wrongly. That nothing says which image is no error
    /// here.
    pub fn explain(&self, provider: &Provider) -> Result<Vec<Choice>> {
        Ok(Settled::new(self, provider)?.choices())
    }
}

/// Reads the file that a first boot is told.
///
/// # Errors
///
/// [`ErrorKind::Config`] when it cannot be read as text.
pub(crate) fn read_user_data(file: &Path) -> Result<UserData> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let message = format!("cannot read the user data in `{}`", file.display());
        Error::new(ErrorKind::Config, message).with_source(error)
    })?;
    Ok(UserData::new(text))
}

fn unsaid(provider: &Provider, name: &str, what: &str) -> Error {
    let cloud = provider.name();
    let list = if what == "image" { "image" } else { "flavor" };
    let message = format!(
        "no {what} for `{name}`: pass `--{what}`, or write `defaults: {{{what}: …}}` under `{cloud}` in the \
         configuration; `cms {list} list --cloud {cloud}` shows what there is"
    );
    Error::new(ErrorKind::Config, message).in_cloud(cloud)
}
