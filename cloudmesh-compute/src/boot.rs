//! From wishes to the specification of a node.

use std::collections::BTreeMap;
use std::path::Path;

use cloudmesh_abstract::{Error, ErrorKind, NodeSpec, Result, UserData};

use crate::Provider;
use crate::config::Config;

/// What is wished of new nodes; what is not said is taken from the cloud's `defaults` in the configuration, then from
/// the file's `default`.
///
/// ```no_run
/// use cloudmesh_compute::{ComputeNodeABC, Provider, Wishes};
///
/// # async fn example() -> cloudmesh_compute::Result<()> {
/// let cloud = Provider::new("mycloud")?;
/// let spec = Wishes { flavor: Some("m1.small".into()), ..Wishes::default() }.spec(&cloud, "web-1")?;
/// let node = cloud.create(&spec).await?;
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
    /// What the first boot is told.
    pub user_data: Option<UserData>,
    /// Tags, labels or metadata.
    pub metadata: BTreeMap<String, String>,
    /// Whether they may be taken away again for a lower price.
    pub spot: bool,
}

impl Wishes {
    /// The specification of a node called `name` on this cloud.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when neither the wishes nor the configuration say which image or flavor.
    pub fn spec(&self, provider: &Provider, name: &str) -> Result<NodeSpec> {
        let defaults = &provider.cloud().defaults;
        let config = provider.config();
        let first = |own: &Option<String>, default: &Option<String>, names: &[&str]| {
            own.clone().or_else(|| default.clone()).map_or_else(|| of_all_clouds(config, names), |said| Ok(Some(said)))
        };
        let needed = |value: Option<String>, what: &str| value.ok_or_else(|| unsaid(provider, name, what));
        let image = needed(first(&self.image, &defaults.image, &["image"])?, "image")?;
        let flavor = needed(first(&self.flavor, &defaults.size, &["size", "flavor"])?, "size")?;
        let mut spec = NodeSpec::new(name, image, flavor);
        spec.spot = self.spot || defaults.spot.unwrap_or_default();
        spec.key = first(&self.key, &defaults.key, &["key"])?;
        spec.secgroups = first_list(&self.secgroups, defaults.secgroup.as_deref(), config, "secgroup")?;
        spec.networks = first_list(&self.networks, defaults.network.as_deref(), config, "network")?;
        spec.zone = first(&self.zone, &defaults.zone, &["zone"])?;
        spec.group = first(&self.group, &defaults.group, &["group"])?;
        spec.username = first(&self.username, &defaults.username, &["username"])?;
        spec.user = config.profile()?.user;
        spec.public = self.public.or(defaults.public).map_or_else(|| public(config), |said| Ok(Some(said)))?;
        spec.disk_gb = self.disk_gb.or(defaults.disk);
        spec.user_data = match (&self.user_data, &defaults.user_data) {
            (Some(own), _) => Some(own.clone()),
            (None, Some(file)) => Some(read_user_data(file)?),
            (None, None) => None,
        };
        spec.metadata = defaults.metadata.clone().unwrap_or_default();
        spec.metadata.extend(self.metadata.clone());
        Ok(spec)
    }
}

/// The file's default for all clouds, under the first of the names that it has.
fn of_all_clouds(config: &Config, names: &[&str]) -> Result<Option<String>> {
    names.iter().find_map(|name| config.default(name).transpose()).transpose()
}

fn first_list(own: &[String], defaults: Option<&[String]>, config: &Config, name: &str) -> Result<Vec<String>> {
    match (own, defaults) {
        ([], Some(defaults)) => Ok(defaults.to_vec()),
        ([], None) => {
            let words = config.default(name)?.unwrap_or_default();
            Ok(words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
        }
        (own, _) => Ok(own.to_vec()),
    }
}

fn public(config: &Config) -> Result<Option<bool>> {
    let wrong = |_| {
        let message = format!("`public` under `default` in `{}` must be `true` or `false`", config.origin());
        Error::config("default.public", message)
    };
    config.default("public")?.map(|text| text.parse().map_err(wrong)).transpose()
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
